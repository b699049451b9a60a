// SPDX-License-Identifier: BSD-3-Clause
/* Code of the stack that came in where there is no gate enters by its first access, which faults,
 * until its thread goes back to the program or its deferred work ends. */
#include <uc/arch.h>
#include <uc/compartment.h>
#include <uc/log.h>

enum { PAGE_FAULT = 14, ERROR_KEY = 32 };

struct x86_trap_frame;
struct x86_trap_frame *__real_uc_trap_first(uint64_t vector, struct uc_regs *r, uint64_t cr2);
struct x86_trap_frame *__wrap_uc_trap_first(uint64_t vector, struct uc_regs *r, uint64_t cr2);

extern char uc_net_text_start[], uc_net_text_end[]; /* kernel.ld */

static bool of_stack(uint64_t pc)
{
	return pc >= (uint64_t)uc_net_text_start && pc < (uint64_t)uc_net_text_end;
}

struct x86_trap_frame *__wrap_uc_trap_first(uint64_t vector, struct uc_regs *r, uint64_t cr2)
{
	/* The error code is where the number of a call would be. */
	if (vector == PAGE_FAULT && r->orig_rax & ERROR_KEY && of_stack(uc_regs_pc(r))) {
		(void)uc_compartment_enter(UC_COMPARTMENT_NET);
		uc_cpu_set_attention();
		return NULL;
	}
	return __real_uc_trap_first(vector, r, cr2);
}

void __real_uc_upcall_app_fault(struct uc_regs *r, const struct uc_fault *f);
void __wrap_uc_upcall_app_fault(struct uc_regs *r, const struct uc_fault *f);

void __wrap_uc_upcall_app_fault(struct uc_regs *r, const struct uc_fault *f)
{
	if (f->kind == UC_FAULT_PAGE && f->err & ERROR_KEY)
		uc_log(UC_LOG_ERROR, "compartment net: %s by the program at %lx",
		       f->write ? "written" : "read", f->addr);
	__real_uc_upcall_app_fault(r, f);
}
