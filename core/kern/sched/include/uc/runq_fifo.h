// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_RUNQ_FIFO_H
#define UC_RUNQ_FIFO_H
/* First come, first served: the run queue (uc/sched.h) of schedulers that differ in the slice only.
 * Included by one file of such a µlib. Context: as for the functions of the run queue. */
#include <uc/sched.h>

static struct uc_list uc_runq_ready = UC_LIST_INIT(uc_runq_ready);

void uc_runq_init(void)
{
	uc_list_init(&uc_runq_ready);
}

void uc_runq_add(struct uc_thread *t, bool preempted)
{
	(void)preempted;
	uc_list_push_back(&uc_runq_ready, &t->run_link);
}

struct uc_thread *uc_runq_take(void)
{
	if (uc_list_empty(&uc_runq_ready))
		return NULL;
	struct uc_thread *t = UC_LIST_ENTRY(uc_runq_ready.next, struct uc_thread, run_link);
	uc_list_remove(&t->run_link);
	return t;
}

bool uc_runq_empty(void)
{
	return uc_list_empty(&uc_runq_ready);
}
#endif
