// SPDX-License-Identifier: BSD-3-Clause
// A timer whose interval is shorter than its signal takes to be handled does not stop the program.
// Not to be run natively: a busy Linux may do nothing but take these signals.
#include "check.h"

#include <signal.h>
#include <sys/time.h>
#include <time.h>

static volatile sig_atomic_t ticks;

static void on_tick(int sig)
{
	(void)sig;
	ticks++;
}

static void work(void)
{
	int before = ticks;
	while (ticks < before + 3)
		;
	for (volatile int i = 0; i < 300000; i++)
		;
}

int main(void)
{
	const struct itimerval every = { { 0, 1 }, { 0, 1 } }, never = { { 0, 0 }, { 0, 0 } };
	const struct itimerspec often = { { 0, 1000 }, { 0, 1000 } };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	timer_t timer;

	signal(SIGALRM, on_tick);
	CHECK(setitimer(ITIMER_REAL, &every, NULL) == 0);
	work();
	CHECK(setitimer(ITIMER_REAL, &never, NULL) == 0);

	signal(SIGUSR1, on_tick);
	CHECK(timer_create(CLOCK_MONOTONIC, &ev, &timer) == 0);
	CHECK(timer_settime(timer, 0, &often, NULL) == 0);
	work();
	CHECK(timer_delete(timer) == 0);
	return check_done();
}
