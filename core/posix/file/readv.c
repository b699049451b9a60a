// SPDX-License-Identifier: BSD-3-Clause
#include <linux/fs.h>
#include <uc/filecall.h>
#include <uc/part.h>
#include <uc/proc.h>

UC_NEEDS_PART(stdin);

static long do_readv(unsigned fd, uc_uptr iov, uint64_t n, uint64_t *pos)
{
	struct uc_file *f = uc_fget((int)fd);
	struct uc_uvec v;
	long r;

	if (!f)
		return -EBADF;
	r = pos && !f->ops->seek   ? -ESPIPE
	    : !uc_file_readable(f) ? -EBADF
				   : uc_uvec_get(&v, iov, n);
	if (r == 0) {
		r = uc_file_read(f, &v.it, pos);
		uc_uvec_put(&v);
	}
	uc_file_unref(f);
	return r;
}

long uc_sys_readv(unsigned fd, uc_uptr iov, uint64_t n)
{
	return do_readv(fd, iov, n, NULL);
}

long uc_sys_preadv(unsigned fd, uc_uptr iov, uint64_t n, int64_t off, uint64_t high)
{
	uint64_t pos = (uint64_t)off;

	return off < 0 ? -EINVAL : do_readv(fd, iov, n, &pos);
}

/* RWF_NOWAIT: file contents in memory never wait; anything else has no such mode. */
static long check_flags(unsigned fd, int flags)
{
	struct uc_file *f;
	bool regular;

	if (flags & ~(RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_NOWAIT))
		return uc_unsupported(-EOPNOTSUPP, "preadv2 flags %#x", flags);
	if (!(flags & RWF_NOWAIT))
		return 0;
	f = uc_fget((int)fd);
	if (!f)
		return -EBADF;
	regular = f->inode && (f->inode->mode & S_IFMT) == S_IFREG;
	uc_file_unref(f);
	return regular ? 0 : -EOPNOTSUPP;
}

long uc_sys_preadv2(unsigned fd, uc_uptr iov, uint64_t n, int64_t off, uint64_t high, int flags)
{
	long r = check_flags(fd, flags);

	if (r < 0)
		return r;
	return off == -1 ? uc_sys_readv(fd, iov, n) : uc_sys_preadv(fd, iov, n, off, high);
}
