// SPDX-License-Identifier: BSD-3-Clause
// Signals by their calls: queued with values, taken by waiting, pending, sent to one thread,
// and by descriptor.
#define _GNU_SOURCE
#include "check.h"

#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RT 40
static volatile int seen, value;

static void on_signal(int sig, siginfo_t *si, void *context)
{
	(void)context;
	seen += sig;
	value = si->si_value.sival_int;
}

static void block(int how, int sig)
{
	unsigned long set = 1ul << (sig - 1);
	CHECK(syscall(SYS_rt_sigprocmask, how, &set, 0, 8) == 0);
}

static siginfo_t queued(int v)
{
	siginfo_t si = { .si_signo = RT, .si_code = SI_QUEUE };
	si.si_pid = getpid();
	si.si_value.sival_int = v;
	return si;
}

static void queueing(void)
{
	siginfo_t si = queued(11), got;
	unsigned long set = 1ul << (RT - 1), pending = 0;
	const struct timespec none = { 0, 0 };

	block(SIG_BLOCK, RT);
	CHECK(syscall(SYS_rt_sigqueueinfo, getpid(), RT, &si) == 0);
	si = queued(22);
	CHECK(syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), RT, &si) == 0);
	CHECK(syscall(SYS_rt_sigpending, &pending, 8) == 0 && pending == set);
	CHECK(syscall(SYS_rt_sigtimedwait, &set, &got, &none, 8) == RT &&
	      got.si_value.sival_int == 22);
	CHECK(syscall(SYS_rt_sigtimedwait, &set, &got, &none, 8) == RT &&
	      got.si_value.sival_int == 11);
	CHECK_ERR(syscall(SYS_rt_sigtimedwait, &set, &got, &none, 8), EAGAIN);
	CHECK_ERR(syscall(SYS_rt_sigtimedwait, &set, &got, &none, 4), EINVAL);
	CHECK_ERR(syscall(SYS_rt_sigqueueinfo, INT_MAX, RT, &si), ESRCH);
	CHECK_ERR(syscall(SYS_rt_sigpending, &pending, 16), EINVAL);
	CHECK_ERR(syscall(SYS_rt_sigprocmask, 7, &set, 0, 8), EINVAL);
	block(SIG_UNBLOCK, RT);
}

static void handling(void)
{
	struct sigaction sa = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	siginfo_t si = queued(33);
	unsigned long set = 0;

	CHECK(sigaction(RT, &sa, 0) == 0);
	CHECK_ERR(syscall(SYS_rt_sigaction, SIGKILL, &sa, 0, 8), EINVAL);
	CHECK_ERR(syscall(SYS_rt_sigaction, 65, 0, 0, 8), EINVAL);
	CHECK_ERR(syscall(SYS_rt_sigaction, RT, 0, 0, 4), EINVAL);
	block(SIG_BLOCK, RT);
	CHECK(syscall(SYS_rt_sigqueueinfo, getpid(), RT, &si) == 0 && seen == 0);
	CHECK_ERR(syscall(SYS_rt_sigsuspend, &set, 8),
		  EINTR); /* its handler returns by rt_sigreturn */
	CHECK(seen == RT && value == 33);
	block(SIG_UNBLOCK, RT);
	CHECK(syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), RT) == 0 && seen == 2 * RT);
	CHECK(syscall(SYS_tkill, syscall(SYS_gettid), RT) == 0 && seen == 3 * RT);
	CHECK_ERR(syscall(SYS_tgkill, getpid(), INT_MAX, RT), ESRCH);
	CHECK_ERR(syscall(SYS_tgkill, -1, 1, RT), EINVAL);
	CHECK_ERR(syscall(SYS_tkill, 0, RT), EINVAL);
	CHECK_ERR(syscall(SYS_tkill, syscall(SYS_gettid), 99), EINVAL);
}

static void descriptors(void)
{
	unsigned long set = 1ul << (SIGUSR1 - 1), n = 3;
	struct signalfd_siginfo got;

	block(SIG_BLOCK, SIGUSR1);
	int fd = (int)syscall(SYS_signalfd4, -1, &set, 8, SFD_NONBLOCK),
	    old = (int)syscall(SYS_signalfd, -1, &set, 8);
	CHECK_ERR(read(fd, &got, sizeof(got)), EAGAIN);
	CHECK(kill(getpid(), SIGUSR1) == 0 && read(fd, &got, sizeof(got)) == sizeof(got) &&
	      got.ssi_signo == SIGUSR1);
	CHECK(raise(SIGUSR1) == 0 && read(old, &got, sizeof(got)) == sizeof(got) &&
	      got.ssi_signo == SIGUSR1);
	CHECK_ERR(syscall(SYS_signalfd4, -1, &set, 4, 0), EINVAL);
	CHECK_ERR(syscall(SYS_signalfd4, -1, &set, 8, 1), EINVAL);
	int e = (int)syscall(SYS_eventfd2, 2, EFD_SEMAPHORE | EFD_NONBLOCK),
	    e1 = (int)syscall(SYS_eventfd, 5);
	CHECK(read(e, &n, 8) == 8 && n == 1 && read(e, &n, 8) == 8 && read(e, &n, 8) == -1 &&
	      errno == EAGAIN);
	CHECK(write(e1, &n, 8) == 8 && read(e1, &n, 8) == 8 && n == 6);
	CHECK_ERR(syscall(SYS_eventfd2, 0, 2), EINVAL);
	close(fd);
	close(old);
	close(e);
	close(e1);
}

static void waiting(void)
{
	int status;
	pid_t p = fork();

	if (!p)
		syscall(SYS_exit_group, 9);
	CHECK(syscall(SYS_wait4, p, &status, 0, 0) == p && WEXITSTATUS(status) == 9);
	CHECK_ERR(syscall(SYS_wait4, p, &status, 0, 0), ECHILD);
	CHECK_ERR(syscall(SYS_wait4, -1, &status, 0x100, 0), EINVAL);
	CHECK_ERR(syscall(SYS_restart_syscall), EINTR);
	CHECK(syscall(SYS_alarm, 100) == 0 && syscall(SYS_alarm, 0) >= 99);
}

int main(void)
{
	queueing();
	handling();
	descriptors();
	waiting();
	return check_done();
}
