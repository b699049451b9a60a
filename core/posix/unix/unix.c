// SPDX-License-Identifier: BSD-3-Clause
#include "unix_private.h"
#include <asm/ioctls.h>
#include <asm/poll.h>
#include <asm/sockios.h>
#include <uc/heap.h>
#include <uc/string.h>
#include <uc/user.h>

#define IN_EVENTS  (POLLIN | POLLRDNORM)
#define OUT_EVENTS (POLLOUT | POLLWRNORM | POLLWRBAND)

static const struct uc_sock_ops unix_ops;

struct uc_ucred uc_unix_current_cred(void)
{
	struct uc_proc *p = uc_proc_current();

	return (struct uc_ucred){ p->pid, p->euid, p->egid };
}

void uc_unix_wake_readers(struct uc_unix *u)
{
	uc_waitq_wake(&u->rq, UINT32_MAX, IN_EVENTS);
}

void uc_unix_wake_writers(struct uc_unix *u)
{
	uc_waitq_wake(&u->wq, UINT32_MAX, OUT_EVENTS);
}

struct uc_unix *uc_unix_new(int type)
{
	struct uc_unix *u = uc_heap_zalloc(sizeof(*u));

	if (!u)
		return NULL;
	uc_sock_init(&u->s, &unix_ops, UC_AF_UNIX, type, 0);
	uc_list_init(&u->rxq);
	uc_waitq_init(&u->rq);
	uc_waitq_init(&u->wq);
	uc_mutex_init(&u->rlock);
	uc_list_init(&u->bound_link);
	uc_list_init(&u->backlog);
	uc_list_init(&u->backlog_link);
	u->cred = uc_unix_current_cred();
	return u;
}

static void set_peer(struct uc_unix *u, struct uc_unix *peer)
{
	uc_sock_ref(&peer->s);
	u->peer = peer;
	u->state = UC_UNIX_CONNECTED;
}

void uc_unix_join(struct uc_unix *a, struct uc_unix *b)
{
	set_peer(a, b);
	set_peer(b, a);
}

static int check_type(int type, int protocol)
{
	if (protocol != 0 && protocol != UC_AF_UNIX)
		return -EPROTONOSUPPORT;
	return type == UC_SOCK_STREAM || type == UC_SOCK_DGRAM || type == UC_SOCK_SEQPACKET ||
			       type == UC_SOCK_RAW
		       ? 0
		       : -ESOCKTNOSUPPORT;
}

static int unix_create(int type, int protocol, struct uc_sock **out)
{
	int r = check_type(type, protocol);
	struct uc_unix *u;

	if (r < 0)
		return r;
	u = uc_unix_new(type == UC_SOCK_RAW ? UC_SOCK_DGRAM : type);
	if (!u)
		return -ENOMEM;
	*out = &u->s;
	return 0;
}

static int unix_pair(int type, int protocol, struct uc_sock *out[2])
{
	int r = unix_create(type, protocol, &out[0]);

	if (r < 0)
		return r;
	r = unix_create(type, protocol, &out[1]);
	if (r < 0) {
		uc_sock_unref(out[0]);
		return r;
	}
	uc_unix_join(uc_unix_of(out[0]), uc_unix_of(out[1]));
	return 0;
}

static int put_name(const struct uc_unix_name *n, struct uc_sockaddr *a)
{
	memset(a, 0, sizeof(*a));
	a->family = UC_AF_UNIX;
	if (!n)
		return 2;
	memcpy(a, &n->addr, n->len);
	return (int)n->len;
}

static int unix_getname(struct uc_sock *s, struct uc_sockaddr *a, bool peer)
{
	struct uc_unix *u = uc_unix_of(s);

	if (!peer)
		return put_name(u->name, a);
	return u->peer ? put_name(u->peer->name, a) : -ENOTCONN;
}

static ssize_t unix_sendmsg(struct uc_sock *s, struct uc_msg *m)
{
	if (m->flags & UC_MSG_OOB)
		return -EOPNOTSUPP;
	return s->type == UC_SOCK_STREAM ? uc_unix_stream_send(uc_unix_of(s), m)
					 : uc_unix_dgram_send(uc_unix_of(s), m);
}

static ssize_t unix_recvmsg(struct uc_sock *s, struct uc_msg *m)
{
	if (m->flags & UC_MSG_OOB)
		return -EOPNOTSUPP;
	return s->type == UC_SOCK_STREAM ? uc_unix_stream_recv(uc_unix_of(s), m)
					 : uc_unix_dgram_recv(uc_unix_of(s), m);
}

static void wake_shut(struct uc_unix *u)
{
	uc_waitq_wake(&u->rq, UINT32_MAX, IN_EVENTS | POLLRDHUP | POLLHUP);
	uc_waitq_wake(&u->wq, UINT32_MAX, OUT_EVENTS | POLLHUP);
}

static int unix_shutdown(struct uc_sock *s, int how)
{
	struct uc_unix *u = uc_unix_of(s), *peer = u->peer;
	bool rd = how != UC_SHUT_WR, wr = how != UC_SHUT_RD;

	if (uc_unix_connects(u) && !peer && u->state != UC_UNIX_LISTEN)
		return -ENOTCONN;
	u->rd_shut |= rd;
	u->wr_shut |= wr;
	wake_shut(u);
	if (peer && uc_unix_connects(u)) {
		peer->wr_shut |= rd;
		peer->rd_shut |= wr;
		wake_shut(peer);
	}
	return 0;
}

