// SPDX-License-Identifier: BSD-3-Clause
#include <uc/heap.h>
#include <uc/init.h>
#include "ptimer.h"

#define REST_SHORT 100000u /* ns */
#define REST_LONG  2000000u

struct ptimer *ptimer_find(struct uc_proc *p, int id)
{
	UC_LIST_FOREACH(it, &p->posix_timers) {
		struct ptimer *t = UC_LIST_ENTRY(it, struct ptimer, link);
		if (t->id == id)
			return t;
	}
	return NULL;
}

struct ptimer *ptimer_new(struct uc_proc *p, int id, const struct clock *c,
			  void (*expired)(struct ctimer *))
{
	struct ptimer *t = uc_heap_zalloc(sizeof(*t));
	if (!t)
		return NULL;
	t->proc = p;
	t->id = id;
	ctimer_init(&t->ct, c, expired);
	uc_list_push_back(&p->posix_timers, &t->link);
	return t;
}

void ptimer_delete(struct ptimer *t)
{
	ctimer_stop(&t->ct);
	uc_list_remove(&t->link);
	uc_heap_free(t);
}

/* More while the last one's handler is still at work: where the machine is slow or busy, taking a
 * signal lasts longer than the short rest. */
uc_nsec ptimer_rest(const struct uc_proc *p, int sig)
{
	UC_LIST_FOREACH(it, &p->tasks)
		if (!(UC_LIST_ENTRY(it, struct uc_task, link)->blocked & uc_sigbit(sig)))
			return REST_SHORT;
	return REST_LONG;
}

/* execve(2) keeps interval timers, and only those. */
static void drop(struct uc_proc *p)
{
	UC_LIST_FOREACH_SAFE(it, &p->posix_timers) {
		struct ptimer *t = UC_LIST_ENTRY(it, struct ptimer, link);
		if (p->exiting || t->id >= 0)
			ptimer_delete(t);
	}
}

static int ptimer_hook(void)
{
	uc_proc_hooks.timers_drop = drop;
	return 0;
}
UC_INITCALL(UC_STAGE_CORE, ptimer_hook);
