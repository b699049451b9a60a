// SPDX-License-Identifier: BSD-3-Clause
/* Wait queues: first come, first woken. */
#include <uc/sched.h>

static bool wake_thread(struct uc_waiter *w, unsigned events)
{
	(void)events;
	return uc_thread_wake(w->thread);
}

void uc_waiter_init(struct uc_waiter *w)
{
	uc_list_init(&w->link);
	w->wake = wake_thread;
	w->thread = uc_thread_current();
	w->data = NULL;
}

void uc_waitq_add(struct uc_waitq *q, struct uc_waiter *w)
{
	uc_list_push_back(&q->waiters, &w->link);
}

void uc_waitq_remove(struct uc_waiter *w)
{
	uc_list_remove(&w->link);
}

unsigned uc_waitq_wake(struct uc_waitq *q, unsigned max, unsigned events)
{
	unsigned n = 0;
	UC_LIST_FOREACH_SAFE(it, &q->waiters) {
		if (n == max)
			break;
		struct uc_waiter *w = UC_LIST_ENTRY(it, struct uc_waiter, link);
		if (w->wake(w, events))
			n++;
	}
	return n;
}

int uc_waitq_sleep(struct uc_waitq *q, uc_nsec deadline, bool interruptible)
{
	struct uc_waiter w;
	uc_waiter_init(&w);
	uc_waitq_add(q, &w);
	int r = uc_sched_block(deadline, interruptible);
	uc_waitq_remove(&w);
	return r;
}
