// SPDX-License-Identifier: BSD-3-Clause
#include "vm_internal.h"

void vm_rss_add(struct uc_mm *mm, uc_paddr pa, int64_t n)
{
	if (uc_frame_is_ram(pa))
		mm->rss_anon += (uint64_t)n;
	else
		mm->rss_file += (uint64_t)n;
	mm->peak_rss = UC_MAX(mm->peak_rss, mm->rss_anon + mm->rss_file);
}

void vm_flush(struct uc_mm *mm, uc_vaddr start, uc_vaddr end)
{
	if (mm->pt_root == uc_pt_current())
		uc_tlb_flush(start, end);
}

void vm_zap(struct uc_mm *mm, uc_vaddr start, uc_vaddr end)
{
	bool any = false;
	for (uc_vaddr va = start; (va = uc_pt_next_used(mm->pt_root, va, end)) < end;) {
		uc_pte big = uc_pt_2m(mm->pt_root, va);
		if (big && !(va & 0x1fffff) && end - va >= 0x200000) {
			uc_pt_clear_2m(mm->pt_root, va);
			vm_rss_add(mm, uc_pte_addr(big), -512);
			uc_frame_unref_order(uc_pte_addr(big) & ~0x1fffffull, 9);
			va += 0x200000;
			any = true;
			continue;
		}
		uc_pte *e = uc_pt_slot(mm->pt_root, va, false);
		if (!e)
			uc_panic("no memory to split a large page");
		vm_rss_add(mm, uc_pte_addr(*e), -1);
		uc_frame_unref(uc_pte_addr(*e));
		*e = 0;
		any = true;
		va += UC_PAGE_SIZE;
	}
	if (any)
		vm_flush(mm, start, end);
}
