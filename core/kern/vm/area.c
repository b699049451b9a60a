// SPDX-License-Identifier: BSD-3-Clause
#include "vm_internal.h"

static struct area *entry(struct uc_rbnode *n)
{
	return n ? UC_CONTAINER(n, struct area, node) : NULL;
}

struct area *vm_area_next(struct area *a) { return entry(uc_rb_next(&a->node)); }
struct area *vm_area_prev(struct area *a) { return entry(uc_rb_prev(&a->node)); }

struct area *vm_area_above(struct uc_mm *mm, uc_vaddr va)
{
	struct area *best = NULL;
	for (struct uc_rbnode *n = mm->areas.root; n;) {
		struct area *a = entry(n);
		if (a->end > va) {
			best = a;
			n = n->left;
		} else {
			n = n->right;
		}
	}
	return best;
}

struct area *vm_area_find(struct uc_mm *mm, uc_vaddr va)
{
	struct area *a = vm_area_above(mm, va);
	return a && a->start <= va ? a : NULL;
}

struct area *vm_area_new(uc_vaddr start, uc_vaddr end, const struct area *like)
{
	struct area *a = uc_heap_alloc(sizeof(*a));
	if (!a) return NULL;
	*a = *like;
	a->start = start;
	a->end = end;
	if (a->obj) a->obj->ops->ref(a->obj);
	return a;
}

void vm_area_free(struct area *a)
{
	if (a->obj) a->obj->ops->unref(a->obj);
	uc_heap_free(a);
}

void vm_area_insert(struct uc_mm *mm, struct area *a)
{
	struct uc_rbnode **link = &mm->areas.root, *parent = NULL;
	while (*link) {
		parent = *link;
		link = a->start < entry(parent)->start ? &parent->left : &parent->right;
	}
	uc_rb_link(&mm->areas, &a->node, parent, link);
	mm->nareas++;
	mm->vm_pages += (a->end - a->start) >> UC_PAGE_SHIFT;
}

void vm_area_remove(struct uc_mm *mm, struct area *a)
{
	uc_rb_erase(&mm->areas, &a->node);
	mm->nareas--;
	mm->vm_pages -= (a->end - a->start) >> UC_PAGE_SHIFT;
}

int vm_area_split(struct uc_mm *mm, uc_vaddr va)
{
	struct area *a = vm_area_find(mm, va);
	if (!a || a->start == va) return 0;
	struct area *b = vm_area_new(va, a->end, a);
	if (!b) return -ENOMEM;
	if (b->obj) b->pgoff += (va - a->start) >> UC_PAGE_SHIFT;
	mm->vm_pages -= (a->end - va) >> UC_PAGE_SHIFT;
	a->end = va;
	vm_area_insert(mm, b);
	return 0;
}

static bool joinable(const struct area *a, const struct area *b)
{
	return a && b && a->end == b->start && a->obj == b->obj && a->flags == b->flags &&
	       a->prot == b->prot && a->max_prot == b->max_prot && !(a->flags & A_GROWSDOWN) &&
	       (!a->obj || a->pgoff + ((a->end - a->start) >> UC_PAGE_SHIFT) == b->pgoff);
}

static struct area *join(struct uc_mm *mm, struct area *a, struct area *b)
{
	vm_area_remove(mm, b);
	mm->vm_pages += (b->end - b->start) >> UC_PAGE_SHIFT;
	a->end = b->end;
	vm_area_free(b);
	return a;
}

struct area *vm_area_merge(struct uc_mm *mm, struct area *a)
{
	struct area *p = vm_area_prev(a);
	if (joinable(p, a)) a = join(mm, p, a);
	struct area *n = vm_area_next(a);
	if (joinable(a, n)) a = join(mm, a, n);
	return a;
}
