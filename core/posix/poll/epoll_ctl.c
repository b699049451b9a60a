// SPDX-License-Identifier: BSD-3-Clause
#include "epoll_private.h"
#include <asm/errno.h>
#include <uc/filecall.h>
#include <uc/heap.h>
#include <uc/string.h>

#define EXCLUSIVE_OK                                                                               \
	((uint32_t)EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | EPOLLET |              \
	 EPOLLEXCLUSIVE)

/* How many epolls hang below ep; INT32_MAX/2 if `avoid` is among them (a cycle). */
static int depth_below(struct uc_epoll *ep, const struct uc_epoll *avoid, int level)
{
	int deepest = 0;

	if (ep == avoid || level > UC_EPOLL_MAX_NESTS)
		return INT32_MAX / 2;
	for (struct uc_rbnode *n = uc_rb_first(&ep->items); n; n = uc_rb_next(n)) {
		struct uc_epoll *sub = uc_epoll_of(UC_CONTAINER(n, struct uc_epitem, node)->file);
		int d = sub ? 1 + depth_below(sub, avoid, level + 1) : 0;

		deepest = UC_MAX(deepest, d);
	}
	return deepest;
}

/* How many epolls watch ep, one above the other. */
static int depth_above(struct uc_epoll *ep, int level)
{
	int highest = 0;

	if (level > UC_EPOLL_MAX_NESTS)
		return level;
	UC_LIST_FOREACH(it, &ep->file->watches) { /* of an epoll, only epolls */
		int d = 1 +
			depth_above(UC_LIST_ENTRY(it, struct uc_epitem, watch.link)->ep, level + 1);

		highest = UC_MAX(highest, d);
	}
	return highest;
}

static int check_nesting(struct uc_epoll *ep, struct uc_file *f)
{
	struct uc_epoll *sub = uc_epoll_of(f);

	if (!sub)
		return 0;
	return depth_below(sub, ep, 0) + 1 + depth_above(ep, 0) > UC_EPOLL_MAX_NESTS ? -ELOOP : 0;
}

static int add(struct uc_epoll *ep, struct uc_file *f, int fd, const struct epoll_event *ev)
{
	struct uc_epitem *item;
	int r = check_nesting(ep, f);

	if (r < 0)
		return r;
	item = uc_heap_zalloc(sizeof(*item));
	if (!item)
		return -ENOMEM;
	item->ep = ep;
	item->file = f;
	item->fd = fd;
	item->refs = 1;
	item->event = *ev;
	uc_list_init(&item->ready_link);
	uc_list_init(&item->watch.link);
	uc_epitem_insert(item);
	r = uc_epitem_enter(item);
	if (r < 0)
		uc_epitem_remove(item);
	return r;
}

static int modify(struct uc_epitem *item, const struct epoll_event *ev)
{
	if (item->event.events & EPOLLEXCLUSIVE)
		return -EINVAL;
	item->event = *ev;
	uc_epitem_recheck(item);
	return 0;
}

static int check_exclusive(int op, struct uc_file *f, uint32_t events)
{
	if (!(events & EPOLLEXCLUSIVE))
		return 0;
	if (op == EPOLL_CTL_MOD || uc_epoll_of(f) || events & ~EXCLUSIVE_OK)
		return -EINVAL;
	return 0;
}

int uc_epoll_ctl(struct uc_epoll *ep, int op, struct uc_file *f, int fd,
		 const struct epoll_event *ev)
{
	struct uc_epitem *item = uc_epitem_find(ep, f, fd);
	int r = op == EPOLL_CTL_DEL ? 0 : check_exclusive(op, f, ev->events);

	if (r < 0)
		return r;
	switch (op) {
	case EPOLL_CTL_ADD:
		return item ? -EEXIST : add(ep, f, fd, ev);
	case EPOLL_CTL_MOD:
		return item ? modify(item, ev) : -ENOENT;
	case EPOLL_CTL_DEL:
		if (!item)
			return -ENOENT;
		uc_epitem_remove(item);
		return 0;
	default:
		return -EINVAL;
	}
}

static long ctl_files(struct uc_file *epf, int op, struct uc_file *f, int fd,
		      const struct epoll_event *ev)
{
	struct uc_epoll *ep = uc_epoll_of(epf);

	if (!f->ops->poll)
		return -EPERM;
	if (!ep || epf == f)
		return -EINVAL;
	return uc_epoll_ctl(ep, op, f, fd, ev);
}

long uc_sys_epoll_ctl(int epfd, int op, int fd, uc_uptr uev)
{
	struct uc_file *epf, *f;
	struct epoll_event ev;
	long r = -EBADF;

	memset(&ev, 0, sizeof(ev));
	if (op != EPOLL_CTL_DEL && uc_user_read(&ev, uev, sizeof(ev)) < 0)
		return -EFAULT;
	epf = uc_fget(epfd);
	f = uc_fget(fd);
	if (epf && f)
		r = ctl_files(epf, op, f, fd, &ev);
	if (epf)
		uc_file_unref(epf);
	if (f)
		uc_file_unref(f);
	return r;
}

long uc_sys_epoll_create1(int flags)
{
	struct uc_file *f;

	if (flags & ~EPOLL_CLOEXEC)
		return -EINVAL;
	f = uc_epoll_new();
	return f ? uc_fd_publish(f, flags & EPOLL_CLOEXEC) : -ENOMEM;
}

long uc_sys_epoll_create(int size)
{
	return size <= 0 ? -EINVAL : uc_sys_epoll_create1(0);
}
