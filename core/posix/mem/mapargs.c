// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include "mapargs.h"

#define PROT_ALL (PROT_READ | PROT_WRITE | PROT_EXEC)
/* Flags that MAP_SHARED_VALIDATE accepts; MAP_SYNC needs a DAX file, which there is none. */
#define KNOWN_FLAGS                                                                                \
	(MAP_TYPE | MAP_FIXED | MAP_ANONYMOUS | MAP_32BIT | MAP_GROWSDOWN | MAP_DENYWRITE |        \
	 MAP_EXECUTABLE | MAP_LOCKED | MAP_NORESERVE | MAP_POPULATE | MAP_NONBLOCK | MAP_STACK |   \
	 MAP_HUGETLB | MAP_FIXED_NOREPLACE | (0x3fu << MAP_HUGE_SHIFT))

static int check_placement(struct uc_mapargs *a)
{
	if (a->flags & MAP_FIXED_NOREPLACE)
		a->flags |= MAP_FIXED;
	if (!(a->flags & MAP_FIXED)) {
		a->addr &= UC_PAGE_MASK;
		if (a->addr && a->addr < UC_MMAP_MIN_ADDR)
			a->addr = UC_MMAP_MIN_ADDR;
		return 0;
	}
	if (a->addr & ~UC_PAGE_MASK)
		return -EINVAL;
	return a->addr < UC_MMAP_MIN_ADDR ? -EPERM : 0;
}

static int check_anonymous(struct uc_mapargs *a, int *max_prot)
{
	int type = a->flags & MAP_TYPE;

	if (type != MAP_SHARED && type != MAP_PRIVATE)
		return -EINVAL;
	if (type == MAP_SHARED && a->flags & MAP_GROWSDOWN)
		return -EINVAL;
	a->off = 0;
	*max_prot = PROT_ALL;
	return 0;
}

static int check_file(const struct uc_mapargs *a, int *max_prot)
{
	int type = a->flags & MAP_TYPE;

	if (type == MAP_SHARED_VALIDATE && (unsigned)a->flags & ~KNOWN_FLAGS)
		return -EOPNOTSUPP;
	if (type != MAP_SHARED && type != MAP_SHARED_VALIDATE && type != MAP_PRIVATE)
		return -EINVAL;
	if (type != MAP_PRIVATE && a->prot & PROT_WRITE && !a->writable)
		return -EACCES;
	if (!a->readable)
		return -EACCES;
	if (a->flags & MAP_GROWSDOWN)
		return -EINVAL;
	*max_prot = type == MAP_PRIVATE || a->writable ? PROT_ALL : PROT_READ | PROT_EXEC;
	return 0;
}

int uc_mapargs_check(struct uc_mapargs *a, int *max_prot)
{
	uint64_t len = UC_PAGE_UP(a->len);
	int r;

	if (a->off & ~UC_PAGE_MASK || !a->len)
		return -EINVAL;
	if (!len)
		return -ENOMEM;
	if ((a->off >> UC_PAGE_SHIFT) + (len >> UC_PAGE_SHIFT) < a->off >> UC_PAGE_SHIFT ||
	    (!(a->flags & MAP_ANONYMOUS) && a->off + len < a->off))
		return -EOVERFLOW;
	a->len = len;
	r = a->flags & MAP_ANONYMOUS ? check_anonymous(a, max_prot) : check_file(a, max_prot);
	return r < 0 ? r : check_placement(a);
}
