// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>

long uc_sys_mkdirat(int dfd, uc_uptr path, unsigned mode)
{
	struct uc_pathat p;
	long r = uc_pathat_get(&p, dfd, path, false);

	if (r < 0)
		return r;
	r = uc_vfs_mknod(p.fs, p.at, p.path, S_IFDIR | (mode & 01777), 0);
	uc_pathat_put(&p);
	return r;
}

long uc_sys_mkdir(uc_uptr path, unsigned mode)
{
	return uc_sys_mkdirat(AT_FDCWD, path, mode);
}
