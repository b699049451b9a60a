// SPDX-License-Identifier: BSD-3-Clause
/* The end of threads and processes. */
#include <asm/errno.h>
#include <uc/heap.h>
#include <uc/user.h>
#include "internal.h"

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
	if (p == uc_proc_init) { /* memory goes with the machine: freeing it would be for nobody */
		uc_vm_write_back_all();
	} else {
		uc_task_use_mm(t, NULL);
		p->mm = NULL;
		uc_mm_unref(mm);
	}
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
	uc_proc_leave_family(p, t);
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
