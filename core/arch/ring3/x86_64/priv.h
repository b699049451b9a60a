// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_RING3_PRIV_H
#define UC_RING3_PRIV_H
#include <uc/ring3.h>
#include <uc/x86int.h>
/* Puts the host's mapping of va in place if the tables allow the access (error: as of the page
 * fault). */
bool ring3_fill(uc_vaddr va, uint64_t error);
/* uc_trap_second, after which the access need not fault again to be mapped. */
void ring3_trap_second(struct x86_trap_frame *f);
void ring3_trap_slow(void);
void ring3_run_pending(void);
void ring3_signals_init(void);
/* Labels of entry.S. */
extern char uc_return_to_app[], ring3_return_iret[], ring3_return_end[];
void ring3_sigreturn(void);
#endif
