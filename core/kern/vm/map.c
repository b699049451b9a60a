// SPDX-License-Identifier: BSD-3-Clause
/* mmap, munmap, brk: placing and removing areas. */
#include "vm_internal.h"

#define MMAP_MIN 0x10000ull

uc_vaddr vm_find_gap(struct uc_mm *mm, uint64_t len, uc_vaddr below)
{
	uc_vaddr top = below;
	struct area *a = vm_area_above(mm, below - 1);
	if (a && a->start < top) top = a->start;
	struct uc_rbnode *n = a ? uc_rb_prev(&a->node) : uc_rb_last(&mm->areas);
	for (;;) {
		struct area *p = n ? UC_CONTAINER(n, struct area, node) : NULL;
		uc_vaddr floor = p ? p->end : MMAP_MIN;
		if (top >= floor && top - floor >= len && top - len >= MMAP_MIN) return top - len;
		if (!p) return 0;
		top = UC_MIN(top, p->start);
		n = uc_rb_prev(n);
	}
}

/* Stubs of rewritten text go with the mapping they belong to. */
static uc_vaddr include_stubs(struct uc_mm *mm, uc_vaddr start, uc_vaddr end)
{
	struct area *first = vm_area_above(mm, start), *n = vm_area_above(mm, end);
	if (!first || !first->obj || !n || !(n->flags & A_STUBS) || n->start < end ||
	    !first->obj->ops->stubs)
		return end;
	uint64_t vaddr, pages;
	if (first->obj->ops->stubs(first->obj, &vaddr, &pages) != n->obj ||
	    start + vaddr != n->start)
		return end;
	return n->end;
}

static void write_back(struct uc_mm *mm, uc_vaddr start, uc_vaddr end)
{
	for (struct area *a = vm_area_above(mm, start); a && a->start < end; a = vm_area_next(a))
		if (a->flags & A_SHARED && a->obj && a->max_prot & PROT_WRITE &&
		    a->obj->ops->sync) {
			uc_vaddr s = UC_MAX(a->start, start), e = UC_MIN(a->end, end);
			a->obj->ops->sync(a->obj, a->pgoff + ((s - a->start) >> UC_PAGE_SHIFT),
					  (e - s) >> UC_PAGE_SHIFT);
		}
}

void uc_vm_write_back_all(void)
{
	for (struct uc_list *it = vm_all.next; it != &vm_all;) {
		struct uc_mm *mm = UC_LIST_ENTRY(it, struct uc_mm, all_link);
		uc_mm_ref(mm); /* it may block, and the owner end meanwhile */
		uc_mutex_lock(&mm->lock);
		write_back(mm, 0, UC_USER_TOP);
		uc_mutex_unlock(&mm->lock);
		it = it->next;
		uc_mm_unref(mm);
	}
}

int vm_unmap_locked(struct uc_mm *mm, uc_vaddr start, uc_vaddr end)
{
	struct area *a = vm_area_above(mm, start);
	if (!a || a->start >= end) return 0;
	if (vm_area_split(mm, start) || vm_area_split(mm, end)) return -ENOMEM;
	write_back(mm, start, end);
	vm_zap(mm, start, end);
	for (a = vm_area_above(mm, start); a && a->start < end;) {
		struct area *next = vm_area_next(a);
		vm_area_remove(mm, a);
		vm_area_free(a);
		a = next;
	}
	return 0;
}

int uc_vm_munmap(struct uc_mm *mm, uc_vaddr addr, uint64_t len)
{
	if (addr & ~UC_PAGE_MASK || !len || addr >= UC_USER_TOP || len > UC_USER_TOP - addr)
		return -EINVAL;
	uc_mutex_lock(&mm->lock);
	uc_vaddr end = addr + UC_PAGE_UP(len);
	int r = vm_unmap_locked(mm, addr, include_stubs(mm, addr, end));
	uc_mutex_unlock(&mm->lock);
	return r;
}

/* Where [addr, addr+len) goes: the address, or -errno. */
static int64_t place(struct uc_mm *mm, uc_vaddr addr, uint64_t len, int flags)
{
	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (addr & ~UC_PAGE_MASK) return -EINVAL;
		if (len > UC_USER_TOP || addr > UC_USER_TOP - len) return -ENOMEM;
		struct area *a = vm_area_above(mm, addr);
		if (flags & MAP_FIXED_NOREPLACE && a && a->start < addr + len) return -EEXIST;
		return (int64_t)addr;
	}
	if (addr) {
		addr = UC_PAGE_UP(addr);
		struct area *a = vm_area_above(mm, addr);
		if (addr >= MMAP_MIN && len <= UC_USER_TOP && addr <= UC_USER_TOP - len &&
		    (!a || a->start >= addr + len))
			return (int64_t)addr;
	}
	uc_vaddr top = mm->mmap_base ? mm->mmap_base : UC_USER_TOP;
#ifdef MAP_32BIT
	if (flags & MAP_32BIT) top = 0x80000000;
#endif
	uc_vaddr gap = vm_find_gap(mm, len, top);
	if (!gap && !(flags & MAP_32BIT)) gap = vm_find_gap(mm, len, UC_USER_TOP);
	return gap ? (int64_t)gap : -ENOMEM;
}

