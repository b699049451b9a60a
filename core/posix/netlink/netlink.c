// SPDX-License-Identifier: BSD-3-Clause
/* Sockets of AF_NETLINK. */
#include "netlink_private.h"
#include <asm/ioctls.h>
#include <asm/poll.h>
#include <uc/heap.h>
#include <uc/init.h>
#include <uc/net.h>
#include <uc/proc.h>
#include <uc/string.h>
#include <uc/user.h>

#define IN_EVENTS  (POLLIN | POLLRDNORM)
#define OUT_EVENTS (POLLOUT | POLLWRNORM | POLLWRBAND)
#define OVERHEAD   256u
#define SEND_MAX   65536u
#define GROUPS_MAX 32u

static const struct uc_sock_ops netlink_ops;
static struct uc_list sockets = UC_LIST_INIT(sockets);

static int create(int type, int protocol, struct uc_sock **out)
{
	struct nl_sock *s;

	if (type != UC_SOCK_RAW && type != UC_SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	/* Devices never come or go, so a listener to their events hears nothing. */
	if (protocol != NETLINK_ROUTE && protocol != NETLINK_SOCK_DIAG &&
	    protocol != NETLINK_KOBJECT_UEVENT)
		return uc_unsupported(-EPROTONOSUPPORT, "netlink protocol %d", protocol);
	s = uc_heap_zalloc(sizeof(*s));
	if (!s)
		return -ENOMEM;
	uc_net_start();
	uc_sock_init(&s->s, &netlink_ops, UC_AF_NETLINK, type, protocol);
	uc_list_init(&s->rxq);
	uc_waitq_init(&s->q);
	uc_mutex_init(&s->rlock);
	uc_list_push_back(&sockets, &s->port_link);
	*out = &s->s;
	return 0;
}

/* ---- addresses ---- */
static bool port_taken(const struct nl_sock *s, uint32_t portid)
{
	UC_LIST_FOREACH(it, &sockets) {
		struct nl_sock *o = UC_LIST_ENTRY(it, struct nl_sock, port_link);

		if (o != s && o->bound && o->s.protocol == s->s.protocol && o->portid == portid)
			return true;
	}
	return false;
}

/* The process's number for its first socket, negative ones for more: as Linux. */
static void autobind(struct nl_sock *s)
{
	uint32_t id = (uint32_t)uc_proc_current()->pid;

	for (uint32_t next = (uint32_t)-4097; port_taken(s, id); next--)
		id = next;
	s->portid = id;
	s->bound = true;
}

static int nl_bind(struct uc_sock *sock, const struct uc_sockaddr *a, unsigned len)
{
	struct nl_sock *s = nl_of(sock);
	struct sockaddr_nl nl;

	if (len < sizeof(nl) || a->family != UC_AF_NETLINK)
		return -EINVAL;
	memcpy(&nl, a, sizeof(nl));
	if (s->bound && nl.nl_pid != s->portid)
		return -EINVAL;
	if (nl.nl_pid && port_taken(s, nl.nl_pid))
		return -EADDRINUSE;
	if (!s->bound && nl.nl_pid) {
		s->portid = nl.nl_pid;
		s->bound = true;
	} else if (!s->bound) {
		autobind(s);
	}
	s->groups = nl.nl_groups;
	return 0;
}

static int nl_connect(struct uc_sock *sock, const struct uc_sockaddr *a, unsigned len,
		      bool nonblock)
{
	struct nl_sock *s = nl_of(sock);
	struct sockaddr_nl nl;

	if (len >= 2 && a->family == UC_AF_UNSPEC)
		return 0;
	if (len < sizeof(nl) || a->family != UC_AF_NETLINK)
		return -EINVAL;
	memcpy(&nl, a, sizeof(nl));
	if (nl.nl_pid || nl.nl_groups)
		return uc_unsupported(-ECONNREFUSED, "netlink between programs");
	if (!s->bound)
		autobind(s);
	return 0;
}

static int put_name(struct uc_sockaddr *a, uint32_t portid, uint32_t groups)
{
	struct sockaddr_nl nl = { .nl_family = UC_AF_NETLINK,
				  .nl_pid = portid,
				  .nl_groups = groups };

	memcpy(a, &nl, sizeof(nl));
	return sizeof(nl);
}

static int nl_getname(struct uc_sock *sock, struct uc_sockaddr *a, bool peer)
{
	struct nl_sock *s = nl_of(sock);

	return peer ? put_name(a, 0, 0) : put_name(a, s->portid, s->groups);
}

/* ---- queues ---- */
static void drop(struct nl_sock *s, struct nl_dgram *d)
{
	uc_list_remove(&d->link);
	s->rx_bytes -= d->len + OVERHEAD;
	uc_heap_free(d);
}

void nl_queue(struct nl_sock *s, struct nl_dgram *d)
{
	if (s->rx_bytes + d->len + OVERHEAD > s->s.rcvbuf) {
		if (!s->no_enobufs)
			s->s.err = ENOBUFS;
		uc_heap_free(d);
	} else {
		s->rx_bytes += d->len + OVERHEAD;
		uc_list_push_back(&s->rxq, &d->link);
	}
	uc_waitq_wake(&s->q, UINT32_MAX, IN_EVENTS);
}

void nl_multicast(unsigned group, struct nl_dgram *d)
{
	if (!d)
		return;
	d->group = group;
	UC_LIST_FOREACH(it, &sockets) {
		struct nl_sock *s = UC_LIST_ENTRY(it, struct nl_sock, port_link);
		struct nl_dgram *copy;

		if (s->s.protocol != NETLINK_ROUTE || !(s->groups >> (group - 1) & 1))
			continue;
		copy = uc_heap_alloc(sizeof(*d) + d->len);
		if (!copy) {
			s->s.err = ENOBUFS;
			continue;
		}
		memcpy(copy, d, sizeof(*d) + d->len);
		nl_queue(s, copy);
	}
	uc_heap_free(d);
}

/* ---- requests ---- */
static void acknowledge(struct nl_sock *s, struct nl_out *o, const struct nlmsghdr *h, int error)
{
	bool whole = error && !s->cap_ack;
	size_t rest = whole ? h->nlmsg_len - sizeof(*h) : 0;
	struct nlmsgerr *e;

	if (rest > 1024) { /* a header is enough to know the request by */
		whole = false;
		rest = 0;
	}
	nl_flush(o);
	o->flags = whole ? 0 : NLM_F_CAPPED;
	e = nl_begin(o, NLMSG_ERROR, sizeof(*e) + rest);
	if (!e)
		return;
	e->error = error;
	memcpy(&e->msg, h, sizeof(*h) + rest);
	nl_flush(o);
}

static void finish_dump(struct nl_out *o)
{
	nl_flush(o);
	nl_begin(o, NLMSG_DONE, sizeof(int));
	nl_flush(o);
}

static void request(struct nl_sock *s, const struct nlmsghdr *h)
{
	struct nl_request r = { .h = h,
				.body = h + 1,
				.body_len = h->nlmsg_len - sizeof(*h),
				.dump = (h->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP };
	struct nl_out o = { .to = s, .portid = s->portid, .seq = h->nlmsg_seq };
	int error = 0;

	if (h->nlmsg_flags & NLM_F_REQUEST && h->nlmsg_type >= NLMSG_MIN_TYPE &&
	    r.body_len >= sizeof(struct rtgenmsg)) {
		o.flags = r.dump ? NLM_F_MULTI : 0;
		error = s->s.protocol == NETLINK_ROUTE ? nl_route(&r, &o) : nl_diag(&r, &o);
		if (o.failed)
			error = -ENOBUFS;
		if (error == 0 && r.dump) {
			finish_dump(&o);
			return;
		}
	}
	nl_flush(&o);
	if (error || h->nlmsg_flags & NLM_F_ACK)
		acknowledge(s, &o, h, error);
}

static void requests(struct nl_sock *s, const uint8_t *data, size_t n)
{
	while (n >= sizeof(struct nlmsghdr)) {
		const struct nlmsghdr *h = (const struct nlmsghdr *)data;
		size_t whole;

		if (h->nlmsg_len < sizeof(*h) || h->nlmsg_len > n)
			return;
		if (s->s.protocol != NETLINK_KOBJECT_UEVENT)
			request(s, h);
		whole = UC_MIN((size_t)NLMSG_ALIGN(h->nlmsg_len), n);
		data += whole;
		n -= whole;
	}
}

static int check_destination(const struct uc_msg *m)
{
	struct sockaddr_nl nl;

	if (!m->name)
		return 0;
	if (m->name_len < sizeof(nl) || m->name->family != UC_AF_NETLINK)
		return -EINVAL;
	memcpy(&nl, m->name, sizeof(nl));
	return nl.nl_pid ? uc_unsupported(-ECONNREFUSED, "netlink between programs") : 0;
}

static ssize_t nl_sendmsg(struct uc_sock *sock, struct uc_msg *m)
{
	struct nl_sock *s = nl_of(sock);
	size_t n = m->it.left;
	uint8_t *data;
	int r = check_destination(m);

	if (m->flags & UC_MSG_OOB)
		return -EOPNOTSUPP;
	if (r < 0)
		return r;
	if (n > SEND_MAX)
		return -EMSGSIZE;
	if (!s->bound)
		autobind(s);
	data = uc_heap_alloc(n + 1);
	if (!data)
		return -ENOBUFS;
	if (n && uc_iter_get(&m->it, data, n) != (ssize_t)n) {
		uc_heap_free(data);
		return -EFAULT;
	}
	requests(s, data, n);
	uc_heap_free(data);
	return (ssize_t)n;
}

/* ---- receiving ---- */
static ssize_t take(struct uc_sock *sock, struct uc_msg *m)
{
	struct nl_sock *s = nl_of(sock);
	struct nl_dgram *d = UC_LIST_ENTRY(s->rxq.next, struct nl_dgram, link);
	size_t n = UC_MIN((size_t)d->len, (size_t)m->it.left);
	struct nl_pktinfo info = { d->group };
	bool whole = m->flags & UC_MSG_TRUNC;
	uint32_t len = d->len;

	if (n && uc_iter_put(&m->it, d->data, n) != (ssize_t)n)
		return -EFAULT;
	m->flags &= ~UC_MSG_TRUNC;
	if (n < len)
		m->flags |= UC_MSG_TRUNC;
	if (m->name)
		m->name_len = (unsigned)put_name(m->name, 0, d->group ? 1u << (d->group - 1) : 0);
	if (s->pktinfo && m->control)
		uc_msg_put_cmsg(m, SOL_NETLINK, NETLINK_PKTINFO, &info, sizeof(info));
	if (!(m->flags & UC_MSG_PEEK))
		drop(s, d);
	return (ssize_t)(whole ? len : n);
}

static ssize_t nl_recvmsg(struct uc_sock *sock, struct uc_msg *m)
{
	struct nl_sock *s = nl_of(sock);

	if (m->flags & UC_MSG_OOB)
		return -EOPNOTSUPP;
	return uc_sock_recv_message(sock, &s->q, &s->rxq, &s->rlock, m, take);
}

static unsigned nl_poll(struct uc_sock *sock, struct uc_poll *p)
{
	struct nl_sock *s = nl_of(sock);

	uc_poll_wait(p, &s->q);
	return OUT_EVENTS | (uc_list_empty(&s->rxq) ? 0 : IN_EVENTS) | (sock->err ? POLLERR : 0);
}

static void nl_close(struct uc_sock *sock)
{
	struct nl_sock *s = nl_of(sock);

	uc_list_remove(&s->port_link);
	while (!uc_list_empty(&s->rxq))
		drop(s, UC_LIST_ENTRY(s->rxq.next, struct nl_dgram, link));
}

static void nl_free(struct uc_sock *sock)
{
	uc_heap_free(nl_of(sock));
}

static const struct uc_sock_ops netlink_ops = {
	.bind = nl_bind,
	.connect = nl_connect,
	.getname = nl_getname,
	.sendmsg = nl_sendmsg,
	.recvmsg = nl_recvmsg,
	.getsockopt = nl_getsockopt,
	.setsockopt = nl_setsockopt,
	.poll = nl_poll,
	.close = nl_close,
	.free = nl_free,
};

static int netlink_start(void)
{
	static struct uc_sock_family family = { .family = UC_AF_NETLINK, .create = create };

	uc_sock_register_family(&family);
	return 0;
}
UC_INITCALL(UC_STAGE_LATE, netlink_start);
