// SPDX-License-Identifier: BSD-3-Clause
// sources: ../chacha20.c ../random.c
/* The generator: seeding, key erasure, ranges. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <string.h>
#include <cmocka.h>
#include <uc/arch.h>
#include <uc/random.h>

static unsigned hw_calls;
static uint64_t hw_value;
static bool hw_constant;

unsigned uc_arch_hwrandom(uint64_t *out)
{
	hw_calls++;
	*out = hw_constant ? 7 : (hw_value += 0x9e3779b97f4a7c15ull);
	return 8;
}

static void a_stuck_instruction_earns_no_credit(void **state)
{
	(void)state;
	uint64_t v[2];
	hw_constant = true;
	assert_false(uc_random_ready());
	uc_random_bytes(v, sizeof(v)); /* jitter has to do it */
	assert_true(uc_random_ready());
	assert_true(hw_calls >= 4);
	assert_true(v[0] != v[1]);
	hw_constant = false;
}

static void output_is_not_repeated_and_long_requests_are_filled(void **state)
{
	(void)state;
	static uint8_t a[1000], b[1000];
	for (size_t n = 1; n <= sizeof(a); n += 37) {
		memset(a, 0, sizeof(a));
		memset(b, 0, sizeof(b));
		uc_random_bytes(a, n);
		uc_random_bytes(b, n);
		if (n >= 16)
			assert_memory_not_equal(a, b, n);
		for (size_t i = n; i < sizeof(a); i++)
			assert_int_equal(a[i], 0);
		size_t zeros = 0;
		for (size_t i = 0; i < n; i++)
			zeros += a[i] == 0;
		assert_true(zeros < n / 32 + 6);
	}
}

static void below_reaches_every_value_and_none_above(void **state)
{
	(void)state;
	unsigned seen = 0;
	for (int i = 0; i < 2000; i++) {
		uint64_t v = uc_random_below(6);
		assert_true(v < 6);
		seen |= 1u << v;
	}
	assert_int_equal(seen, 0x3f);
	assert_int_equal(uc_random_below(1), 0);
	assert_true(uc_random_below(UINT64_MAX) < UINT64_MAX);
}

static void the_cpu_is_asked_again_after_a_megabyte(void **state)
{
	(void)state;
	static uint8_t buf[65536];
	unsigned before = hw_calls;
	for (int i = 0; i < 17; i++)
		uc_random_bytes(buf, sizeof(buf));
	assert_true(hw_calls > before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stuck_instruction_earns_no_credit),
		cmocka_unit_test(output_is_not_repeated_and_long_requests_are_filled),
		cmocka_unit_test(below_reaches_every_value_and_none_above),
		cmocka_unit_test(the_cpu_is_asked_again_after_a_megabyte),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
