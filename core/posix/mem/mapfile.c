// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <uc/part.h>
#include <uc/proc.h>
#include "mapfile.h"

UC_PART(mmap_file);
UC_NEEDS_PART(mmap_file_args);
UC_NEEDS_PART(invalidate);

static struct uc_vmobj *object_of(struct uc_file *f, int prot, int flags)
{
	if (f->ops && f->ops->mmap)
		return f->ops->mmap(f, prot, flags);
	if (!f->inode || !f->inode->vmobj.ops)
		return UC_ERR_PTR(-ENODEV);
	return &f->inode->vmobj;
}

static int64_t map_file(struct uc_mapargs *a, struct uc_file *f)
{
	unsigned mode = f->flags & O_ACCMODE;
	struct uc_vmobj *obj;
	int max_prot, r;

	if (f->flags & O_PATH)
		return -EBADF;
	a->readable = mode == O_RDONLY || mode == O_RDWR;
	a->writable = mode == O_WRONLY || mode == O_RDWR;
	r = uc_mapargs_check(a, &max_prot);
	if (r < 0)
		return r;
	if (a->flags & MAP_HUGETLB)
		return -EINVAL;
	obj = object_of(f, a->prot, a->flags);
	return UC_IS_ERR(obj) ? UC_PTR_ERR(obj) : uc_mem_map(a, obj, max_prot);
}

int64_t uc_mem_map_file(struct uc_mapargs *a, int fd)
{
	struct uc_file *f = uc_fd_get(uc_proc_current()->fds, fd);
	int64_t r;

	if (!f)
		return -EBADF;
	r = map_file(a, f);
	uc_file_unref(f);
	return r;
}
