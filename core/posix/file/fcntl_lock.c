// SPDX-License-Identifier: BSD-3-Clause
#include "fcntl_private.h"
#include <linux/fs.h>
#include <uc/filelock.h>
#include <uc/proc.h>

/* Turns l_whence, l_start, l_len into an inclusive range. */
static int lock_range(struct uc_file *f, const struct flock *fl, struct uc_filelock *l)
{
	int64_t base = 0, start, end;
	struct statx sx;

	switch (fl->l_whence) {
	case SEEK_SET:
		break;
	case SEEK_CUR:
		base = (int64_t)f->pos;
		break;
	case SEEK_END:
		if (uc_file_stat(f, &sx) < 0)
			return -EINVAL;
		base = (int64_t)sx.stx_size;
		break;
	default:
		return -EINVAL;
	}
	if (__builtin_add_overflow(base, fl->l_start, &start))
		return -EOVERFLOW;
	end = INT64_MAX;
	if (fl->l_len > 0 && __builtin_add_overflow(start, fl->l_len - 1, &end))
		return -EOVERFLOW;
	if (fl->l_len < 0) {
		end = start - 1;
		if (__builtin_add_overflow(start, fl->l_len, &start))
			return -EINVAL;
	}
	if (start < 0 || end < 0)
		return -EINVAL;
	l->start = (uint64_t)start;
	l->end = (uint64_t)end;
	return 0;
}

static int lock_decode(struct uc_file *f, int cmd, const struct flock *fl, struct uc_filelock *l)
{
	bool ofd = cmd == F_OFD_GETLK || cmd == F_OFD_SETLK || cmd == F_OFD_SETLKW;

	if (fl->l_type != F_RDLCK && fl->l_type != F_WRLCK && fl->l_type != F_UNLCK)
		return -EINVAL;
	if (ofd && fl->l_pid != 0)
		return -EINVAL;
	*l = (struct uc_filelock){
		.kind = ofd ? UC_LOCK_OFD : UC_LOCK_POSIX,
		.owner = ofd ? (const void *)f : (const void *)uc_upcall_fdtable(),
		.write = fl->l_type == F_WRLCK,
		.pid = ofd ? -1 : uc_proc_current()->pid,
	};
	return lock_range(f, fl, l);
}

static long getlk(struct uc_file *f, struct flock *fl, const struct uc_filelock *want, uc_uptr arg)
{
	const struct uc_filelock *c = uc_filelock_conflict(f->inode, want);

	if (fl->l_type == F_UNLCK)
		return -EINVAL;
	fl->l_type = F_UNLCK;
	if (c) {
		fl->l_type = c->write ? F_WRLCK : F_RDLCK;
		fl->l_whence = SEEK_SET;
		fl->l_start = (int64_t)c->start;
		fl->l_len = c->end == INT64_MAX ? 0 : (int64_t)(c->end - c->start + 1);
		fl->l_pid = c->pid;
	}
	return uc_user_write(arg, fl, sizeof(*fl));
}

long uc_fcntl_lock(struct uc_file *f, int cmd, uc_uptr arg)
{
	struct uc_filelock want;
	struct flock fl;
	int r;

	if (uc_user_read(&fl, arg, sizeof(fl)) < 0)
		return -EFAULT;
	if (!f->inode)
		return -EBADF;
	r = lock_decode(f, cmd, &fl, &want);
	if (r < 0)
		return r;
	if (cmd == F_GETLK || cmd == F_OFD_GETLK)
		return getlk(f, &fl, &want, arg);
	if ((fl.l_type == F_RDLCK && !uc_file_readable(f)) ||
	    (fl.l_type == F_WRLCK && !uc_file_writable(f)))
		return -EBADF;
	return uc_filelock_apply(f->inode, f, &want, fl.l_type != F_UNLCK,
				 cmd == F_SETLKW || cmd == F_OFD_SETLKW);
}
