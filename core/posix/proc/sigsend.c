// SPDX-License-Identifier: BSD-3-Clause
/* Generation of signals: POSIX.1-2017 section 2.4.1, signal(7). */
#include <asm/errno.h>
#include <asm/poll.h>
#include "internal.h"
#include "jobctl.h"
#include "sigqueue.h"
#include "sigset.h"

static bool has_work(const struct uc_task *t)
{
	const struct uc_proc *p = t->proc;

	return t->exiting || p->stopped || ((t->pending.set | p->pending.set) & ~t->blocked);
}

bool uc_signal_pending(void)
{
	return has_work(uc_task_current());
}

static void notify(struct uc_task *t)
{
	uc_thread_interrupt(&t->thread);
	if (&t->thread == uc_thread_current())
		uc_cpu_set_attention();
}

void uc_signal_recalc(struct uc_task *t)
{
	if (has_work(t))
		notify(t);
	else
		t->thread.interrupted = false;
}

static void flush_all(struct uc_proc *p, uc_sigset set)
{
	uc_sigpending_flush(&p->pending, set);
	UC_LIST_FOREACH(it, &p->tasks)
		uc_sigpending_flush(&UC_LIST_ENTRY(it, struct uc_task, link)->pending, set);
}

/* Effects that happen when the signal is sent, whether or not it will be delivered. */
static void job_control_effects(struct uc_proc *p, int sig)
{
	if (uc_sigbit(sig) & UC_SIGSET_STOP)
		flush_all(p, uc_sigbit(SIGCONT));
	if (sig == SIGCONT) {
		flush_all(p, UC_SIGSET_STOP);
		if (uc_jobctl_continue)
			uc_jobctl_continue(p);
	}
}

static bool ignored_action(const struct uc_proc *p, int sig)
{
	uint64_t h = p->sighand->act[sig - 1].handler;
	enum uc_sigdefault d = uc_sig_default(sig);

	if (h == (uint64_t)(uintptr_t)SIG_IGN)
		return true;
	return h == (uint64_t)(uintptr_t)SIG_DFL && (d == UC_SIGDFL_IGNORE || d == UC_SIGDFL_CONT);
}

/* A blocked signal is kept: its action may change before it is unblocked. */
static bool blocks(const struct uc_task *t, int sig)
{
	return (t->blocked | t->real_blocked) & uc_sigbit(sig);
}

static void kill_process(struct uc_proc *p)
{
	if (p->exiting)
		return;
	p->exiting = true;
	p->exit_code = SIGKILL;
	uc_proc_kill_tasks(p, NULL);
}

/* The thread that takes a process-directed signal: the first one that does not block it. */
static struct uc_task *choose(struct uc_proc *p, int sig)
{
	UC_LIST_FOREACH(it, &p->tasks) {
		struct uc_task *t = UC_LIST_ENTRY(it, struct uc_task, link);
		if (!t->exiting && !(t->blocked & uc_sigbit(sig)))
			return t;
	}
	return NULL;
}

static int queue(struct uc_proc *p, struct uc_sigpending *q, int sig, const struct uc_siginfo *info)
{
	struct uc_siginfo kernel;
	int r;

	if (!info) {
		uc_siginfo_user(&kernel, sig, SI_KERNEL, 0, 0);
		info = &kernel;
	}
	r = uc_sigpending_add(q, sig, info, p->rlim[RLIMIT_SIGPENDING].cur);
	if (r == 0)
		uc_waitq_wake(&p->sig_wait, UINT32_MAX, POLLIN);
	return r;
}

static bool dead(const struct uc_proc *p)
{
	return p->zombie || p->exiting || !p->sighand;
}

int uc_signal_proc(struct uc_proc *p, int sig, const struct uc_siginfo *info)
{
	struct uc_task *t;
	int r;

	if (sig == 0 || dead(p))
		return 0;
	job_control_effects(p, sig);
	if (sig == SIGKILL) {
		kill_process(p);
		return 0;
	}
	t = uc_list_empty(&p->tasks) ? NULL : UC_LIST_ENTRY(p->tasks.next, struct uc_task, link);
	if (t && ignored_action(p, sig) && !blocks(t, sig))
		return 0;
	r = queue(p, &p->pending, sig, info);
	t = r == 0 ? choose(p, sig) : NULL;
	if (t)
		notify(t);
	return r;
}

