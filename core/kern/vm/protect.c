// SPDX-License-Identifier: BSD-3-Clause
/* mprotect, madvise, mlock, msync, mincore: changing and asking about existing areas. */
#include "vm_internal.h"

static bool bad_range(uc_vaddr addr, uint64_t len)
{
	return addr & ~UC_PAGE_MASK || addr > UC_USER_TOP || len > UC_USER_TOP - addr;
}

/* Do areas cover all of [start, end)? */
static bool covered(struct uc_mm *mm, uc_vaddr start, uc_vaddr end)
{
	for (struct area *a = vm_area_above(mm, start); a && a->start <= start;
	     a = vm_area_next(a)) {
		start = a->end;
		if (start >= end) return true;
	}
	return start >= end;
}

/* Entries lose what the area no longer allows; write permission comes back by fault. Without any
 * permission an entry stays in the table, not present, and keeps its page. */
static int restrict_entries(struct uc_mm *mm, struct area *a, unsigned perm)
{
	for (uc_vaddr va = a->start; (va = uc_pt_next_used(mm->pt_root, va, a->end)) < a->end;
	     va += UC_PAGE_SIZE) {
		uc_pte big = uc_pt_2m(mm->pt_root, va);
		if (big && !(va & 0x1fffff) && a->end - va >= 0x200000 &&
		    uc_pte_perm(big) == perm) {
			va += 0x200000 - UC_PAGE_SIZE;
			continue;
		}
		uc_pte *e = uc_pt_slot(mm->pt_root, va, false);
		if (!e) return -ENOMEM;
		unsigned p = perm | (uc_pte_perm(*e) & UC_PT_COPY);
		if (!(uc_pte_perm(*e) & UC_PT_W) && (a->obj || uc_frame_refs(uc_pte_addr(*e)) != 1))
			p &= ~(unsigned)UC_PT_W;
		*e = uc_pte_make(uc_pte_addr(*e), p);
	}
	return 0;
}

int uc_vm_mprotect(struct uc_mm *mm, uc_vaddr addr, uint64_t len, int prot)
{
	len = UC_PAGE_UP(len);
	if (bad_range(addr, len)) return addr & ~UC_PAGE_MASK ? -EINVAL : -ENOMEM;
	if (!len) return 0;
	uc_vaddr end = addr + len;
	int r = 0;
	uc_mutex_lock(&mm->lock);
	struct area *a = vm_area_above(mm, addr);
	if (prot & PROT_GROWSDOWN && a && a->flags & A_GROWSDOWN) addr = a->start;
	if (!covered(mm, addr, end)) r = -ENOMEM;
	if (!r) r = vm_area_split(mm, addr);
	if (!r) r = vm_area_split(mm, end);
	for (a = r ? NULL : vm_area_above(mm, addr); a && a->start < end; a = vm_area_next(a)) {
		if (prot & 7 & ~a->max_prot) {
			r = -EACCES;
			break;
		}
		if (a->prot == (prot & 7)) continue;
		a->prot = (uint8_t)(prot & 7);
		a->exec = EXEC_UNKNOWN;
		r = restrict_entries(mm, a, vm_perm(a->prot));
		if (r) break;
		vm_flush(mm, a->start, a->end);
		a = vm_area_merge(mm, a);
	}
	uc_mutex_unlock(&mm->lock);
	return r;
}

static int advise_area(struct uc_mm *mm, struct area *a, uc_vaddr s, uc_vaddr e, int advice)
{
	switch (advice) {
	case MADV_DONTNEED:
	case MADV_FREE:
		if (a->flags & A_LOCKED) return -EINVAL;
		if (advice == MADV_FREE && (a->obj || a->flags & A_SHARED)) return -EINVAL;
		vm_zap(mm, s, e);
		return 0;
	case MADV_DONTFORK:
	case MADV_DOFORK:
		if (vm_area_split(mm, s) || vm_area_split(mm, e)) return -ENOMEM;
		a = vm_area_find(mm, s);
		a->flags = (uint16_t)(advice == MADV_DONTFORK ? a->flags | A_DONTFORK
							      : a->flags & ~A_DONTFORK);
		return 0;
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
		for (int r; s < e; s += UC_PAGE_SIZE)
			if ((r = vm_fault_locked(mm, a, s, advice == MADV_POPULATE_WRITE)))
				return r == -ERANGE ? -EFAULT : r;
		return 0;
	default: return 0; /* the others are hints */
	}
}

