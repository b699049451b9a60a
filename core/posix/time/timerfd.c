// SPDX-License-Identifier: BSD-3-Clause
/* timerfd_create(2), timerfd_settime(2), timerfd_gettime(2) and the descriptor's operations. */
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <asm/poll.h>
#include <linux/timerfd.h>
#include <uc/fmt.h>
#include <uc/heap.h>
#include "ctimer.h"
#include "itimerspec.h"

struct timerfd {
	struct ctimer ct;
	struct uc_waitq q;
	uint64_t ticks;   /* expirations not read; the timer goes on when they are */
	bool expired;     /* ... and must be forwarded first */
	bool cancelable;  /* TFD_TIMER_CANCEL_ON_SET */
	bool canceled;
	int clockid, flags;
};

static struct timerfd *of(struct ctimer *ct)
{
	return UC_CONTAINER(ct, struct timerfd, ct);
}

static void wake_readers(struct timerfd *t)
{
	uc_waitq_wake(&t->q, UINT32_MAX, POLLIN);
}

/* An interval timer rests until somebody asks: one that nobody reads costs nothing. */
static void on_expired(struct ctimer *ct)
{
	struct timerfd *t = of(ct);
	t->ticks++;
	t->expired = true;
	wake_readers(t);
}

static void on_clock_set(struct ctimer *ct)
{
	struct timerfd *t = of(ct);
	if (!t->cancelable)
		return;
	t->canceled = true;
	wake_readers(t);
}

static void forward(struct timerfd *t)
{
	if (!t->expired)
		return;
	t->expired = false;
	t->ticks += ctimer_forward(&t->ct, 0) - 1;
}

static ssize_t take_ticks(struct timerfd *t, struct uc_iter *it)
{
	bool canceled = t->canceled;
	forward(t);
	uint64_t n = t->ticks;
	t->ticks = 0;
	t->canceled = false;
	return canceled ? -ECANCELED : uc_iter_put(it, &n, sizeof(n));
}

static ssize_t timerfd_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	struct timerfd *t = f->priv;
	(void)pos;
	if (it->left < sizeof(uint64_t))
		return -EINVAL;
	if (!t->ticks && !t->canceled) {
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		int r = UC_WAIT_EVENT(&t->q, t->ticks || t->canceled, UC_FOREVER, true);
		if (r)
			return -UC_ERESTARTSYS;
	}
	return take_ticks(t, it);
}

static unsigned timerfd_poll(struct uc_file *f, struct uc_poll *p)
{
	struct timerfd *t = f->priv;
	uc_poll_wait(p, &t->q);
	return t->ticks || t->canceled ? POLLIN : 0;
}

static void timerfd_release(struct uc_file *f)
{
	struct timerfd *t = f->priv;
	ctimer_stop(&t->ct);
	uc_heap_free(t);
}

static ssize_t timerfd_fdinfo(struct uc_file *f, char *buf, size_t cap)
{
	struct timerfd *t = f->priv;
	uc_nsec value, interval;
	ctimer_get(&t->ct, &value, &interval);
	return uc_snprintf(buf, cap, "clockid: %d\nticks: %llu\nsettime flags: 0%o\n"
			   "it_value: (%llu, %llu)\nit_interval: (%llu, %llu)\n",
			   t->clockid, (unsigned long long)t->ticks, (unsigned)t->flags,
			   (unsigned long long)(value / UC_NSEC_PER_SEC),
			   (unsigned long long)(value % UC_NSEC_PER_SEC),
			   (unsigned long long)(interval / UC_NSEC_PER_SEC),
			   (unsigned long long)(interval % UC_NSEC_PER_SEC));
}

static const struct uc_file_ops timerfd_ops = {
	.read = timerfd_read, .poll = timerfd_poll,
	.release = timerfd_release, .fdinfo = timerfd_fdinfo,
};

static struct timerfd *timerfd_new(const struct clock *c, int clockid)
{
	struct timerfd *t = uc_heap_zalloc(sizeof(*t));
	if (!t)
		return NULL;
	ctimer_init(&t->ct, c, on_expired);
	t->ct.clock_was_set = on_clock_set;
	uc_waitq_init(&t->q);
	t->clockid = clockid;
	return t;
}

long uc_sys_timerfd_create(int clockid, int flags)
{
	struct clock c;
	if (flags & ~(TFD_CLOEXEC | TFD_NONBLOCK))
		return -EINVAL;
	if (clockid != CLOCK_MONOTONIC && clockid != CLOCK_REALTIME && clockid != CLOCK_BOOTTIME &&
	    clockid != CLOCK_REALTIME_ALARM && clockid != CLOCK_BOOTTIME_ALARM)
		return -EINVAL;
	/* Never suspended, this machine needs nothing to wake it: CAP_WAKE_ALARM is all there
	 * is. */
	bool alarm = clockid == CLOCK_REALTIME_ALARM || clockid == CLOCK_BOOTTIME_ALARM;
	if (alarm && uc_proc_current()->euid)
		return -EPERM;
	int r = clock_decode(clockid, &c);
	if (r)
		return r;
	struct timerfd *t = timerfd_new(&c, clockid);
	if (!t)
		return -ENOMEM;
	struct uc_file *f = uc_file_new(&timerfd_ops, O_RDWR | (unsigned)(flags & TFD_NONBLOCK), t);
	if (!f) {
		uc_heap_free(t);
		return -ENOMEM;
	}
	f->pollq = &t->q;
	f->anon_name = "anon_inode:[timerfd]";
	r = uc_fd_install(uc_proc_current()->fds, f, 0, flags & TFD_CLOEXEC);
	if (r < 0)
		uc_file_unref(f);
	return r;
}

/* The timer behind fd with a reference to its file in *out: 0, -EBADF, or -EINVAL not a timer. */
static int get(int fd, struct uc_file **out)
{
	struct uc_file *f = uc_fd_get(uc_proc_current()->fds, fd);
	if (!f)
		return -EBADF;
	if (f->ops != &timerfd_ops) {
		uc_file_unref(f);
		return -EINVAL;
	}
	*out = f;
	return 0;
}

static int set(struct timerfd *t, int flags, uc_nsec value, uc_nsec interval)
{
	bool absolute = flags & TFD_TIMER_ABSTIME;
	t->cancelable = absolute && (flags & TFD_TIMER_CANCEL_ON_SET) &&
			(t->clockid == CLOCK_REALTIME || t->clockid == CLOCK_REALTIME_ALARM);
	t->ticks = 0;
	t->expired = t->canceled = false;
	t->flags = flags;
	return ctimer_start(&t->ct, value, interval, absolute);
}

long uc_sys_timerfd_settime(int fd, int flags, uc_uptr new_value, uc_uptr old_value)
{
	struct uc_file *f;
	uc_nsec value, interval, old, old_interval;
	if (flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET))
		return -EINVAL;
	int r = itimerspec_read(new_value, &value, &interval);
	if (!r)
		r = get(fd, &f);
	if (r)
		return r;
	struct timerfd *t = f->priv;
	forward(t);
	ctimer_get(&t->ct, &old, &old_interval);
	r = set(t, flags, value, interval);
	uc_file_unref(f);
	return !r && old_value ? itimerspec_write(old_value, old, old_interval) : r;
}

long uc_sys_timerfd_gettime(int fd, uc_uptr out)
{
	struct uc_file *f;
	uc_nsec value, interval;
	int r = get(fd, &f);
	if (r)
		return r;
	forward(f->priv);
	ctimer_get(&((struct timerfd *)f->priv)->ct, &value, &interval);
	uc_file_unref(f);
	return itimerspec_write(out, value, interval);
}
