// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include "ctimer.h"

#define CPU_CLOCK_STEP 1000000ull /* ns between looks at a CPU clock that did not advance enough */

static struct uc_list on_wall_clock = UC_LIST_INIT(on_wall_clock);

static bool on_cpu_clock(const struct ctimer *ct)
{
	return ct->clock.kind == CLOCK_KIND_PROC || ct->clock.kind == CLOCK_KIND_THREAD;
}

/* Looks at the clock again when it can have reached the expiry at the earliest. */
static int arm(struct ctimer *ct, uc_nsec at_least)
{
	uc_nsec now;
	int r = clock_now(&ct->clock, &now);
	if (r)
		return r;
	uc_nsec left = ct->expiry > now ? ct->expiry - now : 0;
	if (ct->expiry >= UC_NSEC_MAX)
		left = UC_NSEC_MAX;
	uc_timer_arm(&ct->timer, uc_deadline_in(UC_MAX(left, at_least)));
	return 0;
}

static void fire(struct uc_timer *t)
{
	struct ctimer *ct = UC_CONTAINER(t, struct ctimer, timer);
	uc_nsec now;
	if (clock_now(&ct->clock, &now))
		return; /* whose CPU time it was has ended */
	if (now < ct->expiry)
		arm(ct, on_cpu_clock(ct) ? CPU_CLOCK_STEP : 0);
	else
		ct->expired(ct);
}

static void wall_clock_set(struct uc_time_set_hook *h)
{
	(void)h;
	UC_LIST_FOREACH_SAFE(it, &on_wall_clock) {
		struct ctimer *ct = UC_LIST_ENTRY(it, struct ctimer, set_link);
		if (ct->clock_was_set)
			ct->clock_was_set(ct);
		if (ct->timer.armed)
			arm(ct, 0);
	}
}

static void follow_wall_clock(struct ctimer *ct)
{
	static struct uc_time_set_hook hook = { .fn = wall_clock_set };
	if (!hook.link.next)
		uc_time_on_set(&hook);
	uc_list_push_back(&on_wall_clock, &ct->set_link);
}

void ctimer_init(struct ctimer *ct, const struct clock *c, void (*expired)(struct ctimer *))
{
	uc_timer_init(&ct->timer, fire, NULL);
	uc_list_init(&ct->set_link);
	ct->base = ct->clock = *c;
	ct->expiry = ct->interval = 0;
	ct->expired = expired;
	ct->clock_was_set = NULL;
}

void ctimer_stop(struct ctimer *ct)
{
	uc_timer_cancel(&ct->timer);
	uc_list_remove(&ct->set_link);
	ct->expiry = 0;
}

int ctimer_start(struct ctimer *ct, uc_nsec value, uc_nsec interval, bool absolute)
{
	uc_nsec now = 0;
	ctimer_stop(ct);
	ct->clock = ct->base;
	ct->interval = interval;
	if (!value)
		return 0;
	if (!absolute) {
		if (ct->clock.kind == CLOCK_KIND_REAL)
			ct->clock.kind = CLOCK_KIND_MONO;
		int r = clock_now(&ct->clock, &now);
		if (r)
			return r;
	}
	ct->expiry = value > UC_NSEC_MAX - now ? UC_NSEC_MAX : now + value;
	if (ct->clock.kind == CLOCK_KIND_REAL)
		follow_wall_clock(ct);
	return arm(ct, 0);
}

uint64_t ctimer_forward(struct ctimer *ct, uc_nsec rest)
{
	uc_nsec now;
	uint64_t n = 1;
	if (!ct->interval || clock_now(&ct->clock, &now) || now < ct->expiry) {
		ctimer_stop(ct);
		return n;
	}
	n = ctimer_periods(ct->expiry, ct->interval, now, &ct->expiry);
	arm(ct, rest);
	return n;
}

void ctimer_get(const struct ctimer *ct, uc_nsec *value, uc_nsec *interval)
{
	uc_nsec now;
	*interval = ct->interval;
	*value = 0;
	if (ct->expiry && !clock_now(&ct->clock, &now))
		*value = ct->expiry > now ? ct->expiry - now : 1;
}
