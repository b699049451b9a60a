// SPDX-License-Identifier: BSD-3-Clause
#include "vm_internal.h"

/* Both address spaces map the page; private pages become read-only in both until one writes. */
static int share_entry(struct uc_mm *from, struct uc_mm *to, const struct area *a, uc_vaddr va)
{
	uc_pte *s = uc_pt_slot(from->pt_root, va, false), *d = uc_pt_slot(to->pt_root, va, true);
	if (!s || !d) return -ENOMEM;
	if (!(a->flags & A_SHARED))
		*s = uc_pte_make(uc_pte_addr(*s), uc_pte_perm(*s) & ~(unsigned)UC_PT_W);
	*d = *s;
	uc_frame_ref(uc_pte_addr(*s));
	vm_rss_add(to, uc_pte_addr(*s), 1);
	return 0;
}

static int copy_area(struct uc_mm *from, struct uc_mm *to, struct area *a)
{
	struct area *c = vm_area_new(a->start, a->end, a);
	if (!c) return -ENOMEM;
	c->flags &= (uint16_t)~A_LOCKED;
	vm_area_insert(to, c);
	for (uc_vaddr va = a->start; (va = uc_pt_next_used(from->pt_root, va, a->end)) < a->end;
	     va += UC_PAGE_SIZE) {
		int r = share_entry(from, to, a, va);
		if (r) return r;
	}
	return 0;
}

static void copy_attributes(struct uc_mm *to, const struct uc_mm *from)
{
	to->mmap_base = from->mmap_base;
	to->brk_start = from->brk_start;
	to->brk = from->brk;
	to->stack_top = from->stack_top;
	to->stack_limit = from->stack_limit;
	to->start_code = from->start_code;
	to->end_code = from->end_code;
	to->start_data = from->start_data;
	to->end_data = from->end_data;
	to->arg_start = from->arg_start;
	to->arg_end = from->arg_end;
	to->env_start = from->env_start;
	to->env_end = from->env_end;
	to->auxv_words = from->auxv_words;
	memcpy(to->auxv, from->auxv, sizeof(to->auxv));
	memcpy(to->exe_path, from->exe_path, sizeof(to->exe_path));
	to->exe = from->exe;
	if (to->exe) to->exe->ops->ref(to->exe);
}

struct uc_mm *uc_mm_fork(struct uc_mm *from)
{
	struct uc_mm *to = uc_mm_new();
	int r = 0;
	if (!to) return NULL;
	uc_mutex_lock(&from->lock);
	copy_attributes(to, from);
	for (struct area *a = vm_area_above(from, 0); a && !r; a = vm_area_next(a))
		if (!(a->flags & A_DONTFORK)) r = copy_area(from, to, a);
	vm_flush(from, 0, UC_USER_TOP);
	uc_mutex_unlock(&from->lock);
	if (r) {
		uc_mm_unref(to);
		return NULL;
	}
	return to;
}
