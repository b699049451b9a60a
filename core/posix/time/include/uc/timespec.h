// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_TIMESPEC_H
#define UC_TIMESPEC_H
/*
 * Times as applications pass them, and deadlines made of them. Nanoseconds saturate at UC_NSEC_MAX
 * (292 years), which counts as never. Context: thread.
 */
#include <asm/errno.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <uc/time.h>
#include <uc/types.h>
#include <uc/user.h>

#define UC_NSEC_PER_SEC 1000000000ull
#define UC_NSEC_MAX ((uc_nsec)INT64_MAX)

/* Reading them where they are absolute or relative times: -EINVAL if negative or not normalised. */
static inline int uc_timespec_to_ns(const struct __kernel_timespec *ts, uc_nsec *out)
{
	if (ts->tv_sec < 0 || (uint64_t)ts->tv_nsec >= UC_NSEC_PER_SEC)
		return -EINVAL;
	if ((uint64_t)ts->tv_sec >= UC_NSEC_MAX / UC_NSEC_PER_SEC)
		*out = UC_NSEC_MAX;
	else
		*out = (uc_nsec)ts->tv_sec * UC_NSEC_PER_SEC + (uc_nsec)ts->tv_nsec;
	return 0;
}

static inline struct __kernel_timespec uc_ns_to_timespec(uc_nsec ns)
{
	return (struct __kernel_timespec){ .tv_sec = (__kernel_time64_t)(ns / UC_NSEC_PER_SEC),
					   .tv_nsec = (long long)(ns % UC_NSEC_PER_SEC) };
}

static inline struct __kernel_old_timeval uc_ns_to_timeval(uc_nsec ns)
{
	return (struct __kernel_old_timeval){
		.tv_sec = (__kernel_long_t)(ns / UC_NSEC_PER_SEC),
		.tv_usec = (__kernel_long_t)(ns % UC_NSEC_PER_SEC / 1000) };
}

static inline int uc_timeval_to_ns(const struct __kernel_old_timeval *tv, uc_nsec *out)
{
	if ((uint64_t)tv->tv_usec >= 1000000)
		return -EINVAL;
	struct __kernel_timespec ts = { tv->tv_sec, tv->tv_usec * 1000 };
	return uc_timespec_to_ns(&ts, out);
}

/* 0, -EFAULT or -EINVAL. */
static inline int uc_timespec_read(uc_nsec *out, uc_uptr p)
{
	struct __kernel_timespec ts;
	int r = uc_user_read(&ts, p, sizeof(ts));
	return r ? r : uc_timespec_to_ns(&ts, out);
}

static inline int uc_timespec_write(uc_uptr p, uc_nsec ns)
{
	struct __kernel_timespec ts = uc_ns_to_timespec(ns);
	return uc_user_write(p, &ts, sizeof(ts));
}

/* Deadline (CLOCK_MONOTONIC) that lies ns from now. */
static inline uc_nsec uc_deadline_in(uc_nsec ns)
{
	if (ns >= UC_NSEC_MAX)
		return UC_FOREVER;
	return uc_time_mono() + ns;
}

/* Deadline of an absolute CLOCK_REALTIME time, as that clock stands now. */
static inline uc_nsec uc_deadline_real(uc_nsec real)
{
	uc_nsec now = uc_time_real();
	return uc_deadline_in(real > now ? real - now : 0);
}
#endif
