// SPDX-License-Identifier: BSD-3-Clause
/* The operations but waiting and waking: moving waiters, and ownership that is handed over. */
#include <asm/errno.h>
#include <linux/futex.h>
#include <uc/part.h>
#include "internal.h"

UC_PART(futex_other);

long futex_other(const struct futex_wait *w, int cmd, int val2, uc_uptr addr2, uint32_t val3)
{
	int val = (int)w->val;

	switch (cmd) {
	case FUTEX_REQUEUE:
		return futex_requeue(w->addr, addr2, w->private, val, val2, NULL);
	case FUTEX_CMP_REQUEUE:
		return futex_requeue(w->addr, addr2, w->private, val, val2, &val3);
	case FUTEX_WAKE_OP:
		return futex_wake_op(w->addr, addr2, w->private, val, val2, val3);
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
		return futex_lock_pi(w->addr, w->private, w->deadline, false);
	case FUTEX_TRYLOCK_PI:
		return futex_lock_pi(w->addr, w->private, UC_FOREVER, true);
	case FUTEX_UNLOCK_PI:
		return futex_unlock_pi(w->addr, w->private);
	default:
		return uc_unsupported(-ENOSYS, "futex operation %d", cmd);
	}
}
