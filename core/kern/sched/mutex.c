// SPDX-License-Identifier: BSD-3-Clause
/* Sleeping mutex with hand-over: unlocking makes the longest waiter the owner; nobody starves. */
#include <uc/log.h>
#include <uc/sched.h>

void uc_mutex_lock(struct uc_mutex *m)
{
	struct uc_thread *self = uc_thread_current();
	UC_ASSERT(m->owner != self, "a mutex is not locked twice by one thread");
	if (!m->owner) {
		m->owner = self;
		return;
	}
	struct uc_waiter w;
	uc_waiter_init(&w);
	uc_waitq_add(&m->q, &w);
	while (m->owner != self)
		uc_sched_block(UC_FOREVER, false);
}

void uc_mutex_unlock(struct uc_mutex *m)
{
	UC_ASSERT(m->owner == uc_thread_current(), "a mutex is unlocked by its owner");
	m->owner = NULL;
	if (uc_list_empty(&m->q.waiters))
		return;
	struct uc_waiter *w = UC_LIST_ENTRY(m->q.waiters.next, struct uc_waiter, link);
	uc_waitq_remove(w);
	m->owner = w->thread;
	uc_thread_wake(w->thread);
}
