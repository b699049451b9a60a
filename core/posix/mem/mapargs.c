// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include "mapargs.h"

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
	*max_prot = UC_PROT_ALL;
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
	r = a->flags & MAP_ANONYMOUS ? check_anonymous(a, max_prot)
				     : uc_mapargs_check_file(a, max_prot);
	return r < 0 ? r : check_placement(a);
}
