// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PTIMER_H
#define UC_PTIMER_H
/* Timers of a process: POSIX timers by number, and its interval timers on CPU time. */
#include "ctimer.h"

enum { PTIMER_VIRTUAL = -1, PTIMER_PROF = -2 }; /* ids of the latter */
struct ptimer {
	struct uc_list link;    /* proc->posix_timers */
	struct ctimer ct;
	struct uc_proc *proc;
	int id, sig, notify;    /* notify: SIGEV_* */
	int tid;                /* SIGEV_THREAD_ID */
	uint64_t value;         /* sigev_value */
	bool queued;            /* its signal waits to be taken */
	uint64_t overrun;       /* expirations since that was queued */
	uint64_t overrun_taken; /* what timer_getoverrun tells */
};
struct ptimer *ptimer_find(struct uc_proc *p, int id);
/* Not running. NULL: no memory. */
struct ptimer *ptimer_new(struct uc_proc *p, int id, const struct clock *c,
			  void (*expired)(struct ctimer *));
void ptimer_delete(struct ptimer *t);
/*
 * What a timer leaves p between two signals, in ns: with a shorter interval it would do nothing but
 * take them. What it misses counts as overrun.
 */
uc_nsec ptimer_rest(const struct uc_proc *p, int sig);
#endif
