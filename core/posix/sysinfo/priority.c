// SPDX-License-Identifier: BSD-3-Clause
/* getpriority(2), setpriority(2), ioprio_get(2), ioprio_set(2). */
#include <asm/errno.h>
#include <linux/ioprio.h>
#include <linux/resource.h>
#include <uc/user.h>
#include "cred.h"

enum { NICE_MIN = -20, NICE_MAX = 19 };

/* Calls fn for every thread that `which` and `who` name. 0, -ESRCH none, -EINVAL. */
static int for_each(int which, int who, void (*fn)(struct uc_task *t, void *arg), void *arg)
{
	const struct uc_proc *me = uc_proc_current();
	int r = -ESRCH;
	if (which == PRIO_PROCESS) {
		struct uc_task *t = who ? uc_task_find(who) : uc_task_current();
		if (!t)
			return -ESRCH;
		fn(t, arg);
		return 0;
	}
	if (which != PRIO_PGRP && which != PRIO_USER)
		return -EINVAL;
	UC_LIST_FOREACH(pi, &uc_proc_list) {
		struct uc_proc *p = UC_LIST_ENTRY(pi, struct uc_proc, all_link);
		bool match = which == PRIO_PGRP ? p->pgid == (who ? who : me->pgid) :
						  p->uid == (who ? (uint32_t)who : me->uid);
		if (!match)
			continue;
		UC_LIST_FOREACH(ti, &p->tasks) {
			fn(UC_LIST_ENTRY(ti, struct uc_task, link), arg);
			r = 0;
		}
	}
	return r;
}

static void most_favoured(struct uc_task *t, void *arg)
{
	long *best = arg;
	*best = UC_MAX(*best, (long)(NICE_MAX + 1 - t->nice));
}

/* 20 - nice, so that no result is negative; the library turns it back. */
long uc_sys_getpriority(int which, int who)
{
	long best = 0;
	int r = for_each(which, who, most_favoured, &best);
	return r ? r : best;
}

struct renice { int nice, result; };

static int nice_floor(const struct uc_proc *p)
{
	uint64_t lim = p->rlim[RLIMIT_NICE].cur;
	return lim >= 40 ? NICE_MIN : NICE_MAX + 1 - (int)lim;
}

static void renice(struct uc_task *t, void *arg)
{
	struct renice *a = arg;
	if (!cred_owns(t->proc)) {
		a->result = -EPERM;
	} else if (a->nice < t->nice && !cred_privileged() && a->nice < nice_floor(t->proc)) {
		a->result = -EACCES;
	} else {
		t->nice = a->nice;
	}
}

long uc_sys_setpriority(int which, int who, int nice)
{
	struct renice a = { UC_MIN(UC_MAX(nice, (int)NICE_MIN), (int)NICE_MAX), 0 };
	int r = for_each(which, who, renice, &a);
	return r ? r : a.result;
}

/* The most urgent of all that are asked about: a smaller class, then a smaller level. */
static void best_io(struct uc_task *t, void *arg)
{
	int *best = arg, none = IOPRIO_PRIO_VALUE(IOPRIO_CLASS_NONE, 0);
	int mine = t->ioprio ? t->ioprio : none;

	if (*best < 0 || *best == none || (mine != none && mine < *best))
		*best = mine;
}

/* IOPRIO_WHO_PROCESS .. USER are 1 more than PRIO_PROCESS .. USER. */
long uc_sys_ioprio_get(int which, int who)
{
	int best = -1, r = for_each(which - IOPRIO_WHO_PROCESS + PRIO_PROCESS, who, best_io, &best);
	return r ? r : best;
}

struct set_io { int prio, result; };

static void set_io(struct uc_task *t, void *arg)
{
	struct set_io *a = arg;
	if (!cred_owns(t->proc))
		a->result = -EPERM;
	else
		t->ioprio = (uint16_t)a->prio;
}

static int check_io(int prio)
{
	switch (IOPRIO_PRIO_CLASS(prio)) {
	case IOPRIO_CLASS_RT:
		if (!cred_privileged())
			return -EPERM;
		return IOPRIO_PRIO_DATA(prio) < IOPRIO_BE_NR ? 0 : -EINVAL;
	case IOPRIO_CLASS_BE:
		return IOPRIO_PRIO_DATA(prio) < IOPRIO_BE_NR ? 0 : -EINVAL;
	case IOPRIO_CLASS_IDLE:
		return 0;
	case IOPRIO_CLASS_NONE:
		return IOPRIO_PRIO_DATA(prio) ? -EINVAL : 0;
	default:
		return -EINVAL;
	}
}

long uc_sys_ioprio_set(int which, int who, int prio)
{
	struct set_io a = { prio, check_io(prio) };
	int r = a.result;
	if (!r)
		r = for_each(which - IOPRIO_WHO_PROCESS + PRIO_PROCESS, who, set_io, &a);
	return r ? r : a.result;
}
