// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_EPOLL_H
#define UC_EPOLL_H
/*
 * epoll(7): a set of (file, descriptor) pairs and a list of those that may be ready.
 *
 * No lock: every step between two points where a thread may block leaves the structures whole. An
 * item that was removed stays allocated while someone examines it (refs).
 * Context: thread; on_wake callbacks do not block.
 */
#include <linux/eventpoll.h>
#include <uc/rbtree.h>
#include <uc/vfs.h>

#define UC_EPOLL_MAX_NESTS 4

struct uc_epoll;
struct uc_epitem;
struct uc_epwait { struct uc_waiter w; struct uc_epitem *item; struct uc_epwait *next; };
struct uc_epitem {
	struct uc_rbnode node;        /* ep->items, by file and fd */
	struct uc_list ready_link;    /* ep->ready */
	struct uc_file_watch watch;
	struct uc_epoll *ep;
	struct uc_file *file;         /* no reference, see watch */
	int fd;
	uint32_t refs;                /* 1 for being in the set */
	bool dead, scanning;
	struct epoll_event event;
	struct uc_epwait first, *waits; /* queues it is in; almost always one */
};
struct uc_epoll {
	struct uc_file *file;         /* the epoll descriptor's; borrowed */
	struct uc_rbtree items;
	struct uc_list ready;
	struct uc_waitq wq;           /* epoll_wait */
	struct uc_waitq pollq;        /* epolls and polls on this epoll */
};
struct uc_file *uc_epoll_new(void);                       /* NULL: no memory */
struct uc_epoll *uc_epoll_of(struct uc_file *f);          /* NULL: another kind of file */
int uc_epoll_ctl(struct uc_epoll *ep, int op, struct uc_file *f, int fd,
		 const struct epoll_event *ev);
/* Takes ready events without waiting. Between begin and end each item that was listed is seen once,
 * however often uc_epoll_scan, which returns how many of up to max events it found, is called. */
struct uc_epscan { struct uc_list todo; bool found; };
void uc_epoll_scan_begin(struct uc_epoll *ep, struct uc_epscan *scan);
int uc_epoll_scan(struct uc_epscan *scan, struct epoll_event *out, int max);
void uc_epoll_scan_end(struct uc_epoll *ep, struct uc_epscan *scan);
/* Waits until something may be ready: 0, -ETIMEDOUT, -EINTR. */
int uc_epoll_wait_ready(struct uc_epoll *ep, uc_nsec deadline);
#endif
