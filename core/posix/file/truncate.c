// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>

long uc_sys_truncate(uc_uptr path, int64_t size)
{
	struct uc_attr a = { .valid = UC_ATTR_SIZE, .size = (uint64_t)size };
	struct uc_dentry *d;
	uint32_t type;
	long r;

	if (size < 0)
		return -EINVAL;
	d = uc_path_lookup(AT_FDCWD, path, UC_LOOKUP_FOLLOW);
	if (UC_IS_ERR(d))
		return UC_PTR_ERR(d);
	type = d->inode->mode & S_IFMT;
	r = type == S_IFDIR ? -EISDIR : type != S_IFREG ? -EINVAL : uc_vfs_permission(d->inode, 2);
	if (r == 0)
		r = uc_upcall_check_fsize((uint64_t)size);
	if (r == 0)
		r = uc_vfs_setattr(d->inode, &a);
	uc_dentry_unref(d);
	return r;
}

long uc_sys_ftruncate(unsigned fd, int64_t size)
{
	struct uc_file *f;
	long r;

	if (size < 0)
		return -EINVAL;
	f = uc_fget((int)fd);
	if (!f)
		return -EBADF;
	r = uc_file_truncate(f, (uint64_t)size);
	uc_file_unref(f);
	return r;
}
