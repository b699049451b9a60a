// SPDX-License-Identifier: BSD-3-Clause
/* Life of an address space. */
#include "vm_internal.h"

struct uc_list vm_all = UC_LIST_INIT(vm_all);

struct uc_mm *uc_mm_new(void)
{
	struct uc_mm *mm = uc_heap_zalloc(sizeof(*mm));
	if (!mm)
		return NULL;
	mm->pt_root = uc_pt_new();
	if (!mm->pt_root) {
		uc_heap_free(mm);
		return NULL;
	}
	mm->refs = 1;
	uc_list_push_back(&vm_all, &mm->all_link);
	mm->stack_limit = 8 << 20;
	uc_mutex_init(&mm->lock);
	return mm;
}

void uc_mm_ref(struct uc_mm *mm)
{
	mm->refs++;
}

void uc_vm_clear(struct uc_mm *mm)
{
	uc_mutex_lock(&mm->lock);
	vm_unmap_locked(mm, 0, UC_USER_TOP);
	uc_mutex_unlock(&mm->lock);
}

void uc_mm_unref(struct uc_mm *mm)
{
	if (--mm->refs)
		return;
	uc_vm_clear(mm);
	uc_list_remove(&mm->all_link);
	if (mm->exe)
		mm->exe->ops->unref(mm->exe);
	/* The last thread of a process may still run on its tables. */
	if (mm->pt_root == uc_pt_current())
		uc_pt_activate_kernel();
	uc_pt_free(mm->pt_root);
	uc_heap_free(mm);
}

void uc_vm_set_limits(struct uc_mm *mm, const struct uc_vm_limits *l)
{
	mm->stack_limit = l->stack;
}
