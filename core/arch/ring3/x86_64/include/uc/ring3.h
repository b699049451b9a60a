// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_RING3_H
#define UC_RING3_H
/*
 * Between arch/ring3 and plat/linux: the kernel as a process of Linux. Signals are its traps and
 * interrupts; the page tables in its memory are the truth and the host's mappings a TLB of them.
 * Context: boot (before applications), unless stated.
 */
#include <uc/x86.h>

/* The one system-call instruction of the process; any context. Result as the host gives it. */
long uc_host_call(long nr, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);
#define UC_HOST0(nr)          uc_host_call(nr, 0, 0, 0, 0, 0, 0)
#define UC_HOST1(nr, a)       uc_host_call(nr, (uint64_t)(a), 0, 0, 0, 0, 0)
#define UC_HOST2(nr, a, b)    uc_host_call(nr, (uint64_t)(a), (uint64_t)(b), 0, 0, 0, 0)
#define UC_HOST3(nr, a, b, c) uc_host_call(nr, (uint64_t)(a), (uint64_t)(b), (uint64_t)(c), 0, 0, 0)
#define UC_HOST4(nr, a, b, c, d) \
	uc_host_call(nr, (uint64_t)(a), (uint64_t)(b), (uint64_t)(c), (uint64_t)(d), 0, 0)
extern char uc_host_call_end[]; /* the address behind the instruction */

/* Physical addresses [pa, pa + len) are the bytes of fd from its start. */
void ring3_window(uc_paddr pa, uint64_t len, int fd);
/* Signal stack, handlers, extended state. fsgsbase: the application's thread pointer can be set
 * without the host's help. */
void ring3_init(bool fsgsbase);

/* Interrupts: bits of uc_percpu0.irq_pending, set by signals and by the platform's wait. */
enum { RING3_IRQ_TIMER = 1, RING3_IRQ_IO = 2 };
/* The interrupts that are due, which are forgotten. Context: interrupt. */
unsigned ring3_irq_take(void);
/* Waits until an interrupt is due and sets its bit; it may come back without one. Bound by the
 * platform. Context: thread, interrupts off. */
extern void (*ring3_wait)(void);
#endif
