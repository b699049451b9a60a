// SPDX-License-Identifier: BSD-3-Clause
// Processes as descriptors: pidfd_open, pidfd_send_signal, pidfd_getfd, waitid(P_PIDFD),
// CLONE_PIDFD.
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define P_PIDFD_ 3

static int pidfd_open_(int pid, unsigned flags)
{
	return (int)syscall(SYS_pidfd_open, pid, flags);
}

static int send_signal(int fd, int sig, siginfo_t *si, unsigned flags)
{
	return (int)syscall(SYS_pidfd_send_signal, fd, sig, si, flags);
}

static int readable(int fd, int ms)
{
	struct pollfd p = { fd, POLLIN, 0 };
	int n = poll(&p, 1, ms);
	return n == 1 ? p.revents : n;
}

static pid_t child(int status, int wait_for)
{
	char c;
	pid_t pid = fork();
	if (pid == 0) {
		if (wait_for >= 0) (void)!read(wait_for, &c, 1);
		_exit(status);
	}
	return pid;
}

static void arguments(void)
{
	int p[2];
	CHECK(pipe(p) == 0);
	CHECK_ERR(pidfd_open_(0, 0), EINVAL);
	CHECK_ERR(pidfd_open_(-1, 0), EINVAL);
	CHECK_ERR(pidfd_open_(getpid(), 1), EINVAL);
	CHECK_ERR(pidfd_open_(INT_MAX, 0), ESRCH);
	int fd = pidfd_open_(getpid(), 0);
	CHECK(fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
	char b[8];
	CHECK_ERR(read(fd, b, 8), EINVAL);
	CHECK_ERR(send_signal(fd, 0, NULL, 1u << 30), EINVAL);
	CHECK_ERR(send_signal(fd, 65, NULL, 0), EINVAL);
	CHECK_ERR(send_signal(p[0], 0, NULL, 0), EBADF);
	CHECK_ERR(send_signal(99, 0, NULL, 0), EBADF);
	CHECK(send_signal(fd, 0, NULL, 0) == 0);
	CHECK(readable(fd, 0) == 0);
	siginfo_t si;
	CHECK_ERR(waitid(P_PIDFD_, p[0], &si, WEXITED), EBADF);
	CHECK_ERR(waitid(P_PIDFD_, -1, &si, WEXITED), EINVAL);
	CHECK_ERR(waitid(P_PIDFD_, fd, &si, WEXITED), ECHILD);
	char link[64], text[64] = "";
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	CHECK(readlink(link, text, sizeof(text)) > 0);
	puts(text);
	close(fd);
	close(p[0]);
	close(p[1]);
}

static void ends(void)
{
	int p[2];
	CHECK(pipe(p) == 0);
	pid_t pid = child(7, p[0]);
	int fd = pidfd_open_(pid, O_NONBLOCK);
	siginfo_t si;
	CHECK(readable(fd, 0) == 0);
	CHECK_ERR(waitid(P_PIDFD_, fd, &si, WEXITED), EAGAIN);
	memset(&si, 0, sizeof(si));
	CHECK(waitid(P_PIDFD_, fd, &si, WEXITED | WNOHANG) == 0 && si.si_pid == 0);
	int ep = epoll_create1(0);
	struct epoll_event ev = { EPOLLIN, { .u32 = 5 } }, got;
	CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &ev) == 0);
	CHECK(epoll_wait(ep, &got, 1, 0) == 0);
	CHECK(write(p[1], "x", 1) == 1);
	CHECK(epoll_wait(ep, &got, 1, -1) == 1 && got.data.u32 == 5);
	CHECK(readable(fd, -1) == POLLIN);
	CHECK(send_signal(fd, SIGTERM, NULL, 0) == 0); /* a zombie takes it */
	CHECK(waitid(P_PIDFD_, fd, &si, WEXITED | WNOWAIT) == 0 && si.si_pid == pid);
	CHECK(waitid(P_PIDFD_, fd, &si, WEXITED) == 0 && si.si_pid == pid &&
	      si.si_status == 7 && si.si_code == CLD_EXITED);
	CHECK_ERR(send_signal(fd, 0, NULL, 0), ESRCH);
	CHECK_ERR(waitid(P_PIDFD_, fd, &si, WEXITED), ECHILD);
	CHECK(readable(fd, 0) & POLLIN); /* later kernels add POLLHUP */
	close(ep);
	close(fd);
	close(p[0]);
	close(p[1]);
}

static volatile sig_atomic_t got_sig, got_val, got_pid;

static void handler(int sig, siginfo_t *si, void *uc)
{
	(void)uc;
	got_sig = sig;
	got_val = si->si_value.sival_int;
	got_pid = si->si_pid == getpid();
}

