// SPDX-License-Identifier: BSD-3-Clause
#include <uc/hostfd.h>

int64_t uc_hostfd_readv(int fd, const struct uc_hostfd_iov *v, unsigned n)
{
	return uc_host_readv(fd, v, n);
}

int64_t uc_hostfd_writev(int fd, const struct uc_hostfd_iov *v, unsigned n)
{
	return uc_host_writev(fd, v, n);
}

bool uc_hostfd_is_9p(int fd)
{
	return fd >= UC_PROCFD_9P && (unsigned)fd - UC_PROCFD_9P < uc_host_channels();
}

static void on_irq(void *arg)
{
	struct uc_hostfd_watch *w = arg;
	uc_defer_raise(&w->work);
}

static void work(void *arg)
{
	struct uc_hostfd_watch *w = arg;
	w->ready(w);
}

void uc_hostfd_watch(struct uc_hostfd_watch *w)
{
	w->work = (struct uc_defer){ .fn = work, .arg = w };
	w->host =
		(struct uc_host_watch){ .fd = w->fd, .events = w->events, .fn = on_irq, .arg = w };
	uc_host_watch(&w->host);
	uc_defer_raise(&w->work); /* what arrived before */
}

void uc_hostfd_watch_events(struct uc_hostfd_watch *w, short events)
{
	w->events = w->host.events = events;
}