/* Heuristic overcommit, as Linux by default: only a single obviously impossible request fails. */
static bool too_much(uint64_t len, int prot, int flags, const struct uc_vmobj *obj)
{
	struct uc_frame_stats st;
	if (obj || flags & MAP_NORESERVE || !(prot & PROT_WRITE)) return false;
	uc_frame_stats(&st);
	return len >> UC_PAGE_SHIFT > st.total;
}

static int64_t map_locked(struct uc_mm *mm, uc_vaddr addr, uint64_t len, const struct area *like,
			  int flags)
{
	uint64_t stub_vaddr = 0, stub_pages = 0, span = len;
	struct uc_vmobj *stubs = NULL;
	if (like->obj && like->pgoff == 0 && !(flags & MAP_FIXED) && !(like->flags & A_SHARED) &&
	    like->obj->ops->stubs)
		stubs = like->obj->ops->stubs(like->obj, &stub_vaddr, &stub_pages);
	/* A loader maps the whole span of a library first; a reader maps less or more. */
	if (stubs && len <= stub_vaddr && stub_vaddr - len < UC_PAGE_SIZE)
		span = stub_vaddr + (stub_pages << UC_PAGE_SHIFT);
	else stubs = NULL;
	int64_t at = place(mm, addr, span, flags);
	if (at < 0) return at;
	uc_vaddr va = (uc_vaddr)at;
	if (flags & MAP_FIXED && vm_unmap_locked(mm, va, va + len)) return -ENOMEM;
	struct area *a = vm_area_new(va, va + len, like);
	if (!a) return -ENOMEM;
	vm_area_insert(mm, a);
	if (stubs) {
		struct area sl = { .obj = stubs,
				   .prot = PROT_READ | PROT_EXEC,
				   .max_prot = PROT_READ | PROT_EXEC,
				   .flags = A_STUBS };
		struct area *s = vm_area_new(va + stub_vaddr, va + span, &sl);
		if (s) vm_area_insert(mm, s);
	}
	vm_area_merge(mm, a);
	return at;
}

/* Only the system call asks for shared memory (uc/part.h). */
__attribute__((weak)) struct uc_vmobj *uc_vm_shm_new(uint64_t npages);

int64_t uc_vm_mmap(struct uc_mm *mm, uc_vaddr addr, uint64_t len, int prot, int flags,
		   struct uc_vmobj *obj, uint64_t pgoff, int max_prot)
{
	len = UC_PAGE_UP(len);
	if (!len) return -EINVAL;
	if (len > UC_USER_TOP || too_much(len, prot, flags, obj)) return -ENOMEM;
	struct uc_vmobj *shm = NULL;
	if (!obj && (flags & MAP_TYPE) != MAP_PRIVATE &&
	    !(obj = shm = uc_vm_shm_new ? uc_vm_shm_new(len >> UC_PAGE_SHIFT) : NULL))
		return -ENOMEM;
	struct area like = {
		.obj = obj,
		.pgoff = pgoff,
		.prot = (uint8_t)(prot & 7),
		.max_prot = (uint8_t)(max_prot & 7),
		.flags = (uint16_t)(((flags & MAP_TYPE) != MAP_PRIVATE ? A_SHARED : 0) |
				    (flags & MAP_GROWSDOWN ? A_GROWSDOWN : 0) |
				    (flags & MAP_GROWSDOWN && flags & MAP_STACK ? A_STACK : 0) |
				    (flags & MAP_LOCKED ? A_LOCKED : 0)),
	};
	uc_mutex_lock(&mm->lock);
	int64_t r = map_locked(mm, addr, len, &like, flags);
	uc_mutex_unlock(&mm->lock);
	if (shm) shm->ops->unref(shm);
	if (r >= 0 && flags & (MAP_POPULATE | MAP_LOCKED) && prot)
		(void)!uc_vm_populate(mm, (uc_vaddr)r, len,
				      prot & PROT_WRITE && (flags & MAP_TYPE) == MAP_PRIVATE);
	return r;
}

uc_vaddr uc_vm_brk(struct uc_mm *mm, uc_vaddr brk)
{
	uc_mutex_lock(&mm->lock);
	uc_vaddr old = UC_PAGE_UP(mm->brk), new = UC_PAGE_UP(brk);
	if (brk < mm->brk_start || brk >= UC_USER_TOP) {
		/* out of range: report the current break */
	} else if (new <= old) {
		if (new == old || !vm_unmap_locked(mm, new, old)) mm->brk = brk;
	} else {
		struct area like = { .prot = PROT_READ | PROT_WRITE,
				     .max_prot = 7,
				     .flags = A_HEAP };
		struct area *above = vm_area_above(mm, old), *a;
		bool free = (!above || above->start >= new + UC_PAGE_SIZE) &&
			    !too_much(new - old, PROT_WRITE, 0, NULL);
		if (free && (a = vm_area_new(old, new, &like))) {
			vm_area_insert(mm, a);
			vm_area_merge(mm, a);
			mm->brk = brk;
		}
	}
	brk = mm->brk;
	uc_mutex_unlock(&mm->lock);
	return brk;
}
