// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>
#include <uc/pipe.h>
#include <uc/proc.h>

UC_LINK_FIFO; /* who can make a FIFO can open it */

static long make(int dfd, uc_uptr path, uint32_t mode, uint64_t rdev)
{
	struct uc_pathat p;
	long r = uc_pathat_get(&p, dfd, path, false);

	if (r < 0)
		return r;
	r = uc_vfs_mknod(p.fs, p.at, p.path, mode, rdev);
	uc_pathat_put(&p);
	return r;
}

long uc_sys_mknodat(int dfd, uc_uptr path, unsigned mode, unsigned dev)
{
	unsigned type = mode & S_IFMT;

	switch (type) {
	case 0:
		type = S_IFREG;
		break;
	case S_IFREG: case S_IFIFO: case S_IFSOCK:
		break;
	case S_IFCHR: case S_IFBLK:
		if (uc_proc_current()->euid != 0)
			return -EPERM;
		break;
	case S_IFDIR:
		return -EPERM;
	default:
		return -EINVAL;
	}
	return make(dfd, path, type | (mode & 07777), type == S_IFCHR || type == S_IFBLK ? dev : 0);
}

long uc_sys_mknod(uc_uptr path, unsigned mode, unsigned dev)
{
	return uc_sys_mknodat(AT_FDCWD, path, mode, dev);
}
