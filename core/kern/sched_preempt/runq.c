// SPDX-License-Identifier: BSD-3-Clause
/*
 * Pre-emptive run queue: round robin. A thread that has run in the application for a whole slice
 * goes behind all that are ready, so a busy loop keeps nobody from running. Inside the kernel
 * nothing is pre-empted.
 */
#include <uc/sched.h>

/* Long enough that switching costs little, short enough for a shell's or an interpreter's peers. */
#define SLICE_NS ((uc_nsec)5 * 1000 * 1000)

static struct uc_list ready = UC_LIST_INIT(ready);

void uc_runq_init(void)
{
	uc_list_init(&ready);
}

void uc_runq_add(struct uc_thread *t, bool preempted)
{
	(void)preempted;
	uc_list_push_back(&ready, &t->run_link);
}

struct uc_thread *uc_runq_take(void)
{
	if (uc_list_empty(&ready))
		return NULL;
	struct uc_thread *t = UC_LIST_ENTRY(ready.next, struct uc_thread, run_link);
	uc_list_remove(&t->run_link);
	return t;
}

bool uc_runq_empty(void)
{
	return uc_list_empty(&ready);
}

uc_nsec uc_runq_slice(const struct uc_thread *t)
{
	(void)t;
	return SLICE_NS;
}
