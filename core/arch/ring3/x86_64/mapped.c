// SPDX-License-Identifier: BSD-3-Clause
/*
 * What the host has mapped of applications' memory. Another address space keeps of it what its own
 * tables allow as well, which for processes that come from one is most of it; what they do not have
 * in common is replaced at once where it was used lately, for relatives use the same addresses.
 */
#include <linux/mman.h>
#include <uc/string.h>
#include "priv.h"

#define MAX_RUNS 680u
#define BIG_MASK 0x1fffffull
#define HOT      2 /* changes of address space that are survived without a fault */

struct run {
	uc_vaddr va;
	uc_paddr pa;
	uint32_t pages;
	uint8_t prot, heat;
};
static struct run runs[MAX_RUNS]; /* in order of their addresses */
static unsigned nruns;
/* What is mapped is not recorded: there was one address space only, or there are too many runs. */
static bool lost = true;

static uc_vaddr end_of(const struct run *r)
{
	return r->va + ((uint64_t)r->pages << UC_PAGE_SHIFT);
}

/* The first run that ends behind va. */
static unsigned find(uc_vaddr va)
{
	unsigned low = 0, high = nruns;
	while (low < high) {
		unsigned mid = (low + high) / 2;
		if (end_of(&runs[mid]) <= va)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Puts n runs in the place of `gone` ones at i. */
static void replace(unsigned i, unsigned gone, const struct run *with, unsigned n)
{
	if (nruns - gone + n > MAX_RUNS) {
		lost = true;
		return;
	}
	memmove(&runs[i + n], &runs[i + gone], (nruns - i - gone) * sizeof(*runs));
	memcpy(&runs[i], with, n * sizeof(*with));
	nruns += n - gone;
}

static void cut_front(struct run *r, uc_vaddr va)
{
	if (va <= r->va)
		return;
	r->pa += va - r->va;
	r->pages -= (uint32_t)((va - r->va) >> UC_PAGE_SHIFT);
	r->va = va;
}

static void cut_back(struct run *r, uc_vaddr end)
{
	if (end < end_of(r))
		r->pages = (uint32_t)((end - r->va) >> UC_PAGE_SHIFT);
}

/* What is left of the runs i to last-1 outside [start, end). */
static unsigned rest(unsigned i, unsigned last, uc_vaddr start, uc_vaddr end, struct run out[2])
{
	unsigned n = 0;
	if (i == last)
		return 0;
	if (runs[i].va < start) {
		out[n] = runs[i];
		cut_back(&out[n++], start);
	}
	if (end_of(&runs[last - 1]) > end) {
		out[n] = runs[last - 1];
		cut_front(&out[n++], end);
	}
	return n;
}

void ring3_mapped_remove(uc_vaddr start, uc_vaddr end)
{
	struct run left[2];
	if (lost)
		return;
	unsigned i = find(start), last = i;
	while (last < nruns && runs[last].va < end)
		last++;
	replace(i, last - i, left, rest(i, last, start, end, left));
}

static bool goes_on(const struct run *a, const struct run *b)
{
	return end_of(a) == b->va && a->pa + (b->va - a->va) == b->pa && a->prot == b->prot;
}

static void add(struct run r)
{
	ring3_mapped_remove(r.va, end_of(&r));
	if (lost)
		return;
	unsigned i = find(r.va);
	if (i && goes_on(&runs[i - 1], &r)) {
		runs[i - 1].pages += r.pages;
		runs[i - 1].heat = UC_MAX(runs[i - 1].heat, r.heat);
		return;
	}
	replace(i, 0, &r, 1);
}

void ring3_mapped_add(uc_vaddr va, uint64_t len, unsigned prot, uc_paddr pa)
{
	add((struct run){ va, pa, (uint32_t)(len >> UC_PAGE_SHIFT), (uint8_t)prot, HOT });
}

/* Tables that are looked at page by page. */
struct tables {
	uc_paddr root;
	uint64_t at; /* number of 2 MiB, of which these are: */
	uc_pte big;
	const uc_pte *entries;
};

static uc_pte entry(struct tables *t, uc_vaddr va)
{
	if (va / (BIG_MASK + 1) != t->at) {
		t->at = va / (BIG_MASK + 1);
		t->big = uc_pt_2m(t->root, va);
		t->entries = t->big ? NULL : uc_pt_slot(t->root, va & ~BIG_MASK, false);
	}
	if (t->big)
		return (t->big & ~(BIG_MASK & X86_PTE_ADDR)) + (va & BIG_MASK & UC_PAGE_MASK);
	return t->entries ? t->entries[va >> UC_PAGE_SHIFT & 511] : 0;
}

/* Do the tables allow the page of r at va as it is mapped? */
static bool allowed(struct tables *t, const struct run *r, uc_vaddr va)
{
	uc_pte e = entry(t, va);
	return e & X86_PTE_P && (e & X86_PTE_ADDR) == r->pa + (va - r->va) &&
	       (!(r->prot & PROT_WRITE) || e & X86_PTE_W) &&
	       (!(r->prot & PROT_EXEC) || !(e & X86_PTE_NX));
}

/* Where the pages from va on end that are all allowed, or all not. */
static uc_vaddr alike(struct tables *t, const struct run *r, uc_vaddr va, bool *keep)
{
	uc_vaddr end = end_of(r);
	*keep = allowed(t, r, va);
	while ((va += UC_PAGE_SIZE) < end && allowed(t, r, va) == *keep) {}
	return va;
}

/* To be unmapped; nothing is mapped between the pieces that it comes from. */
static struct {
	uc_vaddr start, end;
} drop;

static void drop_now(void)
{
	if (drop.end)
		ring3_unmap(drop.start, drop.end);
	drop.end = 0;
}

static void drop_later(uc_vaddr start, uc_vaddr end)
{
	if (!drop.end)
		drop.start = start;
	drop.end = end;
}

/* Maps what root has in [va, end), where r was; it cools down meanwhile. */
static void take_over(uc_paddr root, const struct run *r, uc_vaddr va, uc_vaddr end)
{
	while (va < end) {
		uc_vaddr used = r->heat > 1 ? uc_pt_next_used(root, va, end) : end;
		if (used > va)
			drop_later(va, used);
		if (used == end)
			return;
		drop_now();
		va = ring3_map_piece(root, used, end);
		unsigned i = find(used);
		if (va > used && !lost && i < nruns && runs[i].va <= used)
			runs[i].heat = UC_MIN(runs[i].heat, r->heat - 1);
		if (va == used) {
			drop_later(va, end);
			return;
		}
	}
}

/* What is mapped of r stays as far as the tables allow it. */
static void check(struct tables *t, const struct run *r, bool other)
{
	bool keep;
	for (uc_vaddr va = r->va, next; va < end_of(r); va = next) {
		next = alike(t, r, va, &keep);
		if (keep) {
			struct run part = *r;
			cut_front(&part, va);
			cut_back(&part, next);
			drop_now();
			add(part);
		} else if (other) {
			take_over(t->root, r, va, next);
		} else {
			drop_later(va, next);
		}
	}
}

/* Without a record everything goes, and recording begins. */
static void begin(void)
{
	uc_tlb_flush_all();
	nruns = 0;
	lost = false;
}

void ring3_mapped_check(uc_paddr root, uc_vaddr start, uc_vaddr end, bool other)
{
	static struct run before[MAX_RUNS];
	struct tables t = { .root = root, .at = ~0ull };
	if (lost) {
		if (other)
			begin();
		else
			ring3_unmap(start, end);
		return;
	}
	unsigned i = find(start), n = 0;
	while (i + n < nruns && runs[i + n].va < end)
		n++;
	memcpy(before, &runs[i], n * sizeof(*before));
	ring3_mapped_remove(start, end);
	for (unsigned k = 0; k < n && !lost; k++) {
		cut_front(&before[k], start);
		cut_back(&before[k], end);
		check(&t, &before[k], other);
	}
	drop_now();
	if (lost)
		begin();
}
