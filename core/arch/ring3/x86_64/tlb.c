// SPDX-License-Identifier: BSD-3-Clause
/*
 * The translation: mappings of the files that stand for physical memory are made when an access
 * faults and the tables allow it, a run of like entries at a time, and dropped when the kernel
 * flushes. Losing one costs a fault, never more.
 */
#include <asm/errno.h>
#include <asm/mman.h>
#include <asm/unistd.h>
#include <linux/mman.h>
#include <uc/log.h>
#include <uc/user.h>
#include "priv.h"

#define MAX_WINDOWS 4
#define USER_MIN    0x1000ull
#define BIG_PAGE    0x200000ull
#define SOON_MAX    (64 * UC_PAGE_SIZE)
#define RUN_BACK    16u
#define RENEW_MAX   3u
enum { VEC_PAGE = 14 };
enum { FAULT_WRITE = 2, FAULT_EXEC = 16 }; /* of a page fault's error code */

const uint64_t uc_user_top = UC_USER_TOP_PROCESS;

static struct {
	uc_paddr pa;
	uint64_t len;
	int fd;
} windows[MAX_WINDOWS];
static unsigned nwindows;

__attribute__((cold)) void ring3_window(uc_paddr pa, uint64_t len, int fd)
{
	UC_ASSERT(nwindows < MAX_WINDOWS, "there is room for another window");
	windows[nwindows].pa = pa;
	windows[nwindows].len = len;
	windows[nwindows++].fd = fd;
}

/* Memory is brought in as well: a fault for each page would cost more. The host maps what it has of
 * a file in larger pieces by itself. */
static long map(uc_vaddr va, uint64_t len, unsigned prot, uc_paddr pa)
{
	unsigned flags = MAP_SHARED | MAP_FIXED | (prot & PROT_WRITE ? MAP_POPULATE : 0), i = 0;
	while (i < nwindows && pa - windows[i].pa >= windows[i].len) i++;
	if (i == nwindows) return -EFAULT;
	return uc_host_call(__NR_mmap, va, len, prot, flags, (uint64_t)windows[i].fd,
			    pa - windows[i].pa);
}

__attribute__((cold)) void *uc_arch_map_phys(uc_paddr pa, uint64_t len, unsigned perm)
{
	for (unsigned i = 0; i < nwindows; i++)
		if (pa - windows[i].pa < windows[i].len)
			return uc_phys_to_virt(pa);
	return NULL;
}

void ring3_unmap(uc_vaddr start, uc_vaddr end)
{
	UC_HOST2(__NR_munmap, start, end - start);
	ring3_mapped_remove(start, end);
}

/* The page that a trap is about, and the thread that had it: what is flushed around it there is
 * mapped anew when the trap has been dealt with, before anybody else runs. */
struct range {
	uc_vaddr start, end;
};
static struct {
	uc_vaddr page; /* 0: no trap */
	void *thread;
	struct range drop; /* then, as far as it is not mapped anew */
} trapped;

/* One at a time: an earlier one that is not done, of another thread or around this one, is dropped
 * now. */
static struct range trap_begin(uc_vaddr page)
{
	if (trapped.page) ring3_unmap(trapped.drop.start, trapped.drop.end);
	trapped.page = page;
	trapped.thread = uc_percpu_current();
	return trapped.drop = (struct range){ page, page + UC_PAGE_SIZE };
}

void uc_tlb_flush_all(void)
{
	ring3_unmap(USER_MIN, UC_USER_TOP_PROCESS);
}

void uc_pt_activate_kernel(void)
{
	x86_mmu.active_root = x86_mmu.kernel_root; /* the next one checks what is still mapped */
}

__attribute__((cold)) void x86_guard_page(void *page)
{
	UC_HOST3(__NR_mprotect, page, UC_PAGE_SIZE, PROT_NONE);
}

__attribute__((cold)) void x86_kernel_mapped(uc_vaddr va, uint64_t len)
{
	uc_paddr pa = uc_pte_addr(*uc_pt_slot(x86_mmu.kernel_root, va, false));
	if (map(va, len, PROT_READ | PROT_WRITE, pa) < 0)
		uc_panic("the host has no memory for a kernel stack");
}

/* What the entry allows, as the host's protection. Never both writable and executable: the kind of
 * access decides, and the other kind comes by another fault. */
static unsigned protection(uint64_t e, uint64_t error)
{
	bool w = e & X86_PTE_W, x = !(e & X86_PTE_NX);
	if (w && x)
		*(error & FAULT_EXEC ? &w : &x) = false;
	return PROT_READ | (w ? PROT_WRITE : 0) | (x ? PROT_EXEC : 0);
}

static bool allows(uint64_t e, uint64_t error)
{
	return e & X86_PTE_P && (!(error & FAULT_WRITE) || e & X86_PTE_W) &&
	       (!(error & FAULT_EXEC) || !(e & X86_PTE_NX));
}

/* The entries around t[i] that continue it: same permissions, memory in the same order. Where
 * memory is brought in not far backwards, for it is mostly used upwards and those are mapped
 * already. */
