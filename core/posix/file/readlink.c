// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>
#include <uc/heap.h>

static long read_link(struct uc_dentry *d, uc_uptr ubuf, int cap)
{
	char *buf = uc_heap_alloc(UC_PATH_MAX);
	ssize_t n;

	if (!buf)
		return -ENOMEM;
	n = uc_vfs_readlink(d, buf, UC_PATH_MAX);
	if (n > cap)
		n = cap;
	if (n > 0 && uc_user_write(ubuf, buf, (size_t)n) < 0)
		n = -EFAULT;
	uc_heap_free(buf);
	return n;
}

long uc_sys_readlinkat(int dfd, uc_uptr path, uc_uptr buf, int cap)
{
	struct uc_dentry *d;
	long r;

	if (cap <= 0)
		return -EINVAL;
	d = uc_path_lookup(dfd, path, UC_LOOKUP_EMPTY);
	if (UC_IS_ERR(d))
		return UC_PTR_ERR(d);
	r = read_link(d, buf, cap);
	uc_dentry_unref(d);
	return r;
}

long uc_sys_readlink(uc_uptr path, uc_uptr buf, int cap)
{
	return uc_sys_readlinkat(AT_FDCWD, path, buf, cap);
}
