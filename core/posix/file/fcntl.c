// SPDX-License-Identifier: BSD-3-Clause
#include "fcntl_private.h"
#include <asm/ioctls.h>
#include <asm/signal.h>
#include <uc/fowner.h>
#include <uc/proc.h>

UC_NEEDS_PART(async);

#define SETFL_MASK (O_APPEND | O_NONBLOCK | O_DIRECT | O_NOATIME)

static long dup_min(struct uc_file *f, uint64_t min, bool cloexec)
{
	int r;

	if (min >= uc_proc_current()->rlim[RLIMIT_NOFILE].cur || min > INT32_MAX)
		return -EINVAL;
	uc_file_ref(f);
	r = uc_fd_install(uc_upcall_fdtable(), f, (int)min, cloexec);
	if (r < 0)
		uc_file_unref(f);
	return r;
}

static long set_flags(struct uc_file *f, int fd, unsigned flags)
{
	int r;

	if ((flags ^ f->flags) & O_DIRECT && !(f->inode && (f->inode->mode & S_IFMT) == S_IFREG))
		return uc_unsupported(-EINVAL, "O_DIRECT on a stream");
	r = uc_file_async(f, fd, flags & FASYNC);
	if (r < 0 && r != -ENOTTY) /* which is silent here */
		return r;
	f->flags = (f->flags & ~(unsigned)SETFL_MASK) | (flags & SETFL_MASK);
	return 0;
}

static long owner_ex(struct uc_file *f, int cmd, uc_uptr arg)
{
	struct f_owner_ex o;

	if (cmd == F_GETOWN_EX) {
		o.type = f->owner.pid ? f->owner.type : F_OWNER_TID;
		o.pid = uc_fowner_pid(f);
		return uc_user_write(arg, &o, sizeof(o));
	}
	if (uc_user_read(&o, arg, sizeof(o)) < 0)
		return -EFAULT;
	if (o.type != F_OWNER_TID && o.type != F_OWNER_PID && o.type != F_OWNER_PGRP)
		return -EINVAL;
	return uc_fowner_set(f, o.type, o.pid);
}

/* Commands that belong to the object behind the file: asked of it as F_* "ioctls", which no real
 * ioctl number can equal. */
static long of_object(struct uc_file *f, int cmd, uc_uptr arg)
{
	long r = f->ops->ioctl ? f->ops->ioctl(f, (unsigned)cmd, arg) : -ENOTTY;

	return r == -ENOTTY ? -EBADF : r;
}

static long do_fcntl(struct uc_file *f, int fd, int cmd, uint64_t arg)
{
	struct uc_fdtable *t = uc_upcall_fdtable();

	switch (cmd) {
	case F_DUPFD:
	case F_DUPFD_CLOEXEC:
		return dup_min(f, (unsigned)arg, cmd == F_DUPFD_CLOEXEC);
	case F_GETFD:
		return uc_fd_cloexec(t, fd);
	case F_SETFD:
		return uc_fd_set_cloexec(t, fd, arg & FD_CLOEXEC);
	case F_GETFL:
		return (long)(f->flags &
			      ~(unsigned)(O_CLOEXEC | O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC));
	}
	if (f->flags & O_PATH)
		return -EBADF;
	switch (cmd) {
	case F_SETFL:
		return set_flags(f, fd, (unsigned)arg);
	case F_GETLK: case F_SETLK: case F_SETLKW:
	case F_OFD_GETLK: case F_OFD_SETLK: case F_OFD_SETLKW:
		return uc_fcntl_lock(f, cmd, arg);
	case F_GETOWN:
		return uc_fowner_get_signed(f);
	case F_SETOWN:
		return uc_fowner_set_signed(f, (int)arg);
	case F_GETOWN_EX: case F_SETOWN_EX:
		return owner_ex(f, cmd, arg);
	case F_GETSIG:
		return f->owner.sig;
	case F_SETSIG:
		if (arg > UC_NSIG)
			return -EINVAL;
		f->owner.sig = (int)arg;
		return 0;
	case F_GETPIPE_SZ: case F_SETPIPE_SZ:
		return of_object(f, cmd, arg);
	case F_GET_SEALS:
		return uc_tmpfs_get_seals(f);
	case F_ADD_SEALS:
		return uc_tmpfs_add_seals(f, (unsigned)arg);
	default:
		return uc_unsupported(-EINVAL, "fcntl %d", cmd);
	}
}

long uc_sys_fcntl(unsigned fd, unsigned cmd, uint64_t arg)
{
	struct uc_file *f = uc_fget_path((int)fd);
	long r;

	if (!f)
		return -EBADF;
	r = do_fcntl(f, (int)fd, (int)cmd, arg);
	uc_file_unref(f);
	return r;
}
