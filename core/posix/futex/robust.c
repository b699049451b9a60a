// SPDX-License-Identifier: BSD-3-Clause
/* set_robust_list(2), get_robust_list(2). */
#include <asm/errno.h>
#include <linux/futex.h>
#include <uc/part.h>
#include <uc/user.h>
#include "internal.h"

UC_NEEDS_PART(futex_exit);

long uc_sys_set_robust_list(uc_uptr head, uint64_t len)
{
	if (len != sizeof(struct robust_list_head))
		return -EINVAL;
	uc_task_current()->robust_list = head;
	return 0;
}

/* PTRACE_MODE_READ_REALCREDS, as far as identities go. */
static bool may_look(const struct uc_proc *p)
{
	const struct uc_proc *me = uc_proc_current();
	return p == me || me->euid == 0 ||
	       (me->uid == p->uid && me->uid == p->euid && me->uid == p->suid &&
		me->gid == p->gid && me->gid == p->egid && me->gid == p->sgid);
}

long uc_sys_get_robust_list(int pid, uc_uptr head_out, uc_uptr len_out)
{
	struct uc_task *t = pid ? uc_task_find(pid) : uc_task_current();
	uint64_t len = sizeof(struct robust_list_head);
	if (!t)
		return -ESRCH;
	if (!may_look(t->proc))
		return -EPERM;
	uint64_t head = t->robust_list;
	int r = uc_user_write(len_out, &len, sizeof(len));
	return r ? r : uc_user_write(head_out, &head, sizeof(head));
}
