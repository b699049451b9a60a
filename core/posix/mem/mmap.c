// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <asm/fcntl.h>
#include "limits.h"
#include "mapfile.h"

int64_t uc_mem_map(const struct uc_mapargs *a, struct uc_vmobj *obj, int max_prot)
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

static int64_t map_anonymous(struct uc_mapargs *a)
{
	int max_prot, r = uc_mapargs_check(a, &max_prot);

	if (r < 0)
		return r;
	if (a->flags & MAP_HUGETLB) /* no huge pages are set aside: mmap(2) */
		return -ENOMEM;
	return uc_mem_map(a, NULL, max_prot);
}

long uc_sys_mmap(uint64_t addr, uint64_t len, int prot, int flags, int fd, uint64_t off)
{
	struct uc_mapargs a = {
		.addr = addr, .len = len, .off = off, .prot = prot, .flags = flags
	};
	if (flags & MAP_ANONYMOUS)
		return map_anonymous(&a);
	if (uc_mem_map_file)
		return uc_mem_map_file(&a, fd);
	return uc_not_linked(-ENODEV, "mmap of a file");
}
