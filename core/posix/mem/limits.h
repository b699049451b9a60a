// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_MEM_LIMITS_H
#define UC_MEM_LIMITS_H
/* Resource limits of memory calls: getrlimit(2). */
#include <asm/errno.h>
#include <uc/proc.h>

#define UC_MAP_COUNT_MAX 65530u /* vm.max_map_count */

static inline bool uc_mem_over(const struct uc_proc *p, int limit, uint64_t used_pages,
			       uint64_t more_bytes)
{
	uint64_t max = p->rlim[limit].cur, used = used_pages << UC_PAGE_SHIFT;

	return max != UINT64_MAX && (used > max || more_bytes > max - used);
}

/* RLIMIT_AS and the number of areas. 0 or -ENOMEM. */
static inline int uc_mem_may_map(const struct uc_proc *p, uint64_t len)
{
	if (p->mm->nareas >= UC_MAP_COUNT_MAX || uc_mem_over(p, RLIMIT_AS, p->mm->vm_pages, len))
		return -ENOMEM;
	return 0;
}

/* RLIMIT_MEMLOCK, which binds all but root. 0, -EPERM (may not lock at all) or `err`. */
static inline int uc_mem_may_lock(const struct uc_proc *p, uint64_t len, int err)
{
	if (p->euid == 0)
		return 0;
	if (p->rlim[RLIMIT_MEMLOCK].cur == 0)
		return -EPERM;
	return uc_mem_over(p, RLIMIT_MEMLOCK, p->mm->locked_pages, len) ? err : 0;
}
#endif
