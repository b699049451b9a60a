// SPDX-License-Identifier: BSD-3-Clause
/* FUTEX_WAKE_OP: decoding, operations, comparisons. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include "op.h"

static struct futex_op decode(uint32_t encoded)
{
	struct futex_op o;
	assert_int_equal(futex_op_decode(encoded, &o), 0);
	return o;
}

static void fields_are_found_and_signed(void **state)
{
	(void)state;
	struct futex_op o = decode(FUTEX_OP(FUTEX_OP_ADD, 5, FUTEX_OP_CMP_GT, 7));
	assert_int_equal(o.op, FUTEX_OP_ADD);
	assert_int_equal(o.cmp, FUTEX_OP_CMP_GT);
	assert_int_equal(o.oparg, 5);
	assert_int_equal(o.cmparg, 7);
	o = decode(FUTEX_OP(FUTEX_OP_ADD, -1, FUTEX_OP_CMP_LT, -2048));
	assert_int_equal(o.oparg, UINT32_MAX);
	assert_int_equal(o.cmparg, -2048);
}

static void a_shifted_operand_is_a_bit(void **state)
{
	(void)state;
	const uint32_t shift = (uint32_t)FUTEX_OP_OPARG_SHIFT << 28;
	assert_int_equal(decode(shift | FUTEX_OP(FUTEX_OP_OR, 31, 0, 0)).oparg, 1u << 31);
	assert_int_equal(decode(shift | FUTEX_OP(FUTEX_OP_OR, 33, 0, 0)).oparg, 2);
	assert_int_equal(decode(shift | FUTEX_OP(FUTEX_OP_OR, -1, 0, 0)).oparg, 1u << 31);
}

static void unknown_codes_are_refused(void **state)
{
	(void)state;
	struct futex_op o;
	for (unsigned op = 5; op < 8; op++)
		assert_int_equal(futex_op_decode(op << 28, &o), -ENOSYS);
	for (unsigned cmp = 6; cmp < 16; cmp++)
		assert_int_equal(futex_op_decode(cmp << 24, &o), -ENOSYS);
}

static void operations_and_comparisons_are_those_named(void **state)
{
	(void)state;
	static const uint32_t results[] = { 6, 16, 14, 8, 12 }; /* of 10 and 6 */
	for (unsigned i = 0; i < 5; i++) {
		struct futex_op o = decode((uint32_t)FUTEX_OP(i, 6, 0, 0));
		assert_int_equal(futex_op_apply(&o, 10), results[i]);
	}
	static const unsigned truth[] = { 2, 5, 1, 3, 4, 6 }; /* bit 0: -1, 1: 0, 2: 1 against 0 */
	for (unsigned i = 0; i < 6; i++) {
		struct futex_op o = decode((uint32_t)FUTEX_OP(0, 0, i, 0));
		for (int v = -1; v <= 1; v++)
			assert_int_equal(futex_op_compare(&o, (uint32_t)v),
					 truth[i] >> (v + 1) & 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields_are_found_and_signed),
		cmocka_unit_test(a_shifted_operand_is_a_bit),
		cmocka_unit_test(unknown_codes_are_refused),
		cmocka_unit_test(operations_and_comparisons_are_those_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
