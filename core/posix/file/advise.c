// SPDX-License-Identifier: BSD-3-Clause
#include <linux/fadvise.h>
#include <uc/filecall.h>

/* Contents are in memory already, so that advice is honoured by doing nothing. */
static long check(int fd, bool need_read)
{
	struct uc_file *f = uc_fget(fd);
	uint32_t type;
	long r = 0;

	if (!f)
		return -EBADF;
	type = f->inode ? f->inode->mode & S_IFMT : S_IFIFO;
	if (type == S_IFIFO || type == S_IFSOCK)
		r = -ESPIPE;
	if (need_read)
		r = !uc_file_readable(f)                 ? -EBADF
		    : type == S_IFREG || type == S_IFBLK ? 0
							 : -EINVAL;
	uc_file_unref(f);
	return r;
}

long uc_sys_readahead(int fd, int64_t off, size_t n)
{
	return check(fd, true);
}

long uc_sys_fadvise64(int fd, int64_t off, size_t n, int advice)
{
	long r = check(fd, false);

	if (r == 0 && ((int64_t)n < 0 || advice < POSIX_FADV_NORMAL || advice > POSIX_FADV_NOREUSE))
		return -EINVAL;
	return r;
}
