// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>
#include <uc/filecopy.h>

static bool regular(const struct uc_file *f)
{
	return f->inode && (f->inode->mode & S_IFMT) == S_IFREG;
}

static long send(struct uc_file *out, struct uc_file *in, uint64_t *pos, size_t n)
{
	if (!uc_file_readable(in) || !uc_file_writable(out))
		return -EBADF;
	if (!in->ops->seek || (in->inode && (in->inode->mode & S_IFMT) == S_IFDIR))
		return pos ? -ESPIPE : -EINVAL;
	if (out->flags & O_APPEND)
		return -EINVAL;
	return uc_file_copy(in, pos, out, NULL, UC_MIN(n, UC_RW_MAX));
}

long uc_sys_sendfile(int out_fd, int in_fd, uc_uptr uoff, size_t n)
{
	struct uc_file *in, *out;
	int64_t off = 0;
	long r = -EBADF;

	if (uoff && uc_user_read(&off, uoff, sizeof(off)) < 0)
		return -EFAULT;
	if (off < 0)
		return -EINVAL;
	in = uc_fget(in_fd);
	out = uc_fget(out_fd);
	if (in && out)
		r = send(out, in, uoff ? (uint64_t *)&off : NULL, n);
	if (in)
		uc_file_unref(in);
	if (out)
		uc_file_unref(out);
	if (r >= 0 && uoff && uc_user_write(uoff, &off, sizeof(off)) < 0)
		return -EFAULT;
	return r;
}

static bool ranges_overlap(uint64_t a, uint64_t b, uint64_t n)
{
	return a < b + n && b < a + n;
}

static long copy_range(struct uc_file *in, uint64_t *in_pos, struct uc_file *out, uint64_t *out_pos,
		       size_t n)
{
	uint64_t from = in_pos ? *in_pos : in->pos, to = out_pos ? *out_pos : out->pos;

	if ((in->inode && (in->inode->mode & S_IFMT) == S_IFDIR) ||
	    (out->inode && (out->inode->mode & S_IFMT) == S_IFDIR))
		return -EISDIR;
	if (!regular(in) || !regular(out))
		return -EINVAL;
	if (!uc_file_readable(in) || !uc_file_writable(out) || out->flags & O_APPEND)
		return -EBADF;
	if ((int64_t)from < 0 || (int64_t)to < 0)
		return -EINVAL;
	n = UC_MIN(n, UC_RW_MAX);
	if ((int64_t)(from + n) < 0 || (int64_t)(to + n) < 0)
		return -EOVERFLOW;
	if (in->inode == out->inode && ranges_overlap(from, to, n))
		return -EINVAL;
	return uc_file_copy(in, in_pos, out, out_pos, n);
}

long uc_sys_copy_file_range(int in_fd, uc_uptr uin, int out_fd, uc_uptr uout, size_t n,
			    unsigned flags)
{
	uint64_t in_pos = 0, out_pos = 0;
	struct uc_file *in, *out;
	long r = -EBADF;

	if (flags)
		return -EINVAL;
	if ((uin && uc_user_read(&in_pos, uin, 8) < 0) ||
	    (uout && uc_user_read(&out_pos, uout, 8) < 0))
		return -EFAULT;
	in = uc_fget(in_fd);
	out = uc_fget(out_fd);
	if (in && out)
		r = copy_range(in, uin ? &in_pos : NULL, out, uout ? &out_pos : NULL, n);
	if (in)
		uc_file_unref(in);
	if (out)
		uc_file_unref(out);
	if (r > 0 && ((uin && uc_user_write(uin, &in_pos, 8) < 0) ||
		      (uout && uc_user_write(uout, &out_pos, 8) < 0)))
		return -EFAULT;
	return r;
}