__attribute__((noinline)) static void run_around(const uint64_t *t, unsigned i, unsigned *first,
						 unsigned *end)
{
	uint64_t keep = ~(X86_PTE_A | X86_PTE_D);
	unsigned a = i, b = i + 1, low = t[i] & X86_PTE_W ? i & ~(RUN_BACK - 1) : 0, high = 512;
	while (a > low && (t[a - 1] & keep) == (t[i] & keep) - (i - a + 1) * UC_PAGE_SIZE)
		a--;
	while (b < high && (t[b] & keep) == (t[i] & keep) + (b - i) * UC_PAGE_SIZE)
		b++;
	*first = a;
	*end = b;
}

__attribute__((noinline)) static bool install(uc_vaddr va, uint64_t len, unsigned prot, uc_paddr pa)
{
	long r = map(va, len, prot, pa);
	if (r == -ENOMEM) { /* too many mappings: start anew */
		uc_tlb_flush_all();
		r = map(va, len, prot, pa);
	}
	if (r >= 0) ring3_mapped_add(va, len, prot, pa);
	return r >= 0;
}

/* Returns what is mapped now: nothing if the access is not allowed. */
static struct range fill(uc_vaddr va, uint64_t error)
{
	static const struct range none = { 0, 0 };
	uint64_t *t = uc_phys_to_virt(x86_mmu.active_root);
	for (unsigned shift = 39; shift > 12; shift -= 9) {
		uint64_t e = t[va >> shift & 511];
		uc_vaddr big = va & ~(BIG_PAGE - 1);
		if (!(e & X86_PTE_P)) return none;
		if (e & X86_PTE_PS)
			return allows(e, error) && install(big, BIG_PAGE, protection(e, error),
							   e & X86_PTE_ADDR & ~(BIG_PAGE - 1))
				       ? (struct range){ big, big + BIG_PAGE }
				       : none;
		t = uc_phys_to_virt(e & X86_PTE_ADDR);
	}
	unsigned i = va >> 12 & 511, first, end;
	if (!allows(t[i], error)) return none;
	run_around(t, i, &first, &end);
	struct range r = { UC_PAGE_DOWN(va) - (i - first) * UC_PAGE_SIZE,
			   UC_PAGE_DOWN(va) + (end - i) * UC_PAGE_SIZE };
	return install(r.start, r.end - r.start, protection(t[i], error), uc_pte_addr(t[first]))
		       ? r
		       : none;
}

bool ring3_fill(uc_vaddr va, uint64_t error)
{
	return fill(va, error).end;
}

uc_vaddr ring3_map_piece(uc_paddr root, uc_vaddr va, uc_vaddr end)
{
	if (uc_pt_2m(root, va))
		return ring3_fill(va, 0) ? UC_MIN(end, (va & ~(BIG_PAGE - 1)) + BIG_PAGE) : va;
	uc_pte *e = uc_pt_slot(root, va, false);
	unsigned at = va >> 12 & 511, first, last;
	if (!e || !uc_pte_present(*e)) return va;
	run_around(e - at, at, &first, &last);
	end = UC_MIN(end, va + (last - at) * UC_PAGE_SIZE);
	if (!install(va, end - va, protection(*e, 0), uc_pte_addr(*e))) ring3_unmap(va, end);
	return end;
}

/* The entries of a range have changed. What is there in few pieces is mapped anew at once. */
__attribute__((cold)) static void renew(uc_vaddr start, uc_vaddr end)
{
	for (unsigned n = 0; n < RENEW_MAX && start < end; n++) {
		uc_vaddr used = uc_pt_next_used(x86_mmu.active_root, start, end);
		if (used > start) ring3_unmap(start, used);
		start = used;
		if (used == end) return;
		start = ring3_map_piece(x86_mmu.active_root, used, end);
		if (start == used) break;
	}
	if (start < end) ring3_unmap(start, end);
}

void uc_tlb_flush(uc_vaddr start, uc_vaddr end)
{
	if (start >= end) return;
	if (end - start > SOON_MAX)
		ring3_mapped_check(x86_mmu.active_root, start, end, false);
	else if (trapped.page < start || trapped.page >= end ||
		 uc_percpu_current() != trapped.thread)
		renew(start, end);
	else
		trapped.drop = (struct range){ UC_MIN(trapped.drop.start, start),
					       UC_MAX(trapped.drop.end, end) };
}

void ring3_trap_second(struct x86_trap_frame *f)
{
	if (f->vector != VEC_PAGE || f->cr2 >= UC_USER_TOP) {
		uc_trap_second(f);
		return;
	}
	struct range own = trap_begin(UC_PAGE_DOWN(f->cr2));
	uc_trap_second(f);
	if (trapped.page == own.start && trapped.thread == uc_percpu_current()) {
		own = trapped.drop;
		trapped.page = 0;
	}
	struct range r = fill(f->cr2, f->error);
	if (!r.end) r.start = r.end = own.end;
	if (own.start < r.start) ring3_unmap(own.start, UC_MIN(r.start, own.end));
	if (r.end < own.end) ring3_unmap(UC_MAX(r.end, own.start), own.end);
}

/* A thread without an address space touches no application memory: what is mapped can stay. */
void uc_pt_activate(uc_paddr root)
{
	if (root == x86_mmu.active_root || root == x86_mmu.kernel_root) return;
	x86_mmu.active_root = root;
	ring3_mapped_check(root, USER_MIN, UC_USER_TOP_PROCESS, true);
}
