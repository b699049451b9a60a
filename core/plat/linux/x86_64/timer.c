// SPDX-License-Identifier: BSD-3-Clause
/* The timer interrupt: a POSIX timer's signal, or the end of the wait of an idle process. */
#include <asm/signal.h>
#include <asm/unistd.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <uc/boothooks.h>
#include <uc/plat.h>
#include "info.h"

#define NSEC_PER_SEC   1000000000ull
#define CALIBRATION_NS 2000000ull
#define LIMIT	       (1000000 * NSEC_PER_SEC) /* the scheduler asks again */

static void (*timer_fn)(void);
static uint64_t tsc_hz;
static int timer_id;
static uint64_t deadline; /* cycles; 0: none */

static uint64_t host_now(void)
{
	struct __kernel_timespec t = { 0, 0 };
	UC_HOST2(__NR_clock_gettime, CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NSEC_PER_SEC + (uint64_t)t.tv_nsec;
}

void uc_plat_set_tsc_hz(uint64_t hz)
{
	tsc_hz = hz;
}

uint64_t uc_plat_tsc_hz(void)
{
	if (tsc_hz)
		return tsc_hz;
	uint64_t t0 = host_now(), c0 = uc_cycles(), t1;
	while ((t1 = host_now()) - t0 < CALIBRATION_NS)
		uc_cpu_relax();
	return tsc_hz = (uc_cycles() - c0) * NSEC_PER_SEC / (t1 - t0);
}

void uc_plat_timer_bind(void (*fn)(void))
{
	timer_fn = fn;
}

void linux_timer_init(void)
{
	struct {
		uint64_t value;
		int sig, notify;
		uint8_t rest[48];
	} ev = { .sig = SIGALRM, .notify = 0 /* SIGEV_SIGNAL */ };
	if (UC_HOST3(__NR_timer_create, CLOCK_MONOTONIC, &ev, &timer_id))
		linux_die("cannot make a timer");
}

void uc_plat_timer_set(uc_nsec delta)
{
	struct __kernel_itimerspec t = { { 0, 0 }, { 0, 0 } };
	deadline = 0;
	if (delta != UC_FOREVER) {
		uint64_t hz = uc_plat_tsc_hz();
		delta = UC_MIN(UC_MAX(delta, (uc_nsec)1), (uc_nsec)LIMIT);
		t.it_value.tv_sec = (long long)(delta / NSEC_PER_SEC);
		t.it_value.tv_nsec = (long long)(delta % NSEC_PER_SEC);
		deadline = uc_cycles() + delta / NSEC_PER_SEC * hz +
			   delta % NSEC_PER_SEC * hz / NSEC_PER_SEC;
	}
	UC_HOST4(__NR_timer_settime, timer_id, 0, &t, 0);
}

uc_nsec linux_timer_left(void)
{
	uint64_t d = __atomic_load_n(&deadline, __ATOMIC_RELAXED);
	if (!d)
		return UC_FOREVER;
	uint64_t now = uc_cycles(), hz = uc_plat_tsc_hz(), left = d > now ? d - now : 0;
	return left / hz * NSEC_PER_SEC + left % hz * NSEC_PER_SEC / hz;
}

void linux_timer_run(void)
{
	deadline = 0;
	if (timer_fn)
		timer_fn();
}
