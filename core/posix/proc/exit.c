// SPDX-License-Identifier: BSD-3-Clause
/* The end of threads and processes, and what becomes of their children. */
#include <asm/errno.h>
#include <uc/heap.h>
#include <uc/user.h>
#include "internal.h"
#include "jobctl.h"
#include "pidfd.h"

void uc_task_release_mm(struct uc_task *t)
{
	struct uc_proc *p = t->proc;
	uc_uptr addr = t->clear_child_tid;

	if (uc_proc_hooks.robust_exit)
		uc_proc_hooks.robust_exit(t);
	t->robust_list = 0;
	t->clear_child_tid = 0;
	/* Nobody can see it when the address space goes with us. */
	if (!addr || (p->mm->refs == 1 && (p->ntasks == 1 || p->exiting)))
		return;
	if (uc_user_store32(addr, 0) == 0 && uc_proc_hooks.futex_wake)
		uc_proc_hooks.futex_wake(addr);
}

void uc_proc_vfork_done(struct uc_proc *p)
{
	struct uc_vfork *v = p->vfork_done;

	if (!v)
		return;
	p->vfork_done = NULL;
	v->done = true;
	uc_waitq_wake_all(&v->q);
}

void uc_proc_kill_tasks(struct uc_proc *p, struct uc_task *except)
{
	UC_LIST_FOREACH(it, &p->tasks) {
		struct uc_task *t = UC_LIST_ENTRY(it, struct uc_task, link);
		if (t == except)
			continue;
		t->exiting = true;
		uc_thread_interrupt(&t->thread);
		if (t->vfork_wait)
			uc_waitq_wake_all(&t->vfork_wait->q);
	}
	uc_waitq_wake_all(&p->stop_wait);
	uc_cpu_set_attention();
}

void uc_proc_reap(struct uc_proc *p)
{
	struct uc_proc *parent = p->parent;

	if (parent) {
		parent->cpu_children += p->cpu_dead + p->cpu_children;
		parent->minflt_children += p->minflt_children;
	}
	uc_proc_free(p);
}

/* SIGCHLD ignored or SA_NOCLDWAIT: children leave no zombies (sigaction(2)). */
static bool parent_wants_no_zombie(const struct uc_proc *p)
{
	const struct uc_sigaction *a;

	if (p->exit_signal != SIGCHLD || !p->parent->sighand)
		return false;
	a = &p->parent->sighand->act[SIGCHLD - 1];
	return a->handler == (uint64_t)(uintptr_t)SIG_IGN || a->flags & SA_NOCLDWAIT;
}

static void announce_end(struct uc_proc *p)
{
	struct uc_proc *parent = p->parent;
	bool reap = parent_wants_no_zombie(p);
	int sig = p->exit_code & 0x7f;

	uc_proc_notify_parent(p, sig ? CLD_KILLED : CLD_EXITED,
			      sig ? sig : p->exit_code >> 8 & 0xff);
	if (reap)
		uc_proc_reap(p);
	uc_waitq_wake_all(&parent->child_wait);
}

/* The nearest ancestor that wants to be their parent (PR_SET_CHILD_SUBREAPER), or the first one. */
static struct uc_proc *reaper_of(const struct uc_proc *p)
{
	struct uc_proc *a = p->parent;

	while (a && !(a->subreaper && !a->exiting))
		a = a->parent;
	return a ? a : uc_proc_init;
}

static void give_children_away(struct uc_proc *p)
{
	struct uc_proc *to = reaper_of(p);

	UC_LIST_FOREACH_SAFE(it, &p->children) {
		struct uc_proc *c = UC_LIST_ENTRY(it, struct uc_proc, child_link);

		uc_list_remove(&c->child_link);
		uc_list_push_back(&to->children, &c->child_link);
		c->parent = to;
		c->ppid = to->pid;
		c->exit_signal = SIGCHLD;
		if (c->pdeath_sig && !c->zombie)
			uc_signal_proc(c, c->pdeath_sig, NULL);
		if (c->zombie)
			announce_end(c);
		else
			uc_jobctl_check_orphans(c->pgid);
	}
}

static void drop_resources(struct uc_proc *p, struct uc_task *t)
{
	struct uc_mm *mm = p->mm;
	struct uc_fdtable *fds = p->fds;
	struct uc_fsctx *fs = p->fs;

	if (!uc_list_empty(&p->posix_timers) && uc_proc_hooks.timers_drop)
		uc_proc_hooks.timers_drop(p);
	if (p->itimer_real.armed)
		uc_timer_cancel(&p->itimer_real);
	if (p->ctty && p->pid == p->sid && uc_proc_hooks.session_end)
		uc_proc_hooks.session_end(p);
	if (uc_proc_hooks.sem_exit)
		uc_proc_hooks.sem_exit(p);
	p->minflt_children += mm->minflt;
	uc_task_use_mm(t, NULL);
	p->mm = NULL;
	uc_mm_unref(mm);
	uc_proc_vfork_done(p);
	p->fds = NULL;
	uc_fdtable_unref(fds);
	p->fs = NULL;
	uc_fsctx_unref(fs);
	uc_sighand_unref(p->sighand);
	p->sighand = NULL;
}

/* The last thread of p: the process becomes a zombie. */
static void end_process(struct uc_proc *p, struct uc_task *t)
{
	p->exiting = true;
	drop_resources(p, t);
	if (p == uc_proc_init)
		uc_upcall_init_exited(p->exit_code);
	p->cpu_dead += uc_thread_cpu_time(&t->thread);
	uc_task_unlink(t);
	uc_sigpending_flush(&p->pending, ~0ull);
	give_children_away(p);
	p->zombie = true;
	if (uc_pidfd_event && p->pidfd)
		uc_pidfd_event(p, false);
	uc_jobctl_check_orphans(p->pgid);
	t->proc = uc_proc_init; /* p may be freed by its parent from here on */
	announce_end(p);
}

static void end_thread(struct uc_proc *p, struct uc_task *t)
{
	p->cpu_dead += uc_thread_cpu_time(&t->thread);
	uc_task_unlink(t);
	uc_task_use_mm(t, NULL);
	t->proc = uc_proc_init;
	/* Signals that were left to this thread go to another. */
	UC_LIST_FOREACH(it, &p->tasks)
		uc_signal_recalc(UC_LIST_ENTRY(it, struct uc_task, link));
	if (p->exec_task)
		uc_waitq_wake_all(&p->stop_wait);
}

void uc_task_exit(int wait_status)
{
	struct uc_task *t = uc_task_current();
	struct uc_proc *p = t->proc;

	t->exiting = true;
	/* Without exit_group, the first thread's status is the process's. */
	if (!p->exiting && t->tid == p->pid)
		p->exit_code = wait_status;
	uc_task_release_mm(t);
	uc_sigpending_flush(&t->pending, ~0ull);
	if (p->ntasks > 1)
		end_thread(p, t);
	else
		end_process(p, t);
	uc_thread_exit();
}

void uc_proc_exit_group(int wait_status)
{
	struct uc_task *t = uc_task_current();
	struct uc_proc *p = t->proc;

	if (!p->exiting) {
		p->exiting = true;
		p->exit_code = wait_status;
		uc_proc_kill_tasks(p, t);
	}
	uc_task_exit(p->exit_code);
}
