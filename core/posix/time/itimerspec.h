// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ITIMERSPEC_H
#define UC_ITIMERSPEC_H
/* struct itimerspec between application memory and nanoseconds. 0, -EFAULT, -EINVAL. */
#include <uc/timespec.h>

static inline int itimerspec_read(uc_uptr p, uc_nsec *value, uc_nsec *interval)
{
	struct __kernel_itimerspec s;
	int r = uc_user_read(&s, p, sizeof(s));
	if (!r)
		r = uc_timespec_to_ns(&s.it_value, value);
	return r ? r : uc_timespec_to_ns(&s.it_interval, interval);
}

static inline int itimerspec_write(uc_uptr p, uc_nsec value, uc_nsec interval)
{
	struct __kernel_itimerspec s = { .it_interval = uc_ns_to_timespec(interval),
					 .it_value = uc_ns_to_timespec(value) };
	return uc_user_write(p, &s, sizeof(s));
}
#endif
