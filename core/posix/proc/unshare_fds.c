// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include "internal.h"

int uc_proc_unshare_fds(struct uc_proc *p)
{
	struct uc_fdtable *t = uc_fdtable_fork(p->fds);

	if (!t)
		return -ENOMEM;
	uc_fdtable_unref(p->fds);
	p->fds = t;
	return 0;
}
