// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_SCHED_H
#define UC_SCHED_H
/*
 * Threads, the scheduler interface and blocking. Interchangeable µlibs implement the run queue
 * (sched_coop: co-operative FIFO; a pre-emptive one later); everything else is common.
 *
 * Kernel code is never pre-empted by other kernel threads: between two blocking calls a thread runs
 * alone on its CPU. Interrupt handlers only note that something happened (uc_defer_raise) and run
 * nothing else, so wake-ups always come from thread context and a check-then-sleep is not racy.
 */
#include <uc/arch.h>
#include <uc/list.h>
#include <uc/types.h>

enum uc_thread_state { UC_THREAD_READY, UC_THREAD_RUNNING, UC_THREAD_BLOCKED, UC_THREAD_DEAD };

struct uc_thread {
	struct uc_ctx ctx;
	struct uc_list run_link;        /* run queue of the scheduler µlib */
	enum uc_thread_state state;
	bool interruptible;             /* current block may be ended by uc_thread_interrupt */
	bool interrupted;               /* uc_thread_interrupt was called; cleared by its owner */
	int wake_result;                /* what uc_sched_block returns */
	uc_paddr pt_root;               /* address space while running; 0: kernel only */
	void *kstack;                   /* base, UC_KSTACK_SIZE bytes */
	uc_nsec cpu_ns, switched_in_at; /* CPU time accounting */
	uint64_t nvcsw, nivcsw;
	char name[16];
	/* Frees the thread; runs on another stack, must not block. */
	void (*on_dead)(struct uc_thread *);
	void (*fn)(void *); void *arg;  /* what it runs */
	void *sched_private[2];
};

/* Boot: turns the boot flow into the first thread (kernel stack as given). */
void uc_sched_init(void);
struct uc_thread *uc_thread_current(void);
/* Prepares t (storage is the caller's, zeroed) with a new kernel stack; app_state: allocate
 * extended state. 0 or -ENOMEM. fn must not return: it ends in uc_thread_exit. */
int uc_thread_init(struct uc_thread *t, const char *name, void (*fn)(void *), void *arg,
		   bool app_state);
void uc_thread_start(struct uc_thread *t);
/* Frees kernel stack and extended state. For threads never started, or from on_dead. */
void uc_thread_fini(struct uc_thread *t);
UC_NORETURN void uc_thread_exit(void);
/* Address space of the running thread from now on (0: kernel only); takes effect at once. */
void uc_thread_set_root(uc_paddr root);
/* CPU time of t so far, including the current run. ns. */
uc_nsec uc_thread_cpu_time(const struct uc_thread *t);

/* Sleeps until uc_thread_wake, the deadline, or (interruptible) uc_thread_interrupt.
 * 0 woken, -ETIMEDOUT, -EINTR. At once -EINTR if interruptible and `interrupted` is set. */
int uc_sched_block(uc_nsec deadline, bool interruptible);
/* Ends the sleep of t with 0. No effect on a thread that is not blocked. Returns whether it was. */
bool uc_thread_wake(struct uc_thread *t);
/* Marks t as interrupted and ends an interruptible sleep with -EINTR. */
void uc_thread_interrupt(struct uc_thread *t);
/* Lets other ready threads run; returns at once if there are none. */
void uc_sched_yield(void);
bool uc_sched_others_ready(void);
/* From the attention upcall, before returning to the application: gives the CPU away if the running
 * thread has used up its slice and others are ready. */
void uc_sched_preempt_point(void);
/* Makes the timer interrupt come no later than `deadline`; uc_upcall_sched_timers is then called
 * from deferred work. Context: thread. */
void uc_sched_timer_request(uc_nsec deadline);

/* ---- upcalls, bound by core/boot to the time µlib ---- */
uc_nsec uc_upcall_sched_clock(void);  /* uc_time_mono */
uc_nsec uc_upcall_sched_timers(void); /* uc_timer_run */

/* ---- run queue interface, implemented by a sched_* µlib ---- */
void uc_runq_init(void);
void uc_runq_add(struct uc_thread *t, bool preempted);
struct uc_thread *uc_runq_take(void);     /* NULL: none */
bool uc_runq_empty(void);
/* Length of a time slice in ns; 0: no pre-emption. Asked when a thread starts to run. */
uc_nsec uc_runq_slice(const struct uc_thread *t);

/* ---- wait queues ---- */
struct uc_waiter {
	struct uc_list link;
	/* Called by uc_waitq_wake in thread context; must not block. Returns true if it counts as a
	 * wake-up (uc_waitq_wake's limit). Default set by uc_waiter_init: wakes the thread. */
	bool (*wake)(struct uc_waiter *w, unsigned events);
	struct uc_thread *thread;
	void *data;
};
struct uc_waitq { struct uc_list waiters; };
#define UC_WAITQ_INIT(q) { UC_LIST_INIT((q).waiters) }
static inline void uc_waitq_init(struct uc_waitq *q) { uc_list_init(&q->waiters); }
void uc_waiter_init(struct uc_waiter *w); /* for the current thread */
void uc_waitq_add(struct uc_waitq *q, struct uc_waiter *w);
void uc_waitq_remove(struct uc_waiter *w); /* idempotent */
/* Wakes up to max waiters (UINT32_MAX: all), first come first; events: poll mask hint (0:
 * unspecified). */
unsigned uc_waitq_wake(struct uc_waitq *q, unsigned max, unsigned events);
static inline void uc_waitq_wake_all(struct uc_waitq *q) { uc_waitq_wake(q, UINT32_MAX, 0); }
/* Sleeps on q once (no condition): 0, -ETIMEDOUT, -EINTR. */
int uc_waitq_sleep(struct uc_waitq *q, uc_nsec deadline, bool interruptible);
/* Sleeps until cond; evaluates to 0, -ETIMEDOUT or -EINTR. */
#define UC_WAIT_EVENT(q, cond, deadline, interruptible) ({ \
	int r_ = 0; \
	for (;;) { \
		if (cond) { \
			r_ = 0; \
			break; \
		} \
		if (r_) \
			break; \
		r_ = uc_waitq_sleep((q), (deadline), (interruptible)); \
	} \
	r_ ; })

/* ---- sleeping mutex, recursive locking is a bug ---- */
struct uc_mutex { struct uc_thread *owner; struct uc_waitq q; };
static inline void uc_mutex_init(struct uc_mutex *m) { m->owner = NULL; uc_waitq_init(&m->q); }
void uc_mutex_lock(struct uc_mutex *m);
void uc_mutex_unlock(struct uc_mutex *m);
#define UC_ASSERT_HELD(m) UC_ASSERT((m)->owner == uc_thread_current(), #m " is held")

/* ---- deferred work: the only thing an interrupt handler may start ---- */
struct uc_defer { struct uc_defer *next; bool pending; void (*fn)(void *arg); void *arg; };
/* Any context. fn will run soon in thread context (it must not block): before the next return to
 * the application, at the next block, or from the idle loop. */
void uc_defer_raise(struct uc_defer *d);
void uc_defer_run(void);
#endif
