// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_X86INT_H
#define UC_X86INT_H
/*
 * Between arch/cpu and the µlib that binds it to a privilege level (arch/ring0, arch/ring3). Not
 * for other layers.
 */
#include <uc/x86.h>

/* ---- provided by arch/cpu ---- */
extern struct uc_percpu uc_percpu0;
/* First part of a trap: on the trap stack, interrupts off. r->orig_rax holds the error code. NULL:
 * go on with *r (which may have changed); else the frame to go on with at uc_trap_slow. */
struct x86_trap_frame *uc_trap_first(uint64_t vector, struct uc_regs *r, uint64_t fault_addr);
void uc_trap_second(struct x86_trap_frame *f);
struct x86_trap_frame {
	uint64_t vector, error, cr2, in_kernel;
	struct uc_regs regs;
};
#define X86_FRAME_GAP 8 /* ENTRY_GAP of uc/x86frame.h */
void uc_trap_slow(void);
void uc_trap_done(void); /* after uc_trap_second, rbx: the frame */
void uc_syscall_entry(void);
/* Calls uc_upcall_attention until there is nothing left to look at, then uc_return_to_app. */
void uc_return_attention(void);
/* What the processor saves of the extended state: features as in XCR0 (0: FXSAVE only), bytes. */
void x86_fpu_configure(uint64_t features, uint32_t bytes);
/* Translation: the roots and where memory appears. Set by x86_mmu_init. */
struct x86_mmu {
	uint64_t direct_base, image_base;
	uc_paddr image_phys, kernel_root, active_root;
};
extern struct x86_mmu x86_mmu;
/* Entry of va's 2 MiB in root, tables above it made if create. NULL: absent or no memory. */
uint64_t *x86_pd_slot(uc_paddr root, uc_vaddr va, bool create);

/* ---- provided by arch/ring0 or arch/ring3 ---- */
void uc_irq_disable(void); /* keeps all registers but flags */
void uc_irq_enable(void);
void x86_set_tls(uint64_t base);
uint64_t x86_tls(void);
/* Takes all access from a page of the kernel's image. Boot only. */
void x86_guard_page(void *page);
/* Entries for [va, va + len) were added to the kernel's tables. */
void x86_kernel_mapped(uc_vaddr va, uint64_t len);
/* Also there: uc_irq_save, uc_irq_restore, uc_cpu_idle, uc_pt_activate, uc_tlb_flush_*,
 * uc_arch_map_phys, and uc_return_to_app, which restores everything from the struct uc_regs at rsp,
 * sets the segment selectors, turns interrupts on and goes on there. */
#endif
