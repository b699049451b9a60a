// SPDX-License-Identifier: BSD-3-Clause
#include <linux/memfd.h>
#include <uc/filecall.h>
#include <uc/heap.h>
#include <uc/proc.h>

#define NAME_CAP 250 /* with NUL; "memfd:" and the name fit in 255 */

long uc_sys_memfd_create(uc_uptr uname, unsigned flags)
{
	struct uc_file *f;
	char *name;
	int r;

	if (flags & MFD_HUGETLB)
		return uc_unsupported(-EINVAL, "memfd_create MFD_HUGETLB");
	if (flags & ~(MFD_CLOEXEC | MFD_ALLOW_SEALING))
		return -EINVAL;
	r = uc_user_strdup(&name, uname, NAME_CAP, -EINVAL);
	if (r < 0)
		return r;
	f = uc_tmpfs_file_new(name, O_RDWR | O_LARGEFILE, flags & MFD_ALLOW_SEALING);
	uc_heap_free(name);
	if (UC_IS_ERR(f))
		return UC_PTR_ERR(f);
	return uc_fd_publish(f, flags & MFD_CLOEXEC);
}
