// SPDX-License-Identifier: BSD-3-Clause
#include <linux/fs.h>
#include <uc/filecall.h>
#include <uc/proc.h>

static long do_writev(unsigned fd, uc_uptr iov, uint64_t n, uint64_t *pos, int flags)
{
	struct uc_file *f = uc_fget((int)fd);
	struct uc_uvec v;
	long r;

	if (!f)
		return -EBADF;
	r = pos && !f->ops->seek   ? -ESPIPE
	    : !uc_file_writable(f) ? -EBADF
				   : uc_uvec_get(&v, iov, n);
	if (r == 0) {
		r = uc_file_write(f, &v.it, pos);
		uc_uvec_put(&v);
	}
	if (r > 0 && (flags & (RWF_DSYNC | RWF_SYNC)) && f->ops->fsync) {
		int e = f->ops->fsync(f, !(flags & RWF_SYNC));

		if (e < 0)
			r = e;
	}
	uc_file_unref(f);
	return r;
}

long uc_sys_writev(unsigned fd, uc_uptr iov, uint64_t n)
{
	return do_writev(fd, iov, n, NULL, 0);
}

long uc_sys_pwritev(unsigned fd, uc_uptr iov, uint64_t n, int64_t off, uint64_t high)
{
	uint64_t pos = (uint64_t)off;

	return off < 0 ? -EINVAL : do_writev(fd, iov, n, &pos, 0);
}

long uc_sys_pwritev2(unsigned fd, uc_uptr iov, uint64_t n, int64_t off, uint64_t high, int flags)
{
	uint64_t pos = (uint64_t)off;

	if (flags & ~(RWF_HIPRI | RWF_DSYNC | RWF_SYNC))
		return uc_unsupported(-EOPNOTSUPP, "pwritev2 flags %#x", flags);
	if (off < -1)
		return -EINVAL;
	return do_writev(fd, iov, n, off == -1 ? NULL : &pos, flags);
}
