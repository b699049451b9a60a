// SPDX-License-Identifier: BSD-3-Clause
/* The page tables that the processor uses, read through the map of physical memory. */
#include "probe.h"

#define TOP_SHIFT 39

/* Neighbours that continue each other are one line. */
static struct {
	uint64_t va, pa, len, flags;
} run;

static uint64_t *table(uint64_t pa)
{
	return (uint64_t *)(kernel.direct + (pa & PTE_ADDR));
}

/* Physical address of va if memory were mapped at base; a wrong base reads other memory. */
static uint64_t translate(uint64_t base, uint64_t va)
{
	const uint64_t low = 64ull << 20;
	uint64_t e, shift = TOP_SHIFT + 9;

	__asm__ volatile("movq %%cr3, %0" : "=r"(e));
	do {
		shift -= 9;
		e = *(uint64_t *)(base + (e & PTE_ADDR) + (va >> shift & 511) * 8);
		if (!(e & PTE_P))
			return 0;
		if (shift == 12 || e & PTE_PS)
			return (e & PTE_ADDR & -(1ull << shift)) + (va & ((1ull << shift) - 1));
	} while ((e & PTE_ADDR) < low);
	return 0;
}

uint64_t tables_find(uint64_t place)
{
	uint64_t base = place & -(2ull << 20);

	while (translate(base, place) != place - base)
		base -= 2ull << 20;
	return base;
}

static uint64_t *root(void)
{
	uint64_t cr3;

	__asm__ volatile("movq %%cr3, %0" : "=r"(cr3));
	return table(cr3);
}

static void end_run(void)
{
	if (!run.len)
		return;
	put("map ");
	put_hex(run.va);
	put(" ");
	put_hex(run.len);
	put(" ");
	put_hex(run.pa);
	put(run.flags & PTE_W ? " rw" : " r-");
	put(run.flags & PTE_NX ? "-" : "x");
	put(run.flags & 4 ? "u\n" : "s\n");
	run.len = 0;
}

static void leaf(uint64_t va, uint64_t pa, uint64_t size, uint64_t flags)
{
	if (va != run.va + run.len || pa != run.pa + run.len || flags != run.flags)
		end_run();
	if (!run.len) {
		run.va = va;
		run.pa = pa;
		run.flags = flags;
	}
	run.len += size;
}

/* above: W and U hold if every level has them, NX if one has. */
static void level(const uint64_t *t, unsigned shift, uint64_t va, uint64_t above)
{
	for (uint64_t i = 0; i < 512; i++) {
		uint64_t e = t[i], at = va | i << shift, size = 1ull << shift;
		uint64_t flags = (above & e & (PTE_W | 4)) | ((above | e) & PTE_NX);

		if (!(e & PTE_P))
			continue;
		if (shift == TOP_SHIFT && i >= 256)
			at |= 0xffffull << 48;
		if (shift == 12 || (shift < TOP_SHIFT && e & PTE_PS))
			leaf(at, e & PTE_ADDR & -size, size, flags);
		else
			level(table(e), shift - 9, at, flags);
	}
}

void tables_report(void)
{
	level(root(), TOP_SHIFT, 0, PTE_W | 4);
	end_run();
}

uint64_t tables_entry(uint64_t va)
{
	const uint64_t *t = root();

	for (unsigned shift = TOP_SHIFT;; shift -= 9) {
		uint64_t e = t[va >> shift & 511];

		if (shift == 12 || !(e & PTE_P) || (shift < TOP_SHIFT && e & PTE_PS))
			return e;
		t = table(e);
	}
}

uint64_t *tables_leaf(uint64_t va)
{
	uint64_t *t = root();

	for (unsigned shift = TOP_SHIFT; shift > 12; shift -= 9) {
		uint64_t e = t[va >> shift & 511];

		if (!(e & PTE_P) || e & PTE_PS)
			return NULL;
		t = table(e);
	}
	return &t[va >> 12 & 511];
}

static uint64_t find_keyed(const uint64_t *t, unsigned shift, uint64_t va)
{
	for (uint64_t i = 0; i < 512; i++) {
		uint64_t e = t[i], at = va | i << shift, found = 0;

		if (!(e & PTE_P))
			continue;
		if (shift == TOP_SHIFT && i >= 256)
			at |= 0xffffull << 48;
		if (shift > 12 && !(e & PTE_PS))
			found = find_keyed(table(e), shift - 9, at);
		else if (e & PTE_KEY)
			found = at;
		if (found)
			return found;
	}
	return 0;
}

uint64_t tables_keyed(void)
{
	return find_keyed(root(), TOP_SHIFT, 0);
}

uint64_t tables_phys(void *va)
{
	__asm__ volatile("orb $0, %0" : "+m"(*(char *)va));
	return *tables_leaf((uint64_t)va) & PTE_ADDR;
}

void tables_map(uint64_t va, uint64_t pa, uint64_t flags)
{
	static uint64_t pool[8][512] ALIGN;
	static unsigned n;
	uint64_t *t = root();

	for (unsigned shift = TOP_SHIFT; shift > 12; shift -= 9) {
		uint64_t *e = &t[va >> shift & 511];

		if (!(*e & PTE_P))
			*e = tables_phys(pool[n++]) | PTE_P | PTE_W;
		t = table(*e);
	}
	t[va >> 12 & 511] = pa | PTE_P | flags;
	__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
}
