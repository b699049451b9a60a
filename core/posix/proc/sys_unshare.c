// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <linux/sched.h>
#include "internal.h"

#define OF_PROCESS (CLONE_FILES | CLONE_FS)

static int unshare_fs(struct uc_proc *p)
{
	struct uc_fsctx *c = uc_fsctx_fork(p->fs);

	if (!c)
		return -ENOMEM;
	uc_fsctx_unref(p->fs);
	p->fs = c;
	return 0;
}

/* unshare(2). What threads of one process share here (descriptors, directories) they share for
 * good. */
long uc_sys_unshare(uint64_t flags)
{
	const uint64_t single = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM;
	struct uc_proc *p = uc_proc_current();
	int r = 0;

	if (flags & ~(single | OF_PROCESS | CLONE_SYSVSEM))
		return uc_unsupported(-EINVAL, "unshare flags %#llx", (unsigned long long)flags);
	if (flags & single && p->ntasks > 1)
		return -EINVAL;
	if (flags & OF_PROCESS && p->ntasks > 1)
		return uc_unsupported(-EINVAL, "unshare in a process with threads");
	if (flags & CLONE_FILES)
		r = uc_proc_unshare_fds(p);
	if (r == 0 && flags & CLONE_FS)
		r = unshare_fs(p);
	return r;
}
