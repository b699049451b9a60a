// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/proc.h>

long uc_sys_madvise(uint64_t addr, uint64_t len, int advice)
{
	if (addr & ~UC_PAGE_MASK || (len && !UC_PAGE_UP(len)))
		return -EINVAL;
	return uc_vm_madvise(uc_proc_current()->mm, addr, len, advice);
}

long uc_sys_msync(uint64_t addr, uint64_t len, int flags)
{
	if (addr & ~UC_PAGE_MASK)
		return -EINVAL;
	if (len && !UC_PAGE_UP(len))
		return -ENOMEM;
	return uc_vm_msync(uc_proc_current()->mm, addr, len, flags);
}

long uc_sys_mincore(uint64_t addr, uint64_t len, uc_uptr vec)
{
	if (addr & ~UC_PAGE_MASK)
		return -EINVAL;
	if (len && !UC_PAGE_UP(len))
		return -ENOMEM;
	return uc_vm_mincore(uc_proc_current()->mm, addr, len, vec);
}
