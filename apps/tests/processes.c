// SPDX-License-Identifier: BSD-3-Clause
// fork, vfork, execve, wait: separate memory, shared files, statuses, process groups, spawning.
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static int data = 1;
static volatile sig_atomic_t children;

static void on_child(int sig)
{
	(void)sig;
	children++;
}

static int child_ends(void (*fn)(void))
{
	int status = -1;
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		fn();
		_exit(0);
	}
	CHECK(waitpid(pid, &status, 0) == pid);
	return status;
}

static void exits_7(void)
{
	_exit(7);
}
static void aborts(void)
{
	abort();
}
static void kills(void)
{
	kill(getpid(), SIGTERM);
}
static void touches_null(void)
{
	*(volatile int *)0 = 0;
}
static void checks_parent(void)
{
	_exit(getppid() > 0 && getppid() != getpid() ? 0 : 1);
}

static void copies(void)
{
	char *heap = malloc(1 << 20);
	memset(heap, 'h', 1 << 20);
	int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char name[] = "/tmp/processes-XXXXXX", buf[8] = "";
	int fd = mkstemp(name), status, p[2];
	CHECK(write(fd, "0123456789", 10) == 10 && lseek(fd, 2, SEEK_SET) == 2 && pipe(p) == 0);
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		data = 2;
		heap[500000] = 'x';
		*shared = 9;
		CHECK(read(fd, buf, 3) == 3 && memcmp(buf, "234", 3) == 0);
		CHECK(write(p[1], "hello", 5) == 5);
		close(p[0]);
		_exit(heap[0] == 'h' && !check_failures ? 5 : 1);
	}
	close(p[1]);
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 5);
	CHECK(data == 1 && heap[500000] == 'h' && *shared == 9);
	CHECK(lseek(fd, 0, SEEK_CUR) == 5);
	CHECK(read(p[0], buf, 8) == 5 && memcmp(buf, "hello", 5) == 0 && read(p[0], buf, 8) == 0);
	close(p[0]);
	close(fd);
	unlink(name);
	free(heap);
}

static void waits(void)
{
	int status;
	CHECK_ERR(wait(&status), ECHILD);
	status = child_ends(exits_7);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	status = child_ends(kills);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
	status = child_ends(aborts);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
	status = child_ends(touches_null);
	CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
	CHECK(child_ends(checks_parent) == 0);

	struct sigaction sa = { .sa_handler = on_child, .sa_flags = SA_RESTART };
	sigaction(SIGCHLD, &sa, NULL);
	int p[2];
	char c;
	CHECK(pipe(p) == 0);
	pid_t pid = fork();
	if (pid == 0) {
		close(p[1]);
		_exit(read(p[0], &c, 1) == 0 ? 3 : 4);
	}
	CHECK(waitpid(pid, &status, WNOHANG) == 0);
	siginfo_t info;
	close(p[1]);
	CHECK(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) == 0);
	CHECK(info.si_pid == pid && info.si_code == CLD_EXITED && info.si_status == 3);
	CHECK(waitpid(-1, &status, 0) == pid && WEXITSTATUS(status) == 3);
	CHECK(children == 1);
	CHECK_ERR(waitpid(pid, &status, 0), ECHILD);
	close(p[0]);

	/* A killed sleeper; children reaped by nobody when SIGCHLD is ignored. */
	pid = fork();
	if (pid == 0) {
		for (;;)
			pause();
	}
	CHECK(kill(pid, SIGKILL) == 0 && waitpid(pid, &status, 0) == pid &&
	      WTERMSIG(status) == SIGKILL);
	signal(SIGCHLD, SIG_IGN);
	pid = fork();
	if (pid == 0)
		_exit(0);
	CHECK_ERR(waitpid(pid, &status, 0), ECHILD);
	signal(SIGCHLD, SIG_DFL);

	/* Stop and continue. */
	pid = fork();
	if (pid == 0) {
		raise(SIGSTOP);
		_exit(6);
	}
	CHECK(waitpid(pid, &status, WUNTRACED) == pid && WIFSTOPPED(status));
	CHECK(kill(pid, SIGCONT) == 0);
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 6);
}

