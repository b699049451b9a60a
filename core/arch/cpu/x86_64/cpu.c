// SPDX-License-Identifier: BSD-3-Clause
/* Descriptor tables, system-call entry and the C halves of the trap path. */
#include <asm/errno.h>
#include <uc/log.h>
#include <uc/string.h>
#include <uc/user.h>
#include "internal.h"

struct uc_percpu uc_percpu0;
void (*x86_irq_handler)(unsigned vector);

extern char uc_text_start[], uc_text_end[], uc_sysexit_start[], uc_sysexit_jmp[];
extern const int32_t uc_extable[], uc_extable_end[];

_Static_assert(sizeof(struct uc_regs) == 168, "entry.S: REGS_SIZE");
_Static_assert(offsetof(struct uc_regs, orig_rax) == 120, "entry.S: ORIG_RAX");
_Static_assert(offsetof(struct uc_regs, rsp) == 152, "entry.S: RSP");
_Static_assert(offsetof(struct uc_percpu, kstack_top) == 24, "entry.S: PERCPU_KSTACK");
_Static_assert(offsetof(struct uc_percpu, attention) == 48, "entry.S: PERCPU_ATTENTION");
_Static_assert(offsetof(struct x86_trap_frame, regs) == 32, "entry.S: TRAP_REGS");

struct gate {
	uint16_t lo, sel;
	uint8_t ist, type;
	uint16_t mid;
	uint32_t hi, zero;
};
struct tss {
	uint32_t res0;
	uint64_t rsp[3], res1, ist[7], res2;
	uint16_t res3, iomap;
} __attribute__((packed));
struct table_ref {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

static struct gate idt[X86_NVECTORS];
static struct tss tss;
static uint64_t gdt[5] = { 0, 0x00af9b000000ffffull, 0x00cf93000000ffffull };
static uint8_t trap_stack[6144] __attribute__((aligned(16))),
	abort_stack[2048] __attribute__((aligned(16)));

static void set_gates(void)
{
	static const uint8_t abort[] = { 2, 8, 18 };
	uint64_t a = (uint64_t)uc_trap_vectors;
	for (unsigned i = 0; i < X86_NVECTORS; i++, a += 16)
		idt[i] = (struct gate){
			(uint16_t)a, X86_CS, 1, 0x8e, (uint16_t)(a >> 16), (uint32_t)(a >> 32), 0
		};
	for (unsigned i = 0; i < UC_ARRAY_SIZE(abort); i++) idt[abort[i]].ist = 2;
}

void x86_cpu_init(void)
{
	uint64_t t = (uint64_t)&tss;
	uc_percpu0.self = &uc_percpu0;
	uc_percpu0.direct_entry = (uint64_t)uc_syscall_entry;
	set_gates();
	tss.ist[0] = (uint64_t)(trap_stack + sizeof(trap_stack));
	tss.ist[1] = (uint64_t)(abort_stack + sizeof(abort_stack));
	tss.iomap = sizeof(tss);
	gdt[3] = (sizeof(tss) - 1) | (t & 0xffffff) << 16 | 0x89ull << 40 | (t >> 24 & 0xff) << 56;
	gdt[4] = t >> 32;
	struct table_ref g = { sizeof(gdt) - 1, (uint64_t)gdt },
			 i = { sizeof(idt) - 1, (uint64_t)idt };
	uc_load_gdt(&g);
	__asm__ volatile("lidt %0" : : "m"(i));
	x86_wrmsr(X86_MSR_STAR, (uint64_t)X86_CS << 32);
	x86_wrmsr(X86_MSR_LSTAR, (uint64_t)uc_syscall_entry);
	x86_wrmsr(X86_MSR_FMASK, 0x40500 | 0x4000); /* AC, DF, TF, NT; interrupts stay on */
	x86_fpu_setup();
}

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

/* On the trap stack, interrupts off. */
struct x86_trap_frame *uc_trap_first(uint64_t vector, struct uc_regs *r)
{
	uint64_t error = r->orig_rax, cr2;
	if (vector >= X86_IRQ_BASE) {
		if (x86_irq_handler) x86_irq_handler((unsigned)vector);
		if (r->rip >= (uint64_t)uc_sysexit_start && r->rip < (uint64_t)uc_sysexit_jmp)
			r->rip = (uint64_t)uc_sysexit_start;
		else if (r->rip == (uint64_t)uc_sysexit_jmp) r->rip = r->rcx;
		if (x86_in_kernel_text(r->rip) || !uc_percpu0.attention) return NULL;
		return app_frame(r, vector, 0, 0);
	}
	__asm__ volatile("movq %%cr2,%0" : "=r"(cr2));
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
