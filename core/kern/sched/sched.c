// SPDX-License-Identifier: BSD-3-Clause
/*
 * Blocking, waking and switching. There is no idle thread: a thread that finds nothing else to run
 * waits for interrupts inside its own block.
 */
#include <asm/errno.h>
#include <uc/log.h>
#include <uc/sched.h>
#include "sched_internal.h"

static struct uc_thread boot_thread;
static struct uc_thread *previous; /* whom the running thread was switched to from */
static uc_paddr kernel_root;       /* page table of threads without an address space */

void uc_sched_init(void)
{
	struct uc_thread *t = &boot_thread;
	uc_list_init(&t->run_link);
	t->state = UC_THREAD_RUNNING;
	__builtin_memcpy(t->name, "boot", 5);
	kernel_root = uc_pt_current();
	uc_percpu_set_current(t);
	uc_runq_init();
	sched_timer_init();
	t->switched_in_at = uc_upcall_sched_clock();
}

struct uc_thread *uc_thread_current(void)
{
	return uc_percpu_current();
}

static void activate_root(uc_paddr root)
{
	if (!root)
		root = kernel_root;
	if (root != uc_pt_current())
		uc_pt_activate(root);
}

void uc_thread_set_root(uc_paddr root)
{
	uc_thread_current()->pt_root = root;
	activate_root(root);
}

uc_nsec uc_thread_cpu_time(const struct uc_thread *t)
{
	uc_nsec ns = t->cpu_ns;
	if (t == uc_thread_current() && t->state == UC_THREAD_RUNNING)
		ns += uc_upcall_sched_clock() - t->switched_in_at;
	return ns;
}

static void wait_for_interrupt(void)
{
	uint64_t irq = uc_irq_save();
	if (!sched_defer_pending() && uc_runq_empty())
		uc_cpu_idle();
	uc_irq_restore(irq);
}

static struct uc_thread *take_next(void)
{
	struct uc_thread *t;
	for (;;) {
		uc_defer_run();
		t = uc_runq_take();
		if (t)
			return t;
		wait_for_interrupt();
	}
}

void sched_finish_switch(void)
{
	struct uc_thread *p = previous;
	previous = NULL;
	if (p && p->state == UC_THREAD_DEAD && p->on_dead)
		p->on_dead(p);
}

/* The end of t's slice interests others only: a thread that is alone is not interrupted for it. */
static void request_slice(struct uc_thread *t)
{
	uc_nsec slice = uc_runq_slice(t);
	if (slice && !uc_runq_empty() && t->state == UC_THREAD_RUNNING)
		uc_sched_timer_request(t->switched_in_at + slice);
}

static void begin_run(struct uc_thread *t)
{
	t->state = UC_THREAD_RUNNING;
	t->switched_in_at = uc_upcall_sched_clock();
	/* Interrupted while another thread ran: it must look before it returns to the
	 * application. */
	if (t->interrupted)
		uc_cpu_set_attention();
	request_slice(t);
}

void sched_schedule(void)
{
	struct uc_thread *self = uc_thread_current();
	UC_ASSERT(!self->kstack || *(uint64_t *)self->kstack == SCHED_STACK_MAGIC,
		  "the kernel stack did not overflow");
	self->cpu_ns += uc_upcall_sched_clock() - self->switched_in_at;
	struct uc_thread *next = take_next();
	begin_run(next);
	if (next == self)
		return;
	previous = self;
	activate_root(next->pt_root);
	uc_percpu_set_current(next);
	uc_ctx_switch(&self->ctx, &next->ctx);
	sched_finish_switch();
}

int uc_sched_block(uc_nsec deadline, bool interruptible)
{
	struct uc_thread *self = uc_thread_current();
	if (interruptible && self->interrupted)
		return -EINTR;
	if (deadline != UC_FOREVER && deadline <= uc_upcall_sched_clock()) {
		/* Others still get their turn, or a loop over a zero timeout would starve them. */
		uc_sched_yield();
		return -ETIMEDOUT;
	}
	struct sched_sleeper s = { .armed = false };
	self->state = UC_THREAD_BLOCKED;
	self->interruptible = interruptible;
	self->wake_result = 0;
	self->nvcsw++;
	if (deadline != UC_FOREVER)
		sched_sleeper_arm(&s, self, deadline);
	sched_schedule();
	sched_sleeper_disarm(&s);
	return self->wake_result;
}

bool sched_wake(struct uc_thread *t, int result)
{
	if (t->state != UC_THREAD_BLOCKED)
		return false;
	t->state = UC_THREAD_READY;
	t->wake_result = result;
	uc_runq_add(t, false);
	request_slice(uc_thread_current());
	return true;
}

bool uc_thread_wake(struct uc_thread *t)
{
	return sched_wake(t, 0);
}

void uc_thread_interrupt(struct uc_thread *t)
{
	t->interrupted = true;
	if (t->state == UC_THREAD_BLOCKED && t->interruptible)
		sched_wake(t, -EINTR);
	else if (t->state == UC_THREAD_RUNNING)
		uc_cpu_set_attention();
}

bool uc_sched_others_ready(void)
{
	return !uc_runq_empty();
}

static void give_way(bool preempted)
{
	struct uc_thread *self = uc_thread_current();
	self->state = UC_THREAD_READY;
	uc_runq_add(self, preempted);
	sched_schedule();
}

void uc_sched_yield(void)
{
	uc_defer_run();
	if (uc_runq_empty())
		return;
	uc_thread_current()->nvcsw++;
	give_way(false);
}

void uc_sched_preempt_point(void)
{
	struct uc_thread *self = uc_thread_current();
	uc_nsec slice = uc_runq_slice(self);
	if (!slice)
		return;
	uc_nsec now = uc_upcall_sched_clock();
	if (now - self->switched_in_at < slice) {
		/* The interrupt of an earlier timer has used up the slice's request. */
		request_slice(self);
		return;
	}
	if (uc_runq_empty())
		return;
	self->nivcsw++;
	give_way(true);
}
