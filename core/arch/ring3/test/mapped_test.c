// SPDX-License-Identifier: BSD-3-Clause
// sources: ../x86_64/mapped.c
/* The record of the host's mappings, against a model that knows each page of both sides. */
#include <linux/mman.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <uc/user.h>

#include "../x86_64/priv.h"

#define PAGES  4096u
#define TABLES 3u

static uint64_t tables[TABLES][PAGES]; /* entries of address spaces, by page */
static uint64_t host[PAGES];           /* address and protection of what is mapped; 0: nothing */
static unsigned active, calls;

static unsigned page(uc_vaddr va)
{
	assert_true(va / UC_PAGE_SIZE < PAGES);
	return (unsigned)(va / UC_PAGE_SIZE);
}

uc_pte uc_pt_2m(uc_paddr root, uc_vaddr va)
{
	return 0;
}

uc_pte *uc_pt_slot(uc_paddr root, uc_vaddr va, bool create)
{
	return &tables[root][page(va)];
}

uc_vaddr uc_pt_next_used(uc_paddr root, uc_vaddr va, uc_vaddr end)
{
	while (va < end && !tables[root][page(va)])
		va += UC_PAGE_SIZE;
	return va;
}

void ring3_unmap(uc_vaddr start, uc_vaddr end)
{
	calls++;
	for (unsigned i = (unsigned)(start / UC_PAGE_SIZE); i < PAGES && i < end / UC_PAGE_SIZE;
	     i++)
		host[i] = 0;
	ring3_mapped_remove(start, end);
}

void uc_tlb_flush_all(void)
{
	ring3_unmap(UC_PAGE_SIZE, UC_USER_TOP_PROCESS);
}

static unsigned protection(uint64_t e)
{
	return PROT_READ | (e & X86_PTE_W ? PROT_WRITE : 0) | (e & X86_PTE_NX ? 0 : PROT_EXEC);
}

uc_vaddr ring3_map_piece(uc_paddr root, uc_vaddr va, uc_vaddr end)
{
	unsigned first = page(va), n = 0;
	uint64_t e = tables[root][first];
	assert_int_equal(root, active);
	if (!(e & X86_PTE_P))
		return va;
	while (va + n * UC_PAGE_SIZE < end && tables[root][first + n] == e + n * UC_PAGE_SIZE) {
		host[first + n] = (e & X86_PTE_ADDR) + n * UC_PAGE_SIZE + protection(e);
		n++;
	}
	calls++;
	ring3_mapped_add(va, n * UC_PAGE_SIZE, protection(e), e & X86_PTE_ADDR);
	return va + n * UC_PAGE_SIZE;
}

/* Whatever is mapped, the active table allows. */
static void consistent(void)
{
	for (unsigned i = 0; i < PAGES; i++) {
		uint64_t e = tables[active][i], allowed = protection(e);
		if (!host[i])
			continue;
		assert_true(e & X86_PTE_P);
		assert_int_equal(host[i] & X86_PTE_ADDR, e & X86_PTE_ADDR);
		assert_int_equal(host[i] & ~X86_PTE_ADDR & ~allowed, 0);
	}
}

static void activate(unsigned root)
{
	active = root;
	ring3_mapped_check(root, UC_PAGE_SIZE, UC_USER_TOP_PROCESS, true);
	consistent();
}

static uint64_t some_entry(void)
{
	static const uint64_t bits[] = { 0, X86_PTE_W, X86_PTE_NX, X86_PTE_W | X86_PTE_NX };
	return ((uint64_t)(rand() % 2000 + 1) << UC_PAGE_SHIFT) | X86_PTE_P | bits[rand() % 4];
}

/* Pages from `first` on become the same run in some of the tables, or each one's own. */
static void change(unsigned first, unsigned n)
{
	uint64_t common = some_entry();
	bool shared = rand() % 2, gone = rand() % 5 == 0;
	for (unsigned t = 0; t < TABLES; t++) {
		uint64_t e = shared ? common : some_entry();
		for (unsigned i = 0; i < n; i++)
			tables[t][first + i] = gone ? 0 : e + i * UC_PAGE_SIZE;
	}
	ring3_mapped_check(active, first * UC_PAGE_SIZE, (first + n) * UC_PAGE_SIZE, false);
	consistent();
}

static void mappings_stay_within_the_tables(void **state)
{
	srand(1);
	activate(1);
	for (unsigned round = 0; round < 4000; round++) {
		unsigned first = 1 + (unsigned)rand() % (PAGES - 80), n = 1 + (unsigned)rand() % 64;
		switch (rand() % 4) {
		case 0:
			change(first, n);
			break;
		case 1:
			activate((unsigned)rand() % TABLES);
			break;
		default:
			ring3_map_piece(active, first * UC_PAGE_SIZE, (first + n) * UC_PAGE_SIZE);
		}
	}
	consistent();
}

static void what_is_shared_stays(void **state)
{
	memset(tables, 0, sizeof(tables));
	activate(0);
	ring3_unmap(UC_PAGE_SIZE, UC_USER_TOP_PROCESS);
	for (unsigned t = 0; t < TABLES; t++)
		for (unsigned i = 16; i < 1040; i++)
			tables[t][i] = (uint64_t)i << UC_PAGE_SHIFT | X86_PTE_P;
	tables[1][20] += UC_PAGE_SIZE << 12;
	ring3_map_piece(0, 16 * UC_PAGE_SIZE, 1040 * UC_PAGE_SIZE);
	calls = 0;
	activate(1); /* one page differs, and is put in its place by one call */
	assert_int_equal(calls, 1);
	assert_int_equal(host[20] & X86_PTE_ADDR, tables[1][20] & X86_PTE_ADDR);
	assert_int_not_equal(host[16], 0);
	assert_int_not_equal(host[1039], 0);
	activate(2);
	assert_int_equal(host[20], 0); /* it was not used meanwhile */
	assert_int_not_equal(host[19], 0);
}

static void too_many_pieces_are_all_given_up(void **state)
{
	memset(tables, 0, sizeof(tables));
	activate(0);
	for (unsigned i = 1; i < PAGES; i += 2)
		tables[0][i] = (uint64_t)(PAGES - i) << UC_PAGE_SHIFT | X86_PTE_P;
	for (unsigned i = 1; i < PAGES; i += 2)
		ring3_map_piece(0, i * UC_PAGE_SIZE, (i + 1) * UC_PAGE_SIZE);
	activate(1);
	for (unsigned i = 0; i < PAGES; i++)
		assert_int_equal(host[i], 0);
	mappings_stay_within_the_tables(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mappings_stay_within_the_tables),
		cmocka_unit_test(what_is_shared_stays),
		cmocka_unit_test(too_many_pieces_are_all_given_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
