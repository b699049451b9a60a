// SPDX-License-Identifier: BSD-3-Clause
/* membarrier(2). With one CPU, entering the kernel orders the memory accesses of all threads. */
#include <asm/errno.h>
#include <linux/membarrier.h>
#include <uc/proc.h>

enum {
	REGISTRATIONS = MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED |
			MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED |
			MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE,
	SUPPORTED = REGISTRATIONS | MEMBARRIER_CMD_GLOBAL | MEMBARRIER_CMD_GLOBAL_EXPEDITED |
		    MEMBARRIER_CMD_PRIVATE_EXPEDITED | MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE,
};

static long private_barrier(unsigned registration)
{
	return uc_proc_current()->membarrier & registration ? 0 : -EPERM;
}

long uc_sys_membarrier(int cmd, unsigned flags, int cpu)
{
	(void)cpu;
	if (flags)
		return -EINVAL;
	switch (cmd) {
	case MEMBARRIER_CMD_QUERY:
		return SUPPORTED;
	case MEMBARRIER_CMD_GLOBAL:
	case MEMBARRIER_CMD_GLOBAL_EXPEDITED:
		return 0;
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED:
		return private_barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE:
		return private_barrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE);
	case MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED:
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED:
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE:
		uc_proc_current()->membarrier |= (unsigned)cmd;
		return 0;
	default:
		return -EINVAL;
	}
}
