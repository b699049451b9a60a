// SPDX-License-Identifier: BSD-3-Clause
/* The ioctls that files of all kinds have in common. */
#include <asm/ioctls.h>
#include <linux/fs.h>
#include <uc/fowner.h>
#include <uc/part.h>
#include "ioctl_private.h"

UC_PART(file_ioctl);

static long set_nonblock(struct uc_file *f, uc_uptr arg)
{
	uint32_t on;

	if (uc_user_load32(arg, &on) < 0)
		return -EFAULT;
	f->flags = on ? f->flags | O_NONBLOCK : f->flags & ~(unsigned)O_NONBLOCK;
	return 0;
}

static long regular_size(struct uc_file *f, unsigned cmd, uc_uptr arg)
{
	struct statx sx;
	int r = uc_file_stat(f, &sx);
	int64_t left;

	if (r < 0)
		return r;
	if (cmd == FIOQSIZE)
		return uc_user_write(arg, &sx.stx_size, 8);
	left = (int64_t)(sx.stx_size - f->pos);
	return uc_user_store32(arg, (uint32_t)left);
}

long uc_file_ioctl(struct uc_file *f, int fd, unsigned cmd, uc_uptr arg)
{
	uint32_t type = f->inode ? f->inode->mode & S_IFMT : 0;

	switch (cmd) {
	case FIOCLEX:
	case FIONCLEX:
		return uc_fd_set_cloexec(uc_upcall_fdtable(), fd, cmd == FIOCLEX);
	case FIONBIO:
		return set_nonblock(f, arg);
	case FIOASYNC:
		if (uc_file_fioasync)
			return uc_file_fioasync(f, fd, arg);
		break;
	case FIONREAD:
	case FIOQSIZE:
		if (type == S_IFREG)
			return regular_size(f, cmd, arg);
		break;
	case FIGETBSZ:
		if (type == S_IFREG || type == S_IFDIR)
			return uc_user_store32(arg, (uint32_t)UC_PAGE_SIZE);
		break;
	}
	/* Numbers below are fcntl commands in disguise, see fcntl.c. */
	if (cmd == F_GETPIPE_SZ || cmd == F_SETPIPE_SZ)
		return -ENOTTY;
	return f->ops->ioctl ? f->ops->ioctl(f, cmd, arg) : -ENOTTY;
}
