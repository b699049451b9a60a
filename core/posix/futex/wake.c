// SPDX-License-Identifier: BSD-3-Clause
/* FUTEX_WAKE, FUTEX_WAKE_BITSET. */
#include <asm/errno.h>
#include "internal.h"

long futex_wake(uc_uptr addr, bool private, int max, uint32_t bitset)
{
	struct futex_key k;
	if (!bitset)
		return -EINVAL;
	int r = futex_key(addr, private, &k);
	return r || !futex_wake_key ? r : futex_wake_key(&k, max, bitset);
}
