// SPDX-License-Identifier: BSD-3-Clause
/* Page faults: bring a page in, copy on write, and map neighbours while at it. */
#include <uc/plat.h>
#include "vm_internal.h"

#define RUN_MAX 64 /* image pages mapped by one fault: storing an entry costs less than a fault */

uint64_t vm_cluster(void)
{
	struct uc_frame_stats st;
	uc_frame_stats(&st);
	return st.free > st.total / 2 && st.free > 8192	  ? UC_MAX(16u, uc_plat_fault_batch())
	       : st.free > st.total / 4 && st.free > 4096 ? UC_MAX(4u, uc_plat_fault_batch())
	       : st.free > 4096				  ? uc_plat_fault_batch()
							  : 1;
}

/* An area that is being filled may take more than one of which little may ever be used. */
static bool plenty(bool filling)
{
	struct uc_frame_stats st;
	uc_frame_stats(&st);
	return st.free > (filling ? st.total / 16 : st.total / 2) && st.free > 16384;
}

static bool anon_2m(struct uc_mm *mm, struct area *a, uc_vaddr va)
{
	uc_vaddr base = va & ~0x1fffffull;
	if (base < a->start || base + 0x200000 > a->end ||
	    !plenty(base - a->start >= 0x200000 && uc_pt_2m(mm->pt_root, base - 0x200000)))
		return false;
	if (uc_pt_next_used(mm->pt_root, base, base + 0x200000) < base + 0x200000)
		return false;
	uc_paddr pa = uc_frame_alloc_order_zero(9);
	if (!pa)
		return false;
	if (uc_pt_map_2m(mm->pt_root, base, pa, vm_perm(a->prot))) {
		uc_frame_unref_order(pa, 9);
		return false;
	}
	vm_rss_add(mm, pa, 512);
	return true;
}

static int anon_fault(struct uc_mm *mm, struct area *a, uc_vaddr va)
{
	if (anon_2m(mm, a, va))
		return 0;
	/* Up to a multiple of the cluster, or the next 2 MiB would have begun in small pages. */
	uint64_t step = (a->flags & A_STACK ? 1 : vm_cluster()) << UC_PAGE_SHIFT;
	uc_vaddr end = UC_MIN(a->end, (va & ~(step - 1)) + step);
	for (uint64_t i = 0; va < end; i++, va += UC_PAGE_SIZE) {
		uc_pte *e = uc_pt_slot(mm->pt_root, va, true);
		if (!e)
			return i ? 0 : -ENOMEM;
		if (*e)
			break;
		uc_paddr pa = uc_frame_alloc_zero();
		if (!pa)
			return i ? 0 : -ENOMEM;
		*e = uc_pte_make(pa, vm_perm(a->prot));
		vm_rss_add(mm, pa, 1);
	}
	return 0;
}

/* Is the text of a mapped where the object's rewritten pages expect their stubs? */
static bool rewritten(struct area *a)
{
	if (a->exec == EXEC_UNKNOWN) {
		uint64_t vaddr, n;
		struct uc_vmobj *stubs =
			a->obj->ops->stubs ? a->obj->ops->stubs(a->obj, &vaddr, &n) : NULL;
		a->exec = EXEC_PLAIN;
		struct area *s = a;
		for (int i = 0; stubs && i < 12 && (s = vm_area_next(s)); i++)
			if (s->obj == stubs) {
				a->exec = EXEC_REWRITTEN;
				break;
			}
	}
	return a->exec == EXEC_REWRITTEN;
}

static uc_paddr copy_page(uc_paddr from)
{
	uc_paddr pa = uc_frame_alloc();
	if (pa)
		memcpy(uc_phys_to_virt(pa), uc_phys_to_virt(from), UC_PAGE_SIZE);
	return pa;
}

void vm_map_run(struct uc_mm *mm, uc_vaddr va, uc_vaddr end, const struct uc_vm_page *pg,
		unsigned perm)
{
	uc_pte *e = NULL;
	end = UC_MIN(end, va + ((uint64_t)pg->run << UC_PAGE_SHIFT));
	for (uc_vaddr at = va; at < end; at += UC_PAGE_SIZE) {
		e = e && uc_pt_same_table(at - UC_PAGE_SIZE, at)
			    ? e + 1
			    : uc_pt_slot(mm->pt_root, at, true);
		if (!e)
			return;
		if (*e)
			continue;
		*e = uc_pte_make(pg->pa + (at - va), perm);
		mm->rss_file++;
	}
}

