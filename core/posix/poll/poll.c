// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <asm/poll.h>
#include <asm/resource.h>
#include <uc/filecall.h>
#include <uc/heap.h>
#include <uc/pollwait.h>

#define FAST_FDS 16u

static unsigned check_one(struct uc_pollwait *pw, struct pollfd *p)
{
	struct uc_file *f;
	unsigned ready;

	p->revents = 0;
	if (p->fd < 0)
		return 0;
	f = uc_fget(p->fd);
	if (!f) {
		p->revents = POLLNVAL;
		return 1;
	}
	ready = uc_pollwait_check(pw, f, (uint16_t)p->events);
	uc_file_unref(f);
	p->revents = (short)ready;
	return ready != 0;
}

static long poll_loop(struct pollfd *fds, unsigned n, uc_nsec deadline)
{
	struct uc_pollwait pw;
	int r = deadline ? 0 : -ETIMEDOUT;
	long ready;

	uc_pollwait_begin(&pw, deadline);
	for (;;) {
		ready = 0;
		for (unsigned i = 0; i < n; i++)
			ready += check_one(&pw, &fds[i]);
		if (ready || r < 0)
			break;
		r = uc_pollwait_sleep(&pw, deadline);
	}
	uc_pollwait_end(&pw);
	return ready || r == -ETIMEDOUT ? ready : r;
}

static long put_results(uc_uptr ufds, const struct pollfd *fds, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		uc_uptr at = ufds + i * sizeof(*fds) + offsetof(struct pollfd, revents);

		if (uc_user_write(at, &fds[i].revents, sizeof(fds[i].revents)) < 0)
			return -EFAULT;
	}
	return 0;
}

static long do_poll(uc_uptr ufds, unsigned n, uc_nsec deadline)
{
	struct pollfd fast[FAST_FDS], *fds = fast;
	long r;

	if (n > uc_proc_current()->rlim[RLIMIT_NOFILE].cur)
		return -EINVAL;
	if (n > FAST_FDS) {
		fds = uc_heap_alloc(n * sizeof(*fds));
		if (!fds)
			return -ENOMEM;
	}
	r = n && uc_user_read(fds, ufds, n * sizeof(*fds)) < 0 ? -EFAULT : 0;
	if (r == 0)
		r = poll_loop(fds, n, deadline);
	if (r >= 0 && put_results(ufds, fds, n) < 0)
		r = -EFAULT;
	if (fds != fast)
		uc_heap_free(fds);
	return r;
}

long uc_sys_poll(uc_uptr fds, unsigned n, int timeout_ms)
{
	return uc_poll_mask_end(0, do_poll(fds, n, uc_poll_deadline_ms(timeout_ms)));
}

long uc_sys_ppoll(uc_uptr fds, unsigned n, uc_uptr uts, uc_uptr sigmask, size_t size)
{
	uc_nsec deadline;
	long r = uc_poll_deadline_ts(uts, &deadline);

	if (r == 0)
		r = uc_poll_mask_begin(sigmask, size);
	if (r < 0)
		return r;
	r = uc_poll_mask_end(sigmask, do_poll(fds, n, deadline));
	uc_poll_put_left_ts(uts, deadline);
	return r;
}
