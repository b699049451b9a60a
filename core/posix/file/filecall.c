// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>

struct uc_file *uc_fget_path(int fd)
{
	return uc_fd_get(uc_upcall_fdtable(), fd);
}

struct uc_file *uc_fget(int fd)
{
	struct uc_file *f = uc_fd_get(uc_upcall_fdtable(), fd);

	if (f && UC_UNLIKELY(f->flags & O_PATH)) {
		uc_file_unref(f);
		return NULL;
	}
	return f;
}

int uc_fd_publish(struct uc_file *f, bool cloexec)
{
	int fd = uc_fd_install(uc_upcall_fdtable(), f, 0, cloexec);

	if (fd < 0)
		uc_file_unref(f);
	return fd;
}

struct uc_inode *uc_fd_inode(int fd)
{
	struct uc_file *f = uc_fget(fd);
	struct uc_inode *i;

	if (!f)
		return UC_ERR_PTR(-EBADF);
	i = f->inode;
	if (i)
		uc_inode_ref(i);
	uc_file_unref(f);
	return i ? i : UC_ERR_PTR(-EBADF);
}
