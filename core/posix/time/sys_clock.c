// SPDX-License-Identifier: BSD-3-Clause
/* clock_gettime(2), clock_getres(2), clock_settime(2). */
#include <asm/errno.h>
#include "clock.h"

long uc_sys_clock_gettime(int clockid, uc_uptr out)
{
	struct clock c;
	uc_nsec now;
	int r = clock_decode(clockid, &c);
	if (!r)
		r = clock_now(&c, &now);
	return r ? r : uc_timespec_write(out, now);
}

long uc_sys_clock_getres(int clockid, uc_uptr out)
{
	struct clock c;
	int r = clock_decode(clockid, &c);
	if (r || !out)
		return r;
	return uc_timespec_write(out, 1);
}

long uc_sys_clock_settime(int clockid, uc_uptr in)
{
	struct clock c;
	uc_nsec ns;
	int r = clock_decode(clockid, &c);
	if (r || clockid != CLOCK_REALTIME)
		return -EINVAL;
	r = uc_timespec_read(&ns, in);
	if (r)
		return r;
	if (!clock_may_set())
		return -EPERM;
	uc_time_set_real(ns);
	return 0;
}
