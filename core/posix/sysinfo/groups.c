// SPDX-License-Identifier: BSD-3-Clause
/* getgroups(2), setgroups(2). */
#include <asm/errno.h>
#include <uc/string.h>
#include <uc/user.h>
#include "cred.h"

enum { NGROUPS_LINUX = 65536 };

long uc_sys_getgroups(int size, uc_uptr list)
{
	const struct uc_proc *p = uc_proc_current();
	if (size < 0)
		return -EINVAL;
	if (size) {
		if ((unsigned)size < p->ngroups)
			return -EINVAL;
		int r = uc_user_write(list, p->groups, p->ngroups * sizeof(p->groups[0]));
		if (r)
			return r;
	}
	return p->ngroups;
}

long uc_sys_setgroups(int size, uc_uptr list)
{
	struct uc_proc *p = uc_proc_current();
	uint32_t groups[UC_ARRAY_SIZE(p->groups)];
	if (!cred_privileged())
		return -EPERM;
	if ((unsigned)size > NGROUPS_LINUX)
		return -EINVAL;
	if ((unsigned)size > UC_ARRAY_SIZE(groups))
		return uc_unsupported(-ENOMEM, "setgroups with %d groups", size);
	int r = uc_user_read(groups, list, (unsigned)size * sizeof(groups[0]));
	if (r)
		return r;
	memcpy(p->groups, groups, (unsigned)size * sizeof(groups[0]));
	p->ngroups = (unsigned)size;
	return 0;
}
