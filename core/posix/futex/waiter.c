// SPDX-License-Identifier: BSD-3-Clause
/* One waiter: the name of its futex, and its sleep. */
#include <asm/errno.h>
#include <linux/futex.h>
#include <uc/user.h>
#include "internal.h"

int futex_key(uc_uptr addr, bool private, struct futex_key *out)
{
	struct uc_mm *mm = uc_proc_current()->mm;
	if (addr % sizeof(uint32_t))
		return -EINVAL;
	if (!uc_user_ok(addr, sizeof(uint32_t)))
		return -EFAULT;
	out->shared = false;
	if (!private) {
		int r = uc_vm_shared_key(mm, addr, out->word, &out->shared);
		if (r)
			return r;
	}
	if (!out->shared) {
		out->word[0] = (uintptr_t)mm;
		out->word[1] = addr;
	}
	return 0;
}

void futex_waiter_init(struct futex_waiter *w, const struct futex_key *k)
{
	*w = (struct futex_waiter){ .key = *k, .bitset = FUTEX_BITSET_MATCH_ANY,
				    .thread = uc_thread_current() };
	uc_list_init(&w->link);
}

int futex_sleep(struct futex_waiter *w, uc_nsec deadline)
{
	int r = 0;
	while (!w->woken && !r)
		r = uc_sched_block(deadline, true);
	if (futex_dequeue)
		futex_dequeue(w);
	return w->woken ? 0 : r;
}
