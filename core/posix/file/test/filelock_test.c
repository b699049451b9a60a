// SPDX-License-Identifier: BSD-3-Clause
// sources: ../filelock.c
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <asm/errno.h>
#include <uc/filelock.h>
#include <uc/proc.h>

/* The C library's headers clash with the kernel's. */
void *malloc(size_t n);
void *calloc(size_t n, size_t size);
void free(void *p);
void abort(void) __attribute__((noreturn));
int rand(void);
void srand(unsigned seed);

void (*uc_vfs_close_hook)(struct uc_file *f);
void (*uc_vfs_gone_flock)(struct uc_file *f);
bool uc_signal_pending(void) { return false; }
struct uc_fdtable *uc_upcall_fdtable(void) { return NULL; }
unsigned uc_waitq_wake(struct uc_waitq *q, unsigned max, unsigned events) { return 0; }
int uc_waitq_sleep(struct uc_waitq *q, uc_nsec deadline, bool interruptible) { return -EINTR; }

static struct uc_inode inode;
static struct uc_file file_a, file_b;
static const char owner_a, owner_b;

static int setup(void **state)
{
	uc_list_init(&inode.flocks);
	uc_list_init(&file_a.flock_owner);
	uc_list_init(&file_b.flock_owner);
	return 0;
}

static int apply(const void *owner, uint64_t start, uint64_t end, bool write, bool lock)
{
	struct uc_filelock l = { .kind = UC_LOCK_POSIX,
				 .owner = owner,
				 .write = write,
				 .start = start,
				 .end = end,
				 .pid = 7 };

	return uc_filelock_apply(&inode, &file_a, &l, lock, false);
}

static int teardown(void **state)
{
	apply(&owner_a, 0, INT64_MAX, false, false);
	apply(&owner_b, 0, INT64_MAX, false, false);
	assert_true(uc_list_empty(&inode.flocks));
	return 0;
}

static unsigned count(void)
{
	unsigned n = 0;

	UC_LIST_FOREACH(it, &inode.flocks)
		n++;
	return n;
}

static void readers_share_and_writers_exclude(void **state)
{
	assert_int_equal(apply(&owner_a, 0, 9, false, true), 0);
	assert_int_equal(apply(&owner_b, 5, 14, false, true), 0);
	assert_int_equal(apply(&owner_b, 0, 4, true, true), -EAGAIN);
	assert_int_equal(apply(&owner_b, 10, 20, true, true), 0);
	assert_int_equal(apply(&owner_a, 12, 12, false, true), -EAGAIN);
	assert_int_equal(apply(&owner_a, 21, INT64_MAX, true, true), 0);
}

static void unlocking_the_middle_splits(void **state)
{
	assert_int_equal(apply(&owner_a, 0, 99, true, true), 0);
	assert_int_equal(apply(&owner_a, 40, 59, true, false), 0);
	assert_int_equal(count(), 2);
	assert_int_equal(apply(&owner_b, 40, 59, true, true), 0);
	assert_int_equal(apply(&owner_b, 39, 39, true, true), -EAGAIN);
	assert_int_equal(apply(&owner_b, 60, 60, true, true), -EAGAIN);
}

static void neighbours_join(void **state)
{
	for (uint64_t i = 0; i < 100; i++)
		assert_int_equal(apply(&owner_a, i * 10, i * 10 + 9, true, true), 0);
	assert_int_equal(count(), 1);
	assert_int_equal(apply(&owner_a, 0, 999, false, true), 0); /* downgrade */
	assert_int_equal(count(), 1);
	assert_int_equal(apply(&owner_b, 0, 10, false, true), 0);
}

/* Every sequence of operations against one byte array per owner. */
static void agrees_with_a_plain_model(void **state)
{
	enum { N = 32 };
	uint8_t model[2][N] = { 0 };

	srand(3);
	for (int step = 0; step < 5000; step++) {
		int me = rand() & 1, what = rand() % 3; /* 0 unlock, 1 read, 2 write */
		uint64_t a = (uint64_t)(rand() % N), b = a + (uint64_t)(rand() % (int)(N - a));
		bool clash = false;

		for (uint64_t i = a; i <= b; i++)
			clash |= what && model[!me][i] && (what == 2 || model[!me][i] == 2);
		assert_int_equal(apply(me ? &owner_b : &owner_a, a, b, what == 2, what != 0),
				 clash ? -EAGAIN : 0);
		for (uint64_t i = a; i <= b && !clash; i++)
			model[me][i] = (uint8_t)what;
	}
}

static void flock_is_apart_from_record_locks_and_ends_with_the_file(void **state)
{
	struct uc_filelock fa = {
		.kind = UC_LOCK_FLOCK, .owner = &file_a, .write = true, .end = INT64_MAX
	};
	struct uc_filelock fb = {
		.kind = UC_LOCK_FLOCK, .owner = &file_b, .write = false, .end = INT64_MAX
	};

	assert_int_equal(apply(&owner_a, 0, 9, true, true), 0);
	assert_int_equal(uc_filelock_apply(&inode, &file_a, &fa, true, false), 0);
	assert_int_equal(uc_filelock_apply(&inode, &file_b, &fb, true, false), -EAGAIN);
	assert_false(uc_list_empty(&file_a.flock_owner));
	assert_int_equal(uc_filelock_apply(&inode, &file_a, &fa, false, false), 0);
	assert_true(uc_list_empty(&file_a.flock_owner));
	assert_int_equal(uc_filelock_apply(&inode, &file_b, &fb, true, false), 0);
	assert_int_equal(uc_filelock_apply(&inode, &file_b, &fb, false, false), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(readers_share_and_writers_exclude, setup, teardown),
		cmocka_unit_test_setup_teardown(unlocking_the_middle_splits, setup, teardown),
		cmocka_unit_test_setup_teardown(neighbours_join, setup, teardown),
		cmocka_unit_test_setup_teardown(agrees_with_a_plain_model, setup, teardown),
		cmocka_unit_test_setup_teardown(
			flock_is_apart_from_record_locks_and_ends_with_the_file, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
