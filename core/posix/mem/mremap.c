// SPDX-License-Identifier: BSD-3-Clause
#include <linux/mman.h>
#include "limits.h"
#include "mapargs.h"

long uc_sys_mremap(uint64_t old, uint64_t old_len, uint64_t new_len, int flags, uint64_t new_addr)
{
	const struct uc_proc *p = uc_proc_current();

	if (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP) || old & ~UC_PAGE_MASK)
		return -EINVAL;
	if (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP) && !(flags & MREMAP_MAYMOVE))
		return -EINVAL;
	old_len = UC_PAGE_UP(old_len);
	new_len = UC_PAGE_UP(new_len);
	if (!new_len || (flags & MREMAP_DONTUNMAP && old_len != new_len))
		return -EINVAL;
	if (flags & MREMAP_FIXED && new_addr < UC_MMAP_MIN_ADDR)
		return new_addr & ~UC_PAGE_MASK ? -EINVAL : -EPERM;
	if (new_len > old_len && uc_mem_may_map(p, new_len - old_len) < 0)
		return -ENOMEM;
	return uc_vm_mremap(p->mm, old, old_len, new_len, flags, new_addr);
}