int vm_make_writable(struct uc_mm *mm, struct area *a, uc_pte *e)
{
	uc_paddr pa = uc_pte_addr(*e);
	unsigned perm = vm_perm(a->prot) | (a->flags & A_SHARED ? 0 : UC_PT_COPY);
	if (a->flags & A_SHARED || uc_frame_refs(pa) == 1) {
		*e = uc_pte_make(pa, perm);
		return 0;
	}
	uc_paddr copy = copy_page(pa);
	if (!copy)
		return -ENOMEM;
	vm_rss_add(mm, pa, -1);
	uc_frame_unref(pa);
	*e = uc_pte_make(copy, perm);
	vm_rss_add(mm, copy, 1);
	return 0;
}

static int obj_fault(struct uc_mm *mm, struct area *a, uc_vaddr va, bool write)
{
	bool shared = a->flags & A_SHARED;
	enum uc_vm_access acc = shared && write                       ? UC_VM_WRITE
				: a->prot & PROT_EXEC && rewritten(a) ? UC_VM_EXEC
								      : UC_VM_READ;
	struct uc_vm_page pg = { 0, 1 };
	int r = a->obj->ops->page(a->obj, a->pgoff + ((va - a->start) >> UC_PAGE_SHIFT), acc, &pg);
	if (r)
		return r;
	bool image = !uc_frame_is_ram(pg.pa);
	bool later = vm_writable_around && image && write && !shared; /* copied */
	unsigned perm = vm_perm(a->prot);
	if (!shared && write && !later) {
		uc_paddr copy = copy_page(pg.pa);
		uc_frame_unref(pg.pa);
		if (!copy)
			return -ENOMEM;
		pg = (struct uc_vm_page){ copy, 1 };
		perm |= UC_PT_COPY;
	} else if (!write || later) {
		perm &= ~(unsigned)UC_PT_W;
	}
	uc_pte *e = uc_pt_slot(mm->pt_root, va, true);
	if (!e) {
		uc_frame_unref(pg.pa);
		return -ENOMEM;
	}
	*e = uc_pte_make(pg.pa, perm);
	vm_rss_add(mm, pg.pa, 1);
	perm &= ~(unsigned)(UC_PT_W | UC_PT_COPY);
	if (vm_image_around && image)
		vm_image_around(mm, a, va, acc, perm);
	else if (pg.run > 1)
		vm_map_run(mm, va, UC_MIN(a->end, va + (RUN_MAX << UC_PAGE_SHIFT)), &pg, perm);
	return later ? vm_writable_around(mm, a, va, e) : 0;
}

/* A write to a present page that is mapped read-only. */
static int write_protected(struct uc_mm *mm, struct area *a, uc_vaddr va, uc_pte *e)
{
	uc_paddr pa = uc_pte_addr(*e);
	if (a->flags & A_SHARED && a->obj) {
		struct uc_vm_page pg = { 0, 1 };
		int r = a->obj->ops->page(a->obj, a->pgoff + ((va - a->start) >> UC_PAGE_SHIFT),
					  UC_VM_WRITE, &pg);
		if (r)
			return r;
		e = uc_pt_slot(mm->pt_root, va, true);
		vm_rss_add(mm, pa, -1);
		uc_frame_unref(pa);
		vm_rss_add(mm, pg.pa, 1);
		*e = uc_pte_make(pg.pa, vm_perm(a->prot));
	} else {
		int r = vm_writable_around ? vm_writable_around(mm, a, va, e)
					   : vm_make_writable(mm, a, e);
		if (r)
			return r;
	}
	vm_flush(mm, va, va + UC_PAGE_SIZE);
	return 0;
}

/* The permissions that an entry may have now. */
static unsigned again(const struct area *a, uc_pte e, bool write)
{
	return (vm_perm(a->prot) & (write ? ~0u : ~(unsigned)UC_PT_W)) |
	       (uc_pte_perm(e) & UC_PT_COPY);
}

