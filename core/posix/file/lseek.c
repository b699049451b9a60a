// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>

long uc_sys_lseek(unsigned fd, int64_t off, unsigned whence)
{
	struct uc_file *f = uc_fget((int)fd);
	long r;

	if (!f)
		return -EBADF;
	r = whence > 4 ? -EINVAL : uc_file_seek(f, off, (int)whence);
	uc_file_unref(f);
	return r;
}
