// SPDX-License-Identifier: BSD-3-Clause
// sources: ../table.c ../waiter.c ../wait.c ../wake.c ../requeue.c ../wakeop.c ../pi.c ../exit.c
/*
 * Futexes with the scheduler replaced: whoever sleeps runs the test's script, which acts for the
 * other threads. The application's memory is the test's own.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <asm/errno.h>
#include <linux/futex.h>
#include <uc/string.h>
#include <uc/user.h>
#include "internal.h"

/* ---- surroundings ---- */
static struct uc_mm mm;
static struct uc_proc proc = { .mm = &mm };
static struct uc_task tasks[4];
static struct uc_task *current = &tasks[0];
static void (*script)(void); /* run once by the next sleep */
static int block_result;     /* of a sleep whose thread nobody wakes */
static bool woke[4];
struct uc_proc_hooks uc_proc_hooks;

struct uc_thread *uc_thread_current(void) { return &current->thread; }
void uc_sched_yield(void) {}
bool uc_thread_wake(struct uc_thread *t) { return woke[(struct uc_task *)t - tasks] = true; }

struct uc_task *uc_task_find(int tid)
{
	return tid >= 1 && tid <= 4 ? &tasks[tid - 1] : NULL;
}

int uc_sched_block(uc_nsec deadline, bool interruptible)
{
	struct uc_task *self = current;
	void (*s)(void) = script;
	(void)deadline;
	assert_true(interruptible);
	script = NULL;
	if (s)
		s();
	current = self;
	bool woken_now = woke[self - tasks];
	woke[self - tasks] = false;
	return woken_now ? 0 : block_result;
}

int uc_vm_shared_key(struct uc_mm *m, uc_vaddr addr, uint64_t key[2], bool *shared)
{
	assert_ptr_equal(m, &mm);
	key[0] = addr & 0xfff; /* as if page and offset */
	key[1] = 42;
	*shared = true;
	return 0;
}

int uc_user_load32(uc_uptr p, uint32_t *out)
{
	if (p < 4096)
		return -EFAULT;
	*out = *(uint32_t *)p;
	return 0;
}

int uc_user_cmpxchg32(uc_uptr p, uint32_t *expected, uint32_t desired)
{
	uint32_t old = *(uint32_t *)p;
	if (old == *expected)
		*(uint32_t *)p = desired;
	*expected = old;
	return 0;
}

int uc_user_read(void *dst, uc_uptr src, size_t n)
{
	if (src < 4096)
		return -EFAULT;
	memcpy(dst, (const void *)src, n);
	return 0;
}

static int setup(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++)
		tasks[i] = (struct uc_task){ .proc = &proc, .tid = i + 1 };
	memset(woke, 0, sizeof(woke));
	current = &tasks[0];
	block_result = -ETIMEDOUT;
	script = NULL;
	return 0;
}

static uint32_t word, word2;
static uc_uptr at(uint32_t *p) { return (uintptr_t)p; }

static long wait_for(uint32_t *p, uint32_t val, uint32_t bitset, uc_nsec deadline)
{
	struct futex_wait a = { at(p), true, val, bitset, deadline };
	return futex_wait(&a);
}

/* ---- plain futexes ---- */
static long woken;
static void wake_script(void) { woken = futex_wake(at(&word), true, 1, FUTEX_BITSET_MATCH_ANY); }
static void wake_other_bits(void) { woken = futex_wake(at(&word), true, 1, 2); }

static void waiting_ends_by_a_wake_on_the_same_word(void **state)
{
	(void)state;
	word = 7;
	script = wake_script;
	assert_int_equal(wait_for(&word, 7, FUTEX_BITSET_MATCH_ANY, UC_FOREVER), 0);
	assert_int_equal(woken, 1);
	assert_int_equal(futex_wake(at(&word), true, 1, FUTEX_BITSET_MATCH_ANY), 0);
}

static void waiting_is_refused(void **state)
{
	(void)state;
	word = 7;
	assert_int_equal(wait_for(&word, 8, FUTEX_BITSET_MATCH_ANY, UC_FOREVER), -EAGAIN);
	assert_int_equal(wait_for(&word, 7, 0, UC_FOREVER), -EINVAL);
	struct futex_wait a = { at(&word) + 1, true, 7, 1, UC_FOREVER };
	assert_int_equal(futex_wait(&a), -EINVAL);
	a.addr = 16;
	assert_int_equal(futex_wait(&a), -EFAULT);
	a.addr = UC_USER_TOP;
	assert_int_equal(futex_wait(&a), -EFAULT);
}

