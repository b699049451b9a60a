// SPDX-License-Identifier: BSD-3-Clause
#include "setattr_private.h"

static struct uc_attr owner_attr(unsigned uid, unsigned gid)
{
	struct uc_attr a = { .uid = uid, .gid = gid };

	if (uid != (unsigned)-1)
		a.valid |= UC_ATTR_UID;
	if (gid != (unsigned)-1)
		a.valid |= UC_ATTR_GID;
	return a;
}

long uc_sys_fchownat(int dfd, uc_uptr path, unsigned uid, unsigned gid, int flags)
{
	struct uc_attr a = owner_attr(uid, gid);

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	return uc_setattr_path(dfd, path, uc_at_lookup(flags), &a);
}

long uc_sys_chown(uc_uptr path, unsigned uid, unsigned gid)
{
	return uc_sys_fchownat(AT_FDCWD, path, uid, gid, 0);
}

long uc_sys_lchown(uc_uptr path, unsigned uid, unsigned gid)
{
	return uc_sys_fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

long uc_sys_fchown(unsigned fd, unsigned uid, unsigned gid)
{
	struct uc_attr a = owner_attr(uid, gid);

	return uc_setattr_fd((int)fd, &a);
}
