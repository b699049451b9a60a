// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ARCHINLINE_H
#define UC_ARCHINLINE_H
/* Inline parts of uc/arch.h for x86-64. Included by it. */
#include <uc/types.h>

static inline void uc_cpu_relax(void) { __asm__ volatile("pause" : : : "memory"); }
static inline uint64_t uc_cycles(void)
{
	uint32_t lo, hi;
	__asm__ volatile("rdtsc" : "=a"(lo), "=d"(hi));
	return (uint64_t)hi << 32 | lo;
}

/* ---- per-CPU area, addressed through GS; offsets are known to entry.S and the rewriter ---- */
struct uc_percpu {
	struct uc_percpu *self;      /* 0 */
	void *current;               /* 8: struct uc_thread */
	uint64_t direct_entry;       /* 16: UC_RW_GS_ENTRY, target of rewritten call sites */
	uint64_t kstack_top;         /* 24: of the current thread */
	uint64_t app_rsp;            /* 32: scratch of the entry path */
	uint64_t stack_guard;        /* 40: -mstack-protector-guard-offset */
	uint32_t attention;          /* 48 */
	uint32_t app_fpu_ok;         /* 52 */
	uint32_t irq_off;            /* 56: of arch/ring3, as the next one */
	uint32_t irq_pending;        /* 60 */
	uint64_t scratch[3];         /* 64 */
};
static inline void uc_percpu_clear_attention(void)
{
	__asm__ volatile("movl $0,%%gs:48" : : : "memory");
}
static inline void *uc_percpu_current(void)
{
	void *p;
	__asm__ volatile("movq %%gs:8,%0" : "=r"(p));
	return p;
}
static inline void uc_percpu_set_current(void *p)
{
	__asm__ volatile("movq %0,%%gs:8" : : "r"(p));
}
#endif
