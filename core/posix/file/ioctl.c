// SPDX-License-Identifier: BSD-3-Clause
#include <asm/ioctls.h>
#include <uc/proc.h>
#include "ioctl_private.h"

/* Without the part, programs only ask about terminals. */
static long ask_terminal(struct uc_file *f, unsigned cmd, uc_uptr arg)
{
	if (cmd != TCGETS && cmd != TIOCGWINSZ)
		return uc_not_linked(-ENOTTY, "ioctl %#x", cmd);
	return f->ops->ioctl ? f->ops->ioctl(f, cmd, arg) : -ENOTTY;
}

long uc_sys_ioctl(unsigned fd, unsigned cmd, uint64_t arg)
{
	struct uc_file *f = uc_fget((int)fd);
	long r;

	if (!f)
		return -EBADF;
	r = uc_file_ioctl ? uc_file_ioctl(f, (int)fd, cmd, arg) : ask_terminal(f, cmd, arg);
	uc_file_unref(f);
	return r;
}
