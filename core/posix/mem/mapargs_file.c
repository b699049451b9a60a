// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/part.h>
#include "mapargs.h"

UC_PART(mmap_file_args);

/* Flags that MAP_SHARED_VALIDATE accepts; MAP_SYNC needs a DAX file, which there is none. */
#define KNOWN_FLAGS                                                                                \
	(MAP_TYPE | MAP_FIXED | MAP_ANONYMOUS | MAP_32BIT | MAP_GROWSDOWN | MAP_DENYWRITE |        \
	 MAP_EXECUTABLE | MAP_LOCKED | MAP_NORESERVE | MAP_POPULATE | MAP_NONBLOCK | MAP_STACK |   \
	 MAP_HUGETLB | MAP_FIXED_NOREPLACE | (0x3fu << MAP_HUGE_SHIFT))

int uc_mapargs_check_file(const struct uc_mapargs *a, int *max_prot)
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
	*max_prot = type == MAP_PRIVATE || a->writable ? UC_PROT_ALL : PROT_READ | PROT_EXEC;
	return 0;
}
