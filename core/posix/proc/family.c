// SPDX-License-Identifier: BSD-3-Clause
/* The end of a process among its relatives: what the parent is told, what becomes of children. */
#include <uc/part.h>
#include "internal.h"
#include "jobctl.h"
#include "pidfd.h"

UC_PART(family);

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

void uc_proc_leave_family(struct uc_proc *p, struct uc_task *t)
{
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
