// SPDX-License-Identifier: BSD-3-Clause
/* Process, thread, group and session numbers: credentials(7). */
#include <asm/errno.h>
#include "internal.h"

long uc_sys_getpid(void)
{
	return uc_proc_current()->pid;
}

long uc_sys_gettid(void)
{
	return uc_task_current()->tid;
}

long uc_sys_getppid(void)
{
	return uc_proc_current()->ppid;
}

long uc_sys_set_tid_address(uc_uptr p)
{
	struct uc_task *t = uc_task_current();

	t->clear_child_tid = p;
	return t->tid;
}

static struct uc_proc *by_pid(int pid)
{
	return pid ? uc_proc_find(pid) : uc_proc_current();
}

long uc_sys_getpgid(int pid)
{
	const struct uc_proc *p = by_pid(pid);

	return p ? p->pgid : -ESRCH;
}

long uc_sys_getpgrp(void)
{
	return uc_proc_current()->pgid;
}

long uc_sys_getsid(int pid)
{
	const struct uc_proc *p = by_pid(pid);

	return p ? p->sid : -ESRCH;
}

static bool group_in_session(int pgid, int sid)
{
	UC_LIST_FOREACH(it, &uc_proc_list) {
		const struct uc_proc *p = UC_LIST_ENTRY(it, struct uc_proc, all_link);
		if (p->pgid == pgid && p->sid == sid)
			return true;
	}
	return false;
}

long uc_sys_setpgid(int pid, int pgid)
{
	struct uc_proc *me = uc_proc_current(), *p = by_pid(pid);

	if (pgid < 0)
		return -EINVAL;
	if (!p || (p != me && p->parent != me))
		return -ESRCH;
	if (p != me && p->sid != me->sid)
		return -EPERM;
	if (p != me && p->execed)
		return -EACCES;
	if (p->sid == p->pid)
		return -EPERM;
	if (!pgid)
		pgid = p->pid;
	if (pgid != p->pid && !group_in_session(pgid, me->sid))
		return -EPERM;
	p->pgid = pgid;
	return 0;
}

long uc_sys_setsid(void)
{
	struct uc_proc *me = uc_proc_current();

	UC_LIST_FOREACH(it, &uc_proc_list) {
		if (UC_LIST_ENTRY(it, struct uc_proc, all_link)->pgid == me->pid)
			return -EPERM;
	}
	me->sid = me->pgid = me->pid;
	me->ctty = 0;
	return me->sid;
}
