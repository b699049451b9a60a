// SPDX-License-Identifier: BSD-3-Clause
/* time(2), gettimeofday(2), settimeofday(2). The time zone of this kernel is UTC. */
#include <asm/errno.h>
#include "clock.h"

long uc_sys_time(uc_uptr out)
{
	int64_t s = (int64_t)(uc_time_real() / UC_NSEC_PER_SEC);
	if (out) {
		int r = uc_user_write(out, &s, sizeof(s));
		if (r)
			return r;
	}
	return s;
}

long uc_sys_gettimeofday(uc_uptr tv_out, uc_uptr tz_out)
{
	if (tv_out) {
		struct __kernel_old_timeval tv = uc_ns_to_timeval(uc_time_real());
		int r = uc_user_write(tv_out, &tv, sizeof(tv));
		if (r)
			return r;
	}
	return tz_out ? uc_user_zero(tz_out, sizeof(struct timezone)) : 0;
}

long uc_sys_settimeofday(uc_uptr tv_in, uc_uptr tz_in)
{
	struct __kernel_old_timeval tv;
	struct timezone tz = { 0 };
	uc_nsec ns = 0;
	int r = 0;
	if (tv_in) {
		r = uc_user_read(&tv, tv_in, sizeof(tv));
		if (!r)
			r = uc_timeval_to_ns(&tv, &ns);
	}
	if (!r && tz_in)
		r = uc_user_read(&tz, tz_in, sizeof(tz));
	if (r)
		return r;
	if (!clock_may_set())
		return -EPERM;
	if (tz.tz_minuteswest || tz.tz_dsttime)
		return uc_unsupported(-EINVAL, "settimeofday: a time zone other than UTC");
	if (tv_in)
		uc_time_set_real(ns);
	return 0;
}
