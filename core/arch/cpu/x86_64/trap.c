// SPDX-License-Identifier: BSD-3-Clause
/* The C halves of the trap path. */
#include <asm/errno.h>
#include <uc/log.h>
#include <uc/string.h>
#include <uc/user.h>
#include "internal.h"

struct uc_percpu uc_percpu0;
void (*x86_irq_handler)(unsigned vector);

extern char uc_text_start[], uc_text_end[], uc_sysexit_start[], uc_sysexit_jmp[];
extern const int32_t uc_extable[], uc_extable_end[];

_Static_assert(sizeof(struct uc_regs) == 168, "uc/x86frame.h: REGS_SIZE");
_Static_assert(offsetof(struct uc_regs, orig_rax) == 120, "uc/x86frame.h: ORIG_RAX");
_Static_assert(offsetof(struct uc_regs, rsp) == 152, "uc/x86frame.h: RSP");
_Static_assert(offsetof(struct uc_percpu, kstack_top) == 24, "uc/x86frame.h: PERCPU_KSTACK");
_Static_assert(offsetof(struct uc_percpu, attention) == 48, "uc/x86frame.h: PERCPU_ATTENTION");
_Static_assert(offsetof(struct x86_trap_frame, regs) == 32, "uc/x86frame.h: TRAP_REGS");
_Static_assert(offsetof(struct x86_trap_frame, in_kernel) == 24, "uc/x86frame.h: TRAP_IN_KERNEL");

void uc_cpu_set_attention(void) { __atomic_store_n(&uc_percpu0.attention, 1, __ATOMIC_RELAXED); }

bool x86_in_kernel_text(uint64_t rip)
{
	return rip >= (uint64_t)uc_text_start && rip < (uint64_t)uc_text_end;
}

static uint64_t fixup_for(uint64_t rip)
{
	for (const int32_t *e = uc_extable; e < uc_extable_end; e += 2)
		if ((uint64_t)uc_extable + (uint64_t)(int64_t)e[0] == rip)
			return (uint64_t)uc_extable + (uint64_t)(int64_t)e[1];
	return 0;
}

UC_NORETURN static void kernel_fault(const struct uc_regs *r, uint64_t vector, uint64_t error,
				     uint64_t cr2)
{
	static bool nested;
	if (!nested) {
		nested = true;
		uint64_t base = (uint64_t)uc_text_start;
		uc_log(UC_LOG_ERROR, "exception %lu error %lx in the kernel at +0x%lx address %lx",
		       vector, error, r->rip - base, cr2);
		uc_log(UC_LOG_ERROR, "rax %lx rbx %lx rcx %lx rdx %lx rsi %lx rdi %lx", r->rax,
		       r->rbx, r->rcx, r->rdx, r->rsi, r->rdi);
		uc_log(UC_LOG_ERROR,
		       "rbp %lx rsp %lx r8 %lx r9 %lx r10 %lx r11 %lx r12 %lx r13 %lx r14 %lx r15 "
		       "%lx",
		       r->rbp, r->rsp, r->r8, r->r9, r->r10, r->r11, r->r12, r->r13, r->r14,
		       r->r15);
		const uint64_t *sp = (const uint64_t *)r->rsp;
		char trace[200];
		size_t n = 0;
		trace[0] = 0;
		for (unsigned i = 0; vector != 8 && i < 256 && n < sizeof(trace) - 24 &&
				     ((uint64_t)(sp + i) & (UC_KSTACK_SIZE - 1));
		     i++)
			if (x86_in_kernel_text(sp[i])) {
				static const char hex[] = "0123456789abcdef";
				uint64_t v = sp[i] - base;
				trace[n++] = ' ';
				trace[n++] = '+';
				for (int s = 16; s >= 0; s -= 4) trace[n++] = hex[v >> s & 15];
				trace[n] = 0;
			}
		uc_log(UC_LOG_ERROR, "stack:%s", trace);
	}
	uc_panic("unexpected exception %lu in the kernel", vector);
}

static struct x86_trap_frame *frame_to(struct x86_trap_frame *f, const struct uc_regs *r,
				       uint64_t vector, uint64_t error, uint64_t cr2,
				       bool in_kernel)
{
	f->vector = vector;
	f->error = error;
	f->cr2 = cr2;
	f->in_kernel = in_kernel;
	f->regs = *r;
	return f;
}

static struct x86_trap_frame *app_frame(struct uc_regs *r, uint64_t vector, uint64_t error,
					uint64_t cr2)
{
	r->orig_rax = (uint64_t)-1;
	uint64_t top = uc_percpu0.kstack_top - X86_FRAME_GAP;
	return frame_to((struct x86_trap_frame *)(top - sizeof(struct x86_trap_frame)), r, vector,
			error, cr2, false);
}

struct x86_trap_frame *uc_trap_first(uint64_t vector, struct uc_regs *r, uint64_t cr2)
{
	uint64_t error = r->orig_rax;
	if (vector >= X86_IRQ_BASE) {
		if (x86_irq_handler) x86_irq_handler((unsigned)vector);
		if (r->rip >= (uint64_t)uc_sysexit_start && r->rip < (uint64_t)uc_sysexit_jmp)
			r->rip = (uint64_t)uc_sysexit_start;
		else if (r->rip == (uint64_t)uc_sysexit_jmp) r->rip = r->rcx;
		if (x86_in_kernel_text(r->rip) || !uc_percpu0.attention) return NULL;
		return app_frame(r, vector, 0, 0);
	}
	if (!x86_in_kernel_text(r->rip)) {
		if (vector == 2) return NULL;
		return app_frame(r, vector, error, cr2);
	}
	if ((vector != 14 && vector != 13) || !fixup_for(r->rip))
		kernel_fault(r, vector, error, cr2);
	uint64_t sp = (r->rsp - sizeof(struct x86_trap_frame)) & ~15ull;
	return frame_to((struct x86_trap_frame *)sp, r, vector, error, cr2, true);
}

static enum uc_fault_kind kind_of(uint64_t vector)
{
	switch (vector) {
	case 14: return UC_FAULT_PAGE;
	case 6: return UC_FAULT_ILLEGAL;
	case 0: return UC_FAULT_ARITH;
	case 16:
	case 19: return UC_FAULT_FPU;
	case 3: return UC_FAULT_BREAK;
	case 1: return UC_FAULT_STEP;
	case 13: return UC_FAULT_PROT;
	case 17: return UC_FAULT_ALIGN;
	default: return UC_FAULT_OTHER;
	}
}

/* On the thread's kernel stack, interrupts on; may block. */
void uc_trap_second(struct x86_trap_frame *f)
{
	if (f->in_kernel) {
		bool page = f->vector == 14 && f->cr2 < UC_USER_TOP;
		if (!page || uc_upcall_user_access_fault(f->cr2, f->error & 2))
			f->regs.rip = fixup_for(f->regs.rip);
		return;
	}
	if (f->vector >= X86_IRQ_BASE) return;
	struct uc_fault u = {
		.kind = kind_of(f->vector),
		.addr = f->vector == 14 ? f->cr2 : f->regs.rip,
		.write = f->error & 2,
		.exec = f->error & 16,
		.present = f->error & 1,
		.err = f->error == (uint64_t)-1 ? 0 : f->error,
		.trapno = f->vector,
	};
	uc_upcall_app_fault(&f->regs, &u);
}
