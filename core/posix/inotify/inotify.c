// SPDX-License-Identifier: BSD-3-Clause
/* The descriptor and its queue of events. */
#include "inotify_private.h"
#include <asm/fcntl.h>
#include <asm/ioctls.h>
#include <asm/poll.h>
#include <uc/filecall.h>
#include <uc/fmt.h>
#include <uc/heap.h>
#include <uc/proc.h>
#include <uc/string.h>

struct event { struct uc_list link; struct inotify_event ev; /* ev.len bytes of name follow */ };

static unsigned instances;

static size_t size_of(const struct event *e)
{
	return sizeof(e->ev) + e->ev.len;
}

static struct event *first(const struct inotify *in)
{
	return UC_LIST_ENTRY(in->events.next, struct event, link);
}

/* Names are padded so that the next event is aligned. */
static uint32_t padded(size_t len)
{
	return (uint32_t)((len + sizeof(struct inotify_event)) &
			  ~(sizeof(struct inotify_event) - 1));
}

static bool same_as_last(const struct inotify *in, const struct inotify_event *ev, const char *name,
			 size_t len)
{
	const struct inotify_event *last;

	if (uc_list_empty(&in->events))
		return false;
	last = &UC_LIST_ENTRY(in->events.prev, struct event, link)->ev;
	return last->wd == ev->wd && last->mask == ev->mask && last->cookie == ev->cookie &&
	       last->len == ev->len &&
	       (!ev->len || (!memcmp(last->name, name, len) && !last->name[len]));
}

void inotify_post(struct inotify *in, int wd, uint32_t mask, uint32_t cookie, const char *name,
		  size_t len)
{
	struct inotify_event ev = { wd, mask, cookie, name ? padded(len) : 0 };
	struct event *e;

	if (in->nevents >= INOTIFY_MAX_EVENTS) {
		ev = (struct inotify_event){ .wd = -1, .mask = IN_Q_OVERFLOW };
		name = NULL;
	}
	if (same_as_last(in, &ev, name, len))
		return;
	e = uc_heap_zalloc(sizeof(*e) + ev.len);
	if (!e)
		return;
	e->ev = ev;
	if (name)
		memcpy(e->ev.name, name, len);
	uc_list_push_back(&in->events, &e->link);
	in->nevents++;
	uc_waitq_wake(&in->q, UINT32_MAX, POLLIN | POLLRDNORM);
}

static void drop_first(struct inotify *in)
{
	struct event *e = first(in);

	uc_list_remove(&e->link);
	in->nevents--;
	uc_heap_free(e);
}

/* As many whole events as fit. -EINVAL: not even one. */
static ssize_t take(struct inotify *in, struct uc_iter *it)
{
	ssize_t done = 0;

	while (!uc_list_empty(&in->events)) {
		struct event *e = first(in);
		size_t n = size_of(e);

		if (it->left < n)
			return done ? done : -EINVAL;
		uc_list_remove(&e->link); /* the copy may block */
		in->nevents--;
		if (uc_iter_put(it, &e->ev, n) != (ssize_t)n) {
			uc_heap_free(e);
			return done ? done : -EFAULT;
		}
		uc_heap_free(e);
		done += (ssize_t)n;
	}
	return done;
}

static ssize_t in_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	struct inotify *in = f->priv;

	for (;;) {
		ssize_t n = take(in, it);
		int r;

		if (n)
			return n;
		if (f->flags & O_NONBLOCK)
			return -EAGAIN;
		r = UC_WAIT_EVENT(&in->q, !uc_list_empty(&in->events), UC_FOREVER, true);
		if (r < 0)
			return r == -EINTR ? -UC_ERESTARTSYS : r;
	}
}

static unsigned in_poll(struct uc_file *f, struct uc_poll *p)
{
	struct inotify *in = f->priv;

	uc_poll_wait(p, &in->q);
	return uc_list_empty(&in->events) ? 0 : POLLIN | POLLRDNORM;
}

static long in_ioctl(struct uc_file *f, unsigned cmd, uc_uptr arg)
{
	const struct inotify *in = f->priv;
	size_t n = 0;

	if (cmd != FIONREAD)
		return -ENOTTY;
	UC_LIST_FOREACH(it, &in->events)
		n += size_of(UC_LIST_ENTRY(it, struct event, link));
	return uc_user_store32(arg, (uint32_t)n);
}

