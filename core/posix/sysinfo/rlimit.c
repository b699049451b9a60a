// SPDX-License-Identifier: BSD-3-Clause
/* getrlimit(2), setrlimit(2), prlimit(2). Limits apply where they are checked; see there. */
#include <asm/errno.h>
#include <uc/user.h>
#include "cred.h"

enum { NR_OPEN = 1048576 }; /* Linux's default ceiling of RLIMIT_NOFILE */
/* struct rlimit64, which is struct rlimit of 64-bit machines. */
struct rlimit_abi { uint64_t cur, max; };
_Static_assert(RLIM_NLIMITS == UC_ARRAY_SIZE(((struct uc_proc *)0)->rlim), "room for every limit");

static struct rlimit_abi current_limit(const struct uc_proc *p, unsigned res)
{
	return (struct rlimit_abi){ p->rlim[res].cur, p->rlim[res].max };
}

static int check(const struct uc_proc *p, unsigned res, const struct rlimit_abi *l)
{
	if (l->cur > l->max)
		return -EINVAL;
	if (res == RLIMIT_NOFILE && l->max > NR_OPEN)
		return -EPERM;
	if (l->max > p->rlim[res].max && !cred_privileged())
		return -EPERM;
	return 0;
}

static void tell_memory(const struct uc_proc *p)
{
	const struct uc_vm_limits l = { .as = p->rlim[RLIMIT_AS].cur,
		.data = p->rlim[RLIMIT_DATA].cur, .stack = p->rlim[RLIMIT_STACK].cur };
	if (p->mm)
		uc_vm_set_limits(p->mm, &l);
}

#define NSEC_PER_SEC 1000000000ull
#define CPU_CHECK_NS (NSEC_PER_SEC / 10)

static struct uc_timer cpu_check;

/* setrlimit(2): SIGXCPU at the soft limit and each second after, SIGKILL at the hard one. */
static void check_cpu_time(struct uc_proc *p)
{
	uint64_t soft = p->rlim[RLIMIT_CPU].cur, hard = p->rlim[RLIMIT_CPU].max;
	uint64_t s = uc_proc_cpu_ns(p) / NSEC_PER_SEC;
	if (s >= UC_MAX(hard, 1ull)) {
		uc_signal_proc(p, SIGKILL, NULL);
	} else if (s >= UC_MAX(soft, 1ull)) {
		p->rlim[RLIMIT_CPU].cur = s + 1; /* as Linux counts the seconds */
		uc_signal_proc(p, SIGXCPU, NULL);
	}
}

/* As long as there is a process with a limit. */
static void check_all(struct uc_timer *t)
{
	bool any = false;
	UC_LIST_FOREACH(it, &uc_proc_list) {
		struct uc_proc *p = UC_LIST_ENTRY(it, struct uc_proc, all_link);
		if (p->exiting || p->zombie || p->rlim[RLIMIT_CPU].cur == RLIM_INFINITY)
			continue;
		any = true;
		check_cpu_time(p);
	}
	if (any)
		uc_timer_arm(t, uc_time_mono() + CPU_CHECK_NS);
}

static void watch_cpu_time(void)
{
	if (cpu_check.armed)
		return;
	uc_timer_init(&cpu_check, check_all, NULL);
	uc_timer_arm(&cpu_check, uc_time_mono() + CPU_CHECK_NS);
}

static void set(struct uc_proc *p, unsigned res, const struct rlimit_abi *l)
{
	p->rlim[res].cur = l->cur;
	p->rlim[res].max = l->max;
	switch (res) {
	case RLIMIT_NOFILE:
		if (p->fds)
			uc_fdtable_set_limit(p->fds, (unsigned)l->cur);
		break;
	case RLIMIT_AS:
	case RLIMIT_DATA:
	case RLIMIT_STACK:
		tell_memory(p);
		break;
	case RLIMIT_CPU:
		if (l->cur != RLIM_INFINITY)
			watch_cpu_time();
		break;
	}
}

static long change(struct uc_proc *p, unsigned res, uc_uptr new_limit, uc_uptr old_limit)
{
	struct rlimit_abi l, old = current_limit(p, res);
	if (new_limit) {
		int r = uc_user_read(&l, new_limit, sizeof(l));
		if (!r)
			r = check(p, res, &l);
		if (r)
			return r;
		set(p, res, &l);
	}
	return old_limit ? uc_user_write(old_limit, &old, sizeof(old)) : 0;
}

static bool may_change(const struct uc_proc *p)
{
	const struct uc_proc *me = uc_proc_current();
	return p == me || me->euid == 0 ||
	       (me->uid == p->uid && me->uid == p->euid && me->uid == p->suid &&
		me->gid == p->gid && me->gid == p->egid && me->gid == p->sgid);
}

long uc_sys_prlimit64(int pid, unsigned res, uc_uptr new_limit, uc_uptr old_limit)
{
	if (res >= RLIM_NLIMITS)
		return -EINVAL;
	const struct uc_task *t = pid ? uc_task_find(pid) : uc_task_current();
	if (!t)
		return -ESRCH;
	if (!may_change(t->proc))
		return -EPERM;
	return change(t->proc, res, new_limit, old_limit);
}

long uc_sys_getrlimit(unsigned res, uc_uptr out)
{
	if (res >= RLIM_NLIMITS)
		return -EINVAL;
	struct rlimit_abi l = current_limit(uc_proc_current(), res);
	return uc_user_write(out, &l, sizeof(l));
}

long uc_sys_setrlimit(unsigned res, uc_uptr in)
{
	if (res >= RLIM_NLIMITS)
		return -EINVAL;
	return in ? change(uc_proc_current(), res, in, 0) : -EFAULT;
}
