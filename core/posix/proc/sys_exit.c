// SPDX-License-Identifier: BSD-3-Clause
#include <uc/proc.h>

long uc_sys_exit(int code)
{
	uc_task_exit((code & 0xff) << 8);
}

long uc_sys_exit_group(int code)
{
	uc_proc_exit_group((code & 0xff) << 8);
}
