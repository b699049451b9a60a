// SPDX-License-Identifier: BSD-3-Clause
/* One-shot timers ordered by deadline; equal deadlines fire in the order they were armed. */
#include <uc/sched.h>
#include <uc/time.h>

static struct uc_rbtree timers;

void uc_timer_init(struct uc_timer *t, void (*fn)(struct uc_timer *), void *arg)
{
	t->armed = false;
	t->fn = fn;
	t->arg = arg;
}

static void insert(struct uc_timer *t)
{
	struct uc_rbnode *parent = NULL, **link = &timers.root;
	while (*link) {
		parent = *link;
		uc_nsec d = UC_CONTAINER(parent, struct uc_timer, node)->deadline;
		link = t->deadline < d ? &parent->left : &parent->right;
	}
	uc_rb_link(&timers, &t->node, parent, link);
}

void uc_timer_arm(struct uc_timer *t, uc_nsec deadline)
{
	uc_timer_cancel(t);
	if (deadline == UC_FOREVER)
		return;
	t->deadline = deadline;
	t->armed = true;
	insert(t);
	uc_sched_timer_request(deadline);
}

bool uc_timer_cancel(struct uc_timer *t)
{
	if (!t->armed)
		return false;
	uc_rb_erase(&timers, &t->node);
	t->armed = false;
	return true;
}

uc_nsec uc_timer_run(void)
{
	uc_nsec now = uc_time_mono();
	struct uc_rbnode *n;
	while ((n = uc_rb_first(&timers))) {
		struct uc_timer *t = UC_CONTAINER(n, struct uc_timer, node);
		if (t->deadline > now)
			return t->deadline;
		uc_timer_cancel(t);
		t->fn(t);
	}
	return UC_FOREVER;
}
