// SPDX-License-Identifier: BSD-3-Clause
// sources: ../ctimer.c
/* Timers on clocks that are set or stand still, periods, and conversions of times. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <uc/string.h>
#include "ctimer.h"

static uc_nsec mono, cpu;
static int64_t real_offset;
static struct uc_timer *armed;
static struct uc_time_set_hook *hook;

int uc_user_read(void *dst, uc_uptr src, size_t n) { memcpy(dst, (void *)src, n); return 0; }
int uc_user_write(uc_uptr dst, const void *src, size_t n) { memcpy((void *)dst, src, n); return 0; }
uc_nsec uc_time_mono(void) { return mono; }
uc_nsec uc_time_real(void) { return mono + (uc_nsec)real_offset; }
void uc_time_on_set(struct uc_time_set_hook *h)
{
	uc_list_init(&h->link);
	hook = h;
}

int clock_now(const struct clock *c, uc_nsec *out)
{
	if (c->kind == CLOCK_KIND_MONO)
		*out = mono;
	else
		*out = c->kind == CLOCK_KIND_REAL ? uc_time_real() : cpu;
	return 0;
}

void uc_timer_init(struct uc_timer *t, void (*fn)(struct uc_timer *), void *arg)
{
	*t = (struct uc_timer){ .fn = fn, .arg = arg };
}

void uc_timer_arm(struct uc_timer *t, uc_nsec deadline)
{
	t->armed = deadline != UC_FOREVER;
	t->deadline = deadline;
	armed = t->armed ? t : NULL;
}

bool uc_timer_cancel(struct uc_timer *t)
{
	bool was = t->armed;
	t->armed = false;
	armed = NULL;
	return was;
}

static unsigned expired;
static void on_expired(struct ctimer *ct)
{
	expired++;
	(void)ct;
}

/* Lets time pass until the armed timer is due. */
static void elapse(void)
{
	struct uc_timer *t = armed;
	assert_non_null(t);
	mono = UC_MAX(mono, t->deadline);
	uc_timer_cancel(t);
	t->fn(t);
}

static int setup(void **state)
{
	(void)state;
	mono = 1000;
	cpu = 0;
	real_offset = 1000000;
	expired = 0;
	armed = NULL;
	return 0;
}

static void start(struct ctimer *ct, enum clock_kind kind, uc_nsec value, uc_nsec interval,
		  bool abs)
{
	const struct clock c = { kind, 1 };
	ctimer_init(ct, &c, on_expired);
	assert_int_equal(ctimer_start(ct, value, interval, abs), 0);
}

static void intervals_count_what_was_missed(void **state)
{
	(void)state;
	struct ctimer ct;
	uc_nsec value, interval;
	start(&ct, CLOCK_KIND_MONO, 100, 50, false);
	ctimer_get(&ct, &value, &interval);
	assert_int_equal(value, 100);
	assert_int_equal(interval, 50);
	mono = 1225; /* expirations at 1100, 1150, 1200 */
	elapse();
	assert_int_equal(expired, 1);
	assert_int_equal(ctimer_forward(&ct, 0), 3);
	assert_int_equal(ct.expiry, 1250);
	ctimer_stop(&ct);
	ctimer_get(&ct, &value, &interval);
	assert_int_equal(value, 0);
}

static void an_absolute_wall_clock_timer_follows_the_clock(void **state)
{
	(void)state;
	struct ctimer ct;
	start(&ct, CLOCK_KIND_REAL, 1001500, 0, true);
	assert_int_equal(armed->deadline, 1500);
	real_offset += 400; /* set forward */
	hook->fn(hook);
	assert_int_equal(armed->deadline, 1100);
	real_offset -= 1000; /* set back without being told in time */
	elapse();
	assert_int_equal(expired, 0);
	elapse();
	assert_int_equal(expired, 1);
	assert_int_equal(uc_time_real(), 1001500);
	assert_int_equal(ctimer_forward(&ct, 0), 1);
	assert_null(armed);
}

static void a_relative_wall_clock_timer_does_not(void **state)
{
	(void)state;
	struct ctimer ct;
	start(&ct, CLOCK_KIND_REAL, 500, 0, false);
	real_offset += 10000;
	hook->fn(hook);
	assert_int_equal(armed->deadline, 1500);
	ctimer_stop(&ct);
}

static void a_cpu_clock_that_stands_still_is_not_polled_hard(void **state)
{
	(void)state;
	struct ctimer ct;
	start(&ct, CLOCK_KIND_PROC, 10, 0, false);
	unsigned looks = 0;
	while (mono < 100000000 && looks < 1000) {
		elapse();
		looks++;
	}
	assert_true(looks <= 101);
	assert_int_equal(expired, 0);
	cpu = 10;
	elapse();
	assert_int_equal(expired, 1);
	ctimer_stop(&ct);
}

static void far_away_is_never(void **state)
{
	(void)state;
	struct ctimer ct;
	uc_nsec value, interval, next;
	start(&ct, CLOCK_KIND_MONO, UC_NSEC_MAX, UC_NSEC_MAX, false);
	assert_null(armed);
	ctimer_get(&ct, &value, &interval);
	assert_true(value > UC_NSEC_MAX / 2);
	assert_int_equal(ctimer_periods(5, UC_NSEC_MAX, 10, &next), 1);
	assert_int_equal(next, UC_NSEC_MAX);
	ctimer_stop(&ct);
}

static void times_are_checked_and_saturate(void **state)
{
	(void)state;
	uc_nsec ns;
	static const struct { int64_t s, n; int r; uc_nsec ns; } t[] = {
		{ 0, 0, 0, 0 }, { 1, 5, 0, 1000000005 }, { 0, 999999999, 0, 999999999 },
		{ -1, 0, -EINVAL, 0 }, { 0, -1, -EINVAL, 0 }, { 0, 1000000000, -EINVAL, 0 },
		{ INT64_MAX, 0, 0, INT64_MAX },
		{ 9223372035, 999999999, 0, 9223372035999999999ull },
	};
	for (size_t i = 0; i < UC_ARRAY_SIZE(t); i++) {
		struct __kernel_timespec ts = { t[i].s, t[i].n };
		assert_int_equal(uc_timespec_to_ns(&ts, &ns), t[i].r);
		if (!t[i].r)
			assert_int_equal(ns, t[i].ns);
	}
	assert_int_equal(uc_deadline_in(5), 1005);
	assert_int_equal(uc_deadline_in(UC_NSEC_MAX), UC_FOREVER);
	assert_int_equal(uc_deadline_real(1), 1000);
	assert_int_equal(uc_deadline_real(1001100), 1100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(intervals_count_what_was_missed, setup),
		cmocka_unit_test_setup(an_absolute_wall_clock_timer_follows_the_clock, setup),
		cmocka_unit_test_setup(a_relative_wall_clock_timer_does_not, setup),
		cmocka_unit_test_setup(a_cpu_clock_that_stands_still_is_not_polled_hard, setup),
		cmocka_unit_test_setup(far_away_is_never, setup),
		cmocka_unit_test_setup(times_are_checked_and_saturate, setup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
