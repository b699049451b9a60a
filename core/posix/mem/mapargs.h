// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_MEM_MAPARGS_H
#define UC_MEM_MAPARGS_H
/* The rules of mmap(2) about its arguments. Pure. */
#include <linux/mman.h>
#include <uc/types.h>

#define UC_MMAP_MIN_ADDR 65536u /* vm.mmap_min_addr: a NULL dereference must keep faulting */

#define UC_PROT_ALL	 (PROT_READ | PROT_WRITE | PROT_EXEC)

struct uc_mapargs {
	uint64_t addr, len, off;
	int prot, flags;
	/* of the file; not looked at for MAP_ANONYMOUS */
	bool readable, writable;
};
/* Checks and normalises: rounds len up, pulls hints above the minimum, drops the offset of
 * anonymous mappings. *max_prot: what mprotect may grant later. 0, -EINVAL, -ENOMEM, -EOVERFLOW,
 * -EACCES, -EPERM, -EOPNOTSUPP. */
int uc_mapargs_check(struct uc_mapargs *a, int *max_prot);
/* What a file adds to them; linked with the part mmap_file, without which there are no others than
 * anonymous mappings. */
__attribute__((weak)) int uc_mapargs_check_file(const struct uc_mapargs *a, int *max_prot);
#endif
