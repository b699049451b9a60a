// SPDX-License-Identifier: BSD-3-Clause
/*
 * sched_yield(2), sched_setscheduler(2) and relatives, sched_setattr(2). Policies and priorities
 * are kept and reported; the run queue µlib decides what it makes of them (sched_coop: nothing).
 */
#include <asm/errno.h>
#include <linux/sched.h>
#include <linux/sched/types.h>
#include <uc/string.h>
#include <uc/timespec.h>
#include <uc/user.h>
#include "cred.h"

enum { PRIO_RT_MIN = 1, PRIO_RT_MAX = 99, NICE_MIN = -20, NICE_MAX = 19 };

long uc_sys_sched_yield(void)
{
	uc_sched_yield();
	return 0;
}

static bool realtime(int policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

static bool known(int policy)
{
	return realtime(policy) || policy == SCHED_NORMAL || policy == SCHED_BATCH ||
	       policy == SCHED_IDLE;
}

static struct uc_task *find(int pid)
{
	return pid ? uc_task_find(pid) : uc_task_current();
}

/* 0, -EINVAL, -EPERM. */
static int check(const struct uc_task *t, int policy, int prio)
{
	int min = realtime(policy) ? PRIO_RT_MIN : 0, max = realtime(policy) ? PRIO_RT_MAX : 0;
	if (!known(policy) || prio < min || prio > max)
		return -EINVAL;
	if (cred_privileged())
		return 0;
	uint64_t limit = t->proc->rlim[RLIMIT_RTPRIO].cur;
	if (!cred_owns(t->proc) || (uint64_t)prio > UC_MAX(limit, (uint64_t)t->sched_prio))
		return -EPERM;
	return 0;
}

static long set(int pid, int policy, bool keep_policy, uc_uptr param)
{
	int prio;
	if (pid < 0 || !param)
		return -EINVAL;
	int r = uc_user_read(&prio, param, sizeof(prio));
	if (r)
		return r;
	struct uc_task *t = find(pid);
	if (!t)
		return -ESRCH;
	if (keep_policy)
		policy = t->sched_policy;
	if (policy == SCHED_DEADLINE)
		return -EINVAL; /* needs sched_setattr */
	r = check(t, policy & ~SCHED_RESET_ON_FORK, prio);
	if (r)
		return r;
	t->sched_policy = policy;
	t->sched_prio = prio;
	return 0;
}

long uc_sys_sched_setscheduler(int pid, int policy, uc_uptr param)
{
	return policy < 0 ? -EINVAL : set(pid, policy, false, param);
}

long uc_sys_sched_setparam(int pid, uc_uptr param)
{
	return set(pid, 0, true, param);
}

long uc_sys_sched_getscheduler(int pid)
{
	const struct uc_task *t = pid < 0 ? NULL : find(pid);
	if (pid < 0)
		return -EINVAL;
	return t ? t->sched_policy : -ESRCH;
}

long uc_sys_sched_getparam(int pid, uc_uptr param)
{
	if (pid < 0 || !param)
		return -EINVAL;
	const struct uc_task *t = find(pid);
	return t ? uc_user_write(param, &t->sched_prio, sizeof(t->sched_prio)) : -ESRCH;
}

long uc_sys_sched_get_priority_max(int policy)
{
	if (realtime(policy))
		return PRIO_RT_MAX;
	return known(policy) || policy == SCHED_DEADLINE ? 0 : -EINVAL;
}

long uc_sys_sched_get_priority_min(int policy)
{
	if (realtime(policy))
		return PRIO_RT_MIN;
	return known(policy) || policy == SCHED_DEADLINE ? 0 : -EINVAL;
}

long uc_sys_sched_rr_get_interval(int pid, uc_uptr out)
{
	if (pid < 0)
		return -EINVAL;
	const struct uc_task *t = find(pid);
	return t ? uc_timespec_write(out, uc_runq_slice(&t->thread)) : -ESRCH;
}

long uc_sys_sched_getattr(int pid, uc_uptr out, unsigned size, unsigned flags)
{
	struct sched_attr a;
	if (!out || pid < 0 || size > UC_PAGE_SIZE || size < SCHED_ATTR_SIZE_VER0 || flags)
		return -EINVAL;
	const struct uc_task *t = find(pid);
	if (!t)
		return -ESRCH;
	memset(&a, 0, sizeof(a));
	a.size = (uint32_t)UC_MIN((size_t)size, sizeof(a));
	a.sched_policy = (uint32_t)t->sched_policy & ~(uint32_t)SCHED_RESET_ON_FORK;
	if (t->sched_policy & SCHED_RESET_ON_FORK)
		a.sched_flags = SCHED_FLAG_RESET_ON_FORK;
	if (realtime((int)a.sched_policy))
		a.sched_priority = (uint32_t)t->sched_prio;
	else
		a.sched_nice = t->nice;
	int r = uc_user_write(out, &a, a.size);
	return !r && size > a.size ? uc_user_zero(out + a.size, size - a.size) : r;
}

/* Reads a structure of the caller's size: a longer one must be zero where we know nothing of. */
static int read_attr(struct sched_attr *a, uc_uptr in)
{
	uint32_t size;
	memset(a, 0, sizeof(*a));
	int r = uc_user_load32(in, &size);
	if (r)
		return r;
	if (!size)
		size = SCHED_ATTR_SIZE_VER0;
	if (size > sizeof(*a) || size < SCHED_ATTR_SIZE_VER0) {
		r = uc_user_store32(in, sizeof(*a));
		return r ? r : -E2BIG;
	}
	return uc_user_read(a, in, size);
}

long uc_sys_sched_setattr(int pid, uc_uptr in, unsigned flags)
{
	struct sched_attr a;
	if (!in || pid < 0 || flags)
		return -EINVAL;
	int r = read_attr(&a, in);
	if (r)
		return r;
	if (a.sched_policy == SCHED_DEADLINE || a.sched_flags & ~(uint64_t)SCHED_FLAG_RESET_ON_FORK)
		return uc_unsupported(-EINVAL, "sched_setattr policy %u flags 0x%llx",
				      a.sched_policy, (unsigned long long)a.sched_flags);
	struct uc_task *t = find(pid);
	if (!t)
		return -ESRCH;
	r = check(t, (int)a.sched_policy, (int)a.sched_priority);
	if (r)
		return r;
	if (!realtime((int)a.sched_policy)) {
		int nice = UC_MIN(UC_MAX((int)a.sched_nice, (int)NICE_MIN), (int)NICE_MAX);
		if (nice < t->nice && !cred_privileged())
			return -EPERM;
		t->nice = nice;
	}
	t->sched_policy = (int)a.sched_policy;
	if (a.sched_flags & SCHED_FLAG_RESET_ON_FORK)
		t->sched_policy |= SCHED_RESET_ON_FORK;
	t->sched_prio = (int)a.sched_priority;
	return 0;
}
