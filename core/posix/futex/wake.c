// SPDX-License-Identifier: BSD-3-Clause
/* FUTEX_WAKE, FUTEX_WAKE_BITSET, FUTEX_REQUEUE, FUTEX_CMP_REQUEUE, FUTEX_WAKE_OP. */
#include <asm/errno.h>
#include <linux/futex.h>
#include <uc/user.h>
#include "internal.h"
#include "op.h"

long futex_wake(uc_uptr addr, bool private, int max, uint32_t bitset)
{
	struct futex_key k;
	if (!bitset)
		return -EINVAL;
	int r = futex_key(addr, private, &k);
	return r ? r : futex_wake_key(&k, max, bitset);
}

static void move_waiter(struct futex_waiter *w, const struct futex_key *to)
{
	struct uc_list *from_bucket = futex_bucket(&w->key), *to_bucket = futex_bucket(to);
	w->key = *to;
	/* Staying in its place of the same bucket keeps the walk over it finite. */
	if (from_bucket != to_bucket) {
		futex_dequeue(w);
		futex_queue(w);
	}
}

static long requeue_keys(const struct futex_key *from, const struct futex_key *to, int nwake,
			 int nrequeue)
{
	int woken = 0, moved = 0;
	UC_LIST_FOREACH_SAFE(it, futex_bucket(from)) {
		struct futex_waiter *w = UC_LIST_ENTRY(it, struct futex_waiter, link);
		if (!futex_key_equal(&w->key, from))
			continue;
		if (woken >= nwake && moved >= nrequeue)
			break;
		if (w->owner)
			return -EINVAL;
		if (woken < nwake) {
			futex_wake_waiter(w);
			woken++;
		} else {
			move_waiter(w, to);
			moved++;
		}
	}
	return (long)woken + moved;
}

long futex_requeue(uc_uptr addr1, uc_uptr addr2, bool private, int nwake, int nrequeue,
		   const uint32_t *expected)
{
	struct futex_key from, to;
	if (nwake < 0 || nrequeue < 0)
		return -EINVAL;
	int r = futex_key(addr1, private, &from);
	if (!r)
		r = futex_key(addr2, private, &to);
	if (r)
		return r;
	if (expected) {
		uint32_t now;
		r = uc_user_load32(addr1, &now);
		if (r)
			return r;
		if (now != *expected)
			return -EAGAIN;
	}
	return requeue_keys(&from, &to, nwake, nrequeue);
}

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
