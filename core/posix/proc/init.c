// SPDX-License-Identifier: BSD-3-Clause
/* The first process. */
#include <asm/errno.h>
#include <uc/abi/layout.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/string.h>
#include "internal.h"

#define NOFILE_SOFT 1024u
#define NOFILE_HARD 1048576u

static void default_limits(struct uc_proc *p)
{
	for (unsigned i = 0; i < UC_ARRAY_SIZE(p->rlim); i++)
		p->rlim[i].cur = p->rlim[i].max = UINT64_MAX;
	p->rlim[RLIMIT_STACK].cur = UC_LAYOUT_STACK_LIMIT;
	p->rlim[RLIMIT_CORE].cur = 0;
	p->rlim[RLIMIT_NOFILE].cur = NOFILE_SOFT;
	p->rlim[RLIMIT_NOFILE].max = NOFILE_HARD;
	p->rlim[RLIMIT_MEMLOCK].cur = p->rlim[RLIMIT_MEMLOCK].max = 8u << 20;
	p->rlim[RLIMIT_MSGQUEUE].cur = p->rlim[RLIMIT_MSGQUEUE].max = 819200;
	p->rlim[RLIMIT_NICE].cur = p->rlim[RLIMIT_NICE].max = 0;
	p->rlim[RLIMIT_RTPRIO].cur = p->rlim[RLIMIT_RTPRIO].max = 0;
	p->rlim[RLIMIT_SIGPENDING].cur = p->rlim[RLIMIT_SIGPENDING].max = 1024;
}

int uc_proc_prepare_init(void)
{
	struct uc_proc *p;

	if (uc_proc_init)
		return 0;
	uc_proc_kernel_root = uc_pt_current();
	p = uc_proc_alloc();
	if (!p)
		return -ENOMEM;
	p->fds = uc_fdtable_new();
	p->fs = uc_fsctx_new();
	p->sighand = uc_sighand_new();
	if (!p->fds || !p->fs || !p->sighand)
		return -ENOMEM;
	p->pid = p->pgid = p->sid = uc_pid_alloc();
	default_limits(p);
	uc_fdtable_set_limit(p->fds, NOFILE_SOFT);
	uc_proc_link(p, NULL);
	uc_proc_init = p;
	return 0;
}

/* Optional: a platform's. */
__attribute__((weak)) void uc_upcall_first_task(struct uc_task *t);

static void first_task(void *arg)
{
	struct uc_task *t = arg;

	if (uc_upcall_first_task) uc_upcall_first_task(t);
	uc_ctx_enter_app(&t->thread.ctx);
}

static int change_cwd(struct uc_fsctx *fs, const char *cwd)
{
	struct uc_dentry *d, *old = fs->cwd;

	if (!cwd || !cwd[0])
		return 0;
	d = uc_vfs_lookup(fs, NULL, cwd, UC_LOOKUP_FOLLOW | UC_LOOKUP_DIRECTORY);
	if (UC_IS_ERR(d))
		return (int)UC_PTR_ERR(d);
	fs->cwd = d;
	if (old)
		uc_dentry_unref(old);
	return 0;
}

static int load_first(struct uc_proc *p, const char *path, char *const argv[], char *const envp[],
		      struct uc_exec_image *img)
{
	struct uc_exec_creds c = { p->uid, p->euid, p->gid, p->egid, false };

	p->mm = uc_mm_new();
	if (!p->mm)
		return -ENOMEM;
	return uc_exec_load(p->mm, p->fs, path, argv, envp, &c, p->rlim[RLIMIT_STACK].cur, img);
}

int uc_proc_start_init(const char *path, char *const argv[], char *const envp[], const char *cwd,
		       uint32_t uid, uint32_t gid, uint32_t umask)
{
	struct uc_exec_image img;
	struct uc_task *t;
	struct uc_proc *p;
	int r = uc_proc_prepare_init();

	if (r < 0)
		return r;
	p = uc_proc_init;
	p->uid = p->euid = p->suid = p->fsuid = uid;
	p->gid = p->egid = p->sgid = p->fsgid = gid;
	p->fs->umask = umask;
	r = change_cwd(p->fs, cwd);
	if (r < 0) {
		uc_log(UC_LOG_ERROR, "working directory %s: errno %d", cwd, -r);
		return r;
	}
	r = load_first(p, path, argv, envp, &img);
	if (r < 0)
		return r;
	uc_proc_exec_done(p, path, argv, &img);
	t = uc_task_alloc(p, first_task);
	if (!t)
		return -ENOMEM;
	t->tid = p->pid;
	uc_regs_start(uc_ctx_regs(&t->thread.ctx), img.entry, img.sp);
	uc_task_link(t);
	uc_thread_start(&t->thread);
	uc_thread_exit();
}
