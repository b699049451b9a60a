// SPDX-License-Identifier: BSD-3-Clause
/* O_ASYNC: a waiter on the queues that poll waits on, which sends signals. */
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <asm/poll.h>
#include <asm/siginfo.h>
#include <uc/fowner.h>
#include <uc/heap.h>
#include <uc/sched.h>
#include <uc/user.h>

UC_PART(async);

#define QUEUES 2u /* of a socket: readers' and writers' */

struct async {
	struct uc_file_watch watch;
	struct uc_file *f;
	int fd;
	unsigned n;
	struct async_wait {
		struct uc_waiter w;
		struct async *owner;
	} wait[QUEUES];
};

static void drop(struct uc_file_watch *w)
{
	struct async *a = UC_CONTAINER(w, struct async, watch);

	for (unsigned k = 0; k < a->n; k++)
		uc_waitq_remove(&a->wait[k].w);
	uc_list_remove(&a->watch.link);
	uc_heap_free(a);
}

static bool is_fifo(const struct uc_file *f)
{
	return (f->inode->mode & S_IFMT) == S_IFIFO;
}

/* 0: nothing that Linux signals. A socket says that there is room only if somebody missed it. */
static int reason_for(struct uc_file *f, unsigned mask)
{
	if (mask & POLLHUP && !is_fifo(f))
		return POLL_HUP;
	if (mask & (POLLIN | POLLHUP | POLLRDHUP))
		return POLL_IN;
	if (!(mask & (POLLOUT | POLLERR)) || (!is_fifo(f) && !f->nospace))
		return 0;
	f->nospace = false;
	return POLL_OUT;
}

static bool on_wake(struct uc_waiter *w, unsigned events)
{
	struct async *a = UC_CONTAINER(w, struct async_wait, w)->owner;
	int reason = reason_for(a->f, a->f->ops->poll(a->f, NULL) & (events ? events : ~0u));

	if (reason)
		uc_fowner_io(a->f, a->fd, reason);
	return false;
}

struct enter {
	struct uc_poll poll;
	struct async *a;
};

static void enter_queue(struct uc_poll *p, struct uc_waitq *q)
{
	struct async *a = UC_CONTAINER(p, struct enter, poll)->a;
	struct async_wait *w = &a->wait[a->n];

	if (a->n == QUEUES)
		return;
	a->n++;
	uc_waiter_init(&w->w);
	w->w.wake = on_wake;
	w->owner = a;
	uc_waitq_add(q, &w->w);
}

static int turn_on(struct uc_file *f, int fd)
{
	struct async *a = uc_heap_zalloc(sizeof(*a));
	struct enter e = { .poll.add = enter_queue, .a = a };

	if (!a)
		return -ENOMEM;
	a->watch.gone = drop;
	a->f = f;
	a->fd = fd;
	uc_list_push_back(&f->watches, &a->watch.link);
	f->ops->poll(f, &e.poll);
	f->flags |= FASYNC;
	return 0;
}

static void turn_off(struct uc_file *f)
{
	f->flags &= ~(unsigned)FASYNC;
	UC_LIST_FOREACH(it, &f->watches) {
		struct uc_file_watch *w = UC_LIST_ENTRY(it, struct uc_file_watch, link);

		if (w->gone == drop) {
			drop(w);
			return;
		}
	}
}

/* Pipes, sockets and terminals. */
static bool can_signal(const struct uc_file *f)
{
	uint32_t type = f->inode ? f->inode->mode & S_IFMT : 0;

	return f->ops->poll && (type == S_IFIFO || type == S_IFSOCK || type == S_IFCHR);
}

int uc_file_async(struct uc_file *f, int fd, bool on)
{
	if (!can_signal(f))
		return -ENOTTY;
	if (on == !!(f->flags & FASYNC))
		return 0;
	if (on)
		return turn_on(f, fd);
	turn_off(f);
	return 0;
}

long uc_file_fioasync(struct uc_file *f, int fd, uc_uptr arg)
{
	uint32_t on;

	if (uc_user_load32(arg, &on) < 0)
		return -EFAULT;
	return uc_file_async(f, fd, on);
}
