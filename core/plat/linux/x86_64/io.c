// SPDX-License-Identifier: BSD-3-Clause
/* Descriptors as interrupt sources: SIGIO while something runs, ppoll while nothing does. */
#include <asm/errno.h>
#include <asm/poll.h>
#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/time_types.h>
#include <uc/log.h>
#include <uc/x86int.h>
#include "info.h"

#define NSEC_PER_SEC 1000000000ull
#define MAX_WATCHES  32

static struct uc_host_watch *watches;
static unsigned nchannels;

unsigned uc_host_channels(void)
{
	return nchannels;
}

int64_t uc_host_readv(int fd, const struct uc_host_iov *v, unsigned n)
{
	int64_t r;
	while ((r = UC_HOST3(__NR_readv, fd, v, n)) == -EINTR) {}
	return r;
}

int64_t uc_host_writev(int fd, const struct uc_host_iov *v, unsigned n)
{
	int64_t r;
	while ((r = UC_HOST3(__NR_writev, fd, v, n)) == -EINTR) {}
	return r;
}

void uc_host_watch(struct uc_host_watch *w)
{
	w->next = watches;
	watches = w;
}

void linux_io_run(void)
{
	for (struct uc_host_watch *w = watches; w; w = w->next)
		if (w->events)
			w->fn(w->arg);
}

static long wait(struct pollfd *p, unsigned n, uc_nsec limit)
{
	struct __kernel_timespec t = { (long long)(limit / NSEC_PER_SEC),
				       (long long)(limit % NSEC_PER_SEC) };
	return UC_HOST4(__NR_ppoll, p, n, limit == UC_FOREVER ? NULL : &t, 0);
}

void uc_host_wait(int fd, short events)
{
	struct pollfd p = { fd, events, 0 };
	wait(&p, 1, UC_FOREVER);
}

static void wait_for_interrupt(void)
{
	struct pollfd p[MAX_WATCHES];
	unsigned n = 0;
	for (struct uc_host_watch *w = watches; w && n < MAX_WATCHES; w = w->next)
		if (w->events)
			p[n++] = (struct pollfd){ w->fd, w->events, 0 };
	uc_nsec left = linux_timer_left();
	long r = left ? wait(p, n, left) : 0;
	if (r > 0)
		__atomic_fetch_or(&uc_percpu0.irq_pending, RING3_IRQ_IO, __ATOMIC_RELAXED);
	if (!r)
		__atomic_fetch_or(&uc_percpu0.irq_pending, RING3_IRQ_TIMER, __ATOMIC_RELAXED);
}

static bool make_async(int fd)
{
	long flags = UC_HOST2(__NR_fcntl, fd, F_GETFL);
	if (flags < 0)
		return false;
	UC_HOST3(__NR_fcntl, fd, F_SETOWN, UC_HOST0(__NR_getpid));
	if ((flags & O_ACCMODE) != O_WRONLY) /* whoever reads there would interrupt us */
		flags |= FASYNC;
	UC_HOST3(__NR_fcntl, fd, F_SETFL, flags | O_NONBLOCK);
	return true;
}

void linux_io_init(void)
{
	ring3_wait = wait_for_interrupt;
	make_async(UC_PROCFD_CONSOLE);
	while (nchannels < MAX_WATCHES - 1 && make_async(UC_PROCFD_9P + (int)nchannels))
		nchannels++;
}
