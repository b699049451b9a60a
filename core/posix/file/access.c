// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>
#include <uc/proc.h>

long uc_sys_faccessat2(int dfd, uc_uptr path, int mode, int flags)
{
	struct uc_proc *p = uc_proc_current();
	bool effective = flags & AT_EACCESS;
	struct uc_dentry *d;
	long r;

	if (mode & ~7 || flags & ~(AT_EACCESS | AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	d = uc_path_lookup(dfd, path, uc_at_lookup(flags));
	if (UC_IS_ERR(d))
		return UC_PTR_ERR(d);
	r = mode ? uc_vfs_access(d, (unsigned)mode, effective ? p->fsuid : p->uid,
				 effective ? p->fsgid : p->gid)
		 : 0;
	uc_dentry_unref(d);
	return r;
}

long uc_sys_faccessat(int dfd, uc_uptr path, int mode)
{
	return uc_sys_faccessat2(dfd, path, mode, 0);
}

long uc_sys_access(uc_uptr path, int mode)
{
	return uc_sys_faccessat2(AT_FDCWD, path, mode, 0);
}
