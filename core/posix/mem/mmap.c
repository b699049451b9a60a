// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <uc/part.h>
#include "limits.h"
#include "mapargs.h"

UC_NEEDS_PART(shm);
UC_NEEDS_PART(invalidate);

static struct uc_vmobj *object_of(struct uc_file *f, int prot, int flags)
{
	if (f->ops && f->ops->mmap)
		return f->ops->mmap(f, prot, flags);
	if (!f->inode || !f->inode->vmobj.ops)
		return UC_ERR_PTR(-ENODEV);
	return &f->inode->vmobj;
}

static int64_t map(const struct uc_mapargs *a, struct uc_vmobj *obj, int max_prot)
{
	const struct uc_proc *p = uc_proc_current();
	int r = uc_mem_may_map(p, a->len);

	if (r == 0 && a->flags & MAP_LOCKED)
		r = uc_mem_may_lock(p, a->len, -EAGAIN);
	if (r < 0)
		return r;
	return uc_vm_mmap(p->mm, a->addr, a->len, a->prot, a->flags, obj, a->off >> UC_PAGE_SHIFT,
			  max_prot);
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
	return UC_IS_ERR(obj) ? UC_PTR_ERR(obj) : map(a, obj, max_prot);
}

static int64_t map_anonymous(struct uc_mapargs *a)
{
	int max_prot, r = uc_mapargs_check(a, &max_prot);

	if (r < 0)
		return r;
	if (a->flags & MAP_HUGETLB) /* no huge pages are set aside: mmap(2) */
		return -ENOMEM;
	return map(a, NULL, max_prot);
}

long uc_sys_mmap(uint64_t addr, uint64_t len, int prot, int flags, int fd, uint64_t off)
{
	struct uc_mapargs a = {
		.addr = addr, .len = len, .off = off, .prot = prot, .flags = flags
	};
	struct uc_file *f;
	int64_t r;

	if (flags & MAP_ANONYMOUS)
		return map_anonymous(&a);
	f = uc_fd_get(uc_proc_current()->fds, fd);
	if (!f)
		return -EBADF;
	r = map_file(&a, f);
	uc_file_unref(f);
	return r;
}
