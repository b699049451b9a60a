// SPDX-License-Identifier: BSD-3-Clause
#include "epoll_private.h"
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <asm/poll.h>
#include <uc/fmt.h>
#include <uc/heap.h>
#include <uc/part.h>
#include <uc/proc.h>

UC_NEEDS_PART(stdin);

static int order(const struct uc_epitem *i, const struct uc_file *f, int fd)
{
	if (i->file != f)
		return (uintptr_t)f < (uintptr_t)i->file ? -1 : 1;
	return fd < i->fd ? -1 : fd > i->fd;
}

struct uc_epitem *uc_epitem_find(struct uc_epoll *ep, const struct uc_file *f, int fd)
{
	for (struct uc_rbnode *n = ep->items.root; n;) {
		struct uc_epitem *i = UC_CONTAINER(n, struct uc_epitem, node);
		int c = order(i, f, fd);

		if (c == 0)
			return i;
		n = c < 0 ? n->left : n->right;
	}
	return NULL;
}

static void on_gone(struct uc_file_watch *w)
{
	uc_epitem_remove(UC_CONTAINER(w, struct uc_epitem, watch));
}

void uc_epitem_insert(struct uc_epitem *item)
{
	struct uc_rbnode **link = &item->ep->items.root, *parent = NULL;

	while (*link) {
		parent = *link;
		link = order(UC_CONTAINER(parent, struct uc_epitem, node), item->file, item->fd) < 0
			       ? &parent->left
			       : &parent->right;
	}
	uc_rb_link(&item->ep->items, &item->node, parent, link);
	item->watch.gone = on_gone;
	uc_list_push_back(&item->file->watches, &item->watch.link);
}

void uc_epitem_unref(struct uc_epitem *item)
{
	struct uc_epwait *next;

	if (--item->refs)
		return;
	for (struct uc_epwait *w = item->waits; w; w = next) {
		next = w->next;
		if (w != &item->first)
			uc_heap_free(w);
	}
	uc_heap_free(item);
}

void uc_epitem_remove(struct uc_epitem *item)
{
	item->dead = true;
	for (struct uc_epwait *w = item->waits; w; w = w->next)
		uc_waitq_remove(&w->w);
	uc_list_remove(&item->watch.link);
	uc_list_remove(&item->ready_link);
	uc_rb_erase(&item->ep->items, &item->node);
	uc_epitem_unref(item);
}

bool uc_epitem_mark_ready(struct uc_epitem *item)
{
	struct uc_epoll *ep = item->ep;
	bool woke;

	if (uc_list_empty(&item->ready_link))
		uc_list_push_back(&ep->ready, &item->ready_link);
	woke = uc_waitq_wake(&ep->wq, 1, 0) > 0;
	uc_waitq_wake(&ep->pollq, UINT32_MAX, POLLIN | POLLRDNORM);
	return woke;
}

/* The events of an item that is switched on; 0 after EPOLLONESHOT fired. */
static uint32_t wanted(const struct uc_epitem *item)
{
	uint32_t ev = item->event.events & ~(uint32_t)EPOLL_PRIVATE;

	return ev ? ev | EPOLLERR | EPOLLHUP : 0;
}

static bool on_wake(struct uc_waiter *w, unsigned events)
{
	struct uc_epitem *item = UC_CONTAINER(w, struct uc_epwait, w)->item;
	bool woke;

	if (!wanted(item) || (events && !(events & wanted(item))))
		return false;
	woke = uc_epitem_mark_ready(item);
	return item->event.events & EPOLLEXCLUSIVE && woke;
}

struct enter_poll { struct uc_poll poll; struct uc_epitem *item; bool no_memory; };

static void enter_queue(struct uc_poll *p, struct uc_waitq *q)
{
	struct enter_poll *e = UC_CONTAINER(p, struct enter_poll, poll);
	struct uc_epitem *item = e->item;
	struct uc_epwait *w = item->waits ? uc_heap_alloc(sizeof(*w)) : &item->first;

	if (!w) {
		e->no_memory = true;
		return;
	}
	uc_waiter_init(&w->w);
	w->w.wake = on_wake;
	w->item = item;
	w->next = item->waits;
	item->waits = w;
	uc_waitq_add(q, &w->w);
}

/* The item's ready events now. The file stays alive during the call, the item because of refs. */
static uint32_t poll_item(struct uc_epitem *item, struct uc_poll *p)
{
	struct uc_file *f = item->file;
	uint32_t mask;

	uc_file_ref(f);
	mask = f->ops->poll(f, p);
	uc_file_unref(f);
	return item->dead ? 0 : mask & wanted(item);
}

int uc_epitem_enter(struct uc_epitem *item)
{
	struct enter_poll e = { .poll.add = enter_queue, .item = item };
	uint32_t mask = poll_item(item, &e.poll);

	if (e.no_memory)
		return -ENOMEM;
	if (mask)
		uc_epitem_mark_ready(item);
	return 0;
}

