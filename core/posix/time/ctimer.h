// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_CTIMER_H
#define UC_CTIMER_H
/*
 * A timer on any clock. It expires when its clock has reached `expiry`, also if that clock is the
 * wall clock and is set meanwhile, or a CPU clock and advances only now and then. Context: thread.
 */
#include "clock.h"

struct ctimer {
	struct uc_timer timer;
	struct uc_list set_link;  /* absolute on the wall clock: told when that is set */
	/* As created, and in effect: relative times do not follow the wall clock. */
	struct clock base, clock;
	uc_nsec expiry, interval; /* on `clock`; expiry 0: not running */
	/* The clock has reached expiry. Calls ctimer_forward or ctimer_stop, now or later. */
	void (*expired)(struct ctimer *ct);
	/* Optional, called before the timer is re-armed. */
	void (*clock_was_set)(struct ctimer *ct);
};
void ctimer_init(struct ctimer *ct, const struct clock *c, void (*expired)(struct ctimer *));
void ctimer_stop(struct ctimer *ct);
/* value 0 stops it. 0, or -EINVAL: the clock is gone. */
int ctimer_start(struct ctimer *ct, uc_nsec value, uc_nsec interval, bool absolute);
/* Expirations from the first to the last before now (at least 1); it goes on after them, or stops
 * if it has no interval, and does not call `expired` before `rest` ns have passed. Call once it has
 * expired. */
uint64_t ctimer_forward(struct ctimer *ct, uc_nsec rest);
/* Time left, 0 if it is not running, at least 1 if it is; and the interval. */
void ctimer_get(const struct ctimer *ct, uc_nsec *value, uc_nsec *interval);

/* Number of periods from `expiry` to `now` inclusive (now >= expiry); *next: the time after
 * them. */
static inline uint64_t ctimer_periods(uc_nsec expiry, uc_nsec interval, uc_nsec now, uc_nsec *next)
{
	uint64_t n = (now - expiry) / interval + 1;
	if (__builtin_mul_overflow(n, interval, next) || *next > UC_NSEC_MAX - expiry)
		*next = UC_NSEC_MAX;
	else
		*next += expiry;
	return n;
}
#endif
