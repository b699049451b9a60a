// SPDX-License-Identifier: BSD-3-Clause
// sources: ../entropy.c
// libs: -lm -ljansson
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "../internal.h"

/* xorshift64*, which passes what is tested here */
static uint64_t state = 88172645463325252ull;

static uint64_t next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 2685821657736338717ull;
}

static double entropy_of(uint64_t mask, size_t n)
{
	uint64_t v[200];

	for (size_t i = 0; i < n; i++)
		v[i] = 0x7f0000000000 ^ (next() & mask);
	return secure_entropy(v, n);
}

static void test_bits_that_vary(void **state_)
{
	(void)state_;
	assert_true(entropy_of(0, 100) == 0);
	assert_true(entropy_of(0xfffffff000, 100) > 27.5);
	assert_true(entropy_of(0xfffffff000, 100) <= 28);
	assert_true(entropy_of(0xff000, 100) > 7.8 && entropy_of(0xff000, 100) <= 8);
}

static void test_no_more_than_the_samples_tell(void **state_)
{
	(void)state_;
	assert_true(entropy_of(~0ull, 2) <= 1);
	assert_true(entropy_of(~0ull, 11) <= 10);
}

/* One random bit in many places is one bit. */
static void test_copies_of_a_bit(void **state_)
{
	uint64_t v[100];

	(void)state_;
	for (size_t i = 0; i < 100; i++)
		v[i] = next() & 1 ? 0xffff0000 : 0;
	assert_true(secure_entropy(v, 100) <= 1);
}

static void test_bias(void **state_)
{
	uint8_t p[2048];

	(void)state_;
	for (size_t i = 0; i < sizeof(p); i++)
		p[i] = (uint8_t)(next() >> 32);
	assert_null(secure_bias(p, sizeof(p)));
	memcpy(p + 1024, p + 512, 8);
	assert_string_equal(secure_bias(p, sizeof(p)), "eight bytes come twice");
	for (size_t i = 0; i < sizeof(p); i++)
		p[i] = (uint8_t)(next() >> 32) & 0x7f;
	assert_string_equal(secure_bias(p, sizeof(p)), "ones and zeros are not equally frequent");
	memset(p, 0x33, sizeof(p));
	p[0] = 0;
	assert_string_equal(secure_bias(p, sizeof(p)), "bytes are not equally frequent");
	memset(p, 0x55, sizeof(p));
	assert_string_equal(secure_bias(p, sizeof(p)), "bits depend on the bit before");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bits_that_vary),
		cmocka_unit_test(test_no_more_than_the_samples_tell),
		cmocka_unit_test(test_copies_of_a_bit),
		cmocka_unit_test(test_bias),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
