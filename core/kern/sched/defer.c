// SPDX-License-Identifier: BSD-3-Clause
/* Deferred work: what interrupt handlers hand over to thread context, in the order raised. */
#include <uc/sched.h>
#include "sched_internal.h"

static struct uc_defer *head;
static struct uc_defer **tail = &head;

void uc_defer_raise(struct uc_defer *d)
{
	uint64_t irq = uc_irq_save();
	if (!d->pending) {
		d->pending = true;
		d->next = NULL;
		*tail = d;
		tail = &d->next;
		uc_cpu_set_attention();
	}
	uc_irq_restore(irq);
}

static struct uc_defer *take(void)
{
	uint64_t irq = uc_irq_save();
	struct uc_defer *d = head;
	if (d) {
		head = d->next;
		if (!head)
			tail = &head;
		/* Cleared before fn runs, so that work raised meanwhile is not lost. */
		d->pending = false;
	}
	uc_irq_restore(irq);
	return d;
}

void uc_defer_run(void)
{
	struct uc_defer *d;
	while (sched_defer_pending() && (d = take()))
		d->fn(d->arg);
}

bool sched_defer_pending(void)
{
	return __atomic_load_n(&head, __ATOMIC_RELAXED) != NULL;
}
