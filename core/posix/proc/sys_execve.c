// SPDX-License-Identifier: BSD-3-Clause
/* Replacing the program of the current process: execve(2), execveat(2). */
#include <asm/errno.h>
#include <linux/fcntl.h>
#include <linux/limits.h>
#include <uc/caps.h>
#include <uc/fmt.h>
#include <uc/heap.h>
#include <uc/string.h>
#include <uc/user.h>
#include "altstack.h"
#include "exec_args.h"
#include "internal.h"

/* Ends all other threads. -EAGAIN: another thread is already at it; -EINTR: killed meanwhile. */
static int become_only_thread(struct uc_proc *p, struct uc_task *me)
{
	if (p->exec_task || p->exiting)
		return -EAGAIN;
	if (p->ntasks > 1) {
		p->exec_task = me;
		uc_proc_kill_tasks(p, me);
		(void)UC_WAIT_EVENT(&p->stop_wait, p->ntasks == 1 || me->exiting, UC_FOREVER,
				    false);
		p->exec_task = NULL;
		if (me->exiting)
			return -EINTR;
	}
	if (me->tid != p->pid)
		uc_task_set_tid(me, p->pid);
	return 0;
}

static bool fds_shared(const struct uc_proc *me)
{
	UC_LIST_FOREACH(it, &uc_proc_list) {
		const struct uc_proc *p = UC_LIST_ENTRY(it, struct uc_proc, all_link);
		if (p != me && p->fds == me->fds)
			return true;
	}
	return false;
}

/* What is shared with other processes becomes our own. */
static int unshare(struct uc_proc *p)
{
	if (p->sighand->refs > 1) {
		struct uc_sighand *h = uc_sighand_copy(p->sighand);
		if (!h)
			return -ENOMEM;
		uc_sighand_unref(p->sighand);
		p->sighand = h;
	}
	return fds_shared(p) ? uc_proc_unshare_fds(p) : 0;
}

static void reset_task(struct uc_task *t)
{
	uc_altstack_reset(t);
	t->rseq = 0;
	t->rseq_len = 0;
	t->restart.fn = NULL;
	t->restore_mask = false;
	(void)uc_arch_set_tls(&t->thread.ctx, 0);
	if (t->thread.ctx.fpu) {
		uc_arch_fpu_init(t->thread.ctx.fpu);
		(void)uc_arch_fpu_restore(t->thread.ctx.fpu);
	}
}

/* Point of no return: from here the process is the new program. */
static void switch_program(struct uc_proc *p, struct uc_task *t, struct uc_mm *mm,
			   const struct uc_exec_image *img)
{
	struct uc_mm *old = p->mm;

	uc_task_release_mm(t);
	if (!uc_list_empty(&p->posix_timers) && uc_proc_hooks.timers_drop)
		uc_proc_hooks.timers_drop(p);
	p->mm = mm;
	uc_task_use_mm(t, mm);
	uc_mm_unref(old);
	uc_proc_vfork_done(p);
	p->exit_signal = SIGCHLD;
	p->pdeath_sig = img->secure ? 0 : p->pdeath_sig;
	p->execed = true;
	p->membarrier = 0;
	uc_sighand_exec(p->sighand);
	uc_fdtable_close_on_exec(p->fds);
	reset_task(t);
	uc_regs_start(uc_ctx_regs(&t->thread.ctx), img->entry, img->sp);
	uc_cpu_set_attention(); /* all registers are new: leave by the slow path */
}

static void set_cmdline(struct uc_proc *p, char *const argv[])
{
	size_t len = 0;
	char *s;

	for (char *const *a = argv; *a; a++)
		len += strlen(*a) + 1;
	len = UC_MIN(len, (size_t)UC_PAGE_SIZE);
	s = uc_heap_alloc(len ? len : 1);
	uc_heap_free(p->cmdline);
	p->cmdline = s;
	p->cmdline_len = 0;
	for (char *const *a = argv; s && *a && p->cmdline_len < len; a++) {
		size_t n = UC_MIN(strlen(*a) + 1, len - p->cmdline_len);
		memcpy(s + p->cmdline_len, *a, n);
		p->cmdline_len += n;
	}
}

void uc_proc_exec_done(struct uc_proc *p, const char *path, char *const argv[],
		       const struct uc_exec_image *img)
{
	const char *base = strrchr(path, '/');

	uc_strlcpy(p->comm, base ? base + 1 : path, sizeof(p->comm));
	set_cmdline(p, argv);
	p->euid = p->suid = p->fsuid = img->euid;
	p->egid = p->sgid = p->fsgid = img->egid;
	p->dumpable = !img->secure;
	if (p->caps.set)
		uc_caps_exec(p);
}

