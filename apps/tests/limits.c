// SPDX-License-Identifier: BSD-3-Clause
// Limits that end in signals: CPU time, size of files.
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t got;

static void on_signal(int sig)
{
	got = sig;
}

static void cpu_time(void)
{
	int status;
	pid_t pid = fork();
	if (pid == 0) {
		struct rlimit l = { 1, 3 };
		signal(SIGXCPU, on_signal);
		CHECK(setrlimit(RLIMIT_CPU, &l) == 0);
		while (got != SIGXCPU) {}
		struct rlimit ends = { 2, 2 };
		CHECK(setrlimit(RLIMIT_CPU, &ends) == 0);
		for (;;) {} /* until SIGKILL */
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
	      WTERMSIG(status) == SIGKILL);
	pid = fork();
	if (pid == 0) {
		struct rlimit l = { 1, RLIM_INFINITY };
		CHECK(setrlimit(RLIMIT_CPU, &l) == 0);
		for (;;) {}
	}
	CHECK(waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) &&
	      WTERMSIG(status) == SIGXCPU);
}

static void file_size(void)
{
	char buf[100] = { 0 }, name[] = "/tmp/limits.XXXXXX";
	struct rlimit l, old;
	int fd = mkstemp(name);
	CHECK(fd >= 0 && getrlimit(RLIMIT_FSIZE, &old) == 0);
	l = (struct rlimit){ 150, old.rlim_max };
	signal(SIGXFSZ, on_signal);
	CHECK(setrlimit(RLIMIT_FSIZE, &l) == 0);
	CHECK(write(fd, buf, 100) == 100 && got != SIGXFSZ);
	CHECK(write(fd, buf, 100) == 50 && got != SIGXFSZ);
	CHECK_ERR(write(fd, buf, 1), EFBIG);
	CHECK(got == SIGXFSZ);
	got = 0;
	CHECK_ERR(ftruncate(fd, 151), EFBIG);
	CHECK(got == SIGXFSZ && ftruncate(fd, 150) == 0);
	CHECK(setrlimit(RLIMIT_FSIZE, &old) == 0);
	close(fd);
	unlink(name);
}

int main(void)
{
	cpu_time();
	file_size();
	return check_done();
}
