// SPDX-License-Identifier: BSD-3-Clause
/* Kernel and program share an address space, and on a machine of its own the privilege: nothing
 * here asks the kernel. */
#include "probe.h"

void *memcpy(void *d, const void *s, size_t n);

enum { MSR_EFER = 0xc0000080 };

struct kernel kernel;

struct table_ref {
	uint16_t limit;
	uint64_t base;
} __attribute__((packed));

/* Of the per-CPU block. */
static uint64_t gs_word(uint64_t offset)
{
	uint64_t v;

	__asm__ volatile("movq %%gs:(%1), %0" : "=r"(v) : "r"(offset));
	return v;
}

static bool near(uint64_t v, uint64_t place, uint64_t reach)
{
	return v + reach - place < 2 * reach;
}

bool kernel_address(uint64_t v)
{
	return near(v, kernel.entry, 1ull << 28) || near(v, kernel.current, 1ull << 32);
}

void kernel_look(void)
{
	uint16_t cs;

	__asm__("mov %%cs, %0" : "=r"(cs));
	kernel.ring0 = !(cs & 3);
	kernel.percpu = gs_word(0);
	kernel.current = gs_word(8);
	kernel.entry = gs_word(16);
	kernel.kstack = gs_word(24);
	kernel.canary = gs_word(40);
	if (kernel.ring0)
		kernel.direct = tables_find(kernel.current);
}

uint64_t kernel_trap_stack(unsigned i)
{
	struct table_ref gdt;
	const uint8_t *tss;
	uint16_t tr;
	uint64_t lo, hi, base;

	__asm__ volatile("sgdt %0" : "=m"(gdt));
	__asm__ volatile("str %0" : "=r"(tr));
	lo = *(uint64_t *)(gdt.base + tr);
	hi = *(uint64_t *)(gdt.base + tr + 8);
	base = (lo >> 16 & 0xffffff) | (lo >> 32 & 0xff000000) | hi << 32;
	tss = (const uint8_t *)base;
	memcpy(&lo, tss + 36 + 8 * i, sizeof(lo));
	return lo;
}

static void report_stacks(void)
{
	for (unsigned i = 0; i < TRAP_STACKS; i++)
		if (kernel_trap_stack(i))
			line("ist", kernel_trap_stack(i));
}

static void report_ring0(void)
{
	uint64_t cr0, cr4;
	uint32_t lo, hi, b, c, a = 7, d;

	__asm__ volatile("movq %%cr0, %0" : "=r"(cr0));
	__asm__ volatile("movq %%cr4, %0" : "=r"(cr4));
	__asm__ volatile("rdmsr" : "=a"(lo), "=d"(hi) : "c"(MSR_EFER));
	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "=c"(c), "=d"(d) : "c"(0));
	line("cr0", cr0);
	line("cr4", cr4);
	line("efer", (uint64_t)hi << 32 | lo);
	line("cpuid7b", b);
	line("cpuid7c", c);
	line("direct", kernel.direct);
	report_stacks();
	tables_report();
}

void kernel_report(void)
{
	line("ring0", kernel.ring0);
	line("entry", kernel.entry);
	line("percpu", kernel.percpu);
	line("current", kernel.current);
	line("kstack", kernel.kstack);
	line("canary", kernel.canary);
	if (kernel.ring0)
		report_ring0();
}