static int unix_getsockopt(struct uc_sock *s, int level, int name, void *buf, unsigned *len)
{
	struct uc_unix *u = uc_unix_of(s);
	struct uc_ucred none = { 0, UINT32_MAX, UINT32_MAX };

	if (level != SOL_SOCKET || name != SO_PEERCRED)
		return level == SOL_SOCKET ? -ENOPROTOOPT : -EOPNOTSUPP;
	*len = UC_MIN(*len, (unsigned)sizeof(none));
	memcpy(buf, u->peer && uc_unix_connects(u) ? &u->peer->cred : &none, *len);
	return 0;
}

static bool writable(const struct uc_unix *u)
{
	const struct uc_unix *p = u->peer;

	if (u->state == UC_UNIX_LISTEN)
		return false;
	if (!p || p->closed)
		return true;
	if (uc_unix_is_stream(u))
		return p->rx_bytes < u->s.sndbuf / 2;
	return p->rx_bytes < u->s.sndbuf / 2 && p->rx_msgs < UC_UNIX_MAX_QUEUE;
}

static unsigned unix_poll(struct uc_sock *s, struct uc_poll *p)
{
	struct uc_unix *u = uc_unix_of(s);
	unsigned mask = 0;

	uc_poll_wait(p, &u->rq);
	uc_poll_wait(p, &u->wq);
	if (s->err)
		mask |= POLLERR;
	if (u->rd_shut && u->wr_shut)
		mask |= POLLHUP;
	if (u->rd_shut)
		mask |= POLLRDHUP | IN_EVENTS;
	if (!uc_list_empty(&u->rxq) || !uc_list_empty(&u->backlog))
		mask |= IN_EVENTS;
	if (uc_unix_connects(u) && u->state == UC_UNIX_IDLE)
		mask |= POLLHUP;
	if (writable(u))
		mask |= OUT_EVENTS;
	return mask;
}

static long unix_ioctl(struct uc_sock *s, unsigned cmd, uc_uptr arg)
{
	struct uc_unix *u = uc_unix_of(s);
	struct uc_unix_msg *first = uc_list_empty(&u->rxq)
					    ? NULL
					    : UC_LIST_ENTRY(u->rxq.next, struct uc_unix_msg, link);

	switch (cmd) {
	case FIONREAD: /* = SIOCINQ */
		if (u->state == UC_UNIX_LISTEN)
			return -EINVAL;
		return uc_user_store32(arg, uc_unix_is_stream(u) ? u->rx_bytes
					    : first              ? first->len
								 : 0);
	case TIOCOUTQ: /* = SIOCOUTQ */
		return uc_user_store32(arg, u->peer ? u->peer->rx_bytes : 0);
	default:
		return -ENOTTY;
	}
}

static void drop_queue(struct uc_unix *u)
{
	while (!uc_list_empty(&u->rxq)) {
		struct uc_unix_msg *m = UC_LIST_ENTRY(u->rxq.next, struct uc_unix_msg, link);

		uc_unix_dequeue(u, m);
		uc_unix_msg_free(m);
	}
}

static void unix_close(struct uc_sock *s);

/* Those who connected and were never accepted see the connection end. */
static void drop_backlog(struct uc_unix *u)
{
	while (!uc_list_empty(&u->backlog)) {
		struct uc_unix *c = UC_LIST_ENTRY(u->backlog.next, struct uc_unix, backlog_link);

		uc_list_remove(&c->backlog_link);
		unix_close(&c->s);
		uc_sock_unref(&c->s);
	}
}

/* unread: data the other side sent was never read, which it is told. */
static void leave_peer(struct uc_unix *u, bool unread)
{
	struct uc_unix *p = u->peer;

	if (!p)
		return;
	u->peer = NULL;
	if (uc_unix_connects(u)) {
		p->rd_shut = p->wr_shut = true;
		if (unread)
			p->s.err = ECONNRESET;
	}
	wake_shut(p);
	uc_sock_unref(&p->s);
}

static void unix_close(struct uc_sock *s)
{
	struct uc_unix *u = uc_unix_of(s);
	bool unread = !uc_list_empty(&u->rxq);

	u->closed = true;
	uc_unix_unbind(u);
	drop_backlog(u);
	leave_peer(u, unread);
	drop_queue(u);
	wake_shut(u); /* datagram senders that wait for room here */
}

static void unix_free(struct uc_sock *s)
{
	struct uc_unix *u = uc_unix_of(s);

	if (u->peer)
		uc_sock_unref(&u->peer->s);
	drop_queue(u);
	uc_unix_name_unref(u->name);
	uc_heap_free(u);
}

static const struct uc_sock_ops unix_ops = {
	.bind = uc_unix_bind,
	.connect = uc_unix_connect,
	.listen = uc_unix_listen,
	.accept = uc_unix_accept,
	.getname = unix_getname,
	.sendmsg = unix_sendmsg,
	.recvmsg = unix_recvmsg,
	.shutdown = unix_shutdown,
	.getsockopt = unix_getsockopt,
	.poll = unix_poll,
	.ioctl = unix_ioctl,
	.close = unix_close,
	.free = unix_free,
};

void uc_unix_register(void)
{
	static struct uc_sock_family family = { .family = UC_AF_UNIX,
						.create = unix_create,
						.pair = unix_pair };
	static bool done;

	if (!done)
		uc_sock_register_family(&family);
	done = true;
}