static void in_release(struct uc_file *f)
{
	struct inotify *in = f->priv;

	while (!uc_list_empty(&in->watches))
		inotify_drop(UC_LIST_ENTRY(in->watches.next, struct inotify_watch, link), false);
	while (!uc_list_empty(&in->events))
		drop_first(in);
	uc_heap_free(in);
	instances--;
}

static ssize_t in_fdinfo(struct uc_file *f, char *buf, size_t cap)
{
	const struct inotify *in = f->priv;
	size_t n = 0;

	UC_LIST_FOREACH(it, &in->watches) {
		const struct inotify_watch *w = UC_LIST_ENTRY(it, struct inotify_watch, link);

		n += (size_t)uc_snprintf(
			n < cap ? buf + n : NULL, n < cap ? cap - n : 0,
			"inotify wd:%x ino:%llx sdev:%llx mask:%x ignored_mask:0\n", w->wd,
			(unsigned long long)w->inode->ino,
			(unsigned long long)w->inode->sb->dev, w->mask);
	}
	return (ssize_t)n;
}

static const struct uc_file_ops in_ops = { .read = in_read,
					   .poll = in_poll,
					   .ioctl = in_ioctl,
					   .release = in_release,
					   .fdinfo = in_fdinfo };

long uc_sys_inotify_init1(int flags)
{
	struct inotify *in;
	struct uc_file *f;

	if (flags & ~(IN_CLOEXEC | IN_NONBLOCK))
		return -EINVAL;
	if (instances >= INOTIFY_MAX_INSTANCES)
		return -EMFILE;
	in = uc_heap_zalloc(sizeof(*in));
	if (!in)
		return -ENOMEM;
	uc_list_init(&in->events);
	uc_list_init(&in->watches);
	uc_waitq_init(&in->q);
	f = uc_file_new(&in_ops, O_RDONLY | ((unsigned)flags & IN_NONBLOCK), in);
	if (!f) {
		uc_heap_free(in);
		return -ENOMEM;
	}
	instances++;
	f->anon_name = "anon_inode:inotify";
	return uc_fd_publish(f, flags & IN_CLOEXEC);
}

long uc_sys_inotify_init(void)
{
	return uc_sys_inotify_init1(0);
}

static long add_watch(struct inotify *in, uc_uptr path, uint32_t mask)
{
	unsigned how = (mask & IN_DONT_FOLLOW ? 0 : UC_LOOKUP_FOLLOW) |
		       (mask & IN_ONLYDIR ? UC_LOOKUP_DIRECTORY : 0);
	struct uc_dentry *d = uc_path_lookup(AT_FDCWD, path, how);
	long r;

	if (UC_IS_ERR(d))
		return UC_PTR_ERR(d);
	r = uc_inode_permission(d->inode, UC_MAY_READ);
	if (r == 0)
		r = inotify_watch(in, d->inode, mask);
	uc_dentry_unref(d);
	return r;
}

long uc_sys_inotify_add_watch(int fd, uc_uptr path, uint32_t mask)
{
	const uint32_t known = IN_ALL_EVENTS | IN_UNMOUNT | IN_Q_OVERFLOW | IN_IGNORED |
			       IN_ONLYDIR | IN_DONT_FOLLOW | IN_EXCL_UNLINK | IN_MASK_ADD |
			       IN_MASK_CREATE | IN_ISDIR | IN_ONESHOT;
	struct uc_file *f;
	long r = -EINVAL;

	if (mask & ~known || !(mask & known))
		return -EINVAL;
	f = uc_fget(fd);
	if (!f)
		return -EBADF;
	if (f->ops == &in_ops && (mask & (IN_MASK_ADD | IN_MASK_CREATE)) !=
					 (IN_MASK_ADD | IN_MASK_CREATE))
		r = add_watch(f->priv, path, mask);
	uc_file_unref(f);
	return r;
}

long uc_sys_inotify_rm_watch(int fd, int wd)
{
	struct uc_file *f = uc_fget(fd);
	struct inotify_watch *w;

	if (!f)
		return -EBADF;
	w = f->ops == &in_ops ? inotify_find(f->priv, wd) : NULL;
	if (w)
		inotify_drop(w, true);
	uc_file_unref(f);
	return w ? 0 : -EINVAL;
}
