// SPDX-License-Identifier: BSD-3-Clause
/* usrsctp's timers, in order of their time, on one of the kernel's. A tick is a millisecond. */
#include "port.h"
#include <netinet/sctp_callout.h>
#include <uc/time.h>

#define MS 1000000u

int hz = 1000;
static void run(struct uc_timer *t);
static struct uc_timer timer = { .fn = run };

uint32_t sctp_get_tick_count(void)
{
	return (uint32_t)(uc_time_mono() / MS);
}

static bool is_due(const struct sctp_callout *c, uint32_t now)
{
	return (int32_t)(c->c_time - now) <= 0;
}

static void arm(void)
{
	const struct sctp_callout *c = TAILQ_FIRST(&SCTP_BASE_INFO(callqueue));
	uint32_t now = sctp_get_tick_count();

	if (!c)
		uc_timer_cancel(&timer);
	else
		uc_timer_arm(&timer, uc_time_mono() +
					     (is_due(c, now) ? 0 : c->c_time - now) * (uc_nsec)MS);
}

static void run(struct uc_timer *t)
{
	uint32_t now = sctp_get_tick_count();
	struct sctp_callout *c;

	while ((c = TAILQ_FIRST(&SCTP_BASE_INFO(callqueue))) && is_due(c, now)) {
		TAILQ_REMOVE(&SCTP_BASE_INFO(callqueue), c, tqe);
		c->c_flags &= ~SCTP_CALLOUT_PENDING;
		c->c_func(c->c_arg);
	}
	arm();
}

void sctp_os_timer_init(sctp_os_timer_t *c)
{
	memset(c, 0, sizeof(*c));
}

/* Most timers are set for later than those that there are. */
static void insert(struct sctp_callout *c)
{
	struct sctp_callout *at = TAILQ_LAST(&SCTP_BASE_INFO(callqueue), calloutlist);

	while (at && (int32_t)(at->c_time - c->c_time) > 0)
		at = TAILQ_PREV(at, calloutlist, tqe);
	if (at)
		TAILQ_INSERT_AFTER(&SCTP_BASE_INFO(callqueue), at, c, tqe);
	else
		TAILQ_INSERT_HEAD(&SCTP_BASE_INFO(callqueue), c, tqe);
}

int sctp_os_timer_start(sctp_os_timer_t *c, uint32_t ticks, void (*fn)(void *), void *arg)
{
	int pending = (c->c_flags & SCTP_CALLOUT_PENDING) != 0;

	if (pending)
		TAILQ_REMOVE(&SCTP_BASE_INFO(callqueue), c, tqe);
	c->c_arg = arg;
	c->c_func = fn;
	c->c_flags = SCTP_CALLOUT_ACTIVE | SCTP_CALLOUT_PENDING;
	c->c_time = sctp_get_tick_count() + UC_MAX(ticks, 1u);
	insert(c);
	if (TAILQ_FIRST(&SCTP_BASE_INFO(callqueue)) == c)
		arm();
	return pending;
}

/* The kernel's timer may then find nothing that is due, and arms itself for what is. */
int sctp_os_timer_stop(sctp_os_timer_t *c)
{
	int pending = (c->c_flags & SCTP_CALLOUT_PENDING) != 0;

	if (pending)
		TAILQ_REMOVE(&SCTP_BASE_INFO(callqueue), c, tqe);
	c->c_flags &= ~(SCTP_CALLOUT_ACTIVE | SCTP_CALLOUT_PENDING);
	return pending;
}
