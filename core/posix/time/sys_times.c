// SPDX-License-Identifier: BSD-3-Clause
/*
 * times(2), getrusage(2). Application and kernel run at one privilege level and are not told apart:
 * all CPU time counts as user time.
 */
#include <asm/errno.h>
#include <linux/resource.h>
#include <linux/times.h>
#include <uc/string.h>
#include "clock.h"

#define NSEC_PER_TICK (UC_NSEC_PER_SEC / 100) /* USER_HZ */

long uc_sys_times(uc_uptr out)
{
	const struct uc_proc *p = uc_proc_current();
	if (out) {
		struct tms t = { .tms_utime = (long)(uc_proc_cpu_ns(p) / NSEC_PER_TICK),
				 .tms_cutime = (long)(p->cpu_children / NSEC_PER_TICK) };
		int r = uc_user_write(out, &t, sizeof(t));
		if (r)
			return r;
	}
	return (long)(uc_time_mono() / NSEC_PER_TICK);
}

static void add_switches(struct rusage *u, const struct uc_task *t)
{
	u->ru_nvcsw += (long)t->thread.nvcsw;
	u->ru_nivcsw += (long)t->thread.nivcsw;
}

static void of_memory(struct rusage *u, const struct uc_mm *mm)
{
	u->ru_maxrss = (long)(mm->peak_rss * (UC_PAGE_SIZE / 1024));
	u->ru_minflt = (long)mm->minflt;
	u->ru_majflt = (long)mm->majflt;
}

static uc_nsec of_process(struct rusage *u, const struct uc_proc *p)
{
	of_memory(u, p->mm);
	UC_LIST_FOREACH(it, &p->tasks)
		add_switches(u, UC_LIST_ENTRY(it, struct uc_task, link));
	return uc_proc_cpu_ns(p);
}

static uc_nsec of_thread(struct rusage *u, const struct uc_task *t)
{
	of_memory(u, t->proc->mm);
	add_switches(u, t);
	return uc_thread_cpu_time(&t->thread);
}

long uc_sys_getrusage(int who, uc_uptr out)
{
	const struct uc_proc *p = uc_proc_current();
	struct rusage u;
	uc_nsec cpu;
	memset(&u, 0, sizeof(u));
	switch (who) {
	case RUSAGE_SELF:
		cpu = of_process(&u, p);
		break;
	case RUSAGE_THREAD:
		cpu = of_thread(&u, uc_task_current());
		break;
	case RUSAGE_CHILDREN:
		cpu = p->cpu_children;
		u.ru_minflt = (long)p->minflt_children;
		break;
	default:
		return -EINVAL;
	}
	u.ru_utime.tv_sec = (__kernel_old_time_t)(cpu / UC_NSEC_PER_SEC);
	u.ru_utime.tv_usec = (__kernel_suseconds_t)(cpu % UC_NSEC_PER_SEC / 1000);
	return uc_user_write(out, &u, sizeof(u));
}
