// SPDX-License-Identifier: BSD-3-Clause
/* Four-level page tables. Tables are reached through the direct map. */
#include <asm/errno.h>
#include <uc/log.h>
#include <uc/string.h>
#include "internal.h"

struct x86_mmu x86_mmu;
extern char uc_kernel_end[];

void x86_mmu_init(uint64_t base, uc_paddr root, uint64_t image, uc_paddr image_pa)
{
	x86_mmu = (struct x86_mmu){ base, image, image_pa, root, root };
}

void *uc_phys_to_virt(uc_paddr pa) { return (void *)(x86_mmu.direct_base + pa); }

uc_paddr uc_virt_to_phys(const void *va)
{
	/* The image and the kernel stacks behind it have mappings of their own, below the direct
	 * map. */
	if ((uint64_t)va >= x86_mmu.direct_base) return (uint64_t)va - x86_mmu.direct_base;
	if (va < (void *)uc_kernel_end)
		return (uint64_t)va - x86_mmu.image_base + x86_mmu.image_phys;
	return uc_pte_addr(*uc_pt_slot(x86_mmu.kernel_root, (uc_vaddr)va, false)) |
	       ((uint64_t)va & (UC_PAGE_SIZE - 1));
}

static uint64_t *table(uint64_t e) { return uc_phys_to_virt(e & X86_PTE_ADDR); }

static uint64_t *next_level(uint64_t *t, unsigned i, bool create)
{
	if (!(t[i] & X86_PTE_P)) {
		uc_paddr pa = create ? uc_upcall_pt_alloc() : 0;
		if (!pa) return NULL;
		t[i] = pa | X86_PTE_P | X86_PTE_W | X86_PTE_A;
	}
	return table(t[i]);
}

uint64_t *x86_pd_slot(uc_paddr root, uc_vaddr va, bool create)
{
	uint64_t *t = next_level(uc_phys_to_virt(root), va >> 39 & 511, create);
	if (t) t = next_level(t, va >> 30 & 511, create);
	return t ? &t[va >> 21 & 511] : NULL;
}

/* Replaces a 2 MiB leaf by a table of equal 4 KiB entries. */
static bool split(uint64_t *pde)
{
	uc_paddr pa = uc_upcall_pt_alloc();
	if (!pa) return false;
	uint64_t *t = uc_phys_to_virt(pa), e = *pde & ~X86_PTE_PS;
	for (unsigned i = 0; i < 512; i++) t[i] = e + i * UC_PAGE_SIZE;
	*pde = pa | X86_PTE_P | X86_PTE_W | X86_PTE_A;
	return true;
}

uc_pte *uc_pt_slot(uc_paddr root, uc_vaddr va, bool create)
{
	uint64_t *pde = x86_pd_slot(root, va, create);
	if (!pde) return NULL;
	if ((*pde & (X86_PTE_P | X86_PTE_PS)) == (X86_PTE_P | X86_PTE_PS) && !split(pde))
		return NULL;
	if (!(*pde & X86_PTE_P)) {
		uc_paddr pa = create ? uc_upcall_pt_alloc() : 0;
		if (!pa) return NULL;
		*pde = pa | X86_PTE_P | X86_PTE_W | X86_PTE_A;
	}
	return &table(*pde)[va >> 12 & 511];
}

uc_pte uc_pte_make(uc_paddr pa, unsigned perm)
{
	uint64_t e = pa | X86_PTE_A;
	if (perm & (UC_PT_R | UC_PT_W | UC_PT_X)) e |= X86_PTE_P;
	if (perm & UC_PT_W) e |= X86_PTE_W;
	if (!(perm & UC_PT_X)) e |= X86_PTE_NX;
	if (perm & UC_PT_NOCACHE) e |= X86_PTE_PCD | X86_PTE_PWT;
	if (perm & UC_PT_COPY) e |= X86_PTE_COPY;
	return e;
}

bool uc_pte_present(uc_pte e) { return e & X86_PTE_P; }

uc_paddr uc_pte_addr(uc_pte e) { return e & X86_PTE_ADDR; }

unsigned uc_pte_perm(uc_pte e)
{
	unsigned mark = e & X86_PTE_COPY ? UC_PT_COPY : 0;
	if (!(e & X86_PTE_P)) return mark;
	return mark | UC_PT_R | (e & X86_PTE_W ? UC_PT_W : 0) | (e & X86_PTE_NX ? 0 : UC_PT_X);
}

bool uc_pte_dirty(uc_pte e) { return e & X86_PTE_D; }

