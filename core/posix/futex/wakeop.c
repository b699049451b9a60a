// SPDX-License-Identifier: BSD-3-Clause
/* FUTEX_WAKE_OP. */
#include <asm/errno.h>
#include <linux/futex.h>
#include <uc/part.h>
#include <uc/user.h>
#include "internal.h"
#include "op.h"

UC_NEEDS_PART(futex_waiters);

static int apply_op(uc_uptr addr, const struct futex_op *o, uint32_t *old)
{
	int r = uc_user_load32(addr, old);
	while (!r) {
		uint32_t seen = *old;
		r = uc_user_cmpxchg32(addr, &seen, futex_op_apply(o, *old));
		if (seen == *old)
			break;
		*old = seen;
	}
	return r;
}

long futex_wake_op(uc_uptr addr1, uc_uptr addr2, bool private, int nwake1, int nwake2,
		   uint32_t encoded)
{
	struct futex_key k1, k2;
	struct futex_op o;
	uint32_t old;
	int r = futex_key(addr1, private, &k1);
	if (!r)
		r = futex_key(addr2, private, &k2);
	if (!r)
		r = futex_op_decode(encoded, &o);
	if (!r)
		r = apply_op(addr2, &o, &old);
	if (r)
		return r;
	int n = futex_wake_key(&k1, nwake1, FUTEX_BITSET_MATCH_ANY);
	if (n < 0 || !futex_op_compare(&o, old))
		return n;
	int m = futex_wake_key(&k2, nwake2, FUTEX_BITSET_MATCH_ANY);
	return m < 0 ? m : n + m;
}
