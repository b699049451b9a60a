// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_POSIX_CLOCK_H
#define UC_POSIX_CLOCK_H
/*
 * Clocks as applications name them (clock_gettime(2)): system-wide ones, and the CPU time of a
 * process or thread. Context: thread.
 */
#include <uc/proc.h>
#include <uc/timespec.h>

enum clock_kind {
	CLOCK_KIND_MONO,   /* also raw, coarse and boot time: this machine is never suspended */
	CLOCK_KIND_REAL,   /* also coarse and TAI: no leap-second offset is known */
	CLOCK_KIND_PROC,   /* CPU time of process `id` */
	CLOCK_KIND_THREAD, /* CPU time of thread `id` */
};
struct clock {
	enum clock_kind kind;
	int id;
};

/* The clock behind a number and whether it exists now: 0 or -EINVAL. */
int clock_decode(int clockid, struct clock *out);
/* Reads it. 0, or -EINVAL: the process or thread has ended. */
int clock_now(const struct clock *c, uc_nsec *out);
/* Whether timers can run on it: 0, -EINVAL no such clock, -EOPNOTSUPP (also the alarm clocks: there
 * is no clock chip that could wake the machine). */
int clock_for_timer(int clockid, struct clock *out);
/* May the caller set the time (CAP_SYS_TIME)? */
static inline bool clock_may_set(void)
{
	return uc_proc_current()->euid == 0;
}
#endif
