// SPDX-License-Identifier: BSD-3-Clause
/* What is worth doing at one page fault although only one page is asked for. */
#include "../vm/vm_internal.h"

#define IMAGE_PAGES 512u /* nothing is copied for them; those of one page table */
#define COPIES	    32u

void vm_image_around(struct uc_mm *mm, struct area *a, uc_vaddr va, enum uc_vm_access acc,
		     unsigned perm)
{
	uint64_t size = IMAGE_PAGES * UC_PAGE_SIZE;
	uc_vaddr at = UC_MAX(va & ~(size - 1), a->start),
		 end = UC_MIN((va & ~(size - 1)) + size, a->end);
	struct uc_vm_page pg;
	for (; at < end; at += (uint64_t)pg.run << UC_PAGE_SHIFT) {
		pg.run = 1;
		uc_pte *e = uc_pt_slot(mm->pt_root, at, false);
		if (e && *e)
			continue;
		if (a->obj->ops->page(a->obj, a->pgoff + ((at - a->start) >> UC_PAGE_SHIFT), acc,
				      &pg))
			return;
		if (uc_frame_is_ram(pg.pa))
			uc_frame_unref(pg.pa); /* a copy, made when it is asked for */
		else
			vm_map_run(mm, at, end, &pg, perm);
	}
}

/* In order of their addresses, so that what becomes writable is one piece of memory, too. */
int vm_writable_around(struct uc_mm *mm, struct area *a, uc_vaddr va, uc_pte *e)
{
	uint64_t size = UC_MIN(COPIES, vm_cluster()) * UC_PAGE_SIZE;
	if (a->end - a->start <= 2 * size)
		size = IMAGE_PAGES * UC_PAGE_SIZE; /* a library's data: all of it */
	uc_vaddr start = UC_MAX(va & ~(size - 1), a->start),
		 end = UC_MIN((va & ~(size - 1)) + size, a->end);
	int r = 0;
	for (uc_vaddr p = start; p < end && !r; p += UC_PAGE_SIZE) {
		uc_pte *n = e + (int64_t)(p - va) / (int64_t)UC_PAGE_SIZE;
		if (uc_pte_present(*n) && !(uc_pte_perm(*n) & UC_PT_W))
			r = vm_make_writable(mm, a, n);
	}
	if (!(uc_pte_perm(*e) & UC_PT_W))
		r = vm_make_writable(mm, a, e);
	vm_flush(mm, start, end);
	return uc_pte_perm(*e) & UC_PT_W ? 0 : r;
}
