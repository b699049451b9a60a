// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/epoll.h>
#include <uc/filecall.h>
#include <uc/pollwait.h>

#define BATCH 24

static long hand_out(struct uc_epscan *scan, uc_uptr uev, int max)
{
	struct epoll_event batch[BATCH];
	long done = 0;

	while (done < max) {
		int want = UC_MIN((int)(max - done), BATCH);
		int n = uc_epoll_scan(scan, batch, want);

		if (n == 0)
			break;
		if (uc_user_write(uev + (uint64_t)done * sizeof(batch[0]), batch,
				  (size_t)n * sizeof(batch[0])) < 0)
			return done ? done : -EFAULT;
		done += n;
		if (n < want)
			break;
	}
	return done;
}

/* Events until the application's array is full or all that are ready have been seen. */
static long deliver(struct uc_epoll *ep, uc_uptr uev, int max)
{
	struct uc_epscan scan;
	long n;

	uc_epoll_scan_begin(ep, &scan);
	n = hand_out(&scan, uev, max);
	uc_epoll_scan_end(ep, &scan);
	return n;
}

static long wait_events(struct uc_epoll *ep, uc_uptr uev, int max, uc_nsec deadline)
{
	bool last = deadline == 0;

	for (;;) {
		long n = deliver(ep, uev, max);
		int r;

		if (n || last)
			return n;
		r = uc_epoll_wait_ready(ep, deadline);
		last = r == -ETIMEDOUT;
		if (r < 0 && !last)
			return r;
	}
}

static long do_wait(int epfd, uc_uptr uev, int max, uc_nsec deadline)
{
	struct uc_file *f;
	struct uc_epoll *ep;
	long r;

	if (max <= 0 || (unsigned)max > INT32_MAX / sizeof(struct epoll_event))
		return -EINVAL;
	if (!uc_user_ok(uev, (uint64_t)max * sizeof(struct epoll_event)))
		return -EFAULT;
	f = uc_fget(epfd);
	if (!f)
		return -EBADF;
	ep = uc_epoll_of(f);
	r = ep ? wait_events(ep, uev, max, deadline) : -EINVAL;
	uc_file_unref(f);
	return r;
}

/* epoll_wait is never restarted after a handler ran (signal(7)). */
static long masked_wait(int epfd, uc_uptr uev, int max, uc_nsec deadline, uc_uptr sigmask,
			size_t size)
{
	long r = uc_poll_mask_begin(sigmask, size);

	return r < 0 ? r : uc_poll_mask_end(sigmask, do_wait(epfd, uev, max, deadline));
}

long uc_sys_epoll_wait(int epfd, uc_uptr uev, int max, int timeout_ms)
{
	return uc_poll_mask_end(0, do_wait(epfd, uev, max, uc_poll_deadline_ms(timeout_ms)));
}

long uc_sys_epoll_pwait(int epfd, uc_uptr uev, int max, int timeout_ms, uc_uptr sigmask,
			size_t size)
{
	return masked_wait(epfd, uev, max, uc_poll_deadline_ms(timeout_ms), sigmask, size);
}

long uc_sys_epoll_pwait2(int epfd, uc_uptr uev, int max, uc_uptr uts, uc_uptr sigmask, size_t size)
{
	uc_nsec deadline;
	long r = uc_poll_deadline_ts(uts, &deadline);

	return r < 0 ? r : masked_wait(epfd, uev, max, deadline, sigmask, size);
}
