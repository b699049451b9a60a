// SPDX-License-Identifier: BSD-3-Clause
/*
 * Protection keys (Intel SDM vol. 3, 4.6.2): of pages of the supervisor (PKS) where the processor
 * has them, else of pages of the user (PKU), whose rights hold for every privilege level. Pages
 * with a key are then marked as a user's, which SMAP would forbid the kernel to use.
 */
#include <asm/errno.h>
#include <uc/x86int.h>

#define CR4_SMAP   (1ull << 21)
#define CR4_PKE    (1ull << 22)
#define CR4_PKS    (1ull << 24)
#define MSR_PKRS   0x6e1u
#define PTE_USER   4ull
#define PTE_KEY(k) ((uint64_t)(k) << 59)

static bool of_user;

int uc_arch_keys_start(void)
{
	uint32_t has = x86_cpuid(7, 0).c;
	uint64_t cr4;
	bool of_supervisor = has >> 31 & 1;
	if (!of_supervisor && !(has >> 3 & 1)) return -ENODEV;
	of_user = !of_supervisor;
	__asm__ volatile("movq %%cr4,%0" : "=r"(cr4));
	cr4 = of_user ? (cr4 & ~CR4_SMAP) | CR4_PKE : cr4 | CR4_PKS;
	__asm__ volatile("movq %0,%%cr4" : : "r"(cr4));
	uc_arch_keys_load(0);
	return 0;
}

void uc_arch_keys_load(uint32_t rights)
{
	if (of_user) __asm__ volatile("wrpkru" : : "a"(rights), "c"(0), "d"(0) : "memory");
	else x86_wrmsr(MSR_PKRS, rights);
}

/* A page is the user's only if every level says so; other pages below have entries that do not. */
static void mark_above(uc_vaddr va)
{
	uint64_t *t = uc_phys_to_virt(x86_mmu.kernel_root);
	for (unsigned shift = 39; shift > 12; shift -= 9) {
		uint64_t *e = &t[va >> shift & 511];
		*e |= PTE_USER;
		t = uc_phys_to_virt(*e & X86_PTE_ADDR);
	}
}

int uc_arch_keys_set(void *start, uint64_t len, unsigned key)
{
	uint64_t mark = key ? PTE_KEY(key) | (of_user ? PTE_USER : 0) : 0;
	uc_vaddr va = (uc_vaddr)start;
	for (uc_vaddr end = va + len; va < end; va += UC_PAGE_SIZE) {
		uc_pte *e = uc_pt_slot(x86_mmu.kernel_root, va, false);
		if (!e) return -ENOMEM;
		*e = (*e & ~(PTE_KEY(15) | PTE_USER)) | mark;
		if (mark & PTE_USER) mark_above(va);
		__asm__ volatile("invlpg (%0)" : : "r"(va) : "memory");
	}
	return 0;
}
