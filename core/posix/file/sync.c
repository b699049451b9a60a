// SPDX-License-Identifier: BSD-3-Clause
#include <linux/fs.h>
#include <uc/filecall.h>

static void sync_one(struct uc_super *sb, const char *path, void *arg)
{
	if (sb->sync)
		sb->sync(sb);
}

long uc_sys_sync(void)
{
	uc_vfs_for_each_mount(sync_one, NULL);
	return 0;
}

long uc_sys_syncfs(int fd)
{
	struct uc_file *f = uc_fget(fd);
	struct uc_super *sb;
	long r = 0;

	if (!f)
		return -EBADF;
	sb = f->inode ? f->inode->sb : NULL;
	if (sb && sb->sync)
		r = sb->sync(sb);
	uc_file_unref(f);
	return r;
}

static long sync_file(unsigned fd, bool datasync)
{
	struct uc_file *f = uc_fget((int)fd);
	long r;

	if (!f)
		return -EBADF;
	/* A directory that can change, of a file system that has no disk, is as durable as ever. */
	if (f->ops->fsync)
		r = f->ops->fsync(f, datasync);
	else
		r = f->inode && S_ISDIR(f->inode->mode) && f->inode->ops->unlink ? 0 : -EINVAL;
	uc_file_unref(f);
	return r;
}

long uc_sys_fsync(unsigned fd)
{
	return sync_file(fd, false);
}

long uc_sys_fdatasync(unsigned fd)
{
	return sync_file(fd, true);
}

long uc_sys_sync_file_range(int fd, int64_t off, int64_t n, unsigned flags)
{
	struct uc_file *f;
	uint32_t type;
	int64_t end;

	if (flags & ~(unsigned)(SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE |
				SYNC_FILE_RANGE_WAIT_AFTER) ||
	    off < 0 || n < 0 || __builtin_add_overflow(off, n, &end))
		return -EINVAL;
	f = uc_fget(fd);
	if (!f)
		return -EBADF;
	type = f->inode ? f->inode->mode & S_IFMT : 0;
	uc_file_unref(f);
	if (type != S_IFREG && type != S_IFBLK && type != S_IFDIR)
		return -ESPIPE;
	return sync_file((unsigned)fd, true);
}
