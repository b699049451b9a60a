// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_X86_INTERNAL_H
#define UC_X86_INTERNAL_H
#include <uc/x86int.h>
/* Shared by the files of arch/cpu. */
void x86_fpu_load(const void *area);
uint64_t x86_xfeatures(void);
/* One area for building and reading signal frames; used without blocking in between. NULL: no
 * memory. */
void *x86_fpu_scratch(void);
void uc_ctx_switch_asm(uint64_t *save_sp, uint64_t new_sp);
void uc_ctx_start_asm(void);
UC_NORETURN void uc_enter_app_regs(struct uc_regs *r);
#endif
