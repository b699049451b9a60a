// SPDX-License-Identifier: BSD-3-Clause
/* New threads and processes. */
#include <asm/errno.h>
#include <uc/heap.h>
#include <uc/part.h>
#include <uc/string.h>
#include <uc/user.h>
#include "clone.h"
#include "internal.h"
#include "pidfd.h"

UC_NEEDS_PART(family);
UC_NEEDS_PART(jobctl);

static void child_start(void *arg)
{
	struct uc_task *t = arg;

	/* Signalled or killed before it ran. */
	if (t->thread.interrupted)
		uc_signal_deliver(uc_ctx_regs(&t->thread.ctx));
	uc_ctx_enter_app(&t->thread.ctx);
}

static void copy_identity(struct uc_proc *p, const struct uc_proc *from)
{
	p->pgid = from->pgid;
	p->sid = from->sid;
	p->ctty = from->ctty;
	p->uid = from->uid; p->euid = from->euid; p->suid = from->suid; p->fsuid = from->fsuid;
	p->gid = from->gid; p->egid = from->egid; p->sgid = from->sgid; p->fsgid = from->fsgid;
	p->ngroups = from->ngroups;
	memcpy(p->groups, from->groups, sizeof(p->groups));
	memcpy(p->rlim, from->rlim, sizeof(p->rlim));
	memcpy(p->comm, from->comm, sizeof(p->comm));
	p->caps = from->caps;
	p->dumpable = from->dumpable;
	p->no_new_privs = from->no_new_privs;
	p->no_thp = from->no_thp;
	p->membarrier = from->membarrier;
}

static int copy_cmdline(struct uc_proc *p, const struct uc_proc *from)
{
	if (!from->cmdline)
		return 0;
	p->cmdline = uc_heap_alloc(from->cmdline_len);
	if (!p->cmdline)
		return -ENOMEM;
	memcpy(p->cmdline, from->cmdline, from->cmdline_len);
	p->cmdline_len = from->cmdline_len;
	return 0;
}

static struct uc_mm *share_mm(struct uc_mm *mm, uint64_t flags)
{
	if (!(flags & CLONE_VM))
		return uc_mm_fork(mm);
	uc_mm_ref(mm);
	return mm;
}

static struct uc_sighand *share_sighand(struct uc_sighand *h, uint64_t flags)
{
	if (flags & CLONE_CLEAR_SIGHAND)
		return uc_sighand_new();
	if (!(flags & CLONE_SIGHAND))
		return uc_sighand_copy(h);
	uc_sighand_ref(h);
	return h;
}

static struct uc_fdtable *share_fds(struct uc_fdtable *t, uint64_t flags)
{
	if (!(flags & CLONE_FILES))
		return uc_fdtable_fork(t);
	uc_fdtable_ref(t);
	return t;
}

static struct uc_fsctx *share_fs(struct uc_fsctx *c, uint64_t flags)
{
	if (!(flags & CLONE_FS))
		return uc_fsctx_fork(c);
	uc_fsctx_ref(c);
	return c;
}

static void drop_proc(struct uc_proc *p)
{
	if (p->fds)
		uc_fdtable_unref(p->fds);
	if (p->fs)
		uc_fsctx_unref(p->fs);
	if (p->sighand)
		uc_sighand_unref(p->sighand);
	if (p->mm)
		uc_mm_unref(p->mm);
	uc_proc_free(p);
}

static struct uc_proc *copy_proc(struct uc_proc *from, const struct uc_clone *c)
{
	struct uc_proc *p = uc_proc_alloc();

	if (!p)
		return NULL;
	copy_identity(p, from);
	p->exit_signal = c->flags & CLONE_PARENT ? from->exit_signal : c->exit_signal;
	p->sighand = share_sighand(from->sighand, c->flags);
	p->fs = share_fs(from->fs, c->flags);
	p->fds = share_fds(from->fds, c->flags);
	p->mm = share_mm(from->mm, c->flags);
	if (!p->sighand || !p->fs || !p->fds || !p->mm || copy_cmdline(p, from) < 0) {
		drop_proc(p);
		return NULL;
	}
	return p;
}

static void copy_task_state(struct uc_task *t, struct uc_task *from, const struct uc_clone *c)
{
	t->blocked = from->blocked;
	t->sched_policy = from->sched_policy;
	t->sched_prio = from->sched_prio;
	t->nice = from->nice;
	t->ioprio = from->ioprio;
	if (!(c->flags & CLONE_VM) || (c->flags & CLONE_VFORK)) {
		t->altstack_sp = from->altstack_sp;
		t->altstack_size = from->altstack_size;
		t->altstack_flags = from->altstack_flags;
	}
	if (!(c->flags & CLONE_VM)) {
		t->rseq = from->rseq;
		t->rseq_len = from->rseq_len;
		t->rseq_sig = from->rseq_sig;
	}
	if (c->flags & CLONE_CHILD_CLEARTID)
		t->clear_child_tid = c->child_tid;
}

