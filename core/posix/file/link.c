// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>

long uc_sys_linkat(int odfd, uc_uptr opath, int ndfd, uc_uptr npath, int flags)
{
	struct uc_dentry *src;
	struct uc_pathat n;
	long r;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	src = uc_path_lookup(odfd, opath, (flags & AT_SYMLINK_FOLLOW ? UC_LOOKUP_FOLLOW : 0) |
						  (flags & AT_EMPTY_PATH ? UC_LOOKUP_EMPTY : 0));
	if (UC_IS_ERR(src))
		return UC_PTR_ERR(src);
	r = uc_pathat_get(&n, ndfd, npath, false);
	if (r == 0) {
		r = uc_vfs_link(n.fs, src, n.at, n.path);
		uc_pathat_put(&n);
	}
	uc_dentry_unref(src);
	return r;
}

long uc_sys_link(uc_uptr opath, uc_uptr npath)
{
	return uc_sys_linkat(AT_FDCWD, opath, AT_FDCWD, npath, 0);
}

long uc_sys_symlinkat(uc_uptr target, int dfd, uc_uptr path)
{
	struct uc_pathat t, p;
	long r = uc_pathat_get(&t, AT_FDCWD, target, false);

	if (r < 0)
		return r;
	r = uc_pathat_get(&p, dfd, path, false);
	if (r == 0) {
		r = uc_vfs_symlink(p.fs, t.path, p.at, p.path);
		uc_pathat_put(&p);
	}
	uc_pathat_put(&t);
	return r;
}

long uc_sys_symlink(uc_uptr target, uc_uptr path)
{
	return uc_sys_symlinkat(target, AT_FDCWD, path);
}
