// SPDX-License-Identifier: BSD-3-Clause
#include <uc/ttyjob.h>
#include <asm/errno.h>
#include <asm/ioctls.h>
#include <uc/user.h>

bool uc_ttyjob_controls(const struct uc_ttyjob *j, const struct uc_proc *p)
{
	return p->ctty == j->id && p->sid == j->sid;
}

int uc_ttyjob_check(const struct uc_ttyjob *j, int sig)
{
	struct uc_task *t = uc_task_current();
	struct uc_proc *p = t->proc;
	bool deaf;

	if (!uc_ttyjob_controls(j, p) || !j->pgrp || p->pgid == j->pgrp)
		return 0;
	deaf = t->blocked & uc_sigbit(sig) ||
	       p->sighand->act[sig - 1].handler == (uint64_t)(uintptr_t)SIG_IGN;
	if (deaf)
		return sig == SIGTTIN ? -EIO : 0;
	uc_signal_pgrp(p->pgid, sig, NULL);
	return -UC_ERESTARTSYS;
}

/* 0, -ESRCH: no such process group, -EPERM: it belongs to another session. */
static int check_group(int pgrp, int sid)
{
	UC_LIST_FOREACH(it, &uc_proc_list) {
		struct uc_proc *p = UC_LIST_ENTRY(it, struct uc_proc, all_link);

		if (p->pgid == pgrp)
			return p->sid == sid ? 0 : -EPERM;
	}
	return -ESRCH;
}

static long set_group(struct uc_ttyjob *j, struct uc_proc *p, uc_uptr arg)
{
	uint32_t v;
	int pgrp, r;

	if (!uc_ttyjob_controls(j, p))
		return -ENOTTY;
	r = uc_ttyjob_check(j, SIGTTOU);
	if (r < 0)
		return r;
	if (uc_user_load32(arg, &v) < 0)
		return -EFAULT;
	pgrp = (int)v;
	if (pgrp <= 0)
		return -EINVAL;
	r = check_group(pgrp, j->sid);
	if (r < 0)
		return r;
	j->pgrp = pgrp;
	return 0;
}

int uc_ttyjob_acquire(struct uc_ttyjob *j, struct uc_proc *p)
{
	if (uc_ttyjob_controls(j, p) && p->pid == p->sid)
		return 0;
	if (p->pid != p->sid || p->ctty || j->sid)
		return -EPERM;
	p->ctty = j->id;
	j->sid = p->sid;
	j->pgrp = p->pgid;
	return 0;
}

void uc_ttyjob_leave(struct uc_ttyjob *j, struct uc_proc *p)
{
	p->ctty = 0;
	if (p->pid != p->sid)
		return;
	uc_signal_pgrp(j->pgrp, SIGHUP, NULL);
	uc_signal_pgrp(j->pgrp, SIGCONT, NULL);
	j->sid = j->pgrp = 0;
}

void uc_ttyjob_hangup(struct uc_ttyjob *j)
{
	UC_LIST_FOREACH(it, &uc_proc_list) {
		struct uc_proc *p = UC_LIST_ENTRY(it, struct uc_proc, all_link);

		if (!uc_ttyjob_controls(j, p))
			continue;
		p->ctty = 0;
		if (p->pid != p->sid)
			continue;
		uc_signal_proc(p, SIGHUP, NULL);
		uc_signal_proc(p, SIGCONT, NULL);
	}
	j->sid = j->pgrp = 0;
}

long uc_ttyjob_ioctl(struct uc_ttyjob *j, unsigned cmd, uc_uptr arg)
{
	struct uc_proc *p = uc_proc_current();

	switch (cmd) {
	case TIOCSPGRP:
		return set_group(j, p, arg);
	case TIOCSCTTY:
		return uc_ttyjob_acquire(j, p);
	}
	if (!uc_ttyjob_controls(j, p))
		return -ENOTTY;
	if (cmd == TIOCNOTTY) {
		uc_ttyjob_leave(j, p);
		return 0;
	}
	return uc_user_store32(arg, (uint32_t)(cmd == TIOCGSID ? j->sid : j->pgrp));
}
