// SPDX-License-Identifier: BSD-3-Clause
/* Memory policy calls of a kernel without NUMA support: get_mempolicy(2), ENOSYS. */
#include <asm/errno.h>
#include <uc/types.h>

long uc_sys_get_mempolicy(void)
{
	return -ENOSYS;
}

long uc_sys_set_mempolicy(void)
{
	return -ENOSYS;
}

long uc_sys_mbind(void)
{
	return -ENOSYS;
}

long uc_sys_migrate_pages(void)
{
	return -ENOSYS;
}

long uc_sys_move_pages(void)
{
	return -ENOSYS;
}
