// SPDX-License-Identifier: BSD-3-Clause
/* FUTEX_WAIT, FUTEX_WAIT_BITSET. */
#include <asm/errno.h>
#include <uc/user.h>
#include "internal.h"

static long restart_wait(struct uc_restart *b)
{
	struct futex_wait a = { .addr = b->arg[0], .private = b->arg[1], .val = (uint32_t)b->arg[2],
				.bitset = (uint32_t)b->arg[3], .deadline = b->arg[4] };
	return futex_wait(&a);
}

static long interrupted(const struct futex_wait *a)
{
	if (a->deadline == UC_FOREVER)
		return -UC_ERESTARTSYS;
	uc_task_current()->restart = (struct uc_restart){ .fn = restart_wait,
		.arg = { a->addr, a->private, a->val, a->bitset, a->deadline } };
	return -UC_ERESTART_BLOCK;
}

long futex_wait(const struct futex_wait *a)
{
	struct futex_key k;
	struct futex_waiter w;
	uint32_t now;
	if (!a->bitset)
		return -EINVAL;
	int r = futex_key(a->addr, a->private, &k);
	if (r)
		return r;
	futex_waiter_init(&w, &k);
	w.bitset = a->bitset;
	r = uc_user_load32(a->addr, &now);
	if (r)
		return r;
	if (now != a->val)
		return -EAGAIN;
	if (futex_queue)
		futex_queue(&w);
	r = futex_sleep(&w, a->deadline);
	return r == -EINTR ? interrupted(a) : r;
}