static bool known_advice(int advice)
{
	return (advice >= MADV_NORMAL && advice <= MADV_DONTNEED) || advice == MADV_FREE ||
	       advice == MADV_DONTFORK || advice == MADV_DOFORK ||
	       (advice >= MADV_MERGEABLE && advice <= MADV_KEEPONFORK &&
		advice != MADV_WIPEONFORK) ||
	       (advice >= MADV_COLD && advice <= MADV_POPULATE_WRITE);
}

int uc_vm_madvise(struct uc_mm *mm, uc_vaddr addr, uint64_t len, int advice)
{
	len = UC_PAGE_UP(len);
	if (!known_advice(advice) || bad_range(addr, len)) return -EINVAL;
	if (!len) return 0;
	uc_vaddr end = addr + len;
	uc_mutex_lock(&mm->lock);
	int r = covered(mm, addr, end) ? 0 : -ENOMEM;
	for (struct area *a; addr < end && (a = vm_area_above(mm, addr)) && a->start < end;) {
		uc_vaddr e = UC_MIN(a->end, end);
		int r2 = advise_area(mm, a, UC_MAX(a->start, addr), e, advice);
		if (r2) {
			r = r2;
			break;
		}
		addr = e;
	}
	uc_mutex_unlock(&mm->lock);
	return r;
}

int uc_vm_msync(struct uc_mm *mm, uc_vaddr addr, uint64_t len, int flags)
{
	len = UC_PAGE_UP(len);
	if (bad_range(addr, len) || flags & ~(MS_ASYNC | MS_SYNC | MS_INVALIDATE) ||
	    (flags & MS_ASYNC && flags & MS_SYNC))
		return -EINVAL;
	uc_vaddr end = addr + len;
	uc_mutex_lock(&mm->lock);
	int r = covered(mm, addr, end) ? 0 : -ENOMEM;
	for (struct area *a = vm_area_above(mm, addr); !r && a && a->start < end;
	     a = vm_area_next(a))
		if (a->flags & A_SHARED && a->obj && a->obj->ops->sync) {
			uc_vaddr s = UC_MAX(a->start, addr), e = UC_MIN(a->end, end);
			r = a->obj->ops->sync(a->obj, a->pgoff + ((s - a->start) >> UC_PAGE_SHIFT),
					      (e - s) >> UC_PAGE_SHIFT);
		}
	uc_mutex_unlock(&mm->lock);
	return r;
}

int uc_vm_mincore(struct uc_mm *mm, uc_vaddr addr, uint64_t len, uc_uptr vec)
{
	len = UC_PAGE_UP(len);
	if (addr & ~UC_PAGE_MASK) return -EINVAL;
	if (bad_range(addr, len) || !covered(mm, addr, addr + len)) return -ENOMEM;
	for (uc_vaddr va = addr; va < addr + len; va += UC_PAGE_SIZE, vec++) {
		uint8_t present = uc_pt_next_used(mm->pt_root, va, va + UC_PAGE_SIZE) == va;
		if (uc_user_write(vec, &present, 1)) return -EFAULT;
	}
	return 0;
}

int uc_vm_mlock(struct uc_mm *mm, uc_vaddr addr, uint64_t len, bool lock)
{
	uc_vaddr end = UC_PAGE_UP(addr + len);
	addr = UC_PAGE_DOWN(addr);
	if (end < addr || end > UC_USER_TOP) return -EINVAL;
	uc_mutex_lock(&mm->lock);
	int r = covered(mm, addr, end) ? 0 : -ENOMEM;
	if (!r && (vm_area_split(mm, addr) || vm_area_split(mm, end))) r = -ENOMEM;
	for (struct area *a = r ? NULL : vm_area_above(mm, addr); a && a->start < end;
	     a = vm_area_next(a)) {
		uint64_t pages = (a->end - a->start) >> UC_PAGE_SHIFT;
		if (lock && !(a->flags & A_LOCKED)) mm->locked_pages += pages;
		else if (!lock && a->flags & A_LOCKED) mm->locked_pages -= pages;
		a->flags = (uint16_t)(lock ? a->flags | A_LOCKED : a->flags & ~A_LOCKED);
	}
	uc_mutex_unlock(&mm->lock);
	/* Nothing is ever paged out; bringing the pages in is all that locking means. */
	return r || !lock ? r : uc_vm_populate(mm, addr, end - addr, false);
}
