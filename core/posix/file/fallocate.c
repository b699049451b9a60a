// SPDX-License-Identifier: BSD-3-Clause
#include <linux/inotify.h>
#include <uc/filecall.h>
#include <uc/part.h>

UC_NEEDS_PART(fallocate);

static long do_fallocate(struct uc_file *f, int mode, int64_t off, int64_t len)
{
	uint32_t type = f->inode ? f->inode->mode & S_IFMT : S_IFIFO;
	int64_t end;
	int r;

	if (!uc_file_writable(f))
		return -EBADF;
	if (type == S_IFIFO)
		return -ESPIPE;
	if (type == S_IFDIR)
		return -EISDIR;
	if (type != S_IFREG)
		return -ENODEV;
	if (__builtin_add_overflow(off, len, &end))
		return -EFBIG;
	if (!f->ops->fallocate)
		return -EOPNOTSUPP;
	r = uc_upcall_check_fsize((uint64_t)end);
	if (r == 0)
		r = f->ops->fallocate(f, mode, (uint64_t)off, (uint64_t)len);
	if (r == 0 && uc_vfs_watch && f->dentry)
		uc_vfs_watch->touched(f->inode, f->dentry, IN_MODIFY);
	return r;
}

long uc_sys_fallocate(int fd, int mode, int64_t off, int64_t len)
{
	struct uc_file *f = uc_fget(fd);
	long r;

	if (!f)
		return -EBADF;
	r = off < 0 || len <= 0 ? -EINVAL : do_fallocate(f, mode, off, len);
	uc_file_unref(f);
	return r;
}