int uc_pt_map_2m(uc_paddr root, uc_vaddr va, uc_paddr pa, unsigned perm)
{
	uint64_t *pde = x86_pd_slot(root, va, true);
	if (!pde) return -ENOMEM;
	if (*pde & X86_PTE_P) return -EEXIST;
	*pde = uc_pte_make(pa, perm) | X86_PTE_PS;
	return 0;
}

uc_pte uc_pt_2m(uc_paddr root, uc_vaddr va)
{
	uint64_t *pde = x86_pd_slot(root, va, false);
	return pde && (*pde & (X86_PTE_P | X86_PTE_PS)) == (X86_PTE_P | X86_PTE_PS) ? *pde : 0;
}

void uc_pt_clear_2m(uc_paddr root, uc_vaddr va) { *x86_pd_slot(root, va, false) = 0; }

uc_vaddr uc_pt_next_used(uc_paddr root, uc_vaddr va, uc_vaddr end)
{
	while (va < end) {
		uint64_t *e = (uint64_t *)uc_phys_to_virt(root) + (va >> 39 & 511);
		unsigned shift = 39;
		for (; shift > 12 && (*e & (X86_PTE_P | X86_PTE_PS)) == X86_PTE_P; shift -= 9)
			e = table(*e) + (va >> (shift - 9) & 511);
		if (*e) return va;
		/* Empty ones are passed within a table: from the root costs ten times as much. */
		uint64_t n = 1, left = 512 - (va >> shift & 511);
		while (n < left && !e[n]) n++;
		va = ((va >> shift) + n) << shift;
	}
	return end;
}

uc_paddr uc_pt_new(void)
{
	uc_paddr pa = uc_upcall_pt_alloc();
	if (pa)
		memcpy((char *)uc_phys_to_virt(pa) + 2048,
		       (char *)uc_phys_to_virt(x86_mmu.kernel_root) + 2048, 2048);
	return pa;
}

static void free_level(uint64_t *t, unsigned n, unsigned level)
{
	for (unsigned i = 0; i < n; i++) {
		if (!(t[i] & X86_PTE_P) || t[i] & X86_PTE_PS) continue;
		if (level > 1) free_level(table(t[i]), 512, level - 1);
		uc_upcall_pt_free(t[i] & X86_PTE_ADDR);
	}
}

void uc_pt_free(uc_paddr root)
{
	UC_ASSERT(root != x86_mmu.active_root, "an active address space is not freed");
	free_level(uc_phys_to_virt(root), 256, 3);
	uc_upcall_pt_free(root);
}

uc_paddr uc_pt_current(void) { return x86_mmu.active_root; }

/*
 * Kernel stacks lie behind the image in windows of twice their size: the lower half of each stays
 * unmapped and catches an overflow. The first ones share the image's tables.
 */
#define KSTACK_WINDOW (2ull * UC_KSTACK_SIZE)
#define KSTACK_MAX    65536u
static unsigned kstack_hint;

static uint64_t kstack_at(unsigned i)
{
	uint64_t base = ((uint64_t)uc_kernel_end + KSTACK_WINDOW) & ~(KSTACK_WINDOW - 1);
	return base + i * KSTACK_WINDOW + UC_KSTACK_SIZE;
}

void *uc_arch_kstack_map(uc_paddr pa)
{
	unsigned i = kstack_hint;
	uc_pte *e;
	for (;; i++) {
		if (i == KSTACK_MAX) return NULL;
		e = uc_pt_slot(x86_mmu.kernel_root, kstack_at(i), true);
		if (!e) return NULL;
		if (!*e) break;
	}
	kstack_hint = i + 1;
	for (uint64_t off = 0; off < UC_KSTACK_SIZE; off += UC_PAGE_SIZE, e++)
		*e = uc_pte_make(pa + off, UC_PT_R | UC_PT_W) | X86_PTE_D | X86_PTE_G;
	x86_kernel_mapped(kstack_at(i), UC_KSTACK_SIZE);
	return (void *)kstack_at(i);
}

uc_paddr uc_arch_kstack_unmap(void *stack)
{
	uint64_t va = (uint64_t)stack;
	uc_pte *e = uc_pt_slot(x86_mmu.kernel_root, va, false);
	uc_paddr pa = uc_pte_addr(*e);
	unsigned i = (unsigned)((va - kstack_at(0)) / KSTACK_WINDOW);
	for (uint64_t off = 0; off < UC_KSTACK_SIZE; off += UC_PAGE_SIZE) *e++ = 0;
	uc_tlb_flush(va, va + UC_KSTACK_SIZE);
	kstack_hint = UC_MIN(kstack_hint, i);
	return pa;
}