void uc_epitem_recheck(struct uc_epitem *item)
{
	if (poll_item(item, NULL))
		uc_epitem_mark_ready(item);
}

/* Moves everything from one list to the front of another. */
static void splice_front(struct uc_list *from, struct uc_list *to)
{
	if (uc_list_empty(from))
		return;
	from->prev->next = to->next;
	to->next->prev = from->prev;
	to->next = from->next;
	from->next->prev = to;
	uc_list_init(from);
}

static bool take(struct uc_epitem *item, struct epoll_event *out)
{
	uint32_t mask = poll_item(item, NULL);

	if (!mask)
		return false;
	out->events = mask;
	out->data = item->event.data;
	if (item->event.events & EPOLLONESHOT)
		item->event.events &= EPOLL_PRIVATE;
	else if (!(item->event.events & EPOLLET) && uc_list_empty(&item->ready_link))
		uc_list_push_back(&item->ep->ready, &item->ready_link);
	return true;
}

void uc_epoll_scan_begin(struct uc_epoll *ep, struct uc_epscan *scan)
{
	uc_list_init(&scan->todo);
	scan->found = false;
	splice_front(&ep->ready, &scan->todo);
}

int uc_epoll_scan(struct uc_epscan *scan, struct epoll_event *out, int max)
{
	int n = 0;

	while (n < max && !uc_list_empty(&scan->todo)) {
		struct uc_epitem *item =
			UC_LIST_ENTRY(scan->todo.next, struct uc_epitem, ready_link);

		uc_list_remove(&item->ready_link);
		item->refs++;
		n += take(item, &out[n]);
		uc_epitem_unref(item);
	}
	scan->found |= n > 0;
	return n;
}

void uc_epoll_scan_end(struct uc_epoll *ep, struct uc_epscan *scan)
{
	splice_front(&scan->todo, &ep->ready);
	if (scan->found && !uc_list_empty(&ep->ready))
		uc_waitq_wake(&ep->wq, 1, 0);
}

int uc_epoll_wait_ready(struct uc_epoll *ep, uc_nsec deadline)
{
	if (!uc_list_empty(&ep->ready))
		return 0;
	if (uc_signal_pending())
		return -EINTR;
	return uc_waitq_sleep(&ep->wq, deadline, true);
}

/* ---- the epoll descriptor as a file ---- */

/* Ready if some listed item really is; items found not to be leave the list. */
static unsigned epoll_poll(struct uc_file *f, struct uc_poll *p)
{
	struct uc_epoll *ep = f->priv;

	uc_poll_wait(p, &ep->pollq);
	while (!uc_list_empty(&ep->ready)) {
		struct uc_epitem *item =
			UC_LIST_ENTRY(ep->ready.next, struct uc_epitem, ready_link);
		uint32_t mask;

		item->refs++;
		mask = poll_item(item, NULL);
		if (!mask)
			uc_list_remove(&item->ready_link);
		uc_epitem_unref(item);
		if (mask)
			return POLLIN | POLLRDNORM;
	}
	return 0;
}

static void epoll_release(struct uc_file *f)
{
	struct uc_epoll *ep = f->priv;
	struct uc_rbnode *n;

	while ((n = uc_rb_first(&ep->items)))
		uc_epitem_remove(UC_CONTAINER(n, struct uc_epitem, node));
	uc_heap_free(ep);
}

static ssize_t epoll_fdinfo(struct uc_file *f, char *buf, size_t cap)
{
	struct uc_epoll *ep = f->priv;
	size_t len = 0;

	for (struct uc_rbnode *n = uc_rb_first(&ep->items); n; n = uc_rb_next(n)) {
		struct uc_epitem *i = UC_CONTAINER(n, struct uc_epitem, node);

		len += (size_t)uc_snprintf(len < cap ? buf + len : NULL, len < cap ? cap - len : 0,
					   "tfd: %8d events: %8x data: %16llx \n", i->fd,
					   i->event.events, (unsigned long long)i->event.data);
	}
	return (ssize_t)len;
}

static const struct uc_file_ops epoll_file_ops = { .poll = epoll_poll,
						   .release = epoll_release,
						   .fdinfo = epoll_fdinfo };

struct uc_epoll *uc_epoll_of(struct uc_file *f)
{
	return f->ops == &epoll_file_ops ? f->priv : NULL;
}

struct uc_file *uc_epoll_new(void)
{
	struct uc_epoll *ep = uc_heap_zalloc(sizeof(*ep));

	if (!ep)
		return NULL;
	uc_list_init(&ep->ready);
	uc_waitq_init(&ep->wq);
	uc_waitq_init(&ep->pollq);
	ep->file = uc_file_new(&epoll_file_ops, O_RDWR, ep);
	if (!ep->file) {
		uc_heap_free(ep);
		return NULL;
	}
	ep->file->anon_name = "anon_inode:[eventpoll]";
	return ep->file;
}
