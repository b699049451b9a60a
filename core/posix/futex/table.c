// SPDX-License-Identifier: BSD-3-Clause
/* The hash table of waiters, and waking them. */
#include <asm/errno.h>
#include <linux/futex.h>
#include <uc/init.h>
#include <uc/part.h>
#include "internal.h"

UC_PART(futex_waiters);

enum { BUCKETS_SHIFT = 5, BUCKETS = 1 << BUCKETS_SHIFT };
static struct uc_list buckets[BUCKETS];

bool futex_key_equal(const struct futex_key *a, const struct futex_key *b)
{
	return a->word[0] == b->word[0] && a->word[1] == b->word[1] && a->shared == b->shared;
}

struct uc_list *futex_bucket_at(unsigned i)
{
	if (i >= BUCKETS)
		return NULL;
	if (!buckets[i].next)
		uc_list_init(&buckets[i]);
	return &buckets[i];
}

struct uc_list *futex_bucket(const struct futex_key *k)
{
	uint64_t h = (k->word[0] * 31 + k->word[1]) * 0x9e3779b97f4a7c15ull;
	return futex_bucket_at((unsigned)(h >> (64 - BUCKETS_SHIFT)));
}

void futex_queue(struct futex_waiter *w)
{
	uc_list_push_back(futex_bucket(&w->key), &w->link);
}

void futex_dequeue(struct futex_waiter *w)
{
	uc_list_remove(&w->link);
}

void futex_wake_waiter(struct futex_waiter *w)
{
	futex_dequeue(w);
	w->woken = true;
	uc_thread_wake(w->thread);
}

int futex_wake_key(const struct futex_key *k, int max, uint32_t bitset)
{
	int n = 0;
	UC_LIST_FOREACH_SAFE(it, futex_bucket(k)) {
		struct futex_waiter *w = UC_LIST_ENTRY(it, struct futex_waiter, link);
		if (!futex_key_equal(&w->key, k))
			continue;
		if (w->owner)
			return -EINVAL;
		if (!(w->bitset & bitset))
			continue;
		futex_wake_waiter(w);
		if (++n >= max)
			break;
	}
	return n;
}

int uc_futex_wake(uc_uptr addr, unsigned max)
{
	struct futex_key k;
	int r = futex_key(addr, false, &k);
	int n = (int)UC_MIN(max, (unsigned)INT32_MAX);
	return r ? r : futex_wake_key(&k, n, FUTEX_BITSET_MATCH_ANY);
}

static void wake_one(uc_uptr addr)
{
	(void)uc_futex_wake(addr, 1);
}

static int futex_hook(void)
{
	uc_proc_hooks.futex_wake = wake_one;
	return 0;
}
UC_INITCALL(UC_STAGE_CORE, futex_hook);
