// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_SCHED_INTERNAL_H
#define UC_SCHED_INTERNAL_H
/* Shared by the files of this µlib. Context: thread, unless stated. */
#include <uc/rbtree.h>
#include <uc/sched.h>

/* A thread asleep until a deadline; lives on its stack. */
struct sched_sleeper {
	struct uc_rbnode node;
	uc_nsec deadline;
	struct uc_thread *thread;
	bool armed;
};
void sched_sleeper_arm(struct sched_sleeper *s, struct uc_thread *t, uc_nsec deadline);
void sched_sleeper_disarm(struct sched_sleeper *s); /* idempotent */
void sched_timer_init(void);

/* Something raised deferred work that has not run. Context: any. */
bool sched_defer_pending(void);

/* Ends the sleep of t with `result`. Whether it was asleep. */
bool sched_wake(struct uc_thread *t, int result);
/* First thing a thread does after it was switched to: buries the thread it follows. */
void sched_finish_switch(void);
/* Runs other threads until the current one (not running any more) is taken from the run queue. */
void sched_schedule(void);

/* At the lowest address of a kernel stack; gone when a stack overflowed. */
#define SCHED_STACK_MAGIC 0x6b43615453435575ull
#endif
