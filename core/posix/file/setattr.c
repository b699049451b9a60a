// SPDX-License-Identifier: BSD-3-Clause
#include "setattr_private.h"

long uc_setattr_path(int dfd, uc_uptr path, unsigned lookup, const struct uc_attr *a)
{
	struct uc_dentry *d = uc_path_lookup(dfd, path, lookup);
	long r;

	if (UC_IS_ERR(d))
		return UC_PTR_ERR(d);
	r = uc_vfs_setattr(d->inode, a);
	uc_dentry_unref(d);
	return r;
}

long uc_setattr_fd(int fd, const struct uc_attr *a)
{
	struct uc_inode *i = uc_fd_inode(fd);
	long r;

	if (UC_IS_ERR(i))
		return UC_PTR_ERR(i);
	r = uc_vfs_setattr(i, a);
	uc_inode_unref(i);
	return r;
}
