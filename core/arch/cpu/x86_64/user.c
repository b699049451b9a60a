// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/user.h>

size_t uc_uaccess_copy(void *dst, const void *src, size_t n);
size_t uc_uaccess_zero(void *dst, size_t n);
int uc_uaccess_cmpxchg32(uint32_t *p, uint32_t *expected, uint32_t desired);
ssize_t uc_uaccess_str(char *dst, const char *src, size_t cap);

int uc_user_read(void *dst, uc_uptr src, size_t n)
{
	return uc_user_ok(src, n) && !uc_uaccess_copy(dst, (void *)src, n) ? 0 : -EFAULT;
}

int uc_user_write(uc_uptr dst, const void *src, size_t n)
{
	return uc_user_ok(dst, n) && !uc_uaccess_copy((void *)dst, src, n) ? 0 : -EFAULT;
}

int uc_user_zero(uc_uptr dst, size_t n)
{
	return uc_user_ok(dst, n) && !uc_uaccess_zero((void *)dst, n) ? 0 : -EFAULT;
}

ssize_t uc_user_str(char *dst, uc_uptr src, size_t cap)
{
	size_t max = cap;
	if (src >= UC_USER_TOP) return -EFAULT;
	max = UC_MIN(max, UC_USER_TOP - src);
	ssize_t n = uc_uaccess_str(dst, (const char *)src, max);
	if (n < 0) return -EFAULT;
	if ((size_t)n == max) return max < cap ? -EFAULT : -ENAMETOOLONG;
	return n;
}

size_t uc_user_read_some(void *dst, uc_uptr src, size_t n)
{
	return uc_user_ok(src, n) ? n - uc_uaccess_copy(dst, (void *)src, n) : 0;
}

size_t uc_user_write_some(uc_uptr dst, const void *src, size_t n)
{
	return uc_user_ok(dst, n) ? n - uc_uaccess_copy((void *)dst, src, n) : 0;
}

int uc_user_load32(uc_uptr p, uint32_t *out) { return uc_user_read(out, p, sizeof(*out)); }

int uc_user_store32(uc_uptr p, uint32_t v) { return uc_user_write(p, &v, sizeof(v)); }

int uc_user_cmpxchg32(uc_uptr p, uint32_t *expected, uint32_t desired)
{
	return uc_user_ok(p, 4) && !uc_uaccess_cmpxchg32((uint32_t *)p, expected, desired)
		       ? 0
		       : -EFAULT;
}
