// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>

long uc_sys_unlinkat(int dfd, uc_uptr path, int flags)
{
	struct uc_pathat p;
	long r;

	if (flags & ~AT_REMOVEDIR)
		return -EINVAL;
	r = uc_pathat_get(&p, dfd, path, false);
	if (r < 0)
		return r;
	r = uc_vfs_unlink(p.fs, p.at, p.path, flags & AT_REMOVEDIR);
	uc_pathat_put(&p);
	return r;
}

long uc_sys_unlink(uc_uptr path)
{
	return uc_sys_unlinkat(AT_FDCWD, path, 0);
}

long uc_sys_rmdir(uc_uptr path)
{
	return uc_sys_unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}
