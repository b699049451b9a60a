// SPDX-License-Identifier: BSD-3-Clause
/*
 * Takes a defence away from inside, so that a probe is seen to notice. On a machine by writing
 * page tables and control registers; as a process through the kernel's one system-call
 * instruction, as far as its filter permits.
 */
#include "probe.h"

enum { FILL = 16, MAP_SHARED = 1, FD_RAM = 6 };
typedef long call_fn(long nr, long a, long b, long c, long d, long e, long f);

static char spare[2][PAGE] ALIGN;

/* uc_host_call ends in these instructions; it lies in the kernel's text, near the entry. */
static call_fn *host_call(void)
{
	static const unsigned char end[] = { 0x4c, 0x8b, 0x4c, 0x24, 0x08, 0x0f, 0x05, 0xc3 };
	enum { BEFORE = 18 };

	for (const unsigned char *p = (void *)kernel.entry;; p++) {
		unsigned n = 0;

		while (n < sizeof(end) && p[n] == end[n])
			n++;
		if (n == sizeof(end))
			return (call_fn *)(uintptr_t)(p - BEFORE);
	}
}

static void host_map(uint64_t va, int prot, uint64_t pa)
{
	host_call()(NR_mmap, (long)va, PAGE, prot, MAP_SHARED | MAP_FIX, FD_RAM, (long)pa);
}

/* Every page that is missing below the top of a stack. */
static void fill_below(uint64_t top)
{
	for (uint64_t va = (top - 1) & -PAGE, n = 0; n < FILL; n++, va -= PAGE) {
		uint64_t *e = tables_leaf(va);

		if (!e || !(*e & PTE_P))
			tables_map(va, tables_phys(spare[0]), PTE_W | PTE_NX);
	}
}

static void fill_guard(uint64_t top, uint64_t size)
{
	if (kernel.ring0)
		fill_below(top);
	else
		host_map(top - size - PAGE, PROT_R | PROT_W, 0);
}

static void set_bits(uint64_t va, uint64_t set, uint64_t clear)
{
	uint64_t *e = tables_leaf(va);

	if (e)
		*e = (*e | set) & ~clear;
	__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
}

/* The page behind the kernel's text, where its constants begin. */
static uint64_t constants(void)
{
	uint64_t va = kernel.entry & -PAGE, *e;

	while ((e = tables_leaf(va)) && *e & PTE_P && !(*e & PTE_NX))
		va += PAGE;
	return va;
}

static void alias(void)
{
	spare[0][0] = spare[1][0] = 1;
	if (!kernel.ring0)
		host_map((uint64_t)spare[1], PROT_R | PROT_X, 16 * PAGE);
	else
		*tables_leaf((uint64_t)spare[1]) = tables_phys(spare[0]) | PTE_P;
}

static void drop_cr0(uint64_t bit)
{
	uint64_t v;

	__asm__ volatile("movq %%cr0, %0" : "=r"(v));
	__asm__ volatile("movq %0, %%cr0" : : "r"(v & ~bit));
}

static void drop_cr4(uint64_t bit)
{
	uint64_t v;

	__asm__ volatile("movq %%cr4, %0" : "=r"(v));
	__asm__ volatile("movq %0, %%cr4" : : "r"(v & ~bit));
}

static void clear_canary(void)
{
	__asm__ volatile("movq $0, %%gs:40" : : : "memory");
	kernel.canary = 0;
}

static void privileged(const char *name)
{
	uint64_t text = (uint64_t)&sabotage & -PAGE;

	if (same(name, "wx"))
		set_bits(text, PTE_W, 0);
	else if (same(name, "constants"))
		set_bits(constants(), PTE_W, 0);
	else if (same(name, "text-alias"))
		set_bits(kernel.direct + (*tables_leaf(kernel.entry) & PTE_ADDR), PTE_W, 0);
	else if (same(name, "null-page"))
		tables_map(0, tables_phys(spare[0]), PTE_W | PTE_NX);
	else if (same(name, "write-protect"))
		drop_cr0(1ull << 16);
	else if (same(name, "supervisor"))
		drop_cr4(7ull << 20 | 1ull << 11);
}

void sabotage(const char *name, const char *const *argv)
{
	const char *ro = arg_value(argv, "ro="), *ropa = arg_value(argv, "ropa=");
	const char *boot = arg_value(argv, "boot="), *trap = arg_value(argv, "trap=");

	if (same(name, "kernel-stack"))
		fill_guard(kernel.kstack, 4 * PAGE);
	else if (same(name, "boot-stack") && boot)
		fill_guard(kernel.entry + parse_hex(boot), 4 * PAGE);
	else if (same(name, "trap-stack") && trap)
		fill_guard(kernel.entry + parse_hex(trap), 8 * PAGE);
	else if (same(name, "trap-stack") && kernel.ring0)
		fill_below(kernel_trap_stack(0));
	else if (same(name, "canary"))
		clear_canary();
	else if (same(name, "alias"))
		alias();
	else if (kernel.ring0)
		privileged(name);
	else if (same(name, "constants") && ro && ropa)
		host_map(kernel.entry + parse_hex(ro), PROT_R | PROT_W, parse_hex(ropa));
}
