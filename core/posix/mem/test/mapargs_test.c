// SPDX-License-Identifier: BSD-3-Clause
// sources: ../mapargs.c ../mapargs_file.c
/* Arguments of mmap(2), one rule a case. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "mapargs.h"

#define ANON (MAP_PRIVATE | MAP_ANONYMOUS)
enum {
	RD = PROT_READ,
	RW = PROT_READ | PROT_WRITE,
	RX = PROT_READ | PROT_EXEC,
	RWX = RW | PROT_EXEC
};

static void each_rule(void **state)
{
	const struct { struct uc_mapargs a; int result, max_prot; } t[] = {
		{ { 0, 1, 0, RW, ANON, 0, 0 }, 0, RWX },
		{ { 0, 0, 0, RW, ANON, 0, 0 }, -EINVAL, 0 },
		{ { 0, UINT64_MAX, 0, RW, ANON, 0, 0 }, -ENOMEM, 0 },
		{ { 0, 4096, 1, RW, ANON, 0, 0 }, -EINVAL, 0 },
		{ { 0, 4096, 0, RW, MAP_ANONYMOUS, 0, 0 }, -EINVAL, 0 },
		{ { 0, 4096, 0, RW, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, 0, 0 }, -EINVAL, 0 },
		{ { 0, 1, 0, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, 0, 0 }, -EINVAL, 0 },
		{ { 0x10001, 4096, 0, RW, ANON | MAP_FIXED, 0, 0 }, -EINVAL, 0 },
		{ { 0, 4096, 0, RW, ANON | MAP_FIXED, 0, 0 }, -EPERM, 0 },
		{ { 0x1000, 4096, 0, RW, ANON | MAP_FIXED_NOREPLACE, 0, 0 }, -EPERM, 0 },
		{ { 0, 4096, 0, RW, MAP_PRIVATE, true, false }, 0, RWX },
		{ { 0, 4096, 0, RD, MAP_PRIVATE, false, true }, -EACCES, 0 },
		{ { 0, 4096, 0, RW, MAP_SHARED, true, false }, -EACCES, 0 },
		{ { 0, 4096, 0, RD, MAP_SHARED, true, false }, 0, RX },
		{ { 0, 4096, 0, RW, MAP_SHARED, true, true }, 0, RWX },
		{ { 0, 4096, 0, RW, 0, true, true }, -EINVAL, 0 },
		{ { 0, 4096, 0, RD, MAP_SHARED_VALIDATE | 0x80000, true, true }, -EOPNOTSUPP, 0 },
		{ { 0, 8192, 0xfffffffffffff000, RD, MAP_PRIVATE, true, true }, -EOVERFLOW, 0 },
	};

	for (unsigned i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct uc_mapargs a = t[i].a;
		int max_prot = 0;

		if (uc_mapargs_check(&a, &max_prot) != t[i].result)
			fail_msg("case %u", i);
		if (t[i].result == 0)
			assert_int_equal(max_prot, t[i].max_prot);
	}
}

static void hints_are_normalised(void **state)
{
	struct uc_mapargs a = { .addr = 0x1234, .len = 5000, .prot = RW, .flags = ANON };
	int max_prot;

	assert_int_equal(uc_mapargs_check(&a, &max_prot), 0);
	assert_int_equal(a.addr, UC_MMAP_MIN_ADDR);
	assert_int_equal(a.len, 8192);
	a.addr = 0x12345678;
	assert_int_equal(uc_mapargs_check(&a, &max_prot), 0);
	assert_int_equal(a.addr, 0x12345000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule),
		cmocka_unit_test(hints_are_normalised),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
