// SPDX-License-Identifier: BSD-3-Clause
#include <linux/fs.h>
#include <uc/filecall.h>

long uc_sys_renameat2(int odfd, uc_uptr opath, int ndfd, uc_uptr npath, unsigned flags)
{
	struct uc_pathat o, n;
	long r;

	if (flags & ~(unsigned)(RENAME_NOREPLACE | RENAME_EXCHANGE | RENAME_WHITEOUT))
		return -EINVAL;
	if (flags & (RENAME_NOREPLACE | RENAME_WHITEOUT) && flags & RENAME_EXCHANGE)
		return -EINVAL;
	r = uc_pathat_get(&o, odfd, opath, false);
	if (r < 0)
		return r;
	r = uc_pathat_get(&n, ndfd, npath, false);
	if (r == 0) {
		r = uc_vfs_rename(o.fs, o.at, o.path, n.at, n.path, flags);
		uc_pathat_put(&n);
	}
	uc_pathat_put(&o);
	return r;
}

long uc_sys_renameat(int odfd, uc_uptr opath, int ndfd, uc_uptr npath)
{
	return uc_sys_renameat2(odfd, opath, ndfd, npath, 0);
}

long uc_sys_rename(uc_uptr opath, uc_uptr npath)
{
	return uc_sys_renameat2(AT_FDCWD, opath, AT_FDCWD, npath, 0);
}
