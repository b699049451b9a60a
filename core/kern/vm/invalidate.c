// SPDX-License-Identifier: BSD-3-Clause
#include <uc/part.h>
#include "vm_internal.h"

UC_PART(invalidate);

static void drop(struct uc_mm *mm, uc_vaddr start, uc_vaddr end, bool copies)
{
	bool any = false;
	for (uc_vaddr va = start; (va = uc_pt_next_used(mm->pt_root, va, end)) < end;
	     va += UC_PAGE_SIZE) {
		uc_pte *e = uc_pt_slot(mm->pt_root, va, false);
		if (!e || (!copies && uc_pte_perm(*e) & UC_PT_COPY)) continue;
		vm_rss_add(mm, uc_pte_addr(*e), -1);
		uc_frame_unref(uc_pte_addr(*e));
		*e = 0;
		any = true;
	}
	if (any) vm_flush(mm, start, end);
}

void uc_vm_invalidate(struct uc_vmobj *o, uint64_t pgoff, uint64_t npages, bool copies)
{
	uint64_t last = npages > UINT64_MAX - pgoff ? UINT64_MAX : pgoff + npages;
	UC_LIST_FOREACH (it, &vm_all) {
		struct uc_mm *mm = UC_LIST_ENTRY(it, struct uc_mm, all_link);
		for (struct area *a = vm_area_above(mm, 0); a; a = vm_area_next(a)) {
			uint64_t pages = (a->end - a->start) >> UC_PAGE_SHIFT;
			uint64_t from = UC_MAX(a->pgoff, pgoff),
				 to = UC_MIN(a->pgoff + pages, last);
			if (a->obj == o && from < to)
				drop(mm, a->start + ((from - a->pgoff) << UC_PAGE_SHIFT),
				     a->start + ((to - a->pgoff) << UC_PAGE_SHIFT), copies);
		}
	}
}
