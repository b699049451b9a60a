// SPDX-License-Identifier: BSD-3-Clause
/* FUTEX_REQUEUE, FUTEX_CMP_REQUEUE. */
#include <asm/errno.h>
#include <uc/part.h>
#include <uc/user.h>
#include "internal.h"

UC_NEEDS_PART(futex_waiters);

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
