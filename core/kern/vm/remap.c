// SPDX-License-Identifier: BSD-3-Clause
#include "vm_internal.h"

/* Moves page table entries; both ranges are whole pages, the new one is empty. */
static int move_entries(struct uc_mm *mm, uc_vaddr from, uc_vaddr to, uint64_t len)
{
	uc_vaddr end = from + len;
	for (uc_vaddr va = from; (va = uc_pt_next_used(mm->pt_root, va, end)) < end;
	     va += UC_PAGE_SIZE) {
		uc_pte big = uc_pt_2m(mm->pt_root, va);
		uc_vaddr dst = to + (va - from);
		if (big && !(va & 0x1fffff) && !(dst & 0x1fffff) && end - va >= 0x200000) {
			uc_pt_clear_2m(mm->pt_root, va);
			if (uc_pt_map_2m(mm->pt_root, dst, uc_pte_addr(big) & ~0x1fffffull,
					 uc_pte_perm(big)))
				return -ENOMEM;
			va += 0x200000 - UC_PAGE_SIZE;
			continue;
		}
		uc_pte *s = uc_pt_slot(mm->pt_root, va, false),
		       *d = uc_pt_slot(mm->pt_root, dst, true);
		if (!s || !d) return -ENOMEM;
		*d = *s;
		*s = 0;
	}
	vm_flush(mm, from, end);
	return 0;
}

static int grow_in_place(struct uc_mm *mm, struct area *a, uint64_t by)
{
	struct area *above = vm_area_next(a);
	if (a->end + by > UC_USER_TOP || (above && above->start < a->end + by)) return -ENOMEM;
	a->end += by;
	mm->vm_pages += by >> UC_PAGE_SHIFT;
	vm_area_merge(mm, a);
	return 0;
}

static int64_t move(struct uc_mm *mm, uc_vaddr old, uint64_t old_len, uint64_t new_len, uc_vaddr to,
		    bool keep)
{
	if (vm_area_split(mm, old) || vm_area_split(mm, old + old_len)) return -ENOMEM;
	struct area *a = vm_area_find(mm, old), *n = vm_area_new(to, to + new_len, a);
	if (!n) return -ENOMEM;
	n->flags &= (uint16_t)~A_HEAP;
	vm_area_insert(mm, n);
	if (move_entries(mm, old, to, UC_MIN(old_len, new_len))) return -ENOMEM;
	if (!keep) vm_unmap_locked(mm, old, old + old_len);
	vm_area_merge(mm, n);
	return (int64_t)to;
}

static int64_t remap_locked(struct uc_mm *mm, uc_vaddr old, uint64_t old_len, uint64_t new_len,
			    int flags, uc_vaddr to)
{
	struct area *a = vm_area_find(mm, old);
	if (!a || a->end - old < old_len) return -EFAULT;
	bool keep = flags & MREMAP_DONTUNMAP;
	if (!old_len && !(a->flags & A_SHARED)) return -EINVAL;
	if (flags & MREMAP_FIXED) {
		if (to & ~UC_PAGE_MASK || new_len > UC_USER_TOP || to > UC_USER_TOP - new_len ||
		    (to < old + old_len && old < to + new_len))
			return -EINVAL;
		if (vm_unmap_locked(mm, to, to + new_len)) return -ENOMEM;
		return move(mm, old, UC_MIN(old_len, new_len), new_len, to, keep) < 0 ? -ENOMEM
		       : old_len > new_len && vm_unmap_locked(mm, old + new_len, old + old_len)
			       ? -ENOMEM
			       : (int64_t)to;
	}
	if (!keep && new_len <= old_len) {
		int r = new_len < old_len ? vm_unmap_locked(mm, old + new_len, old + old_len) : 0;
		return r ? r : (int64_t)old;
	}
	if (!keep && a->end == old + old_len && !grow_in_place(mm, a, new_len - old_len))
		return (int64_t)old;
	if (!(flags & MREMAP_MAYMOVE)) return -ENOMEM;
	to = vm_find_gap(mm, new_len, mm->mmap_base ? mm->mmap_base : UC_USER_TOP);
	return to ? move(mm, old, old_len, new_len, to, keep) : -ENOMEM;
}

int64_t uc_vm_mremap(struct uc_mm *mm, uc_vaddr old, uint64_t old_len, uint64_t new_len, int flags,
		     uc_vaddr new_addr)
{
	old_len = UC_PAGE_UP(old_len);
	new_len = UC_PAGE_UP(new_len);
	if (old & ~UC_PAGE_MASK || !new_len ||
	    flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP) ||
	    (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP) && !(flags & MREMAP_MAYMOVE)) ||
	    (flags & MREMAP_DONTUNMAP && old_len != new_len))
		return -EINVAL;
	uc_mutex_lock(&mm->lock);
	int64_t r = remap_locked(mm, old, old_len, new_len, flags, new_addr);
	uc_mutex_unlock(&mm->lock);
	return r;
}
