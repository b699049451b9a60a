// SPDX-License-Identifier: BSD-3-Clause
/* futex(2): decodes the call. */
#include <asm/errno.h>
#include <linux/futex.h>
#include <uc/timespec.h>
#include "internal.h"

static bool takes_timeout(int cmd)
{
	return cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET || cmd == FUTEX_LOCK_PI ||
	       cmd == FUTEX_LOCK_PI2;
}

static bool takes_clock(int cmd)
{
	return cmd == FUTEX_WAIT || cmd == FUTEX_WAIT_BITSET || cmd == FUTEX_LOCK_PI2;
}

/* FUTEX_WAIT counts from now, the others name a time; FUTEX_LOCK_PI is always on the wall clock. */
static int read_deadline(int cmd, bool real, uc_uptr utime, uc_nsec *out)
{
	uc_nsec ns;
	*out = UC_FOREVER;
	if (!utime)
		return 0;
	int r = uc_timespec_read(&ns, utime);
	if (r)
		return r;
	if (cmd == FUTEX_WAIT)
		*out = uc_deadline_in(ns);
	else if (real || cmd == FUTEX_LOCK_PI)
		*out = uc_deadline_real(ns);
	else
		*out = ns >= UC_NSEC_MAX ? UC_FOREVER : ns;
	return 0;
}

long uc_sys_futex(uc_uptr addr, int op, uint32_t val, uc_uptr utime, uc_uptr addr2, uint32_t val3)
{
	int cmd = op & FUTEX_CMD_MASK, r;
	bool private = op & FUTEX_PRIVATE_FLAG, real = op & FUTEX_CLOCK_REALTIME;
	struct futex_wait w = { addr, private, val, FUTEX_BITSET_MATCH_ANY, UC_FOREVER };
	if (real && !takes_clock(cmd))
		return -ENOSYS;
	if (takes_timeout(cmd)) {
		r = read_deadline(cmd, real, utime, &w.deadline);
		if (r)
			return r;
	}
	switch (cmd) {
	case FUTEX_WAIT_BITSET:
		w.bitset = val3;
		return futex_wait(&w);
	case FUTEX_WAIT:
		return futex_wait(&w);
	case FUTEX_WAKE:
		return futex_wake(addr, private, (int)val, FUTEX_BITSET_MATCH_ANY);
	case FUTEX_WAKE_BITSET:
		return futex_wake(addr, private, (int)val, val3);
	default:
		if (cmd > FUTEX_LOCK_PI2)
			return uc_unsupported(-ENOSYS, "futex operation %d", cmd);
		if (futex_other)
			return futex_other(&w, cmd, (int)(uint32_t)utime, addr2, val3);
		return uc_not_linked(-ENOSYS, "futex operation %d", cmd);
	}
}