static void signals(void)
{
	struct sigaction sa = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	sigaction(SIGUSR1, &sa, NULL);
	int fd = pidfd_open_(getpid(), 0);
	CHECK(send_signal(fd, SIGUSR1, NULL, 0) == 0 && got_sig == SIGUSR1 && got_pid == 1);
	siginfo_t si;
	memset(&si, 0, sizeof(si));
	si.si_signo = SIGUSR1;
	si.si_code = SI_QUEUE;
	si.si_value.sival_int = 42;
	CHECK(send_signal(fd, SIGUSR1, &si, 0) == 0 && got_val == 42);
	CHECK_ERR(send_signal(fd, SIGUSR2, &si, 0), EINVAL);
	close(fd);
	fd = open("/proc/self", O_RDONLY | O_DIRECTORY);
	got_val = 0;
	CHECK(send_signal(fd, SIGUSR1, &si, 0) == 0 && got_val == 42);
	close(fd);
	fd = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
	CHECK_ERR(send_signal(fd, SIGUSR1, &si, 0), EBADF);
	close(fd);
	pid_t pid = child(0, -1);
	fd = pidfd_open_(pid, 0);
	si.si_code = SI_USER;
	CHECK_ERR(send_signal(fd, SIGUSR1, &si, 0), EPERM);
	CHECK(waitid(P_PIDFD_, fd, &si, WEXITED) == 0);
	close(fd);
}

static void descriptors(void)
{
	int p[2], ready[2];
	char c;
	CHECK(pipe(p) == 0 && pipe(ready) == 0);
	pid_t pid = fork();
	if (pid == 0) {
		dup2(p[1], 40);
		(void)!write(ready[1], "r", 1);
		pause();
		_exit(0);
	}
	CHECK(read(ready[0], &c, 1) == 1);
	int fd = pidfd_open_(pid, 0);
	int theirs = (int)syscall(SYS_pidfd_getfd, fd, 40, 0);
	CHECK(theirs >= 0 && fcntl(theirs, F_GETFD) == FD_CLOEXEC);
	CHECK(write(theirs, "q", 1) == 1 && read(p[0], &c, 1) == 1 && c == 'q');
	CHECK_ERR(syscall(SYS_pidfd_getfd, fd, 41, 0), EBADF);
	CHECK_ERR(syscall(SYS_pidfd_getfd, fd, 40, 1), EINVAL);
	CHECK_ERR(syscall(SYS_pidfd_getfd, p[0], 40, 0), EBADF);
	CHECK(send_signal(fd, SIGKILL, NULL, 0) == 0);
	siginfo_t si;
	CHECK(waitid(P_PIDFD_, fd, &si, WEXITED) == 0 && si.si_code == CLD_KILLED &&
	      si.si_status == SIGKILL);
	CHECK_ERR(syscall(SYS_pidfd_getfd, fd, 40, 0), ESRCH);
	close(fd);
}

static void clones(void)
{
	int fd = -1;
	siginfo_t si;
	struct clone_args a = { .flags = CLONE_PIDFD,
				.pidfd = (uintptr_t)&fd,
				.exit_signal = SIGCHLD };
	pid_t pid = (pid_t)syscall(SYS_clone3, &a, sizeof(a));
	if (pid == 0) _exit(fcntl(fd, F_GETFD) == -1 ? 3 : 4);
	CHECK(pid > 0 && fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
	CHECK(readable(fd, -1) == POLLIN);
	CHECK(waitid(P_PIDFD_, fd, &si, WEXITED) == 0 && si.si_pid == pid && si.si_status == 3);
	close(fd);
	fd = -1;
	pid = (pid_t)syscall(SYS_clone, CLONE_PIDFD | SIGCHLD, 0, &fd, 0, 0);
	if (pid == 0) _exit(5);
	CHECK(fd >= 0 && waitid(P_PIDFD_, fd, &si, WEXITED) == 0 && si.si_status == 5);
	close(fd);
	a.pidfd = 8;
	CHECK_ERR(syscall(SYS_clone3, &a, sizeof(a)), EFAULT);
	signal(SIGCHLD, SIG_IGN); /* nobody waits: the descriptor tells all the same */
	a.pidfd = (uintptr_t)&fd;
	pid = (pid_t)syscall(SYS_clone3, &a, sizeof(a));
	if (pid == 0) _exit(0);
	CHECK(readable(fd, -1) & POLLIN);
	CHECK_ERR(waitid(P_PIDFD_, fd, &si, WEXITED), ECHILD);
	close(fd);
}

int main(void)
{
	arguments();
	ends();
	signals();
	descriptors();
	clones();
	return check_done();
}
