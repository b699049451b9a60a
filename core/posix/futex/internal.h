// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_FUTEX_INTERNAL_H
#define UC_FUTEX_INTERNAL_H
/*
 * Shared by the files of this µlib. A futex exists while somebody waits on it: as the waiters with
 * its key in one hash bucket. Comparing the word and queueing is atomic because nothing between the
 * load and the queueing blocks (uc/sched.h).
 */
#include <uc/futex.h>

/* Names a futex: address space and address, or what uc_vm_shared_key says of a shared page. */
struct futex_key {
	uint64_t word[2];
	bool shared;
};

struct futex_waiter {
	struct uc_list link;
	struct futex_key key;
	uint32_t bitset;
	struct uc_thread *thread;
	bool woken;      /* by a wake, or (PI) owner now */
	bool owner_died; /* PI: and it must write the word itself */
	int owner;       /* PI: tid of the present owner; 0: an ordinary waiter */
};

/* -EINVAL (not aligned), -EFAULT. May block. */
int futex_key(uc_uptr addr, bool private, struct futex_key *out);
bool futex_key_equal(const struct futex_key *a, const struct futex_key *b);
struct uc_list *futex_bucket(const struct futex_key *k);
/* All buckets, to look for waiters of any key: i-th, NULL past the last. */
struct uc_list *futex_bucket_at(unsigned i);
void futex_waiter_init(struct futex_waiter *w, const struct futex_key *k);
/*
 * Part futex_waiters (uc/part.h): what is NULL in an image that can have no second thread or
 * process, where nobody else waits or wakes.
 */
__attribute__((weak)) void futex_queue(struct futex_waiter *w);
__attribute__((weak)) void futex_dequeue(struct futex_waiter *w); /* idempotent */
/* Takes w off its queue and lets its thread go on. */
void futex_wake_waiter(struct futex_waiter *w);
/* Number woken (at least one if there is one, whatever max), or -EINVAL: PI waiters. */
__attribute__((weak)) int futex_wake_key(const struct futex_key *k, int max, uint32_t bitset);
/* Sleeps until w is woken: 0, -ETIMEDOUT, -EINTR. Leaves w dequeued. */
int futex_sleep(struct futex_waiter *w, uc_nsec deadline);

struct futex_wait {
	uc_uptr addr;
	bool private;
	uint32_t val, bitset;
	uc_nsec deadline;
};
long futex_wait(const struct futex_wait *a);
long futex_wake(uc_uptr addr, bool private, int max, uint32_t bitset);
/* Part futex_other: the other operations, which the program's calls may ask for. val2 is the number
 * that stands in the timeout's place. */
__attribute__((weak)) long futex_other(const struct futex_wait *w, int cmd, int val2, uc_uptr addr2,
				       uint32_t val3);
long futex_requeue(uc_uptr addr1, uc_uptr addr2, bool private, int nwake, int nrequeue,
		   const uint32_t *expected);
long futex_wake_op(uc_uptr addr1, uc_uptr addr2, bool private, int nwake1, int nwake2,
		   uint32_t encoded);
long futex_lock_pi(uc_uptr addr, bool private, uc_nsec deadline, bool try);
long futex_unlock_pi(uc_uptr addr, bool private);
/* The PI futexes that others wait for and t owns go to their first waiters. NULL: there are
 * none. */
__attribute__((weak)) void futex_pi_owner_exit(struct uc_task *t);
#endif
