// SPDX-License-Identifier: BSD-3-Clause
#include "vm_internal.h"

static uint64_t resident(struct uc_mm *mm, const struct area *a)
{
	uint64_t n = 0;
	for (uc_vaddr va = a->start; (va = uc_pt_next_used(mm->pt_root, va, a->end)) < a->end;
	     va += UC_PAGE_SIZE)
		n++;
	return n;
}

static void name_of(struct uc_mm *mm, const struct area *a, struct uc_vm_area_info *i)
{
	if (a->obj && a->obj->ops->describe)
		a->obj->ops->describe(a->obj, i->name, sizeof(i->name), &i->dev, &i->ino);
	else if (a->flags & A_HEAP) uc_strlcpy(i->name, "[heap]", sizeof(i->name));
	else if (mm->stack_top > a->start && mm->stack_top <= a->end)
		uc_strlcpy(i->name, "[stack]", sizeof(i->name));
}

void uc_vm_for_each(struct uc_mm *mm, bool (*fn)(const struct uc_vm_area_info *, void *), void *arg)
{
	struct uc_vm_area_info *i = uc_heap_alloc(sizeof(*i));
	if (!i) return;
	for (struct area *a = vm_area_above(mm, 0); a; a = vm_area_next(a)) {
		*i = (struct uc_vm_area_info){ .start = a->start,
					       .end = a->end,
					       .prot = a->prot,
					       .shared = a->flags & A_SHARED,
					       .offset = a->obj ? a->pgoff << UC_PAGE_SHIFT : 0,
					       .rss = resident(mm, a) };
		name_of(mm, a, i);
		if (!fn(i, arg)) break;
	}
	uc_heap_free(i);
}
