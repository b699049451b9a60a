// SPDX-License-Identifier: BSD-3-Clause
#include <uc/proc.h>

long uc_sys_munmap(uint64_t addr, uint64_t len)
{
	return uc_vm_munmap(uc_proc_current()->mm, addr, len);
}