static void bits_choose_who_wakes(void **state)
{
	(void)state;
	word = 0;
	script = wake_other_bits;
	assert_int_equal(wait_for(&word, 0, 1, 500), -ETIMEDOUT);
	assert_int_equal(woken, 0);
	assert_int_equal(futex_wake(at(&word), true, 1, 0), -EINVAL);
}

static void interruption_restarts_with_the_same_deadline(void **state)
{
	(void)state;
	word = 0;
	block_result = -EINTR;
	assert_int_equal(wait_for(&word, 0, 1, UC_FOREVER), -UC_ERESTARTSYS);
	assert_int_equal(wait_for(&word, 0, 1, 1234), -UC_ERESTART_BLOCK);
	assert_int_equal(current->restart.arg[4], 1234);
	script = wake_script;
	assert_int_equal(current->restart.fn(&current->restart), 0);
}

static void shared_words_meet_at_their_page(void **state)
{
	(void)state;
	struct futex_key a, b;
	const uc_uptr one = 0x10010, other = 0x55010;
	assert_int_equal(futex_key(one, false, &a), 0);
	assert_int_equal(futex_key(other, false, &b), 0);
	assert_true(futex_key_equal(&a, &b));
	assert_int_equal(futex_key(one, true, &a), 0);
	assert_int_equal(futex_key(other, true, &b), 0);
	assert_false(futex_key_equal(&a, &b));
}

static struct futex_waiter queued[3];

static void queue_three(uint32_t *p)
{
	struct futex_key k;
	assert_int_equal(futex_key(at(p), true, &k), 0);
	for (int i = 0; i < 3; i++) {
		current = &tasks[i + 1];
		futex_waiter_init(&queued[i], &k);
		futex_queue(&queued[i]);
	}
	current = &tasks[0];
}

static void requeue_wakes_some_and_moves_others(void **state)
{
	(void)state;
	uint32_t expected = 3;
	word = 4;
	queue_three(&word);
	assert_int_equal(futex_requeue(at(&word), at(&word2), true, 1, 1, &expected), -EAGAIN);
	assert_int_equal(futex_requeue(at(&word), at(&word2), true, -1, 1, NULL), -EINVAL);
	expected = 4;
	assert_int_equal(futex_requeue(at(&word), at(&word2), true, 1, 1, &expected), 2);
	assert_true(woke[1] && !woke[2] && !woke[3]);
	assert_int_equal(futex_wake(at(&word2), true, 10, FUTEX_BITSET_MATCH_ANY), 1);
	assert_true(woke[2] && !woke[3]);
	/* Onto itself: ends, and nobody is lost. */
	assert_int_equal(futex_requeue(at(&word), at(&word), true, 0, INT32_MAX, NULL), 1);
	assert_int_equal(futex_wake(at(&word), true, 10, FUTEX_BITSET_MATCH_ANY), 1);
}

static void wake_op_changes_the_second_word_and_wakes_both(void **state)
{
	(void)state;
	word2 = 5;
	queue_three(&word2);
	assert_int_equal(futex_wake_op(at(&word), at(&word2), true, 1, 2,
				       FUTEX_OP(FUTEX_OP_ADD, 1, FUTEX_OP_CMP_EQ, 5)), 2);
	assert_int_equal(word2, 6);
	assert_int_equal(futex_wake_op(at(&word), at(&word2), true, 1, 2,
				       FUTEX_OP(FUTEX_OP_SET, 9, FUTEX_OP_CMP_EQ, 5)), 0);
	assert_int_equal(word2, 9);
	assert_int_equal(futex_wake(at(&word2), true, 10, FUTEX_BITSET_MATCH_ANY), 1);
}

/* ---- priority inheritance ---- */
static void a_free_lock_is_taken_and_given_back(void **state)
{
	(void)state;
	word = 0;
	assert_int_equal(futex_lock_pi(at(&word), true, UC_FOREVER, false), 0);
	assert_int_equal(word, 1);
	assert_int_equal(futex_lock_pi(at(&word), true, UC_FOREVER, false), -EDEADLK);
	current = &tasks[1];
	assert_int_equal(futex_lock_pi(at(&word), true, UC_FOREVER, true), -EWOULDBLOCK);
	assert_int_equal(futex_unlock_pi(at(&word), true), -EPERM);
	current = &tasks[0];
	assert_int_equal(futex_unlock_pi(at(&word), true), 0);
	assert_int_equal(word, 0);
	word = 99;
	assert_int_equal(futex_lock_pi(at(&word), true, UC_FOREVER, false), -ESRCH);
}

static void owner_unlocks(void)
{
	assert_int_equal(word, 1 | FUTEX_WAITERS);
	current = &tasks[0];
	assert_int_equal(futex_wake(at(&word), true, 1, FUTEX_BITSET_MATCH_ANY), -EINVAL);
	assert_int_equal(futex_unlock_pi(at(&word), true), 0);
}

