// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_X86_INTERNAL_H
#define UC_X86_INTERNAL_H
#include <uc/x86.h>
/* Shared by the files of arch/cpu. */
void x86_fpu_setup(void);
void x86_fpu_load(const void *area);
uint64_t x86_xfeatures(void);
/* One area for building and reading signal frames; used without blocking in between. NULL: no
 * memory. */
void *x86_fpu_scratch(void);
void uc_ctx_switch_asm(uint64_t *save_sp, uint64_t new_sp);
void uc_ctx_start_asm(void);
UC_NORETURN void uc_enter_app_regs(struct uc_regs *r);
void uc_syscall_entry(void);
void uc_load_gdt(void *gdtr);
extern char uc_trap_vectors[];
extern struct uc_percpu uc_percpu0;
/* C halves of the trap path, see entry.S. */
struct x86_trap_frame {
	uint64_t vector, error, cr2, in_kernel;
	struct uc_regs regs;
};
struct x86_trap_frame *uc_trap_first(uint64_t vector, struct uc_regs *r);
void uc_trap_second(struct x86_trap_frame *f);
#define X86_FRAME_GAP 8 /* ENTRY_GAP of entry.S */
#endif
