// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_USER_H
#define UC_USER_H
/*
 * Checked access to application memory: the only way the kernel touches an address that came from
 * the application. Addresses outside the lower half, unmapped or without the permission give
 * -EFAULT. Context: thread (may block while a page is brought in). n in bytes.
 */
#include <uc/types.h>
int uc_user_read(void *dst, uc_uptr src, size_t n) UC_MUST_CHECK; /* app -> kernel; 0 or -EFAULT */
int uc_user_write(uc_uptr dst, const void *src,
		  size_t n) UC_MUST_CHECK; /* kernel -> app; 0 or -EFAULT */
int uc_user_zero(uc_uptr dst, size_t n) UC_MUST_CHECK;
/* Copies a string with its NUL. Length without NUL, -EFAULT, or -ENAMETOOLONG if no NUL in cap
 * bytes. */
ssize_t uc_user_str(char *dst, uc_uptr src, size_t cap) UC_MUST_CHECK;
/* As far as possible: returns bytes copied (< n at a fault). For partial read()/write() results. */
size_t uc_user_read_some(void *dst, uc_uptr src, size_t n);
size_t uc_user_write_some(uc_uptr dst, const void *src, size_t n);
/* Atomic 32-bit operations on application memory. 0 or -EFAULT. */
int uc_user_load32(uc_uptr p, uint32_t *out) UC_MUST_CHECK;
int uc_user_store32(uc_uptr p, uint32_t v) UC_MUST_CHECK;
int uc_user_cmpxchg32(uc_uptr p, uint32_t *expected,
		      uint32_t desired) UC_MUST_CHECK; /* *expected: value seen */
/* End of application addresses, of the platform that the image is linked for: Linux's, or lower
 * where the kernel is a process itself and lies above its application. */
#define UC_USER_TOP_LINUX   0x7ffffffff000ull
#define UC_USER_TOP_PROCESS 0x7f0000000000ull
#ifdef UC_HOSTED
#define UC_USER_TOP UC_USER_TOP_LINUX
#else
extern const uint64_t uc_user_top;
#define UC_USER_TOP uc_user_top
#endif
static inline bool uc_user_ok(uc_uptr p, uint64_t n)
{
	return p <= UC_USER_TOP && n <= UC_USER_TOP - p;
}
#endif
