// SPDX-License-Identifier: BSD-3-Clause
// sources: ../mask.c ../../util/mem.c ../../util/vec.c ../../util/map.c ../../cli/msg.c
// sources: ../../cli/progress.c ../../cli/value.c
// libs: -ljansson -lxxhash
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include <unicore/verify.h>

/* Learns from a NULL-terminated list of texts, whose runs began at second 1000 and after. */
static struct uc_vmask *learned(struct uc_buf *bufs, const char *const *texts, enum uc_vlevel level)
{
	const struct uc_buf *list[8];
	double times[8][2];
	struct uc_vmask *m;
	size_t n = 0;

	for (; texts[n]; n++) {
		bufs[n] = (struct uc_buf){ (char *)texts[n], strlen(texts[n]), 0 };
		list[n] = &bufs[n];
		times[n][0] = 1000 + (double)n;
		times[n][1] = 1000.5 + (double)n;
	}
	m = uc_vmask_learn(list, (const double(*)[2])times, n);
	assert_int_equal(uc_vmask_level(m), level);
	return m;
}

static bool fits(const struct uc_vmask *m, const char *text)
{
	const struct uc_buf b = { (char *)text, strlen(text), 0 };

	return uc_vmask_matches(m, &b, (double[2]){ 2000, 2001 });
}

static void test_bytes(void **state)
{
	struct uc_buf b[8];
	struct uc_vmask *m = learned(b, (const char *[]){ "a 1\n", "a 1\n", NULL }, UC_VL_BYTES);

	assert_true(fits(m, "a 1\n"));
	assert_false(fits(m, "a 2\n"));
	assert_false(fits(m, "a 1"));
	assert_false(fits(m, ""));
	uc_vmask_free(m);
}

static void test_words_and_numbers(void **state)
{
	struct uc_buf b[8];
	struct uc_vmask *m =
		learned(b, (const char *[]){ "pid 12 x tmp.aB\n", "pid 345 x tmp.C9\n", NULL },
			UC_VL_TOKENS);

	assert_true(fits(m, "pid 7 x tmp.zz\n"));
	assert_false(fits(m, "pid z x tmp.zz\n"));
	assert_false(fits(m, "pid 7 y tmp.zz\n"));
	assert_false(fits(m, "pid -7 x tmp.zz\n"));
	uc_vmask_free(m);
}

static void test_moments(void **state)
{
	struct uc_buf b[8];
	struct uc_vmask *m =
		learned(b, (const char *[]){ "1000\n", "1001\n", "1002\n", NULL }, UC_VL_TOKENS);

	assert_true(fits(m, "2000\n"));
	assert_false(fits(m, "5600\n"));
	uc_vmask_free(m);
}

static void test_order_and_shapes(void **state)
{
	struct uc_buf b[8];
	struct uc_vmask *m =
		learned(b, (const char *[]){ "a-b\nc\n", "c\na-b\n", NULL }, UC_VL_LINES);

	assert_true(fits(m, "c\na-b\n"));
	assert_false(fits(m, "c\na-b\nc\n"));
	uc_vmask_free(m);
	m = learned(b, (const char *[]){ "x: 1\n y2\n", " y3\nx: 4\n", NULL }, UC_VL_SHAPES);
	assert_true(fits(m, "x: 99\n y1\n"));
	assert_false(fits(m, "z: 99\n y1\n"));
	uc_vmask_free(m);
	m = learned(b, (const char *[]){ "+\n", "+\n+\n", NULL }, UC_VL_KINDS);
	assert_true(fits(m, "+\n+\n+\n"));
	assert_false(fits(m, "+\n-\n"));
	uc_vmask_free(m);
}

static void test_size_and_presence(void **state)
{
	struct uc_buf b[8];
	struct uc_vmask *m = learned(b, (const char *[]){ "a.b", "..c", NULL }, UC_VL_SIZE);

	assert_true(fits(m, "---"));
	assert_false(fits(m, "----"));
	uc_vmask_free(m);
	m = learned(b, (const char *[]){ "", "x", NULL }, UC_VL_PRESENCE);
	assert_true(fits(m, ""));
	assert_true(fits(m, "y"));
	uc_vmask_free(m);
}

static void test_similarity(void **state)
{
	const struct uc_buf a = { "x\ny\nz\n", 6, 0 }, b = { "x\nz\n", 4, 0 }, none = { 0 };

	assert_true(uc_vtext_similarity(&a, &a) == 1);
	assert_true(uc_vtext_similarity(&a, &b) > 0.66 && uc_vtext_similarity(&a, &b) < 0.67);
	assert_true(uc_vtext_similarity(&a, &none) == 0);
	assert_true(uc_vtext_similarity(&none, &none) == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes),
		cmocka_unit_test(test_words_and_numbers),
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_order_and_shapes),
		cmocka_unit_test(test_size_and_presence),
		cmocka_unit_test(test_similarity),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
