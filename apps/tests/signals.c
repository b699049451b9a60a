// SPDX-License-Identifier: BSD-3-Clause
// Signal dispositions, masks, queues, restarts, alternate stacks.
#define _GNU_SOURCE
#include "check.h"

#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t count, depth, max_depth;
static volatile int order[8], norder;
static volatile int value, code;
static char altstack[65536];
static volatile int on_alt;

static void on_count(int sig)
{
	(void)sig;
	count++;
}

static void on_nested(int sig)
{
	depth++;
	if (depth > max_depth)
		max_depth = depth;
	if (count++ < 3)
		raise(sig);
	depth--;
}

static void on_order(int sig, siginfo_t *info, void *context)
{
	(void)context;
	order[norder++ & 7] = sig;
	value = info->si_value.sival_int;
	code = info->si_code;
}

static void on_alternate(int sig)
{
	(void)sig;
	char here;
	on_alt = (uintptr_t)&here >= (uintptr_t)altstack &&
		 (uintptr_t)&here < (uintptr_t)altstack + sizeof(altstack);
	stack_t old;
	CHECK(sigaltstack(NULL, &old) == 0 && (old.ss_flags & SS_ONSTACK));
}

static void set(int sig, void (*fn)(int), int flags)
{
	struct sigaction sa = { .sa_handler = fn, .sa_flags = flags };
	CHECK(sigaction(sig, &sa, NULL) == 0);
}

/* Again and again: the first may come before what it is to interrupt. */
static void alarms(bool on)
{
	struct itimerval it = { { 0, on * 30000 }, { 0, on * 30000 } };
	CHECK(setitimer(ITIMER_REAL, &it, NULL) == 0);
	if (on) count = 0;
}

/* When the reader was interrupted. */
static void *write_later(void *arg)
{
	while (count < 3)
		usleep(1000);
	CHECK(write(*(int *)arg, "x", 1) == 1);
	return NULL;
}

static void restarts(void)
{
	int p[2];
	char c;
	CHECK(pipe(p) == 0);
	set(SIGALRM, on_count, 0);
	alarms(true);
	CHECK_ERR(read(p[0], &c, 1), EINTR);
	CHECK(count > 0);
	alarms(false);

	set(SIGALRM, on_count, SA_RESTART);
	pthread_t t;
	sigset_t alrm, old;
	sigemptyset(&alrm);
	sigaddset(&alrm, SIGALRM);
	pthread_sigmask(SIG_BLOCK, &alrm, &old);
	alarms(true);
	CHECK(pthread_create(&t, NULL, write_later, &p[1]) == 0);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	CHECK(read(p[0], &c, 1) == 1 && c == 'x');
	pthread_join(t, NULL);

	/* nanosleep is interrupted whatever the flag, and says what is left. */
	struct timespec ts = { 1000, 0 }, rem = { 0, 0 };
	CHECK_ERR(nanosleep(&ts, &rem), EINTR);
	CHECK(rem.tv_sec > 800 && rem.tv_sec < 1000);
	/* pause too */
	CHECK_ERR(pause(), EINTR);
	alarms(false);
}

static void masks(void)
{
	sigset_t block, old, pending;
	count = 0;
	set(SIGUSR1, on_count, 0);
	sigemptyset(&block);
	sigaddset(&block, SIGUSR1);
	CHECK(sigprocmask(SIG_BLOCK, &block, &old) == 0);
	raise(SIGUSR1);
	raise(SIGUSR1);
	kill(getpid(), SIGUSR1);
	CHECK(count == 0);
	CHECK(sigpending(&pending) == 0 && sigismember(&pending, SIGUSR1));
	sigset_t none;
	sigemptyset(&none);
	CHECK_ERR(sigsuspend(&none), EINTR);
	/* One is pending for the thread and one for the process: standard signals do not queue. The
	 * first handler's return blocks the second again. */
	CHECK(count == 1);
	CHECK(sigprocmask(SIG_SETMASK, NULL, &pending) == 0 && sigismember(&pending, SIGUSR1));
	CHECK(sigprocmask(SIG_SETMASK, &old, NULL) == 0);
	CHECK(count == 2);

	count = 0;
	set(SIGUSR1, on_nested, 0);
	raise(SIGUSR1);
	CHECK(max_depth == 1 && count == 4);
	count = 0;
	set(SIGUSR1, on_nested, SA_NODEFER);
	raise(SIGUSR1);
	CHECK(max_depth == 4 && count == 4);

	struct sigaction sa;
	set(SIGUSR2, on_count, SA_RESETHAND);
	raise(SIGUSR2);
	CHECK(sigaction(SIGUSR2, NULL, &sa) == 0 && sa.sa_handler == SIG_DFL);
	signal(SIGUSR2, SIG_IGN);
	raise(SIGUSR2);
	CHECK_ERR(sigaction(SIGKILL, &sa, NULL), EINVAL);
	CHECK_ERR(kill(getpid(), 65), EINVAL);
	CHECK_ERR(kill(INT_MAX, 0), ESRCH);
	CHECK(kill(getpid(), 0) == 0);
}

