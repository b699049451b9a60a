// SPDX-License-Identifier: BSD-3-Clause
/*
 * FUTEX_LOCK_PI and its kin. The scheduler has no priorities, so there is nothing to inherit;
 * ownership is handed over in order of arrival. The word holds the owner's tid, FUTEX_WAITERS and
 * FUTEX_OWNER_DIED as futex(2) describes.
 */
#include <asm/errno.h>
#include <linux/futex.h>
#include <uc/part.h>
#include <uc/user.h>
#include "internal.h"

UC_NEEDS_PART(futex_exit);
UC_NEEDS_PART(futex_waiters);

static unsigned pi_waiters;

static uint32_t waiter_tid(const struct futex_waiter *w)
{
	return (uint32_t)((const struct uc_task *)w->thread)->tid;
}

static struct futex_waiter *first_waiter(const struct futex_key *k)
{
	UC_LIST_FOREACH(it, futex_bucket(k)) {
		struct futex_waiter *w = UC_LIST_ENTRY(it, struct futex_waiter, link);
		if (w->owner && futex_key_equal(&w->key, k))
			return w;
	}
	return NULL;
}

/* w owns the futex from now on; the others wait for it. */
static void hand_over(struct futex_waiter *w)
{
	int tid = (int)waiter_tid(w);
	futex_wake_waiter(w);
	UC_LIST_FOREACH(it, futex_bucket(&w->key)) {
		struct futex_waiter *o = UC_LIST_ENTRY(it, struct futex_waiter, link);
		if (o->owner && futex_key_equal(&o->key, &w->key))
			o->owner = tid;
	}
}

/* The word of a futex whose owner ended while this thread waited. */
static int inherit_word(uc_uptr addr, const struct futex_key *k)
{
	uint32_t old, seen;
	int r = uc_user_load32(addr, &old);
	for (; !r; old = seen) {
		uint32_t mine = (uint32_t)uc_task_current()->tid | FUTEX_OWNER_DIED;
		seen = old;
		r = uc_user_cmpxchg32(addr, &seen, first_waiter(k) ? mine | FUTEX_WAITERS : mine);
		if (seen == old)
			break;
	}
	return r;
}

static long wait_for_owner(uc_uptr addr, const struct futex_key *k, int owner, uc_nsec deadline)
{
	struct futex_waiter w;
	futex_waiter_init(&w, k);
	w.owner = owner;
	futex_queue(&w);
	pi_waiters++;
	int r = futex_sleep(&w, deadline);
	pi_waiters--;
	if (!r && w.owner_died)
		r = inherit_word(addr, k);
	return r == -EINTR ? -UC_ERESTARTNOINTR : r;
}

/* One attempt on the word as seen: 0 locked, the owner's tid: wait for it (FUTEX_WAITERS is set),
 * -ESTALE the word changed, or the error of the call. */
static long try_word(uc_uptr addr, const struct futex_key *k, uint32_t word, bool try)
{
	uint32_t tid = (uint32_t)uc_task_current()->tid, owner = word & FUTEX_TID_MASK, seen = word;
	uint32_t want = word | FUTEX_WAITERS;
	if (owner == tid)
		return -EDEADLK;
	if (!owner) {
		want = tid | (word & FUTEX_OWNER_DIED);
		if (first_waiter(k))
			want |= FUTEX_WAITERS;
	} else {
		const struct uc_task *t = uc_task_find((int)owner);
		if (!t)
			return -ESRCH;
		if (try)
			return -EWOULDBLOCK;
		if (t->exiting) {
			/* Whether it leaves the word to the next or just vanishes shows in a
			 * moment. */
			uc_sched_yield();
			return -ESTALE;
		}
	}
	if (want != word) {
		int r = uc_user_cmpxchg32(addr, &seen, want);
		if (r)
			return r;
	}
	return seen != word ? -ESTALE : (long)owner;
}

long futex_lock_pi(uc_uptr addr, bool private, uc_nsec deadline, bool try)
{
	struct futex_key k;
	long r = futex_key(addr, private, &k);
	if (r)
		return r;
	do {
		uint32_t word;
		r = uc_user_load32(addr, &word);
		if (!r)
			r = try_word(addr, &k, word, try);
	} while (r == -ESTALE);
	return r <= 0 ? r : wait_for_owner(addr, &k, (int)r, deadline);
}

long futex_unlock_pi(uc_uptr addr, bool private)
{
	struct futex_key k;
	uint32_t word, seen;
	int r = futex_key(addr, private, &k);
	if (!r)
		r = uc_user_load32(addr, &word);
	for (; !r; word = seen) {
		if ((word & FUTEX_TID_MASK) != (uint32_t)uc_task_current()->tid)
			return -EPERM;
		/* Brings the page in for writing, so that nothing blocks between choosing the next
		 * owner and naming it in the word. */
		seen = word;
		r = uc_user_cmpxchg32(addr, &seen, word);
		if (r || seen != word)
			continue;
		struct futex_waiter *w = first_waiter(&k);
		uint32_t next = w ? waiter_tid(w) | FUTEX_WAITERS : 0;
		r = uc_user_cmpxchg32(addr, &seen, next);
		if (r || seen != word)
			continue;
		if (w)
			hand_over(w);
		return 0;
	}
	return r;
}

static struct futex_waiter *find_owned_by(int tid)
{
	struct uc_list *bucket;
	for (unsigned i = 0; (bucket = futex_bucket_at(i)); i++) {
		UC_LIST_FOREACH(it, bucket) {
			struct futex_waiter *w = UC_LIST_ENTRY(it, struct futex_waiter, link);
			if (w->owner == tid)
				return w;
		}
	}
	return NULL;
}

void futex_pi_owner_exit(struct uc_task *t)
{
	struct futex_waiter *w;
	while (pi_waiters && (w = find_owned_by(t->tid))) {
		w->owner_died = true;
		hand_over(w);
	}
}
