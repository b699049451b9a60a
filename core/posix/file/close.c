// SPDX-License-Identifier: BSD-3-Clause
#include <linux/close_range.h>
#include <uc/filecall.h>
#include <uc/proc.h>

long uc_sys_close(unsigned fd)
{
	return uc_fd_close(uc_upcall_fdtable(), (int)fd);
}

long uc_sys_close_range(unsigned first, unsigned last, unsigned flags)
{
	struct uc_fdtable *t;
	int r = 0;

	if (flags & ~(CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC) || first > last)
		return -EINVAL;
	if (flags & CLOSE_RANGE_UNSHARE)
		r = uc_proc_unshare_fds(uc_proc_current());
	if (r < 0 || first > INT32_MAX)
		return r;
	t = uc_upcall_fdtable();
	for (int fd = uc_fd_next(t, (int)first); fd >= 0 && (unsigned)fd <= last;
	     fd = uc_fd_next(t, fd + 1)) {
		if (flags & CLOSE_RANGE_CLOEXEC)
			uc_fd_set_cloexec(t, fd, true);
		else
			uc_fd_close(t, fd);
	}
	return 0;
}
