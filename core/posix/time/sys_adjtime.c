// SPDX-License-Identifier: BSD-3-Clause
/*
 * adjtimex(2), clock_adjtime(2): the clock of this kernel follows the host and is not disciplined,
 * so its state can be read but not adjusted.
 */
#include <asm/errno.h>
#include <linux/timex.h>
#include <uc/string.h>
#include "clock.h"

enum { NOMINAL_TICK_US = 10000, UNKNOWN_ERROR_US = 16000000 };

static long adjust(uc_uptr p)
{
	struct __kernel_timex t;
	int r = uc_user_read(&t, p, sizeof(t));
	if (r)
		return r;
	if (t.modes && t.modes != ADJ_OFFSET_SS_READ)
		return uc_unsupported(-EPERM, "adjtimex modes 0x%x", t.modes);
	uc_nsec now = uc_time_real();
	memset(&t, 0, sizeof(t));
	t.status = STA_UNSYNC;
	t.maxerror = t.esterror = UNKNOWN_ERROR_US;
	t.precision = 1;
	t.tick = NOMINAL_TICK_US;
	t.time.tv_sec = (long long)(now / UC_NSEC_PER_SEC);
	t.time.tv_usec = (long long)(now % UC_NSEC_PER_SEC / 1000);
	r = uc_user_write(p, &t, sizeof(t));
	return r ? r : TIME_ERROR;
}

long uc_sys_adjtimex(uc_uptr p)
{
	return adjust(p);
}

long uc_sys_clock_adjtime(int clockid, uc_uptr p)
{
	struct clock c;
	int r = clock_decode(clockid, &c);
	if (r)
		return r;
	return clockid == CLOCK_REALTIME ? adjust(p) : -EOPNOTSUPP;
}
