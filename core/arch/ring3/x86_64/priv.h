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
/* The host's mappings of application memory, which are recorded: unmapping; mapping the run of
 * root, the active table, at va, not beyond end. Returns where it ends: va if nothing is there. */
void ring3_unmap(uc_vaddr start, uc_vaddr end);
uc_vaddr ring3_map_piece(uc_paddr root, uc_vaddr va, uc_vaddr end);
void ring3_mapped_add(uc_vaddr va, uint64_t len, unsigned prot, uc_paddr pa);
void ring3_mapped_remove(uc_vaddr start, uc_vaddr end);
/* Unmaps what root, the active table, does not allow. other: it was another one's; what that had
 * is replaced by what root has there. */
void ring3_mapped_check(uc_paddr root, uc_vaddr start, uc_vaddr end, bool other);
void ring3_trap_slow(void);
void ring3_run_pending(void);
void ring3_signals_init(void);
/* Labels of entry.S. */
extern char uc_return_to_app[], ring3_return_iret[], ring3_return_end[];
void ring3_sigreturn(void);
#endif
