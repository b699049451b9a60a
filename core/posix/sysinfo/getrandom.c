// SPDX-License-Identifier: BSD-3-Clause
/* getrandom(2). */
#include <asm/errno.h>
#include <linux/random.h>
#include <uc/proc.h>
#include <uc/random.h>
#include <uc/string.h>
#include <uc/user.h>

enum { CHUNK = 256, FLAGS = GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE };

static long fill(uc_uptr buf, size_t len)
{
	uint8_t chunk[CHUNK];
	size_t done = 0;
	while (done < len) {
		size_t n = UC_MIN(len - done, sizeof(chunk));
		uc_random_bytes(chunk, n);
		size_t copied = uc_user_write_some(buf + done, chunk, n);
		done += copied;
		if (copied < n)
			break;
		/* random(7): requests up to 256 bytes are not cut short by signals. */
		if (done % UC_PAGE_SIZE == 0 && uc_signal_pending())
			break;
	}
	memset(chunk, 0, sizeof(chunk));
	__asm__ volatile("" : : "r"(chunk) : "memory");
	return done || !len ? (long)done : -EFAULT;
}

long uc_sys_getrandom(uc_uptr buf, size_t len, unsigned flags)
{
	if (flags & ~(unsigned)FLAGS)
		return -EINVAL;
	if ((flags & (GRND_RANDOM | GRND_INSECURE)) == (GRND_RANDOM | GRND_INSECURE))
		return -EINVAL;
	return fill(buf, UC_MIN(len, (size_t)INT32_MAX));
}
