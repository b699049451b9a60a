// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>
#include <uc/part.h>

UC_NEEDS_PART(stdin);

long uc_read_user(struct uc_file *f, uc_uptr buf, size_t n, uint64_t *pos)
{
	struct uc_iovec one;
	struct uc_iter it;

	if (UC_UNLIKELY(!uc_file_readable(f)))
		return -EBADF;
	if (UC_UNLIKELY((ssize_t)n < 0))
		return -EINVAL;
	if (UC_UNLIKELY(!uc_user_ok(buf, n)))
		return -EFAULT;
	uc_uvec_one(&it, &one, buf, UC_MIN(n, UC_RW_MAX));
	return uc_file_read(f, &it, pos);
}

long uc_sys_read(unsigned fd, uc_uptr buf, size_t n)
{
	struct uc_file *f = uc_fget((int)fd);
	long r;

	if (!f)
		return -EBADF;
	r = uc_read_user(f, buf, n, NULL);
	uc_file_unref(f);
	return r;
}

long uc_sys_pread64(unsigned fd, uc_uptr buf, size_t n, int64_t off)
{
	uint64_t pos = (uint64_t)off;
	struct uc_file *f;
	long r;

	if (off < 0)
		return -EINVAL;
	f = uc_fget((int)fd);
	if (!f)
		return -EBADF;
	r = f->ops->seek ? uc_read_user(f, buf, n, &pos) : -ESPIPE;
	uc_file_unref(f);
	return r;
}