/* The end of a child wakes its parent from wait by itself, not only by the signal. */
static void wait_beats_signal(void)
{
	struct sigaction sa = { .sa_handler = on_child }, old; /* no SA_RESTART */
	sigaction(SIGCHLD, &sa, &old);
	for (int i = 0; i < 5; i++) {
		int status;
		pid_t pid = fork();
		if (pid == 0) {
			usleep(5000);
			_exit(i);
		}
		CHECK(wait(&status) == pid && WEXITSTATUS(status) == i);
	}
	sigaction(SIGCHLD, &old, NULL);
}

static void execs(char *self)
{
	int p[2], status;
	static char buf[8192];
	char file[64], said[80];
	CHECK(pipe2(p, O_CLOEXEC) == 0);
	char *args[] = { "renamed", "child", "a b", "", NULL };
	char *env[] = { "ONLY=this", NULL };
	fflush(stdout);
	pid_t pid = vfork();
	if (pid == 0) {
		dup2(p[1], 1);
		execve(self, args, env);
		_exit(99);
	}
	close(p[1]);
	CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 21);
	ssize_t n = read(p[0], buf, sizeof(buf) - 1);
	CHECK(n > 0 && strcmp(buf, "4 renamed [a b] [] ONLY=this\n") == 0);
	close(p[0]);
	CHECK_ERR(execve("/no/such/program", args, env), ENOENT);
	CHECK_ERR(execve("/tmp", args, env), EACCES);
	CHECK_ERR(execve((char *)1, args, env), EFAULT);

	snprintf(file, sizeof(file), "/tmp/not-a-program-%d", getpid());
	int fd = open(file, O_CREAT | O_WRONLY | O_TRUNC, 0755);
	CHECK(write(fd, "hello there", 11) == 11);
	close(fd);
	CHECK_ERR(execve(file, args, env), ENOEXEC);
	chmod(file, 0644);
	CHECK_ERR(execve(file, args, env), EACCES);
	unlink(file);

	/* A script names its interpreter. */
	snprintf(file, sizeof(file), "/tmp/script-%d", getpid());
	snprintf(said, sizeof(said), "[%s] [y]", file);
	fd = open(file, O_CREAT | O_WRONLY | O_TRUNC, 0755);
	dprintf(fd, "#!%s child one\n", self);
	close(fd);
	char *sargs[] = { "x", "y", NULL };
	CHECK(pipe(p) == 0);
	posix_spawn_file_actions_t fa;
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, p[1], 1);
	CHECK(posix_spawn(&pid, file, &fa, NULL, sargs, env) == 0);
	close(p[1]);
	CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 21);
	memset(buf, 0, sizeof(buf));
	n = read(p[0], buf, sizeof(buf) - 1);
	/* arguments: interpreter, "child one" as one, script, y */
	CHECK(n > 0 && strstr(buf, said) != NULL);
	close(p[0]);
	unlink(file);
	CHECK(posix_spawn(&pid, "/no/such", NULL, NULL, sargs, env) == ENOENT);
}

static void groups(void)
{
	CHECK(getpgid(0) == getpgrp() && getsid(0) > 0);
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0) {
		CHECK(setpgid(0, 0) == 0 && getpgrp() == getpid());
		CHECK(setsid() == -1 && errno == EPERM);
		_exit(check_failures);
	}
	int status;
	CHECK(waitpid(pid, &status, 0) == pid && status == 0);
	struct rusage ru;
	CHECK(getrusage(RUSAGE_CHILDREN, &ru) == 0);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strncmp(argv[1], "child", 5) == 0) {
		printf("%d %s [%s] [%s] %s\n", argc, argv[0], argc > 2 ? argv[2] : "-",
		       argc > 3 ? argv[3] : "-", environ[0] ? environ[0] : "-");
		return 21;
	}
	char self[4096];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	CHECK(n > 0);
	self[n > 0 ? n : 0] = 0;
	waits();
	wait_beats_signal();
	copies();
	execs(self);
	groups();
	return check_done();
}