int uc_signal_task(struct uc_task *t, int sig, const struct uc_siginfo *info)
{
	struct uc_proc *p = t->proc;
	int r;

	if (sig == 0 || dead(p) || t->exiting)
		return 0;
	job_control_effects(p, sig);
	if (sig == SIGKILL) {
		kill_process(p);
		return 0;
	}
	if (ignored_action(p, sig) && !blocks(t, sig))
		return 0;
	r = queue(p, &t->pending, sig, info);
	if (r == 0 && !(t->blocked & uc_sigbit(sig)))
		notify(t);
	return r;
}

int uc_signal_pgrp(int pgid, int sig, const struct uc_siginfo *info)
{
	int r = -ESRCH;

	UC_LIST_FOREACH(it, &uc_proc_list) {
		struct uc_proc *p = UC_LIST_ENTRY(it, struct uc_proc, all_link);
		int one;

		if (p->pgid != pgid)
			continue;
		one = uc_signal_proc(p, sig, info);
		if (r != 0)
			r = one;
	}
	return r;
}

void uc_signal_force(int sig, int code, uint64_t addr)
{
	struct uc_task *t = uc_task_current();
	struct uc_sigaction *a = &t->proc->sighand->act[sig - 1];
	struct uc_siginfo info;
	siginfo_t *si = (siginfo_t *)info.raw;

	uc_siginfo_user(&info, sig, code, 0, 0);
	si->si_addr = (void *)(uintptr_t)addr;
	if (t->blocked & uc_sigbit(sig) || a->handler == (uint64_t)(uintptr_t)SIG_IGN) {
		a->handler = (uint64_t)(uintptr_t)SIG_DFL;
		t->blocked &= ~uc_sigbit(sig);
	}
	/* An instance that was queued while blocked would hide this one's address. */
	uc_sigpending_flush(&t->pending, uc_sigbit(sig));
	if (uc_sigpending_add(&t->pending, sig, &info, UINT64_MAX) == 0)
		notify(t);
}

int uc_signal_take(uc_sigset set, struct uc_siginfo *info)
{
	struct uc_task *t = uc_task_current();
	int sig = uc_sigpending_take(&t->pending, set, info);

	if (!sig)
		sig = uc_sigpending_take(&t->proc->pending, set, info);
	if (sig && ((const siginfo_t *)info->raw)->si_code == SI_TIMER &&
	    uc_proc_hooks.timer_signal)
		uc_proc_hooks.timer_signal(info);
	return sig;
}

/* Process-directed signals that t no longer takes are offered to the other threads. */
static void retarget(struct uc_task *t, uc_sigset newly_blocked)
{
	struct uc_proc *p = t->proc;

	if (p->ntasks == 1 || !(p->pending.set & newly_blocked))
		return;
	UC_LIST_FOREACH(it, &p->tasks) {
		struct uc_task *o = UC_LIST_ENTRY(it, struct uc_task, link);
		if (o != t && p->pending.set & newly_blocked & ~o->blocked)
			notify(o);
	}
}

void uc_signal_set_blocked(uc_sigset set)
{
	struct uc_task *t = uc_task_current();
	uc_sigset before = t->blocked;

	t->blocked = set & ~UC_SIG_UNBLOCKABLE;
	if (t->blocked == before)
		return;
	retarget(t, t->blocked & ~before);
	uc_signal_recalc(t);
}

void uc_signal_begin_mask(uc_sigset set)
{
	struct uc_task *t = uc_task_current();

	t->saved_mask = t->blocked;
	uc_signal_set_blocked(set);
}

void uc_signal_end_mask(bool interrupted)
{
	struct uc_task *t = uc_task_current();

	if (!interrupted) {
		uc_signal_set_blocked(t->saved_mask);
		return;
	}
	t->restore_mask = true; /* the handler runs under the temporary mask */
	notify(t);
}
