// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <linux/time_types.h>
#include <uc/pollwait.h>
#include <uc/time.h>
#include <uc/user.h>

#define NSEC 1000000000ull

static uc_nsec from_now(uc_nsec rel)
{
	uc_nsec at;

	return __builtin_add_overflow(uc_time_mono(), rel, &at) ? UC_FOREVER : at;
}

uc_nsec uc_poll_deadline_ms(int ms)
{
	if (ms < 0)
		return UC_FOREVER;
	return ms == 0 ? 0 : from_now((uc_nsec)ms * 1000000u);
}

int uc_poll_deadline_ts(uc_uptr uts, uc_nsec *deadline)
{
	struct __kernel_timespec ts;
	uc_nsec rel;

	*deadline = UC_FOREVER;
	if (!uts)
		return 0;
	if (uc_user_read(&ts, uts, sizeof(ts)) < 0)
		return -EFAULT;
	if (ts.tv_sec < 0 || ts.tv_nsec < 0 || (uint64_t)ts.tv_nsec >= NSEC)
		return -EINVAL;
	if (__builtin_mul_overflow((uint64_t)ts.tv_sec, NSEC, &rel) ||
	    __builtin_add_overflow(rel, (uint64_t)ts.tv_nsec, &rel))
		return 0;
	*deadline = rel == 0 ? 0 : from_now(rel);
	return 0;
}

void uc_poll_put_left_ts(uc_uptr uts, uc_nsec deadline)
{
	uc_nsec now = uc_time_mono(), left = deadline > now ? deadline - now : 0;
	struct __kernel_timespec ts = { (int64_t)(left / NSEC), (long long)(left % NSEC) };

	if (!uts || deadline == UC_FOREVER || uc_user_write(uts, &ts, sizeof(ts)) < 0)
		return; /* as in Linux: the result of the call counts, not this courtesy */
}

int uc_poll_mask_begin(uc_uptr sigmask, size_t size)
{
	uc_sigset set;

	if (!sigmask)
		return 0;
	if (size != sizeof(set))
		return -EINVAL;
	if (uc_user_read(&set, sigmask, sizeof(set)) < 0)
		return -EFAULT;
	uc_signal_begin_mask(set);
	return 0;
}

long uc_poll_mask_end(uc_uptr sigmask, long r)
{
	if (sigmask)
		uc_signal_end_mask(r == -EINTR);
	return r == -EINTR ? -UC_ERESTARTNOHAND : r;
}
