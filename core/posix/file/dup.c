// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>

long uc_sys_dup(unsigned fd)
{
	struct uc_file *f = uc_fget_path((int)fd);

	return f ? uc_fd_publish(f, false) : -EBADF;
}

static long dup_to(unsigned oldfd, unsigned newfd, bool cloexec)
{
	struct uc_file *f = uc_fget_path((int)oldfd);
	int r;

	if (!f)
		return -EBADF;
	r = (int)newfd < 0 ? -EBADF : uc_fd_install_at(uc_upcall_fdtable(), f, (int)newfd, cloexec);
	if (r < 0) {
		uc_file_unref(f);
		return r == -EMFILE ? -EBADF : r;
	}
	return (long)newfd;
}

long uc_sys_dup2(unsigned oldfd, unsigned newfd)
{
	if (oldfd == newfd) {
		struct uc_file *f = uc_fget_path((int)oldfd);

		if (!f)
			return -EBADF;
		uc_file_unref(f);
		return (long)newfd;
	}
	return dup_to(oldfd, newfd, false);
}

long uc_sys_dup3(unsigned oldfd, unsigned newfd, int flags)
{
	if (flags & ~O_CLOEXEC || oldfd == newfd)
		return -EINVAL;
	return dup_to(oldfd, newfd, flags & O_CLOEXEC);
}
