// SPDX-License-Identifier: BSD-3-Clause
/*
 * Sleeping threads ordered by deadline, and the one-shot timer interrupt. The interrupt is only
 * ever moved closer when somebody needs it earlier; one that comes too early (its sleeper was woken
 * before) finds nothing to do. That keeps timeouts that never expire cheap.
 */
#include <asm/errno.h>
#include <uc/plat.h>
#include <uc/sched.h>
#include "sched_internal.h"

static struct uc_rbtree sleepers;
static uc_nsec programmed = UC_FOREVER;

static struct sched_sleeper *first_sleeper(void)
{
	struct uc_rbnode *n = uc_rb_first(&sleepers);
	return n ? UC_CONTAINER(n, struct sched_sleeper, node) : NULL;
}

void uc_sched_timer_request(uc_nsec deadline)
{
	if (deadline >= programmed)
		return;
	programmed = deadline;
	uc_nsec now = uc_upcall_sched_clock();
	uc_plat_timer_set(deadline > now ? deadline - now : 0);
}

void sched_sleeper_arm(struct sched_sleeper *s, struct uc_thread *t, uc_nsec deadline)
{
	struct uc_rbnode *parent = NULL, **link = &sleepers.root;
	s->thread = t;
	s->deadline = deadline;
	s->armed = true;
	while (*link) {
		parent = *link;
		uc_nsec d = UC_CONTAINER(parent, struct sched_sleeper, node)->deadline;
		link = deadline < d ? &parent->left : &parent->right;
	}
	uc_rb_link(&sleepers, &s->node, parent, link);
	uc_sched_timer_request(deadline);
}

void sched_sleeper_disarm(struct sched_sleeper *s)
{
	if (!s->armed)
		return;
	s->armed = false;
	uc_rb_erase(&sleepers, &s->node);
}

static void run_timers(void *arg)
{
	(void)arg;
	/* Nothing is earlier than 0: what arms timers below does not touch the hardware. */
	programmed = 0;
	uc_nsec now = uc_upcall_sched_clock();
	struct sched_sleeper *s;
	while ((s = first_sleeper()) && s->deadline <= now) {
		struct uc_thread *t = s->thread;
		sched_sleeper_disarm(s);
		sched_wake(t, -ETIMEDOUT);
	}
	uc_nsec next = uc_upcall_sched_timers();
	s = first_sleeper();
	if (s)
		next = UC_MIN(next, s->deadline);
	programmed = UC_FOREVER;
	uc_sched_timer_request(next);
}

static struct uc_defer timer_work = { .fn = run_timers };

static void timer_interrupt(void)
{
	uc_defer_raise(&timer_work);
}

void sched_timer_init(void)
{
	uc_plat_timer_bind(timer_interrupt);
}