static void a_held_lock_is_handed_over(void **state)
{
	(void)state;
	word = 1;
	current = &tasks[1];
	script = owner_unlocks;
	assert_int_equal(futex_lock_pi(at(&word), true, UC_FOREVER, false), 0);
	assert_int_equal(word, 2 | FUTEX_WAITERS);
	assert_int_equal(futex_unlock_pi(at(&word), true), 0);
	assert_int_equal(word, 0);
	word = 1;
	assert_int_equal(futex_lock_pi(at(&word), true, 500, false), -ETIMEDOUT);
	block_result = -EINTR;
	assert_int_equal(futex_lock_pi(at(&word), true, 500, false), -UC_ERESTARTNOINTR);
}

static void owner_dies(void)
{
	current = &tasks[0];
	uc_futex_task_exit(current);
}

static void a_dead_owners_lock_goes_to_the_waiter(void **state)
{
	(void)state;
	word = 1;
	current = &tasks[1];
	script = owner_dies;
	assert_int_equal(futex_lock_pi(at(&word), true, UC_FOREVER, false), 0);
	assert_int_equal(word, 2 | FUTEX_OWNER_DIED);
}

/* ---- robust lists ---- */
struct entry { struct robust_list list; uint32_t word; };

static void the_list_of_the_dead_is_walked(void **state)
{
	(void)state;
	/* static: the host's stack is above the application's addresses */
	static struct entry e[3] = { { .word = 1 }, { .word = 2 }, { .word = 1 | FUTEX_WAITERS } };
	static struct entry pending;
	struct robust_list_head h = { .list = { &e[0].list },
		.futex_offset = offsetof(struct entry, word), .list_op_pending = &pending.list };
	e[0].list.next = &e[1].list;
	e[1].list.next = &e[2].list;
	e[2].list.next = &h.list;
	queue_three(&e[2].word);
	for (int i = 0; i < 3; i++) { /* waiters of robust locks use shared futexes */
		struct futex_key k;
		assert_int_equal(futex_key(i ? at(&pending.word) : at(&e[2].word), false, &k), 0);
		futex_dequeue(&queued[i]);
		queued[i].key = k;
		futex_queue(&queued[i]);
	}
	tasks[0].robust_list = (uintptr_t)&h;
	uc_futex_task_exit(&tasks[0]);
	assert_int_equal(e[0].word, FUTEX_OWNER_DIED);
	assert_int_equal(e[1].word, 2);
	assert_int_equal(e[2].word, FUTEX_OWNER_DIED | FUTEX_WAITERS);
	assert_true(woke[1]);  /* waited for e[2] */
	assert_true(woke[2]);  /* for the lock being released */
	assert_false(woke[3]); /* one at a time */
	assert_int_equal(tasks[0].robust_list, 0);
	futex_dequeue(&queued[2]);
}

static void endless_and_broken_lists_end(void **state)
{
	(void)state;
	struct entry e = { .word = 2 };
	struct robust_list_head h = { .list = { &e.list },
		.futex_offset = offsetof(struct entry, word) };
	e.list.next = &e.list;
	tasks[0].robust_list = (uintptr_t)&h;
	uc_futex_task_exit(&tasks[0]);
	e.list.next = (struct robust_list *)64;
	tasks[0].robust_list = (uintptr_t)&h;
	uc_futex_task_exit(&tasks[0]);
	tasks[0].robust_list = 64;
	uc_futex_task_exit(&tasks[0]);
	assert_int_equal(e.word, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(waiting_ends_by_a_wake_on_the_same_word, setup),
		cmocka_unit_test_setup(waiting_is_refused, setup),
		cmocka_unit_test_setup(bits_choose_who_wakes, setup),
		cmocka_unit_test_setup(interruption_restarts_with_the_same_deadline, setup),
		cmocka_unit_test_setup(shared_words_meet_at_their_page, setup),
		cmocka_unit_test_setup(requeue_wakes_some_and_moves_others, setup),
		cmocka_unit_test_setup(wake_op_changes_the_second_word_and_wakes_both, setup),
		cmocka_unit_test_setup(a_free_lock_is_taken_and_given_back, setup),
		cmocka_unit_test_setup(a_held_lock_is_handed_over, setup),
		cmocka_unit_test_setup(a_dead_owners_lock_goes_to_the_waiter, setup),
		cmocka_unit_test_setup(the_list_of_the_dead_is_walked, setup),
		cmocka_unit_test_setup(endless_and_broken_lists_end, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