static int exec_file(struct uc_file *f, const char *path, const struct uc_exec_args *a,
		     const struct uc_exec_creds *c)
{
	struct uc_task *t = uc_task_current();
	struct uc_proc *p = t->proc;
	struct uc_mm *mm = uc_mm_new();
	struct uc_exec_image img;
	int r;

	if (!mm)
		return -ENOMEM;
	r = uc_exec_load_file(mm, p->fs, f, path, a->argv, a->envp, c, p->rlim[RLIMIT_STACK].cur,
			      &img);
	if (r == 0)
		r = unshare(p);
	if (r == 0)
		r = become_only_thread(p, t);
	if (r < 0) {
		uc_mm_unref(mm);
		return r;
	}
	uc_proc_exec_done(p, path, a->argv, &img);
	memcpy(t->thread.name, p->comm, sizeof(p->comm));
	switch_program(p, t, mm, &img);
	return 0;
}

static struct uc_exec_creds creds(const struct uc_proc *p)
{
	return (struct uc_exec_creds){ p->uid, p->euid, p->gid, p->egid, p->no_new_privs };
}

/* Takes the reference to f. */
static long exec_opened(struct uc_file *f, const char *path, uc_uptr argv, uc_uptr envp)
{
	struct uc_proc *p = uc_proc_current();
	struct uc_exec_creds c = creds(p);
	struct uc_exec_args a;
	int r = uc_exec_args_read(&a, argv, envp, p->rlim[RLIMIT_STACK].cur);

	if (r == 0)
		r = exec_file(f, path, &a, &c);
	uc_exec_args_free(&a);
	uc_file_unref(f);
	return r;
}

static char *read_path(uc_uptr path)
{
	char *s = uc_heap_alloc(PATH_MAX);
	ssize_t n;

	if (!s)
		return UC_ERR_PTR(-ENOMEM);
	n = uc_user_str(s, path, PATH_MAX);
	if (n < 0) {
		uc_heap_free(s);
		return UC_ERR_PTR(n);
	}
	return s;
}

static long exec_path(struct uc_dentry *at, const char *shown, const char *path, bool follow,
		      uc_uptr argv, uc_uptr envp)
{
	struct uc_proc *p = uc_proc_current();
	struct uc_file *f = uc_exec_open(p->fs, at, path, follow);

	if (UC_IS_ERR(f))
		return UC_PTR_ERR(f);
	return exec_opened(f, shown, argv, envp);
}

long uc_sys_execve(uc_uptr path, uc_uptr argv, uc_uptr envp)
{
	char *s = read_path(path);
	long r;

	if (UC_IS_ERR(s))
		return UC_PTR_ERR(s);
	r = s[0] ? exec_path(NULL, s, s, true, argv, envp) : -ENOENT;
	uc_heap_free(s);
	return r;
}

/* Name that a program executed through a descriptor sees: execveat(2). */
static char *fd_name(int fd, const char *path)
{
	size_t cap = strlen(path) + 32;
	char *s = uc_heap_alloc(cap);

	if (s)
		uc_snprintf(s, cap, "/dev/fd/%d%s%s", fd, path[0] ? "/" : "", path);
	return s;
}

static long exec_at(int fd, const char *path, int flags, uc_uptr argv, uc_uptr envp)
{
	struct uc_file *f = uc_fd_get(uc_proc_current()->fds, fd);
	char *shown;
	long r;

	if (!f)
		return -EBADF;
	shown = fd_name(fd, path);
	if (!shown)
		r = -ENOMEM;
	else if (path[0])
		r = f->dentry ? exec_path(f->dentry, shown, path, !(flags & AT_SYMLINK_NOFOLLOW),
					  argv, envp)
			      : -ENOTDIR;
	else
		r = uc_exec_check(f);
	if (shown && !path[0] && r == 0) {
		uc_file_ref(f);
		r = exec_opened(f, shown, argv, envp);
	}
	uc_heap_free(shown);
	uc_file_unref(f);
	return r;
}

long uc_sys_execveat(int fd, uc_uptr path, uc_uptr argv, uc_uptr envp, int flags)
{
	char *s;
	long r;

	if (flags & ~(AT_EMPTY_PATH | AT_SYMLINK_NOFOLLOW))
		return -EINVAL;
	s = read_path(path);
	if (UC_IS_ERR(s))
		return UC_PTR_ERR(s);
	if (!s[0] && !(flags & AT_EMPTY_PATH))
		r = -ENOENT;
	else if (s[0] == '/' || (fd == AT_FDCWD && s[0]))
		r = exec_path(NULL, s, s, !(flags & AT_SYMLINK_NOFOLLOW), argv, envp);
	else if (fd == AT_FDCWD)
		r = -EACCES; /* the working directory itself */
	else
		r = exec_at(fd, s, flags, argv, envp);
	uc_heap_free(s);
	return r;
}
