// SPDX-License-Identifier: BSD-3-Clause
/*
 * The functions of the vDSO, vdso(7). They run in the application. A clock that the shared page
 * does not hold yet, or that is none of the system-wide clocks, is asked for by the system call.
 */
#include <asm/unistd.h>
#include <linux/time.h>
#include <stdbool.h>
#include <stddef.h>
#include <uc/vvar.h>
#include "vdso_arch.h"

#define NSEC_PER_SEC 1000000000ull
#define VISIBLE __attribute__((visibility("default")))
#define ALIAS(name) \
	VISIBLE __attribute__((weak, alias("__vdso_" #name))) __typeof__(__vdso_##name) name

struct getcpu_cache;

/* The page below the image; the linker script places the symbol. */
extern const struct uc_vvar vdso_vvar __attribute__((visibility("hidden")));

static bool read_clock(uint32_t need, uint64_t *ns)
{
	const volatile struct uc_vvar *v = &vdso_vvar;
	uint32_t seq;
	do {
		seq = __atomic_load_n(&v->seq, __ATOMIC_ACQUIRE);
		if (seq & 1)
			continue;
		if ((v->valid & need) != need)
			return false;
		*ns = uc_vvar_to_ns(vdso_cycles() - v->base_cycles, v->mult);
		if (need & UC_VVAR_REAL)
			*ns += (uint64_t)v->real_offset;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while ((seq & 1) || seq != __atomic_load_n(&v->seq, __ATOMIC_RELAXED));
	return true;
}

/* What must be valid to know the clock; 0: not a clock this object knows. */
static uint32_t clock_needs(int clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_TAI:
		return UC_VVAR_MONO | UC_VVAR_REAL;
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
		return UC_VVAR_MONO;
	default:
		return 0;
	}
}

VISIBLE int __vdso_clock_gettime(int clock, struct __kernel_timespec *ts);
int __vdso_clock_gettime(int clock, struct __kernel_timespec *ts)
{
	uint32_t need = clock_needs(clock);
	uint64_t ns;
	if (!need || !read_clock(need, &ns))
		return (int)vdso_syscall2(__NR_clock_gettime, clock, (long)ts);
	ts->tv_sec = (__kernel_time64_t)(ns / NSEC_PER_SEC);
	ts->tv_nsec = (long long)(ns % NSEC_PER_SEC);
	return 0;
}

VISIBLE int __vdso_clock_getres(int clock, struct __kernel_timespec *ts);
int __vdso_clock_getres(int clock, struct __kernel_timespec *ts)
{
	if (!clock_needs(clock))
		return (int)vdso_syscall2(__NR_clock_getres, clock, (long)ts);
	if (ts) {
		ts->tv_sec = 0;
		ts->tv_nsec = 1;
	}
	return 0;
}

VISIBLE int __vdso_gettimeofday(struct __kernel_old_timeval *tv, struct timezone *tz);
int __vdso_gettimeofday(struct __kernel_old_timeval *tv, struct timezone *tz)
{
	uint64_t ns;
	if (!read_clock(UC_VVAR_MONO | UC_VVAR_REAL, &ns))
		return (int)vdso_syscall2(__NR_gettimeofday, (long)tv, (long)tz);
	if (tv) {
		tv->tv_sec = (__kernel_long_t)(ns / NSEC_PER_SEC);
		tv->tv_usec = (__kernel_long_t)(ns % NSEC_PER_SEC / 1000);
	}
	if (tz) {
		tz->tz_minuteswest = 0;
		tz->tz_dsttime = 0;
	}
	return 0;
}

VISIBLE __kernel_old_time_t __vdso_time(__kernel_old_time_t *t);
__kernel_old_time_t __vdso_time(__kernel_old_time_t *t)
{
	uint64_t ns;
	if (!read_clock(UC_VVAR_MONO | UC_VVAR_REAL, &ns))
		return vdso_syscall2(__NR_time, (long)t, 0);
	__kernel_old_time_t s = (__kernel_old_time_t)(ns / NSEC_PER_SEC);
	if (t)
		*t = s;
	return s;
}

/* One CPU, one node. */
VISIBLE long __vdso_getcpu(unsigned *cpu, unsigned *node, struct getcpu_cache *unused);
long __vdso_getcpu(unsigned *cpu, unsigned *node, struct getcpu_cache *unused)
{
	(void)unused;
	if (cpu)
		*cpu = 0;
	if (node)
		*node = 0;
	return 0;
}

ALIAS(clock_gettime);
ALIAS(clock_getres);
ALIAS(gettimeofday);
ALIAS(time);
ALIAS(getcpu);
