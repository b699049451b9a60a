// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ARCHINLINE_H
#define UC_ARCHINLINE_H
/* Included before everything else by the tests of this µlib, in place of the processor. */
#include <stdint.h>
extern unsigned fake_irq_off, fake_idles;
extern void *fake_current;
void fake_idle(void); /* what an interrupt does while the processor waits */
static inline uint64_t uc_irq_save(void) { return fake_irq_off++; }
static inline void uc_irq_restore(uint64_t s) { fake_irq_off = (unsigned)s; }
static inline void uc_cpu_idle(void) { fake_idles++; fake_idle(); }
static inline void uc_cpu_relax(void) {}
static inline uint64_t uc_cycles(void) { return 0; }
static inline void *uc_percpu_current(void) { return fake_current; }
static inline void uc_percpu_set_current(void *p) { fake_current = p; }
static inline void uc_percpu_clear_attention(void) {}
#endif
