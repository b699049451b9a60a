// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_VM_INTERNAL_H
#define UC_VM_INTERNAL_H
#include <asm/errno.h>
#include <asm/mman.h>
#include <linux/mman.h>
#include <uc/arch.h>
#include <uc/frame.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/string.h>
#include <uc/user.h>
#include <uc/vm.h>

enum { /* area flags */
	A_SHARED = 1,
	A_GROWSDOWN = 2,
	A_LOCKED = 4,
	A_STACK = 8,
	A_HEAP = 16,
	A_DONTFORK = 32,
	A_STUBS = 64,
};
enum { EXEC_UNKNOWN, EXEC_PLAIN, EXEC_REWRITTEN };

/* A range of addresses with one set of properties. Guarded by mm->lock. */
struct area {
	struct uc_rbnode node;
	uc_vaddr start, end;
	struct uc_vmobj *obj; /* referenced; NULL: anonymous */
	uint64_t pgoff;       /* object page behind start */
	uint16_t flags;
	uint8_t prot, max_prot;
	uint8_t exec; /* EXEC_*: does executing use the object's rewritten text? */
};

extern struct uc_list vm_all; /* all address spaces */

/* First area that ends above va, or NULL. */
struct area *vm_area_above(struct uc_mm *mm, uc_vaddr va);
struct area *vm_area_find(struct uc_mm *mm, uc_vaddr va); /* containing va */
struct area *vm_area_next(struct area *a);
struct area *vm_area_prev(struct area *a);
struct area *vm_area_new(uc_vaddr start, uc_vaddr end,
			 const struct area *like); /* takes an object reference; NULL: no memory */
void vm_area_insert(struct uc_mm *mm, struct area *a);
void vm_area_remove(struct uc_mm *mm, struct area *a);
void vm_area_free(struct area *a);
/* Makes va an area boundary. 0 or -ENOMEM. */
int vm_area_split(struct uc_mm *mm, uc_vaddr va);
/* Joins a with neighbours of equal properties; returns the area that now covers a. */
struct area *vm_area_merge(struct uc_mm *mm, struct area *a);

/* Drops all pages of a range and flushes the TLB as needed. */
void vm_zap(struct uc_mm *mm, uc_vaddr start, uc_vaddr end);
int vm_unmap_locked(struct uc_mm *mm, uc_vaddr start, uc_vaddr end);
/* A free range of len bytes, or 0. */
uc_vaddr vm_find_gap(struct uc_mm *mm, uint64_t len, uc_vaddr below);
void vm_flush(struct uc_mm *mm, uc_vaddr start, uc_vaddr end);
int vm_fault_locked(struct uc_mm *mm, struct area *a, uc_vaddr va, bool write);
/* Pages to populate with anonymous memory at a fault: generous while memory is plentiful. */
uint64_t vm_cluster(void);
/* Maps what is not mapped yet of pg's run from va to end. */
void vm_map_run(struct uc_mm *mm, uc_vaddr va, uc_vaddr end, const struct uc_vm_page *pg,
		unsigned perm);
/* Makes a page writable that is mapped read-only, copying it if others have it too. 0, -ENOMEM. */
int vm_make_writable(struct uc_mm *mm, struct area *a, uc_pte *e);
/* Of µlib vm_around, which is there where faults are dear. va is mapped, e its entry. The first
 * maps the pages of the image around it; the second is vm_make_writable for it and for private
 * pages around it that may be written. */
__attribute__((weak)) void vm_image_around(struct uc_mm *mm, struct area *a, uc_vaddr va,
					   enum uc_vm_access acc, unsigned perm);
__attribute__((weak)) int vm_writable_around(struct uc_mm *mm, struct area *a, uc_vaddr va,
					     uc_pte *e);
void vm_rss_add(struct uc_mm *mm, uc_paddr pa, int64_t n);
static inline unsigned vm_perm(unsigned prot)
{
	return (prot & PROT_READ ? UC_PT_R : 0) | (prot & PROT_WRITE ? UC_PT_R | UC_PT_W : 0) |
	       (prot & PROT_EXEC ? UC_PT_R | UC_PT_X : 0);
}
#endif
