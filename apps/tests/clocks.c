// SPDX-License-Identifier: BSD-3-Clause
// Clocks go forward at the right rate; sleeps, interval timers and POSIX timers last what they say.
#define _GNU_SOURCE
#include "check.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t ticks;

static void on_tick(int sig)
{
	(void)sig;
	ticks++;
}

static int64_t ns(clockid_t id)
{
	struct timespec ts;
	CHECK(clock_gettime(id, &ts) == 0 && ts.tv_nsec >= 0 && ts.tv_nsec < 1000000000);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

/* Each reading lies between two others, so that a busy machine makes no difference to them. True if
 * the processor was free for most of the time: its host may have taken it away meanwhile. */
static bool sleeps_idly(void)
{
	int64_t before = ns(CLOCK_MONOTONIC), real_start = ns(CLOCK_REALTIME);
	int64_t cpu_start = ns(CLOCK_PROCESS_CPUTIME_ID), start = ns(CLOCK_MONOTONIC);
	struct timespec d = { 0, 200000000 };
	CHECK(nanosleep(&d, NULL) == 0);
	int64_t slept = ns(CLOCK_MONOTONIC) - start, real_slept = ns(CLOCK_REALTIME) - real_start;
	int64_t cpu = ns(CLOCK_PROCESS_CPUTIME_ID) - cpu_start, all = ns(CLOCK_MONOTONIC) - before;
	CHECK(slept >= 200000000);
	CHECK(real_slept >= slept - 20000000 && real_slept <= all + 20000000);
	return cpu <= all - 150000000;
}

static void sleeps(void)
{
	bool idle = false;
	for (int i = 0; i < 50 && !idle; i++) idle = sleeps_idly();
	CHECK(idle);
}

int main(void)
{
	int64_t last = ns(CLOCK_MONOTONIC);
	for (int i = 0; i < 100000; i++) {
		int64_t now = ns(CLOCK_MONOTONIC);
		if (now < last) {
			CHECK(!"monotonic went back");
			break;
		}
		last = now;
	}
	const clockid_t ids[] = { CLOCK_REALTIME,           CLOCK_MONOTONIC,
				  CLOCK_MONOTONIC_RAW,      CLOCK_BOOTTIME,
				  CLOCK_REALTIME_COARSE,    CLOCK_MONOTONIC_COARSE,
				  CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID };
	struct timespec res, raw;
	for (unsigned i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		CHECK(clock_getres(ids[i], &res) == 0 && res.tv_sec == 0 && res.tv_nsec > 0);
		CHECK(syscall(SYS_clock_gettime, ids[i], &raw) == 0);
	}
	CHECK_ERR(clock_gettime(4711, &res), EINVAL);
	/* The library's way (vDSO) and the call agree. */
	int64_t a = ns(CLOCK_MONOTONIC);
	CHECK(syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &raw) == 0);
	int64_t b = raw.tv_sec * 1000000000ll + raw.tv_nsec, c = ns(CLOCK_MONOTONIC);
	CHECK(a <= b && b <= c);
	struct timeval tv;
	CHECK(gettimeofday(&tv, NULL) == 0);
	int64_t real = ns(CLOCK_REALTIME);
	CHECK(real / 1000000000 - tv.tv_sec <= 60 && tv.tv_sec > 1600000000);
	time_t t = time(NULL);
	CHECK(t >= tv.tv_sec);

	sleeps();
	struct timespec d;
	clock_gettime(CLOCK_MONOTONIC, &d);
	d.tv_sec++;
	CHECK(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &d, NULL) == 0);
	CHECK(ns(CLOCK_MONOTONIC) >= d.tv_sec * 1000000000ll + d.tv_nsec);
	d.tv_nsec = 1000000000;
	CHECK_ERR(nanosleep(&d, NULL), EINVAL);

	struct sigaction sa = { .sa_handler = on_tick };
	sigaction(SIGALRM, &sa, NULL);
	struct itimerval it = { { 0, 20000 }, { 0, 20000 } }, old;
	CHECK(setitimer(ITIMER_REAL, &it, NULL) == 0);
	sigset_t blocked, before_block;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGALRM);
	sigaddset(&blocked, SIGUSR1);
	CHECK(sigprocmask(SIG_BLOCK, &blocked, &before_block) == 0);
	while (ticks < 5)
		sigsuspend(&before_block);
	it = (struct itimerval){ { 0, 0 }, { 0, 0 } };
	CHECK(setitimer(ITIMER_REAL, &it, &old) == 0 && old.it_interval.tv_usec == 20000);
	CHECK(alarm(1000) == 0 && alarm(0) > 900);

	timer_t timer;
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	sigaction(SIGUSR1, &sa, NULL);
	ticks = 0;
	CHECK(timer_create(CLOCK_MONOTONIC, &ev, &timer) == 0);
	struct itimerspec its = { { 0, 0 }, { 0, 30000000 } };
	CHECK(timer_settime(timer, 0, &its, NULL) == 0);
	while (ticks < 1)
		sigsuspend(&before_block);
	CHECK(timer_delete(timer) == 0);
	CHECK(ticks == 1);
	CHECK(sigprocmask(SIG_SETMASK, &before_block, NULL) == 0);

	/* CPU time counts work. */
	int64_t cpu_start = ns(CLOCK_THREAD_CPUTIME_ID), start = ns(CLOCK_MONOTONIC);
	while (ns(CLOCK_THREAD_CPUTIME_ID) - cpu_start < 50000000) {}
	CHECK(ns(CLOCK_MONOTONIC) - start >= 45000000);
	struct tms tms;
	CHECK(times(&tms) != (clock_t)-1);
	return check_done();
}
