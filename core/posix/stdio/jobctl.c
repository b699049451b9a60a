// SPDX-License-Identifier: BSD-3-Clause
#include "stdio_private.h"
#include "tty_private.h"
#include <asm/errno.h>
#include <asm/ioctls.h>
#include <uc/proc.h>
#include <uc/stdio.h>
#include <uc/user.h>

static struct { int sid, pgrp; } tty; /* 0: none */

void uc_tty_adopt_init(void)
{
	struct uc_proc *p = uc_proc_init;

	if (!p)
		return;
	p->ctty = 1;
	tty.sid = p->sid;
	tty.pgrp = p->pgid;
}

static bool is_ctty(const struct uc_proc *p)
{
	return p->ctty && p->sid == tty.sid;
}

int uc_tty_check_foreground(int sig)
{
	struct uc_task *t = uc_task_current();
	struct uc_proc *p = t->proc;
	bool deaf;

	if (!is_ctty(p) || !tty.pgrp || p->pgid == tty.pgrp)
		return 0;
	deaf = t->blocked & uc_sigbit(sig) ||
	       p->sighand->act[sig - 1].handler == (uint64_t)(uintptr_t)SIG_IGN;
	if (deaf)
		return sig == SIGTTIN ? -EIO : 0;
	uc_signal_pgrp(p->pgid, sig, NULL);
	return -UC_ERESTARTSYS;
}

void uc_tty_signal_foreground(int sig)
{
	if (tty.pgrp && uc_signal_pgrp(tty.pgrp, sig, NULL) == 0)
		return;
	if (uc_proc_init)
		uc_signal_proc(uc_proc_init, sig, NULL);
}

void uc_stdio_signal(int sig)
{
	if (sig > 0 && sig <= UC_NSIG)
		uc_tty_signal_foreground(sig);
}

void uc_stdio_winch(void)
{
	uc_tty_size_changed();
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

static long set_group(struct uc_proc *p, uc_uptr arg)
{
	uint32_t v;
	int pgrp, r;

	if (!is_ctty(p))
		return -ENOTTY;
	r = uc_tty_check_foreground(SIGTTOU);
	if (r < 0)
		return r;
	if (uc_user_load32(arg, &v) < 0)
		return -EFAULT;
	pgrp = (int)v;
	if (pgrp <= 0)
		return -EINVAL;
	r = check_group(pgrp, tty.sid);
	if (r < 0)
		return r;
	tty.pgrp = pgrp;
	return 0;
}

static long acquire(struct uc_proc *p)
{
	if (is_ctty(p) && p->pid == p->sid)
		return 0;
	if (p->pid != p->sid || p->ctty || tty.sid)
		return -EPERM;
	p->ctty = 1;
	tty.sid = p->sid;
	tty.pgrp = p->pgid;
	return 0;
}

static long give_up(struct uc_proc *p)
{
	if (!is_ctty(p))
		return -ENOTTY;
	p->ctty = 0;
	if (p->pid != p->sid)
		return 0;
	uc_signal_pgrp(tty.pgrp, SIGHUP, NULL);
	uc_signal_pgrp(tty.pgrp, SIGCONT, NULL);
	tty.sid = tty.pgrp = 0;
	return 0;
}

long uc_tty_job_ioctl(unsigned cmd, uc_uptr arg)
{
	struct uc_proc *p = uc_proc_current();

	switch (cmd) {
	case TIOCGPGRP:
		return is_ctty(p) ? uc_user_store32(arg, (uint32_t)tty.pgrp) : -ENOTTY;
	case TIOCGSID:
		return is_ctty(p) ? uc_user_store32(arg, (uint32_t)tty.sid) : -ENOTTY;
	case TIOCSPGRP:
		return set_group(p, arg);
	case TIOCSCTTY:
		return acquire(p);
	default:
		return give_up(p);
	}
}
