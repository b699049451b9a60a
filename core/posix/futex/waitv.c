// SPDX-License-Identifier: BSD-3-Clause
/* futex_waitv(2): waits on several futexes at once. */
#include <asm/errno.h>
#include <linux/futex.h>
#include <uc/heap.h>
#include <uc/part.h>
#include <uc/timespec.h>
#include "internal.h"

UC_NEEDS_PART(futex_waiters);

enum { WAITV_FLAGS = FUTEX_32 | FUTEX_PRIVATE_FLAG };

static int check(const struct futex_waitv *v)
{
	if (v->__reserved || (v->flags & ~(unsigned)WAITV_FLAGS) || !(v->flags & FUTEX_32) ||
	    v->val > UINT32_MAX)
		return -EINVAL;
	return 0;
}

/* Index of the last one that was woken, or -1; all are off their queues afterwards. */
static int dequeue_all(struct futex_waiter *w, unsigned n)
{
	int woken = -1;
	for (unsigned i = 0; i < n; i++) {
		futex_dequeue(&w[i]);
		if (w[i].woken)
			woken = (int)i;
	}
	return woken;
}

/* Queues on every futex whose word still has its value. 0 or -errno, *queued of them were
 * entered. */
static int queue_all(struct futex_waiter *w, const struct futex_waitv *v, unsigned n,
		     unsigned *queued)
{
	for (*queued = 0; *queued < n; ++*queued) {
		uint32_t now;
		int r = uc_user_load32(v[*queued].uaddr, &now);
		if (r)
			return r;
		if (now != (uint32_t)v[*queued].val)
			return -EWOULDBLOCK;
		futex_queue(&w[*queued]);
	}
	return 0;
}

static bool any_woken(const struct futex_waiter *w, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		if (w[i].woken)
			return true;
	}
	return false;
}

static long wait_all(struct futex_waiter *w, const struct futex_waitv *v, unsigned n,
		     uc_nsec deadline)
{
	unsigned queued;
	int r = queue_all(w, v, n, &queued);
	while (!r && !any_woken(w, n))
		r = uc_sched_block(deadline, true);
	int woken = dequeue_all(w, queued);
	if (woken >= 0)
		return woken;
	return r == -EINTR ? -UC_ERESTARTSYS : r;
}

static long prepare_and_wait(uc_uptr uv, unsigned n, uc_nsec deadline, struct futex_waitv *v,
			     struct futex_waiter *w)
{
	int r = uc_user_read(v, uv, n * sizeof(*v));
	for (unsigned i = 0; !r && i < n; i++) {
		struct futex_key k;
		r = check(&v[i]);
		if (!r)
			r = futex_key(v[i].uaddr, v[i].flags & FUTEX_PRIVATE_FLAG, &k);
		if (!r)
			futex_waiter_init(&w[i], &k);
	}
	return r ? r : wait_all(w, v, n, deadline);
}

long uc_sys_futex_waitv(uc_uptr uv, unsigned n, unsigned flags, uc_uptr utime, int clock)
{
	uc_nsec deadline = UC_FOREVER;
	if (flags || !n || n > FUTEX_WAITV_MAX || !uv)
		return -EINVAL;
	if (utime) {
		if (clock != CLOCK_MONOTONIC && clock != CLOCK_REALTIME)
			return -EINVAL;
		int r = uc_timespec_read(&deadline, utime);
		if (r)
			return r;
		if (clock == CLOCK_REALTIME)
			deadline = uc_deadline_real(deadline);
		else if (deadline >= UC_NSEC_MAX)
			deadline = UC_FOREVER;
	}
	struct futex_waitv *v = uc_heap_calloc(n, sizeof(*v));
	struct futex_waiter *w = uc_heap_calloc(n, sizeof(*w));
	long r = v && w ? prepare_and_wait(uv, n, deadline, v, w) : -ENOMEM;
	uc_heap_free(v);
	uc_heap_free(w);
	return r;
}
