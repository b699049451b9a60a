// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>
#include <uc/proc.h>

long uc_sys_name_to_handle_at(int dfd, uc_uptr path, uc_uptr handle, uc_uptr mount_id, int flags)
{
	return uc_unsupported(-EOPNOTSUPP, "name_to_handle_at");
}

long uc_sys_open_by_handle_at(int mount_fd, uc_uptr handle, int flags)
{
	return uc_unsupported(-EOPNOTSUPP, "open_by_handle_at");
}
