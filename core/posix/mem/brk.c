// SPDX-License-Identifier: BSD-3-Clause
#include "limits.h"

/* Data segment as RLIMIT_DATA counts it for brk(2). */
static bool over_data_limit(const struct uc_proc *p, uint64_t brk)
{
	const struct uc_mm *mm = p->mm;
	uint64_t max = p->rlim[RLIMIT_DATA].cur, data = mm->end_data - mm->start_data;

	return max != UINT64_MAX && brk > mm->brk_start && brk - mm->brk_start + data > max;
}

long uc_sys_brk(uint64_t brk)
{
	const struct uc_proc *p = uc_proc_current();
	uint64_t old = p->mm->brk;

	if (brk > old && (over_data_limit(p, brk) || uc_mem_may_map(p, UC_PAGE_UP(brk - old)) < 0))
		return (long)old;
	return (long)uc_vm_brk(p->mm, brk);
}
