// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>
#include <uc/string.h>
#include <uc/time.h>

long uc_stat_put(uc_uptr ubuf, const struct statx *sx)
{
	struct stat st;

	memset(&st, 0, sizeof(st));
	st.st_dev = uc_dev_encode(sx->stx_dev_major, sx->stx_dev_minor);
	st.st_ino = sx->stx_ino;
	st.st_nlink = sx->stx_nlink;
	st.st_mode = sx->stx_mode;
	st.st_uid = sx->stx_uid;
	st.st_gid = sx->stx_gid;
	st.st_rdev = uc_dev_encode(sx->stx_rdev_major, sx->stx_rdev_minor);
	st.st_size = (long)sx->stx_size;
	st.st_blksize = sx->stx_blksize;
	st.st_blocks = (long)sx->stx_blocks;
	st.st_atime = (unsigned long)sx->stx_atime.tv_sec;
	st.st_atime_nsec = sx->stx_atime.tv_nsec;
	st.st_mtime = (unsigned long)sx->stx_mtime.tv_sec;
	st.st_mtime_nsec = sx->stx_mtime.tv_nsec;
	st.st_ctime = (unsigned long)sx->stx_ctime.tv_sec;
	st.st_ctime_nsec = sx->stx_ctime.tv_nsec;
	return uc_user_write(ubuf, &st, sizeof(st));
}

/* What keeps no times (streams, devices) leaves them zero: it came with the machine. A change time
 * of zero means nothing else, but on the root, which has a birth time, too. */
static void give_times(struct statx *sx)
{
	uc_nsec start;

	if (sx->stx_ctime.tv_sec || sx->stx_mask & STATX_BTIME)
		return;
	start = uc_time_real() - uc_time_mono();
	sx->stx_ctime.tv_sec = (int64_t)(start / 1000000000u);
	sx->stx_ctime.tv_nsec = (uint32_t)(start % 1000000000u);
	sx->stx_atime = sx->stx_mtime = sx->stx_ctime;
}

static long stat_fd(int fd, struct statx *sx)
{
	struct uc_file *f = uc_fget_path(fd);
	long r;

	if (!f)
		return -EBADF;
	r = uc_file_stat(f, sx);
	uc_file_unref(f);
	return r;
}

static long stat_path(int dfd, uc_uptr path, unsigned lookup, struct statx *sx)
{
	struct uc_dentry *d = uc_path_lookup(dfd, path, lookup);
	long r;

	if (UC_IS_ERR(d))
		return UC_PTR_ERR(d);
	r = uc_inode_stat(d->inode, sx);
	uc_dentry_unref(d);
	return r;
}

/* glibc's fstat() is an empty path with AT_EMPTY_PATH: served from the file, which may have no
 * dentry. */
static long stat_at(int dfd, uc_uptr path, int flags, struct statx *sx)
{
	char first = 0;

	if (flags & AT_EMPTY_PATH && dfd != AT_FDCWD) {
		if (path && uc_user_read(&first, path, 1) < 0)
			return -EFAULT;
		if (!first)
			return stat_fd(dfd, sx);
	}
	return stat_path(dfd, path, uc_at_lookup(flags), sx);
}

static long stat_timed(int dfd, uc_uptr path, int flags, struct statx *sx)
{
	long r = stat_at(dfd, path, flags, sx);

	if (r >= 0)
		give_times(sx);
	return r;
}

long uc_sys_newfstatat(int dfd, uc_uptr path, uc_uptr buf, int flags)
{
	struct statx sx;
	long r;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH))
		return -EINVAL;
	r = stat_timed(dfd, path, flags, &sx);
	return r < 0 ? r : uc_stat_put(buf, &sx);
}

long uc_sys_fstat(unsigned fd, uc_uptr buf)
{
	struct statx sx;
	long r = stat_fd((int)fd, &sx);

	if (r >= 0)
		give_times(&sx);
	return r < 0 ? r : uc_stat_put(buf, &sx);
}

long uc_sys_stat(uc_uptr path, uc_uptr buf)
{
	return uc_sys_newfstatat(AT_FDCWD, path, buf, 0);
}

long uc_sys_lstat(uc_uptr path, uc_uptr buf)
{
	return uc_sys_newfstatat(AT_FDCWD, path, buf, AT_SYMLINK_NOFOLLOW);
}

long uc_sys_statx(int dfd, uc_uptr path, int flags, unsigned mask, uc_uptr buf)
{
	struct statx sx;
	long r;

	if (mask & STATX__RESERVED || (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE))
		return -EINVAL;
	r = stat_timed(dfd, path, flags, &sx);
	return r < 0 ? r : uc_user_write(buf, &sx, sizeof(sx));
}
