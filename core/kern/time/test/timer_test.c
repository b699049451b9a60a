// SPDX-License-Identifier: BSD-3-Clause
// sources: ../timer.c ../../../base/lib/rbtree.c
/* Timers: order, re-arming, cancelling, and what they ask of the hardware. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <uc/sched.h>
#include <uc/time.h>

static uc_nsec now, requested;

uc_nsec uc_time_mono(void)
{
	return now;
}

void uc_sched_timer_request(uc_nsec deadline)
{
	requested = UC_MIN(requested, deadline);
}

static int fired[64];
static unsigned nfired;

static void note(struct uc_timer *t)
{
	fired[nfired++] = (int)(intptr_t)t->arg;
}

static void again(struct uc_timer *t)
{
	note(t);
	if (nfired < 3)
		uc_timer_arm(t, now + 10);
}

static int setup(void **state)
{
	(void)state;
	now = 100;
	nfired = 0;
	requested = UC_FOREVER;
	return 0;
}

static void they_fire_in_order_of_their_deadlines(void **state)
{
	(void)state;
	static const uc_nsec at[] = { 150, 120, 150, 110, 190, 120 };
	struct uc_timer t[UC_ARRAY_SIZE(at)];
	for (size_t i = 0; i < UC_ARRAY_SIZE(at); i++) {
		uc_timer_init(&t[i], note, (void *)(intptr_t)i);
		uc_timer_arm(&t[i], at[i]);
	}
	assert_int_equal(requested, 110);
	assert_int_equal(uc_timer_run(), 110);
	assert_int_equal(nfired, 0);
	now = 150;
	assert_int_equal(uc_timer_run(), 190);
	assert_int_equal(nfired, 5);
	static const int order[] = { 3, 1, 5, 0, 2 };
	assert_memory_equal(fired, order, sizeof(order));
	assert_true(uc_timer_cancel(&t[4]));
	assert_false(uc_timer_cancel(&t[4]));
	assert_int_equal(uc_timer_run(), UC_FOREVER);
}

static void arming_again_moves_it(void **state)
{
	(void)state;
	struct uc_timer t;
	uc_timer_init(&t, note, NULL);
	uc_timer_arm(&t, 110);
	uc_timer_arm(&t, 200);
	now = 150;
	assert_int_equal(uc_timer_run(), 200);
	assert_int_equal(nfired, 0);
	uc_timer_arm(&t, UC_FOREVER);
	assert_false(t.armed);
	assert_int_equal(uc_timer_run(), UC_FOREVER);
}

static void a_function_may_arm_its_own_timer(void **state)
{
	(void)state;
	struct uc_timer t;
	uc_timer_init(&t, again, NULL);
	uc_timer_arm(&t, 100);
	assert_int_equal(uc_timer_run(), 110);
	assert_int_equal(nfired, 1);
	now = 130;
	assert_int_equal(uc_timer_run(), 140);
	now = 140;
	assert_int_equal(uc_timer_run(), UC_FOREVER);
	assert_int_equal(nfired, 3);
}

static void many_in_any_order_come_out_sorted(void **state)
{
	(void)state;
	enum { N = 50 };
	struct uc_timer t[N];
	for (unsigned i = 0; i < N; i++) {
		uc_timer_init(&t[i], note, (void *)(intptr_t)((i * 17) % N));
		uc_timer_arm(&t[i], 1000 + (i * 17) % N);
	}
	for (unsigned i = 0; i < N; i += 5)
		assert_true(uc_timer_cancel(&t[i]));
	now = 2000;
	assert_int_equal(uc_timer_run(), UC_FOREVER);
	assert_int_equal(nfired, N - N / 5);
	for (unsigned i = 1; i < nfired; i++)
		assert_true(fired[i - 1] < fired[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(they_fire_in_order_of_their_deadlines, setup),
		cmocka_unit_test_setup(arming_again_moves_it, setup),
		cmocka_unit_test_setup(a_function_may_arm_its_own_timer, setup),
		cmocka_unit_test_setup(many_in_any_order_come_out_sorted, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
