// SPDX-License-Identifier: BSD-3-Clause
// sources: ../image/vdso.c
// cflags: -Icore/kern/vdso/image/x86_64
/* The functions of the vDSO on a page that the test fills; without it they ask the host's
 * kernel. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <linux/time.h>
#include <linux/time_types.h>
#include <uc/vvar.h>

__attribute__((visibility("hidden"))) struct uc_vvar vdso_vvar;
int __vdso_clock_gettime(int clock, struct __kernel_timespec *ts);
int __vdso_clock_getres(int clock, struct __kernel_timespec *ts);
int __vdso_gettimeofday(struct __kernel_old_timeval *tv, struct timezone *tz);
__kernel_old_time_t __vdso_time(__kernel_old_time_t *t);
long __vdso_getcpu(unsigned *cpu, unsigned *node, void *unused);

static uint64_t cycles(void)
{
	return __builtin_ia32_rdtsc();
}

static int setup(void **state)
{
	(void)state;
	/* A counter of 1 GHz that stood at 3 s a moment ago. */
	vdso_vvar = (struct uc_vvar){ .seq = 2, .valid = UC_VVAR_MONO,
		.base_cycles = cycles() - 3000000000ull, .mult = 1ull << UC_VVAR_SHIFT };
	return 0;
}

static void monotonic_time_comes_from_the_page(void **state)
{
	(void)state;
	static const int clocks[] = { CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_BOOTTIME,
				      CLOCK_MONOTONIC_COARSE };
	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		struct __kernel_timespec ts;
		assert_int_equal(__vdso_clock_gettime(clocks[i], &ts), 0);
		assert_in_range(ts.tv_sec, 3, 60);
		assert_in_range(ts.tv_nsec, 0, 999999999);
	}
}

static void real_time_is_asked_for_until_it_is_known(void **state)
{
	(void)state;
	struct __kernel_timespec ts;
	struct __kernel_old_timeval tv;
	struct timezone tz = { 1, 1 };
	__kernel_old_time_t t;
	assert_int_equal(__vdso_clock_gettime(CLOCK_REALTIME, &ts), 0);
	assert_true(ts.tv_sec > 1600000000);
	assert_true(__vdso_time(NULL) > 1600000000);
	vdso_vvar.valid |= UC_VVAR_REAL;
	vdso_vvar.real_offset = 1000000000000ll;
	assert_int_equal(__vdso_clock_gettime(CLOCK_REALTIME, &ts), 0);
	assert_in_range(ts.tv_sec, 1003, 1060);
	assert_int_equal(__vdso_gettimeofday(&tv, &tz), 0);
	assert_in_range(tv.tv_sec, 1003, 1060);
	assert_in_range(tv.tv_usec, 0, 999999);
	assert_int_equal(tz.tz_minuteswest, 0);
	assert_int_equal(__vdso_gettimeofday(NULL, NULL), 0);
	assert_in_range(__vdso_time(&t), 1003, 1060);
	assert_in_range(t, 1003, 1060);
}

static void other_clocks_are_system_calls(void **state)
{
	(void)state;
	struct __kernel_timespec ts;
	assert_int_equal(__vdso_clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts), 0);
	assert_true(__vdso_clock_gettime(100, &ts) < 0);
	assert_true(__vdso_clock_getres(100, &ts) < 0);
	assert_int_equal(__vdso_clock_getres(CLOCK_MONOTONIC, &ts), 0);
	assert_int_equal(ts.tv_nsec, 1);
	assert_int_equal(__vdso_clock_getres(CLOCK_MONOTONIC, NULL), 0);
}

static void there_is_one_cpu(void **state)
{
	(void)state;
	unsigned cpu = 9, node = 9;
	assert_int_equal(__vdso_getcpu(&cpu, &node, NULL), 0);
	assert_int_equal(cpu, 0);
	assert_int_equal(node, 0);
	assert_int_equal(__vdso_getcpu(NULL, NULL, NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(monotonic_time_comes_from_the_page, setup),
		cmocka_unit_test_setup(real_time_is_asked_for_until_it_is_known, setup),
		cmocka_unit_test_setup(other_clocks_are_system_calls, setup),
		cmocka_unit_test_setup(there_is_one_cpu, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
