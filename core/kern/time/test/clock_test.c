// SPDX-License-Identifier: BSD-3-Clause
// sources: ../clock.c ../vvar.c
/* Clocks: conversion, lazy wall clock, setting it, and the page shared with the vDSO. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <uc/arch.h>
#include <uc/plat.h>
#include <uc/time.h>
#include <uc/vvar.h>

static unsigned asked;
static int host_answer;

uint64_t uc_plat_tsc_hz(void)
{
	return 2000000000;
}

uint64_t uc_plat_entry_cycles(void)
{
	return uc_cycles() - 2000000000ull * 5; /* five seconds ago */
}

int uc_upcall_host_realtime(uc_nsec *out)
{
	asked++;
	*out = 1700000000000000000ull;
	return host_answer;
}

static void factors_are_exact_enough_over_a_year(void **state)
{
	(void)state;
	static const uint64_t hz[] = { 24000000, 1000000000, 2400000000ull, 5000000000ull };
	for (size_t i = 0; i < UC_ARRAY_SIZE(hz); i++) {
		const uint64_t seconds = 365 * 86400ull, want = seconds * 1000000000ull;
		const unsigned __int128 second = 1000000000;
		uint64_t mult = (uint64_t)((second << UC_VVAR_SHIFT) / hz[i]);
		uint64_t got = uc_vvar_to_ns(hz[i] * seconds, mult);
		assert_true(got <= want);
		assert_true(want - got < want / 100000000); /* 10 ns a second */
	}
}

static void time_starts_at_entry_and_does_not_go_back(void **state)
{
	(void)state;
	uc_nsec last = uc_time_mono();
	assert_true(last >= 4999000000ull);
	for (int i = 0; i < 1000; i++) {
		uc_nsec t = uc_time_mono();
		assert_true(t >= last);
		last = t;
	}
}

static unsigned told;
static void tell(struct uc_time_set_hook *h)
{
	(void)h;
	told++;
}

static void the_wall_clock_is_asked_for_once_and_can_be_set(void **state)
{
	(void)state;
	static struct uc_time_set_hook hook = { .fn = tell };
	const struct uc_vvar *v = uc_phys_to_virt(uc_time_vvar_page());
	assert_int_equal(v->valid, UC_VVAR_MONO);
	assert_int_equal(asked, 0);
	assert_true(uc_time_real() >= 1700000000000000000ull);
	assert_true(uc_time_real() < 1700000100000000000ull);
	assert_int_equal(asked, 1);
	assert_int_equal(v->valid, UC_VVAR_MONO | UC_VVAR_REAL);
	assert_int_equal(v->seq % 2, 0);
	uc_time_on_set(&hook);
	uc_time_set_real(42000000000ull);
	assert_int_equal(told, 1);
	uc_nsec now = uc_time_real();
	assert_true(now >= 42000000000ull && now < 52000000000ull);
	assert_true((int64_t)v->real_offset < 42000000000ll);
	assert_int_equal(asked, 1);
	assert_int_equal(uc_time_vvar_page(), (uintptr_t)v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(factors_are_exact_enough_over_a_year),
		cmocka_unit_test(time_starts_at_entry_and_does_not_go_back),
		cmocka_unit_test(the_wall_clock_is_asked_for_once_and_can_be_set),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
