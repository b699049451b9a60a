// SPDX-License-Identifier: BSD-3-Clause
/* Life of a thread: its stack and extended state, start and end. */
#include <asm/errno.h>
#include <uc/frame.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/sched.h>
#include <uc/string.h>
#include "sched_internal.h"

enum { STACK_ORDER = 2, FPU_ALIGN = 64 };
_Static_assert(UC_KSTACK_SIZE == UC_PAGE_SIZE << STACK_ORDER, "order matches the stack size");

static void entry(void *arg)
{
	struct uc_thread *t = arg;
	sched_finish_switch();
	t->fn(t->arg);
	uc_panic("thread %s returned from its function", t->name);
}

static int alloc_stack(struct uc_thread *t)
{
	uc_paddr pa = uc_frame_alloc_order(STACK_ORDER);
	if (pa == UC_FRAME_NONE)
		return -ENOMEM;
	t->kstack = uc_arch_kstack_map(pa);
	if (!t->kstack) {
		uc_frame_unref_order(pa, STACK_ORDER);
		return -ENOMEM;
	}
	*(uint64_t *)t->kstack = SCHED_STACK_MAGIC;
	t->ctx.kstack_top = (uintptr_t)t->kstack + UC_KSTACK_SIZE;
	return 0;
}

static int alloc_fpu(struct uc_thread *t)
{
	t->ctx.fpu = uc_heap_alloc_aligned(uc_arch_fpu_size(), FPU_ALIGN);
	if (!t->ctx.fpu)
		return -ENOMEM;
	uc_arch_fpu_init(t->ctx.fpu);
	return 0;
}

int uc_thread_init(struct uc_thread *t, const char *name, void (*fn)(void *), void *arg,
		   bool app_state)
{
	uc_list_init(&t->run_link);
	t->state = UC_THREAD_BLOCKED;
	t->fn = fn;
	t->arg = arg;
	uc_strlcpy(t->name, name, sizeof(t->name));
	int r = alloc_stack(t);
	if (!r && app_state)
		r = alloc_fpu(t);
	if (r) {
		uc_thread_fini(t);
		return r;
	}
	uc_ctx_init(&t->ctx, (void *)t->ctx.kstack_top, entry, t);
	return 0;
}

void uc_thread_start(struct uc_thread *t)
{
	bool started = sched_wake(t, 0);
	UC_ASSERT(started, "a thread is started once");
}

void uc_thread_fini(struct uc_thread *t)
{
	UC_ASSERT(t != uc_thread_current(), "a thread does not free its own stack");
	if (t->kstack)
		uc_frame_unref_order(uc_arch_kstack_unmap(t->kstack), STACK_ORDER);
	uc_heap_free(t->ctx.fpu);
	t->kstack = NULL;
	t->ctx.fpu = NULL;
}

void uc_thread_exit(void)
{
	struct uc_thread *self = uc_thread_current();
	/* Its address space may be gone before the next thread is switched to. */
	uc_thread_set_root(0);
	self->state = UC_THREAD_DEAD;
	sched_schedule();
	uc_panic("dead thread %s was switched to", self->name);
}
