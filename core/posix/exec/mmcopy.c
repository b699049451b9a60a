// SPDX-License-Identifier: BSD-3-Clause
/* Access to an address space that need not be the active one, through the direct map. */
#include <asm/errno.h>
#include <uc/arch.h>
#include <uc/exec.h>
#include <uc/string.h>
#include <uc/user.h>

#define BIG_PAGE_MASK 0x1fffffull

/* The page that contains va, if its entry already allows the access. */
static void *present(struct uc_mm *mm, uc_vaddr va, bool write)
{
	uc_pte big = uc_pt_2m(mm->pt_root, va), *e;

	if (big && (!write || uc_pte_perm(big) & UC_PT_W))
		return (uint8_t *)uc_phys_to_virt(uc_pte_addr(big)) +
		       (UC_PAGE_DOWN(va) & BIG_PAGE_MASK);
	e = big ? NULL : uc_pt_slot(mm->pt_root, va, false);
	if (!e || !uc_pte_present(*e) || (write && !(uc_pte_perm(*e) & UC_PT_W)))
		return NULL;
	return uc_phys_to_virt(uc_pte_addr(*e));
}

void *uc_mm_page(struct uc_mm *mm, uc_vaddr va, bool write, int *err)
{
	void *p = present(mm, va, write);

	if (p)
		return p;
	*err = uc_vm_populate(mm, UC_PAGE_DOWN(va), UC_PAGE_SIZE, write);
	if (*err < 0)
		return NULL;
	p = present(mm, va, write);
	if (!p)
		*err = -EFAULT;
	return p;
}

static int copy(struct uc_mm *mm, uc_vaddr va, void *dst, const void *src, size_t n)
{
	bool write = src != NULL;
	int err = 0;

	if (!uc_user_ok(va, n))
		return -EFAULT;
	while (n) {
		size_t step = UC_MIN(n, (size_t)(UC_PAGE_SIZE - (va & ~UC_PAGE_MASK)));
		uint8_t *p = uc_mm_page(mm, va, write, &err);

		if (!p)
			return err;
		p += va & ~UC_PAGE_MASK;
		if (write) {
			memcpy(p, src, step);
			src = (const uint8_t *)src + step;
		} else {
			memcpy(dst, p, step);
			dst = (uint8_t *)dst + step;
		}
		va += step;
		n -= step;
	}
	return 0;
}

int uc_mm_write(struct uc_mm *mm, uc_vaddr va, const void *src, size_t n)
{
	return copy(mm, va, NULL, src, n);
}

int uc_mm_read(struct uc_mm *mm, uc_vaddr va, void *dst, size_t n)
{
	return copy(mm, va, dst, NULL, n);
}
