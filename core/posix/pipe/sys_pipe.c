// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <uc/pipe.h>
#include <uc/proc.h>
#include <uc/user.h>

UC_LINK_FIFO; /* /proc/self/fd/N of a pipe is opened like a FIFO */

static long make_pipe(uc_uptr ufds, int flags)
{
	struct uc_fdtable *t = uc_upcall_fdtable();
	bool cloexec = flags & O_CLOEXEC;
	struct uc_file *ends[2];
	int fds[2], r;

	r = uc_pipe_new(ends, (unsigned)(flags & O_NONBLOCK));
	if (r < 0)
		return r;
	fds[0] = uc_fd_install(t, ends[0], 0, cloexec);
	if (fds[0] < 0) {
		uc_file_unref(ends[0]);
		uc_file_unref(ends[1]);
		return fds[0];
	}
	fds[1] = uc_fd_install(t, ends[1], 0, cloexec);
	if (fds[1] < 0) {
		uc_file_unref(ends[1]);
		uc_fd_close(t, fds[0]);
		return fds[1];
	}
	if (uc_user_write(ufds, fds, sizeof(fds)) < 0) {
		uc_fd_close(t, fds[0]);
		uc_fd_close(t, fds[1]);
		return -EFAULT;
	}
	return 0;
}

long uc_sys_pipe2(uc_uptr fds, int flags)
{
	if (flags & O_DIRECT)
		return uc_unsupported(-EINVAL, "pipe2 O_DIRECT");
	if (flags & ~(O_CLOEXEC | O_NONBLOCK))
		return -EINVAL;
	return make_pipe(fds, flags);
}

long uc_sys_pipe(uc_uptr fds)
{
	return uc_sys_pipe2(fds, 0);
}
