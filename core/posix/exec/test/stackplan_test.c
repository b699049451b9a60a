// SPDX-License-Identifier: BSD-3-Clause
// sources: ../stackplan.c
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "stackplan.h"

static struct uc_stackplan plan(uint64_t random)
{
	return (struct uc_stackplan){ .top = 0x7ffffffff000,
				      .execfn_len = 10,
				      .env_len = 33,
				      .arg_len = 21,
				      .platform_len = 7,
				      .argc = 2,
				      .envc = 3,
				      .aux_words = 42,
				      .random = random };
}

static void parts_are_in_order_and_aligned(void **state)
{
	for (uint64_t random = 0; random < 70000; random += 977) {
		struct uc_stackplan p = plan(random);

		assert_int_equal(uc_stackplan(&p, 8u << 20), 0);
		assert_int_equal(p.execfn + p.execfn_len + 8, p.top);
		assert_int_equal(p.env + p.env_len, p.execfn);
		assert_int_equal(p.arg + p.arg_len, p.env);
		assert_true(p.platform + p.platform_len <= p.arg);
		assert_true(p.rand + 16 <= p.platform);
		assert_int_equal(p.sp & 15, 0);
		assert_true(p.sp + 8 * (1 + 2 + 1 + 3 + 1 + 42) <= p.rand);
		assert_true(p.top - p.sp < 65536);
	}
}

static void refuses_too_much(void **state)
{
	struct uc_stackplan p = plan(0);

	p.arg_len = 9u << 20;
	assert_int_equal(uc_stackplan(&p, 8u << 20), -E2BIG);
	p = plan(0);
	p.argc = UINT64_MAX / 4;
	assert_int_equal(uc_stackplan(&p, 8u << 20), -E2BIG);
	p = plan(0);
	p.env_len = UINT64_MAX - 5;
	assert_int_equal(uc_stackplan(&p, UINT64_MAX), -E2BIG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parts_are_in_order_and_aligned),
		cmocka_unit_test(refuses_too_much),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