static void queues(void)
{
	struct sigaction sa = { .sa_sigaction = on_order, .sa_flags = SA_SIGINFO };
	sigset_t set, old;
	sigemptyset(&set);
	for (int i = 0; i < 3; i++) {
		sigaction(SIGRTMIN + i, &sa, NULL);
		sigaddset(&set, SIGRTMIN + i);
	}
	sigfillset(&sa.sa_mask);
	sigprocmask(SIG_BLOCK, &set, &old);
	for (int i = 2; i >= 0; i--) {
		for (int k = 0; k < 2; k++) {
			union sigval v = { .sival_int = 10 * i + k };
			CHECK(sigqueue(getpid(), SIGRTMIN + i, v) == 0);
		}
	}
	siginfo_t info;
	struct timespec now = { 0, 0 };
	CHECK(sigtimedwait(&set, &info, &now) == SIGRTMIN);
	CHECK(info.si_value.sival_int == 0 && info.si_code == SI_QUEUE && info.si_pid == getpid());
	int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	struct signalfd_siginfo si[8];
	CHECK(fd >= 0);
	CHECK(read(fd, si, sizeof(si)) == 5 * (ssize_t)sizeof(si[0]));
	CHECK((int)si[0].ssi_signo == SIGRTMIN && si[0].ssi_int == 1);
	CHECK((int)si[1].ssi_signo == SIGRTMIN + 1 && si[1].ssi_int == 10);
	CHECK((int)si[4].ssi_signo == SIGRTMIN + 2 && si[4].ssi_int == 21);
	CHECK_ERR(read(fd, si, sizeof(si)), EAGAIN);
	close(fd);
	CHECK_ERR(sigtimedwait(&set, &info, &now), EAGAIN);
	union sigval v = { .sival_int = 99 };
	sigqueue(getpid(), SIGRTMIN, v);
	CHECK(norder == 0);
	sigprocmask(SIG_SETMASK, &old, NULL);
	CHECK(norder == 1 && value == 99 && code == SI_QUEUE);
}

static void alternate(void)
{
	stack_t ss = { .ss_sp = altstack, .ss_size = sizeof(altstack) }, old;
	CHECK(sigaltstack(&ss, &old) == 0 && old.ss_flags == SS_DISABLE);
	set(SIGUSR1, on_alternate, SA_ONSTACK);
	raise(SIGUSR1);
	CHECK(on_alt == 1);
	CHECK(sigaltstack(NULL, &old) == 0 && old.ss_sp == altstack && old.ss_flags == 0);
	ss.ss_size = 100;
	CHECK_ERR(sigaltstack(&ss, NULL), ENOMEM);
	ss.ss_flags = SS_DISABLE;
	CHECK(sigaltstack(&ss, NULL) == 0);
}

static void *thread_signal(void *arg)
{
	sigset_t s;
	int sig = 0;
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	CHECK(sigwait(&s, &sig) == 0);
	*(int *)arg = sig;
	return NULL;
}

static void threads(void)
{
	sigset_t s, old;
	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &s, &old);
	pthread_t t;
	int got = 0;
	CHECK(pthread_create(&t, NULL, thread_signal, &got) == 0);
	CHECK(pthread_kill(t, SIGUSR1) == 0);
	pthread_join(t, NULL);
	CHECK(got == SIGUSR1);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
}

int main(void)
{
	restarts();
	masks();
	queues();
	alternate();
	threads();
	return check_done();
}
