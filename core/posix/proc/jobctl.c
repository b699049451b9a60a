// SPDX-License-Identifier: BSD-3-Clause
#include <uc/part.h>
#include <uc/string.h>
#include "internal.h"
#include "jobctl.h"

UC_PART(jobctl);

bool uc_jobctl_orphaned(int pgid)
{
	UC_LIST_FOREACH(it, &uc_proc_list) {
		const struct uc_proc *p = UC_LIST_ENTRY(it, struct uc_proc, all_link);

		if (p->pgid != pgid || p->zombie || !p->parent)
			continue;
		if (p->parent->pgid != pgid && p->parent->sid == p->sid)
			return false;
	}
	return true;
}

static bool has_stopped(int pgid)
{
	UC_LIST_FOREACH(it, &uc_proc_list) {
		const struct uc_proc *p = UC_LIST_ENTRY(it, struct uc_proc, all_link);
		if (p->pgid == pgid && p->stopped)
			return true;
	}
	return false;
}

void uc_jobctl_check_orphans(int pgid)
{
	if (!has_stopped(pgid) || !uc_jobctl_orphaned(pgid))
		return;
	uc_signal_pgrp(pgid, SIGHUP, NULL);
	uc_signal_pgrp(pgid, SIGCONT, NULL);
}

/* siginfo_t of SIGCHLD, sigaction(2). */
static void child_info(struct uc_siginfo *info, const struct uc_proc *p, int code, int status)
{
	siginfo_t *si = (siginfo_t *)info->raw;

	memset(info, 0, sizeof(*info));
	si->si_signo = SIGCHLD;
	si->si_code = code;
	si->si_pid = p->pid;
	si->si_uid = p->uid;
	si->si_status = status;
	si->si_utime = (long)(p->cpu_dead / 10000000u);
}

void uc_proc_notify_parent(struct uc_proc *p, int code, int status)
{
	struct uc_proc *parent = p->parent;
	struct uc_siginfo info;
	const struct uc_sigaction *a;
	bool job = code != CLD_EXITED && code != CLD_KILLED;

	if (!parent || !parent->sighand)
		return;
	a = &parent->sighand->act[SIGCHLD - 1];
	if (job && a->flags & SA_NOCLDSTOP)
		return;
	if (job || p->exit_signal) {
		child_info(&info, p, code, status);
		((siginfo_t *)info.raw)->si_signo = job ? SIGCHLD : p->exit_signal;
		uc_signal_proc(parent, job ? SIGCHLD : p->exit_signal, &info);
	}
}

static void tell(struct uc_proc *p, int code, int status)
{
	uc_proc_notify_parent(p, code, status);
	if (p->parent)
		uc_waitq_wake_all(&p->parent->child_wait);
}

void uc_jobctl_stop(struct uc_proc *p, int sig)
{
	p->stopped = true;
	p->stop_code = sig << 8 | 0x7f;
	p->stop_pending = 1;
	p->cont_pending = false;
	UC_LIST_FOREACH(it, &p->tasks)
		uc_thread_interrupt(&UC_LIST_ENTRY(it, struct uc_task, link)->thread);
	tell(p, CLD_STOPPED, sig);
}

void uc_jobctl_continue(struct uc_proc *p)
{
	if (!p->stopped)
		return;
	p->stopped = false;
	p->stop_pending = 0;
	p->cont_pending = true;
	uc_waitq_wake_all(&p->stop_wait);
	tell(p, CLD_CONTINUED, SIGCONT);
}

void uc_jobctl_wait(struct uc_task *t)
{
	struct uc_proc *p = t->proc;

	(void)UC_WAIT_EVENT(&p->stop_wait, !p->stopped || t->exiting || p->exiting, UC_FOREVER,
			    false);
}
