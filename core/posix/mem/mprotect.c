// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <linux/mman.h>
#include <uc/proc.h>

#define PROT_KNOWN (PROT_READ | PROT_WRITE | PROT_EXEC | PROT_SEM | PROT_GROWSDOWN | PROT_GROWSUP)
#define PROT_GROWS (PROT_GROWSDOWN | PROT_GROWSUP)

long uc_sys_mprotect(uint64_t addr, uint64_t len, int prot)
{
	if ((prot & PROT_GROWS) == PROT_GROWS || addr & ~UC_PAGE_MASK)
		return -EINVAL;
	if (!len)
		return 0;
	if (!UC_PAGE_UP(len))
		return -ENOMEM;
	if (prot & ~(int)PROT_KNOWN)
		return -EINVAL;
	return uc_vm_mprotect(uc_proc_current()->mm, addr, len, prot);
}

/* Protection keys on a CPU without them: pkeys(7). Key 0 always exists, -1 means none. */
long uc_sys_pkey_mprotect(uint64_t addr, uint64_t len, int prot, int pkey)
{
	return pkey == -1 || pkey == 0 ? uc_sys_mprotect(addr, len, prot) : -EINVAL;
}

long uc_sys_pkey_alloc(unsigned flags, uint64_t rights)
{
	return flags || rights & ~3ull ? -EINVAL : -ENOSPC;
}

long uc_sys_pkey_free(int pkey)
{
	(void)pkey;
	return -EINVAL;
}
