// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include "clock.h"

/* Negative numbers name the CPU clock of a process or thread: ~id << 3 | per-thread << 2 |
 * which. */
enum { CPU_WHICH = 3, CPU_PER_THREAD = 4, CPU_ID_SHIFT = 3, CPU_WHICH_FD = 3 };

static int decode_cpu(int clockid, struct clock *out)
{
	int id = ~(clockid >> CPU_ID_SHIFT);
	if ((clockid & CPU_WHICH) == CPU_WHICH_FD)
		return -EINVAL;
	if (clockid & CPU_PER_THREAD) {
		const struct uc_task *t = id ? uc_task_find(id) : uc_task_current();
		if (!t || t->proc != uc_proc_current())
			return -EINVAL;
		*out = (struct clock){ CLOCK_KIND_THREAD, t->tid };
		return 0;
	}
	const struct uc_proc *p = id ? uc_proc_find(id) : uc_proc_current();
	if (!p)
		return -EINVAL;
	*out = (struct clock){ CLOCK_KIND_PROC, p->pid };
	return 0;
}

int clock_decode(int clockid, struct clock *out)
{
	if (clockid < 0)
		return decode_cpu(clockid, out);
	switch (clockid) {
	case CLOCK_MONOTONIC:
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_BOOTTIME:
	case CLOCK_BOOTTIME_ALARM:
		*out = (struct clock){ CLOCK_KIND_MONO, 0 };
		return 0;
	case CLOCK_REALTIME:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_REALTIME_ALARM:
	case CLOCK_TAI:
		*out = (struct clock){ CLOCK_KIND_REAL, 0 };
		return 0;
	case CLOCK_PROCESS_CPUTIME_ID:
		*out = (struct clock){ CLOCK_KIND_PROC, uc_proc_current()->pid };
		return 0;
	case CLOCK_THREAD_CPUTIME_ID:
		*out = (struct clock){ CLOCK_KIND_THREAD, uc_task_current()->tid };
		return 0;
	default:
		return -EINVAL;
	}
}

int clock_now(const struct clock *c, uc_nsec *out)
{
	const struct uc_proc *p;
	const struct uc_task *t;
	switch (c->kind) {
	case CLOCK_KIND_MONO:
		*out = uc_time_mono();
		return 0;
	case CLOCK_KIND_REAL:
		*out = uc_time_real();
		return 0;
	case CLOCK_KIND_PROC:
		p = uc_proc_find(c->id);
		if (!p)
			return -EINVAL;
		*out = uc_proc_cpu_ns(p);
		return 0;
	default:
		t = uc_task_find(c->id);
		if (!t)
			return -EINVAL;
		*out = uc_thread_cpu_time(&t->thread);
		return 0;
	}
}

int clock_for_timer(int clockid, struct clock *out)
{
	switch (clockid) {
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_REALTIME_COARSE:
	case CLOCK_BOOTTIME_ALARM:
	case CLOCK_REALTIME_ALARM:
		return -EOPNOTSUPP;
	}
	return clock_decode(clockid, out);
}
