// SPDX-License-Identifier: BSD-3-Clause
/*
 * What happens to the futexes of a task that ends: the walk over its robust list (the application's
 * memory: it is neither trusted nor necessarily finite), and the hand-over of PI futexes.
 * Kernel documentation "robust-futex-ABI".
 */
#include <linux/futex.h>
#include <uc/init.h>
#include <uc/part.h>
#include <uc/user.h>
#include "internal.h"

UC_PART(futex_exit);

enum { PI_ENTRY = 1 }; /* lowest bit of a list pointer */

static bool read_ptr(uc_uptr p, uint64_t *out)
{
	return uc_user_read(out, p, sizeof(*out)) == 0;
}

static void wake_one(uc_uptr addr)
{
	if (uc_futex_wake)
		(void)uc_futex_wake(addr, 1);
}

/* Marks the futex at addr if t holds it. Whether the walk may go on. */
static bool mark_dead(struct uc_task *t, uc_uptr addr, bool pi, bool pending)
{
	uint32_t word, seen;
	if (addr % sizeof(uint32_t) || uc_user_load32(addr, &word))
		return false;
	/* Released, but it ended before it could wake the next: somebody must. */
	if (pending && !pi && !word) {
		wake_one(addr);
		return true;
	}
	for (;; word = seen) {
		if ((word & FUTEX_TID_MASK) != (uint32_t)t->tid)
			return true;
		seen = word;
		if (uc_user_cmpxchg32(addr, &seen, (word & FUTEX_WAITERS) | FUTEX_OWNER_DIED))
			return false;
		if (seen == word)
			break;
	}
	if (!pi && (word & FUTEX_WAITERS))
		wake_one(addr);
	return true;
}

static void walk(struct uc_task *t, uc_uptr head)
{
	struct { uint64_t next; int64_t offset; uint64_t pending; } h;
	if (uc_user_read(&h, head, sizeof(h)))
		return;
	uint64_t entry = h.next, pending = h.pending & ~(uint64_t)PI_ENTRY;
	for (unsigned n = 0; n < ROBUST_LIST_LIMIT; n++) {
		uint64_t at = entry & ~(uint64_t)PI_ENTRY, next = 0;
		if (at == head)
			break;
		/* Before it is marked: its new owner may free it. */
		bool more = read_ptr(at, &next);
		if (at != pending &&
		    !mark_dead(t, at + (uint64_t)h.offset, entry & PI_ENTRY, false))
			return;
		if (!more)
			break;
		entry = next;
	}
	if (pending)
		mark_dead(t, pending + (uint64_t)h.offset, h.pending & PI_ENTRY, true);
}

void uc_futex_task_exit(struct uc_task *t)
{
	uc_uptr head = t->robust_list;
	t->robust_list = 0;
	if (head)
		walk(t, head);
	if (futex_pi_owner_exit)
		futex_pi_owner_exit(t);
}

static int exit_hook(void)
{
	uc_proc_hooks.robust_exit = uc_futex_task_exit;
	return 0;
}
UC_INITCALL(UC_STAGE_CORE, exit_hook);
