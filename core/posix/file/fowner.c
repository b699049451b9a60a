// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <asm/poll.h>
#include <uc/fowner.h>
#include <uc/proc.h>
#include <uc/string.h>

/* Signals whose codes mean something else than POLL_*: they say SI_SIGIO. */
#define OWN_CODES \
	(uc_sigbit(SIGILL) | uc_sigbit(SIGFPE) | uc_sigbit(SIGSEGV) | uc_sigbit(SIGBUS) | \
	 uc_sigbit(SIGTRAP) | uc_sigbit(SIGCHLD) | uc_sigbit(SIGSYS))

static bool exists(int type, int pid)
{
	switch (type) {
	case F_OWNER_TID:
		return uc_task_find(pid);
	case F_OWNER_PID:
		return uc_proc_find(pid);
	default:
		return uc_signal_pgrp(pid, 0, NULL) == 0;
	}
}

int uc_fowner_set(struct uc_file *f, int type, int pid)
{
	const struct uc_proc *me = uc_proc_current();

	if (pid && !exists(type, pid))
		return -ESRCH;
	f->owner.type = type;
	f->owner.pid = pid;
	f->owner.uid = me->uid;
	f->owner.euid = me->euid;
	return 0;
}

int uc_fowner_pid(const struct uc_file *f)
{
	return f->owner.pid && exists(f->owner.type, f->owner.pid) ? f->owner.pid : 0;
}

int uc_fowner_set_signed(struct uc_file *f, int who)
{
	if (who == INT32_MIN)
		return -EINVAL;
	return who < 0 ? uc_fowner_set(f, F_OWNER_PGRP, -who) : uc_fowner_set(f, F_OWNER_PID, who);
}

int uc_fowner_get_signed(const struct uc_file *f)
{
	int pid = uc_fowner_pid(f);

	return f->owner.type == F_OWNER_PGRP ? -pid : pid;
}

static bool permitted(const struct uc_fowner *o, const struct uc_proc *p)
{
	return o->euid == 0 || o->euid == p->suid || o->euid == p->uid || o->uid == p->suid ||
	       o->uid == p->uid;
}

static int send(const struct uc_fowner *o, int sig, const struct uc_siginfo *info)
{
	struct uc_task *t = o->type == F_OWNER_TID ? uc_task_find(o->pid) : NULL;
	int r = 0;

	if (t)
		return permitted(o, t->proc) ? uc_signal_task(t, sig, info) : 0;
	if (o->type == F_OWNER_TID || !o->pid)
		return 0;
	UC_LIST_FOREACH(it, &uc_proc_list) {
		struct uc_proc *p = UC_LIST_ENTRY(it, struct uc_proc, all_link);

		if ((o->type == F_OWNER_PID ? p->pid : p->pgid) == o->pid && permitted(o, p))
			r = uc_signal_proc(p, sig, info);
	}
	return r;
}

void uc_fowner_urgent(struct uc_file *f)
{
	send(&f->owner, SIGURG, NULL);
}

/* What poll says when a signal gives a reason: POLL_IN, POLL_OUT, POLL_MSG, POLL_ERR, POLL_PRI,
 * POLL_HUP. */
static const uint16_t band[] = { POLLIN | POLLRDNORM,
				 POLLOUT | POLLWRNORM | POLLWRBAND,
				 POLLIN | POLLRDNORM | POLLMSG,
				 POLLERR,
				 POLLPRI | POLLRDBAND,
				 POLLHUP | POLLERR };

void uc_fowner_io(struct uc_file *f, int fd, int reason)
{
	int sig = f->owner.sig;
	struct uc_siginfo info;
	siginfo_t *si = (siginfo_t *)info.raw;

	if (sig) {
		memset(&info, 0, sizeof(info));
		si->si_signo = sig;
		si->si_code = sig < SIGRTMIN && OWN_CODES & uc_sigbit(sig) ? SI_SIGIO : reason;
		si->si_band = band[reason - POLL_IN];
		si->si_fd = fd;
	}
	if (!sig || send(&f->owner, sig, &info) == -EAGAIN) /* the queue is full */
		send(&f->owner, SIGIO, NULL);
}
