// SPDX-License-Identifier: BSD-3-Clause
/* Descriptor tables, system-call entry and extended state of a processor of one's own. */
#include <uc/string.h>
#include <uc/user.h>
#include "ring0.h"

/* Of a vector: offset 15..0, selector, stack, type, offset 31..16; offset 63..32. */
struct gate {
	uint64_t low, high;
};
#define GATE_IST(n) ((uint64_t)(n) << 32)
struct tss {
	uint32_t res0;
	uint64_t rsp[3], res1, ist[7], res2;
	uint16_t res3, iomap;
} __attribute__((packed));
struct table_ref {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

const uint64_t uc_user_top = UC_USER_TOP_LINUX;
static struct gate idt[X86_NVECTORS];
static struct tss tss;
static uint64_t gdt[5] = { 0, 0x00af9b000000ffffull, 0x00cf93000000ffffull };
/* The first page of each is made inaccessible. */
static uint8_t trap_stack[3 * UC_PAGE_SIZE] __attribute__((aligned(UC_PAGE_SIZE))),
	abort_stack[2 * UC_PAGE_SIZE] __attribute__((aligned(UC_PAGE_SIZE)));

/* The entries lie in one KiB (entry.S), so that the next one's address differs in the lowest
 * bits. */
static void set_gates(void)
{
	static const uint8_t abort[] = { 2, 8, 18 };
	uint64_t a = (uint64_t)ring0_vectors;
	uint64_t low = (a & 0xffff) | (uint64_t)X86_CS << 16 | GATE_IST(1) | 0x8eull << 40 |
		       (a >> 16 & 0xffff) << 48;
	for (struct gate *g = idt; g < idt + X86_NVECTORS; g++, low += VECTOR_BYTES)
		*g = (struct gate){ low, a >> 32 };
	for (unsigned i = 0; i < UC_ARRAY_SIZE(abort); i++) idt[abort[i]].low ^= GATE_IST(1 ^ 2);
}

static void fpu_setup(void)
{
	uint64_t cr4;
	struct x86_cpuid c7 = x86_cpuid(7, 0);
	__asm__ volatile("movq %%cr4,%0" : "=r"(cr4));
	cr4 |= (c7.b & 1) << 16;                             /* FSGSBASE */
	cr4 |= (c7.b >> 7 & 1) << 20 | (c7.b >> 20 & 1) << 21; /* SMEP, SMAP */
	cr4 |= (c7.c >> 2 & 1) << 11;                          /* UMIP */
	if (x86_cpuid(1, 0).c & (1u << 26)) cr4 |= 1u << 18; /* OSXSAVE */
	cr4 |= 1u << 7;                                      /* PGE */
	__asm__ volatile("movq %0,%%cr4" : : "r"(cr4));
	__asm__ volatile("fninit");
	if (!(cr4 & (1u << 18))) return;
	struct x86_cpuid x = x86_cpuid(13, 0);
	uint64_t xcr0 = ((uint64_t)x.d << 32 | x.a) & X86_XFEATURES;
	if (!(xcr0 & 4)) xcr0 &= 3;
	__asm__ volatile("xsetbv" : : "c"(0), "a"((uint32_t)xcr0), "d"((uint32_t)(xcr0 >> 32)));
	x86_fpu_configure(xcr0, x86_cpuid(13, 0).b);
}

void x86_cpu_forget(void)
{
	memset(idt, 0, sizeof(idt));
	memset(&tss, 0, sizeof(tss));
	gdt[3] = gdt[4] = 0;
}

void x86_cpu_init(void)
{
	uint64_t t = (uint64_t)&tss;
	uc_percpu0.self = &uc_percpu0;
	uc_percpu0.direct_entry = (uint64_t)uc_syscall_entry;
	set_gates();
	x86_guard_page(trap_stack);
	x86_guard_page(abort_stack);
	tss.ist[0] = (uint64_t)(trap_stack + sizeof(trap_stack));
	tss.ist[1] = (uint64_t)(abort_stack + sizeof(abort_stack));
	tss.iomap = sizeof(tss);
	gdt[3] = (sizeof(tss) - 1) | (t & 0xffffff) << 16 | 0x89ull << 40 | (t >> 24 & 0xff) << 56;
	gdt[4] = t >> 32;
	struct table_ref g = { sizeof(gdt) - 1, (uint64_t)gdt },
			 i = { sizeof(idt) - 1, (uint64_t)idt };
	ring0_load_gdt(&g);
	__asm__ volatile("lidt %0" : : "m"(i));
	x86_wrmsr(X86_MSR_STAR, (uint64_t)X86_CS << 32);
	x86_wrmsr(X86_MSR_LSTAR, (uint64_t)uc_syscall_entry);
	x86_wrmsr(X86_MSR_FMASK, 0x40500 | 0x4000); /* AC, DF, TF, NT; interrupts stay on */
	fpu_setup();
}
