// SPDX-License-Identifier: BSD-3-Clause
#include "setattr_private.h"

static struct uc_attr mode_attr(unsigned mode)
{
	return (struct uc_attr){ .valid = UC_ATTR_MODE, .mode = mode & 07777 };
}

long uc_sys_fchmodat2(int dfd, uc_uptr path, unsigned mode, int flags)
{
	struct uc_attr a = mode_attr(mode);

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	return uc_setattr_path(dfd, path, uc_at_lookup(flags), &a);
}

long uc_sys_fchmodat(int dfd, uc_uptr path, unsigned mode)
{
	return uc_sys_fchmodat2(dfd, path, mode, 0);
}

long uc_sys_chmod(uc_uptr path, unsigned mode)
{
	return uc_sys_fchmodat2(AT_FDCWD, path, mode, 0);
}

long uc_sys_fchmod(unsigned fd, unsigned mode)
{
	struct uc_attr a = mode_attr(mode);

	return uc_setattr_fd((int)fd, &a);
}