static void copy_cpu_state(struct uc_task *t, struct uc_task *from, const struct uc_clone *c)
{
	struct uc_regs *r = uc_ctx_regs(&t->thread.ctx);

	*r = *uc_ctx_regs(&from->thread.ctx);
	uc_regs_set_ret(r, 0);
	if (c->stack)
		uc_regs_set_sp(r, c->stack);
	t->thread.ctx.tls = c->flags & CLONE_SETTLS ? c->tls : uc_arch_tls(&from->thread.ctx);
	if (t->thread.ctx.fpu)
		uc_arch_fpu_save(t->thread.ctx.fpu);
}

static unsigned tasks_of_user(uint32_t uid)
{
	unsigned n = 0;

	UC_LIST_FOREACH(it, &uc_proc_list) {
		const struct uc_proc *p = UC_LIST_ENTRY(it, struct uc_proc, all_link);
		if (p->uid == uid)
			n += p->ntasks;
	}
	return n;
}

static bool over_nproc(const struct uc_proc *p)
{
	uint64_t max = p->rlim[RLIMIT_NPROC].cur;

	return p->uid != 0 && max != UINT64_MAX && tasks_of_user(p->uid) >= max;
}

static void wait_vfork(struct uc_task *me, struct uc_proc *child, struct uc_vfork *v)
{
	(void)UC_WAIT_EVENT(&v->q, v->done || me->exiting, UC_FOREVER, false);
	me->vfork_wait = NULL;
	if (!v->done)
		child->vfork_done = NULL; /* killed first: the child must not touch our stack */
}

/* Makes the child known and lets it run. Nothing can fail from here on. */
static long start_child(struct uc_task *me, struct uc_task *t, const struct uc_clone *c)
{
	struct uc_vfork v = { .done = false };
	struct uc_proc *p = t->proc;
	int tid = t->tid;

	if (!(c->flags & CLONE_THREAD)) {
		p->pid = tid;
		uc_proc_link(p, c->flags & CLONE_PARENT ? me->proc->parent : me->proc);
	}
	uc_task_link(t);
	/* As in Linux, a bad address here is not an error of the call. */
	if (c->flags & CLONE_PARENT_SETTID && uc_user_store32(c->parent_tid, (uint32_t)tid) < 0)
		tid = t->tid;
	if (c->flags & CLONE_CHILD_SETTID &&
	    uc_mm_write(p->mm, c->child_tid, &tid, sizeof(tid)) < 0)
		tid = t->tid;
	if (c->flags & CLONE_VFORK) {
		uc_waitq_init(&v.q);
		p->vfork_done = me->vfork_wait = &v;
	}
	uc_thread_start(&t->thread);
	if (c->flags & CLONE_VFORK)
		wait_vfork(me, p, &v);
	return tid;
}

/* The descriptor is one of the caller's; the child has its copy of the table already. */
static int make_pidfd(struct uc_proc *p, uc_uptr out)
{
	int fd = uc_pidfd_new(p, 0);

	if (fd >= 0 && uc_user_store32(out, (uint32_t)fd) < 0) {
		uc_fd_close(uc_proc_current()->fds, fd);
		return -EFAULT;
	}
	return fd;
}

long uc_clone(const struct uc_clone *c)
{
	struct uc_task *me = uc_task_current(), *t;
	struct uc_proc *p = me->proc;
	int tid, r = uc_clone_check(c->flags, p == uc_proc_init);

	if (c->flags & CLONE_PIDFD && !uc_pidfd_new)
		r = -ENOSYS;
	if (r == -ENOSYS)
		return uc_unsupported(-EINVAL, "clone flags 0x%llx", (unsigned long long)c->flags);
	if (r < 0)
		return r;
	if (c->flags & CLONE_SETTLS && !uc_user_ok(c->tls, 0))
		return -EPERM;
	if (over_nproc(p))
		return -EAGAIN;
	tid = uc_pid_alloc();
	if (tid < 0)
		return tid;
	if (!(c->flags & CLONE_THREAD))
		p = copy_proc(p, c);
	if (!p)
		return -ENOMEM;
	t = uc_task_alloc(p, child_start);
	if (!t) {
		if (!(c->flags & CLONE_THREAD))
			drop_proc(p);
		return -ENOMEM;
	}
	t->tid = tid;
	r = c->flags & CLONE_PIDFD ? make_pidfd(p, c->pidfd) : 0;
	if (r < 0) {
		uc_task_free(t);
		drop_proc(p);
		return r;
	}
	copy_task_state(t, me, c);
	copy_cpu_state(t, me, c);
	return start_child(me, t, c);
}
