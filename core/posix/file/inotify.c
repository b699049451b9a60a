// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>
#include <uc/proc.h>

long uc_sys_inotify_init1(int flags)
{
	return uc_unsupported(-ENOSYS, "inotify_init1");
}

long uc_sys_inotify_init(void)
{
	return uc_unsupported(-ENOSYS, "inotify_init");
}

long uc_sys_inotify_add_watch(int fd, uc_uptr path, unsigned mask)
{
	return uc_unsupported(-ENOSYS, "inotify_add_watch");
}

long uc_sys_inotify_rm_watch(int fd, int wd)
{
	return uc_unsupported(-ENOSYS, "inotify_rm_watch");
}
