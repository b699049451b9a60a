// SPDX-License-Identifier: BSD-3-Clause
/* The translation that the processor uses, and the kernel's half of it. */
#include <uc/x86int.h>

#define FLUSH_SINGLE_MAX 16

void uc_pt_activate(uc_paddr root)
{
	if (root == x86_mmu.active_root) return;
	x86_mmu.active_root = root;
	__asm__ volatile("movq %0,%%cr3" : : "r"(root) : "memory");
}

void uc_pt_activate_kernel(void) { uc_pt_activate(x86_mmu.kernel_root); }

void uc_tlb_flush_all(void)
{
	uint64_t cr3;
	__asm__ volatile("movq %%cr3,%0; movq %0,%%cr3" : "=r"(cr3) : : "memory");
}

void uc_tlb_flush(uc_vaddr start, uc_vaddr end)
{
	if (end - start > FLUSH_SINGLE_MAX * UC_PAGE_SIZE) {
		uc_tlb_flush_all();
		return;
	}
	for (; start < end; start += UC_PAGE_SIZE)
		__asm__ volatile("invlpg (%0)" : : "r"(start) : "memory");
}

/*
 * The kernel half is shared by all roots: its top-level slots are filled before the first address
 * space is made for RAM; ranges added later live in slots that exist already, or are added to the
 * kernel root before applications start.
 */
void *uc_arch_map_phys(uc_paddr pa, uint64_t len, unsigned perm)
{
	uint64_t end = UC_PAGE_UP(pa + len);
	void *va = uc_phys_to_virt(pa);
	pa = UC_PAGE_DOWN(pa);
	bool big = !((pa | end) & 0x1fffff);
	for (; pa < end; pa += big ? 0x200000 : UC_PAGE_SIZE) {
		uint64_t *pde = x86_pd_slot(x86_mmu.kernel_root, x86_mmu.direct_base + pa, true);
		if (!pde) return NULL;
		if (*pde & X86_PTE_PS) continue;
		if (big && !(*pde & X86_PTE_P)) {
			*pde = uc_pte_make(pa, perm) | X86_PTE_PS | X86_PTE_G;
			continue;
		}
		uc_pte *e = uc_pt_slot(x86_mmu.kernel_root, x86_mmu.direct_base + pa, true);
		if (!e) return NULL;
		if (!uc_pte_present(*e)) *e = uc_pte_make(pa, perm) | X86_PTE_G;
	}
	return va;
}

void x86_guard_page(void *page)
{
	*uc_pt_slot(x86_mmu.kernel_root, (uc_vaddr)page, false) = 0;
}

void x86_kernel_mapped(uc_vaddr va, uint64_t len) {}
