// SPDX-License-Identifier: BSD-3-Clause
/* Locking: nothing is ever paged out, so it means to bring pages in and to count them. mlock(2). */
#include <linux/mman.h>
#include <uc/heap.h>
#include "limits.h"

static int lock_range(uint64_t addr, uint64_t len)
{
	const struct uc_proc *p = uc_proc_current();
	uint64_t span = UC_PAGE_UP(len + (addr & ~UC_PAGE_MASK));
	int r = uc_mem_may_lock(p, span, -ENOMEM);

	if (r < 0 || !len)
		return r;
	return span < len ? -EINVAL : uc_vm_mlock(p->mm, addr, len, true);
}

long uc_sys_mlock(uint64_t addr, uint64_t len)
{
	return lock_range(addr, len);
}

long uc_sys_mlock2(uint64_t addr, uint64_t len, int flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	/* On fault: pages that come in stay, as all pages do. */
	return flags ? uc_mem_may_lock(uc_proc_current(), UC_PAGE_UP(len), -ENOMEM)
		     : lock_range(addr, len);
}

long uc_sys_munlock(uint64_t addr, uint64_t len)
{
	return len ? uc_vm_mlock(uc_proc_current()->mm, addr, len, false) : 0;
}

struct ranges { struct { uc_vaddr start, end; } *v; size_t n, cap; };

static bool collect(const struct uc_vm_area_info *a, void *arg)
{
	struct ranges *r = arg;

	if (!a->prot)
		return true;
	if (r->n == r->cap)
		return false;
	r->v[r->n].start = a->start;
	r->v[r->n++].end = a->end;
	return true;
}

/* Applies to a snapshot of all areas: locking one may split or join them. */
static int for_all(struct uc_mm *mm, bool lock)
{
	struct ranges r = { .cap = mm->nareas };
	int err = 0;

	r.v = uc_heap_calloc(r.cap ? r.cap : 1, sizeof(*r.v));
	if (!r.v)
		return -ENOMEM;
	uc_vm_for_each(mm, collect, &r);
	for (size_t i = 0; i < r.n && err == 0; i++) {
		err = uc_vm_mlock(mm, r.v[i].start, r.v[i].end - r.v[i].start, lock);
		if (err == -EFAULT)
			err = 0; /* parts that cannot be brought in do not fail mlockall */
	}
	uc_heap_free(r.v);
	return err;
}

long uc_sys_mlockall(int flags)
{
	const struct uc_proc *p = uc_proc_current();
	int r;

	if (!flags || flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT) || flags == MCL_ONFAULT)
		return -EINVAL;
	r = uc_mem_may_lock(p, flags & MCL_CURRENT ? p->mm->vm_pages << UC_PAGE_SHIFT : 0, -ENOMEM);
	if (r < 0 || !(flags & MCL_CURRENT) || flags & MCL_ONFAULT)
		return r;
	return for_all(p->mm, true);
}

long uc_sys_munlockall(void)
{
	return for_all(uc_proc_current()->mm, false);
}
