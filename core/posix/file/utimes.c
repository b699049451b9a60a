// SPDX-License-Identifier: BSD-3-Clause
#include "setattr_private.h"
#include <uc/time.h>

#define NSEC 1000000000ll
#define NOW_NSEC  ((1l << 30) - 1l) /* UTIME_NOW */
#define OMIT_NSEC ((1l << 30) - 2l) /* UTIME_OMIT */

static struct __kernel_timespec now(void)
{
	uc_nsec t = uc_time_real();

	return (struct __kernel_timespec){ (int64_t)(t / (uc_nsec)NSEC),
					   (long long)(t % (uc_nsec)NSEC) };
}

static int times_attr(struct uc_attr *a, struct __kernel_timespec ts[2])
{
	*a = (struct uc_attr){ 0 };
	if (ts[0].tv_nsec == NOW_NSEC && ts[1].tv_nsec == NOW_NSEC) {
		a->valid = UC_ATTR_ATIME | UC_ATTR_MTIME | UC_ATTR_NOW;
		return 0;
	}
	for (int k = 0; k < 2; k++) {
		if (ts[k].tv_nsec == OMIT_NSEC)
			continue;
		if (ts[k].tv_nsec == NOW_NSEC)
			ts[k] = now();
		if (ts[k].tv_nsec < 0 || ts[k].tv_nsec >= NSEC)
			return -EINVAL;
		a->valid |= k ? UC_ATTR_MTIME : UC_ATTR_ATIME;
	}
	a->atime = ts[0];
	a->mtime = ts[1];
	return 0;
}

static long set_times(int dfd, uc_uptr path, struct __kernel_timespec ts[2], int flags)
{
	struct uc_attr a;
	long r = times_attr(&a, ts);

	if (r < 0 || !a.valid)
		return r;
	if (path)
		return uc_setattr_path(dfd, path, uc_at_lookup(flags), &a);
	return flags ? -EINVAL : uc_setattr_fd(dfd, &a);
}

long uc_sys_utimensat(int dfd, uc_uptr path, uc_uptr utimes, int flags)
{
	struct __kernel_timespec ts[2] = { { 0, NOW_NSEC }, { 0, NOW_NSEC } };

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	if (utimes && uc_user_read(ts, utimes, sizeof(ts)) < 0)
		return -EFAULT;
	if (!path && dfd == AT_FDCWD)
		return -EFAULT;
	return set_times(dfd, path, ts, flags);
}

long uc_sys_futimesat(int dfd, uc_uptr path, uc_uptr utimes)
{
	struct __kernel_timespec ts[2] = { { 0, NOW_NSEC }, { 0, NOW_NSEC } };
	struct __kernel_old_timeval tv[2];

	if (utimes) {
		if (uc_user_read(tv, utimes, sizeof(tv)) < 0)
			return -EFAULT;
		for (int k = 0; k < 2; k++) {
			if (tv[k].tv_usec < 0 || tv[k].tv_usec >= 1000000)
				return -EINVAL;
			ts[k] = (struct __kernel_timespec){ tv[k].tv_sec, tv[k].tv_usec * 1000 };
		}
	}
	return set_times(dfd, path, ts, 0);
}

long uc_sys_utimes(uc_uptr path, uc_uptr utimes)
{
	return path ? uc_sys_futimesat(AT_FDCWD, path, utimes) : -EFAULT;
}

long uc_sys_utime(uc_uptr path, uc_uptr utimes)
{
	struct __kernel_timespec ts[2] = { { 0, NOW_NSEC }, { 0, NOW_NSEC } };
	int64_t t[2];

	if (!path)
		return -EFAULT;
	if (utimes) {
		if (uc_user_read(t, utimes, sizeof(t)) < 0)
			return -EFAULT;
		ts[0] = (struct __kernel_timespec){ t[0], 0 };
		ts[1] = (struct __kernel_timespec){ t[1], 0 };
	}
	return set_times(AT_FDCWD, path, ts, 0);
}
