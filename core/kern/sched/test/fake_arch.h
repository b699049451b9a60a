// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ARCHINLINE_H
#define UC_ARCHINLINE_H
/* Included before everything else by the tests of this µlib, in place of the processor. */
#include <stdint.h>
extern void *fake_current;
static inline void uc_cpu_relax(void) {}
static inline uint64_t uc_cycles(void) { return 0; }
static inline void *uc_percpu_current(void) { return fake_current; }
static inline void uc_percpu_set_current(void *p) { fake_current = p; }
static inline void uc_percpu_clear_attention(void) {}
#endif