int vm_fault_locked(struct uc_mm *mm, struct area *a, uc_vaddr va, bool write)
{
	va = UC_PAGE_DOWN(va);
	uc_pte big = uc_pt_2m(mm->pt_root, va);
	if (big && (!write || uc_pte_perm(big) & UC_PT_W)) {
		vm_flush(mm, va, va + UC_PAGE_SIZE);
		return 0;
	}
	uc_pte *e = uc_pt_slot(mm->pt_root, va, false);
	if (!e && big)
		return -ENOMEM;
	if (e && *e && !uc_pte_present(*e)) { /* kept across PROT_NONE */
		bool own = !a->obj && uc_frame_refs(uc_pte_addr(*e)) == 1;
		*e = uc_pte_make(uc_pte_addr(*e), again(a, *e, own));
		if (!write || own)
			return 0;
	}
	if (e && uc_pte_present(*e)) {
		if (write && !(uc_pte_perm(*e) & UC_PT_W))
			return write_protected(mm, a, va, e);
		/* Resolved meanwhile, or a permission that the entry caught up with. */
		*e = uc_pte_make(uc_pte_addr(*e), again(a, *e, uc_pte_perm(*e) & UC_PT_W));
		vm_flush(mm, va, va + UC_PAGE_SIZE);
		return 0;
	}
	return a->obj ? obj_fault(mm, a, va, write) : anon_fault(mm, a, va);
}

/* The area that covers va, growing a stack down to it if one may. */
static struct area *area_for(struct uc_mm *mm, uc_vaddr va)
{
	struct area *a = vm_area_above(mm, va);
	if (!a || a->start <= va)
		return a;
	struct area *below = vm_area_prev(a);
	uc_vaddr start = UC_PAGE_DOWN(va);
	if (!(a->flags & A_GROWSDOWN) || a->end - start > mm->stack_limit ||
	    (below && below->end + (256 << UC_PAGE_SHIFT) > start))
		return NULL;
	mm->vm_pages += (a->start - start) >> UC_PAGE_SHIFT;
	a->start = start;
	return a;
}

int uc_vm_fault(struct uc_mm *mm, uc_vaddr va, bool write, bool exec)
{
	int r = -EFAULT;
	uc_mutex_lock(&mm->lock);
	struct area *a = va < UC_USER_TOP ? area_for(mm, va) : NULL;
	if (a) {
		unsigned need = write  ? PROT_WRITE
				: exec ? PROT_EXEC
				       : PROT_READ | PROT_WRITE | PROT_EXEC;
		r = a->prot & need ? vm_fault_locked(mm, a, va, write) : -EACCES;
		mm->minflt++;
	}
	uc_mutex_unlock(&mm->lock);
	return r;
}

int uc_vm_populate(struct uc_mm *mm, uc_vaddr addr, uint64_t len, bool write)
{
	uc_vaddr end = UC_PAGE_UP(addr + len);
	int r = 0;
	for (addr = UC_PAGE_DOWN(addr); addr < end && !r; addr += UC_PAGE_SIZE) {
		uc_pte *e =
			uc_pt_2m(mm->pt_root, addr) ? NULL : uc_pt_slot(mm->pt_root, addr, false);
		if (e && uc_pte_present(*e) && (!write || uc_pte_perm(*e) & UC_PT_W))
			continue;
		r = uc_vm_fault(mm, addr, write, false);
	}
	return r == -EACCES ? -EFAULT : r;
}

int uc_vm_shared_key(struct uc_mm *mm, uc_vaddr addr, uint64_t key[2], bool *shared)
{
	struct area *a = vm_area_find(mm, addr);
	*shared = a && a->flags & A_SHARED;
	if (!*shared)
		return a ? 0 : -EFAULT;
	uint64_t page = (addr - a->start) >> UC_PAGE_SHIFT;
	key[0] = (uint64_t)a->obj;
	key[1] = (a->pgoff + page) << UC_PAGE_SHIFT | (addr & (UC_PAGE_SIZE - 1));
	return 0;
}
