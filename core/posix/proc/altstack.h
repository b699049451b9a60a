// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PROC_ALTSTACK_H
#define UC_PROC_ALTSTACK_H
/* The alternate signal stack: sigaltstack(2). */
#include <linux/signal.h>
#include <uc/proc.h>
#define UC_SS_AUTODISARM (1u << 31)

static inline bool uc_altstack_on(const struct uc_task *t, uint64_t sp)
{
	if (t->altstack_flags & UC_SS_AUTODISARM)
		return false;
	return sp > t->altstack_sp && sp - t->altstack_sp <= t->altstack_size;
}

/* SS_ flags as seen by the application. */
static inline uint32_t uc_altstack_flags(const struct uc_task *t, uint64_t sp)
{
	uint32_t f = t->altstack_flags & UC_SS_AUTODISARM;

	if (!t->altstack_size)
		return f | SS_DISABLE;
	return uc_altstack_on(t, sp) ? f | SS_ONSTACK : f;
}

static inline bool uc_altstack_usable(const struct uc_task *t, uint64_t sp)
{
	return t->altstack_size && !uc_altstack_on(t, sp);
}

static inline void uc_altstack_reset(struct uc_task *t)
{
	t->altstack_sp = t->altstack_size = 0;
	t->altstack_flags = SS_DISABLE;
}
#endif
