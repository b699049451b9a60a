// SPDX-License-Identifier: BSD-3-Clause
/* What all IP sockets share; ip(7), ipv6(7). */
#include "inet_private.h"
#include <uc/heap.h>
#include <uc/net.h>
#include <uc/string.h>

static const struct uc_sock_ops inet_ops;

int inet_error(err_t e)
{
	switch (e) {
	case ERR_OK:
		return 0;
	case ERR_MEM:
		return -ENOBUFS;
	case ERR_BUF:
		return -EADDRNOTAVAIL; /* no free port */
	case ERR_TIMEOUT:
	case ERR_ABRT:
		return -ETIMEDOUT;
	case ERR_RTE:
		return -ENETUNREACH;
	case ERR_INPROGRESS:
		return -EINPROGRESS;
	case ERR_USE:
		return -EADDRINUSE;
	case ERR_ALREADY:
		return -EALREADY;
	case ERR_ISCONN:
		return -EISCONN;
	case ERR_CONN:
		return -ENOTCONN;
	case ERR_RST:
		return -ECONNRESET;
	case ERR_CLSD:
		return -EPIPE;
	case ERR_IF:
		return -ENETDOWN;
	default:
		return -EINVAL;
	}
}

void inet_wake(struct inet *i, unsigned events)
{
	uc_waitq_wake(&i->q, UINT32_MAX, events);
}

uint8_t inet_ip_type(const struct inet *i)
{
	return i->s.family == UC_AF_INET ? IPADDR_TYPE_V4
	       : i->v6only               ? IPADDR_TYPE_V6
					 : IPADDR_TYPE_ANY;
}

struct inet *inet_new(int family, int type, int protocol)
{
	struct inet *i = uc_heap_zalloc(sizeof(*i));

	if (!i)
		return NULL;
	uc_sock_init(&i->s, &inet_ops, family, type, protocol);
	uc_waitq_init(&i->q);
	uc_mutex_init(&i->rlock);
	uc_mutex_init(&i->wlock);
	uc_list_init(&i->dgrams);
	uc_list_init(&i->backlog);
	uc_list_init(&i->backlog_link);
	ip_addr_set_any_val(family == UC_AF_INET6, i->local);
	i->remote = i->local;
	i->mcast_ttl = 1;
	return i;
}

static int protocol_of(int type, int protocol)
{
	int own = type == UC_SOCK_STREAM ? IPPROTO_TCP_ : IPPROTO_UDP_;

	if (type == UC_SOCK_RAW)
		return uc_unsupported(-EPROTONOSUPPORT, "raw sockets");
	if (type != UC_SOCK_STREAM && type != UC_SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	return protocol == 0 || protocol == own ? own : -EPROTONOSUPPORT;
}

static int create(int family, int type, int protocol, struct uc_sock **out)
{
	int proto = protocol_of(type, protocol), r;
	struct inet *i;

	if (proto < 0)
		return proto;
	uc_net_start();
	i = inet_new(family, type, proto);
	if (!i)
		return -ENOMEM;
	r = inet_is_tcp(i) ? inet_tcp_open(i) : inet_udp_open(i);
	if (r < 0) {
		uc_sock_unref(&i->s);
		return r;
	}
	*out = &i->s;
	return 0;
}

static int create4(int type, int protocol, struct uc_sock **out)
{
	return create(UC_AF_INET, type, protocol, out);
}

static int create6(int type, int protocol, struct uc_sock **out)
{
	return create(UC_AF_INET6, type, protocol, out);
}

/* A bind to the IPv6 wildcard of a socket that takes both takes both. */
static const ip_addr_t *bind_address(const struct inet *i, const ip_addr_t *ip)
{
	return i->s.family == UC_AF_INET6 && !i->v6only && IP_IS_V6(ip) && ip_addr_isany(ip)
		       ? IP_ANY_TYPE
		       : ip;
}

static int inet_bind(struct uc_sock *s, const struct uc_sockaddr *a, unsigned len)
{
	struct inet *i = inet_of(s);
	uint16_t port;
	ip_addr_t ip;
	int r = inet_addr_get(i, a, len, &ip, &port);

	if (r < 0)
		return r;
	if (i->bound || i->state != INET_IDLE)
		return -EINVAL;
	if (!inet_addr_is_local(&ip))
		return -EADDRNOTAVAIL;
	r = inet_is_tcp(i) ? inet_tcp_open(i) : 0;
	if (r < 0)
		return r;
	inet_apply_options(i);
	r = inet_error(inet_is_tcp(i) ? tcp_bind(i->tcp, bind_address(i, &ip), port)
				      : udp_bind(i->udp, bind_address(i, &ip), port));
	if (r == -EADDRNOTAVAIL)
		return -EADDRINUSE; /* no port is left */
	if (r < 0)
		return r;
	i->bound = true;
	i->local = ip;
	i->local_port = inet_is_tcp(i) ? i->tcp->local_port : i->udp->local_port;
	return 0;
}

static int inet_connect(struct uc_sock *s, const struct uc_sockaddr *a, unsigned len, bool nonblock)
{
	struct inet *i = inet_of(s);
	uint16_t port;
	ip_addr_t ip;
	int r;

	if (len >= 2 && a->family == UC_AF_UNSPEC) {
		if (!inet_is_tcp(i))
			return inet_udp_disconnect(i);
		inet_tcp_close(i);
		return inet_tcp_open(i);
	}
	r = inet_addr_get(i, a, len, &ip, &port);
	if (r < 0)
		return r;
	if (ip_addr_isany(&ip)) { /* as in Linux: ourselves */
		if (IP_IS_V4_VAL(ip))
			ip_addr_set_loopback_val(0, ip);
		else
			ip_addr_set_loopback_val(1, ip);
	}
	return inet_is_tcp(i) ? inet_tcp_connect(i, &ip, port, nonblock)
			      : inet_udp_connect(i, &ip, port);
}

static int inet_listen(struct uc_sock *s, int backlog)
{
	return inet_is_tcp(inet_of(s)) ? inet_tcp_listen(inet_of(s), backlog) : -EOPNOTSUPP;
}

static int inet_accept(struct uc_sock *s, struct uc_sock **out, bool nonblock)
{
	return inet_is_tcp(inet_of(s)) ? inet_tcp_accept(inet_of(s), out, nonblock) : -EOPNOTSUPP;
}

static int inet_getname(struct uc_sock *s, struct uc_sockaddr *a, bool peer)
{
	struct inet *i = inet_of(s);

	if (!peer)
		return (int)inet_addr_put(i, &i->local, i->local_port, a);
	if (i->state != INET_CONNECTED)
		return -ENOTCONN;
	return (int)inet_addr_put(i, &i->remote, i->remote_port, a);
}

static ssize_t inet_sendmsg(struct uc_sock *s, struct uc_msg *m)
{
	if (m->flags & UC_MSG_OOB)
		return uc_unsupported(-EOPNOTSUPP, "urgent data");
	return inet_is_tcp(inet_of(s)) ? inet_tcp_send(inet_of(s), m)
				       : inet_udp_send(inet_of(s), m);
}

static ssize_t inet_recvmsg(struct uc_sock *s, struct uc_msg *m)
{
	if (m->flags & UC_MSG_OOB)
		return -EINVAL; /* there is none */
	if (m->flags & UC_MSG_ERRQUEUE)
		return -EAGAIN;
	return inet_is_tcp(inet_of(s)) ? inet_tcp_recv(inet_of(s), m)
				       : inet_udp_recv(inet_of(s), m);
}

static int inet_shutdown(struct uc_sock *s, int how)
{
	struct inet *i = inet_of(s);

	if (inet_is_tcp(i))
		return inet_tcp_shutdown(i, how);
	if (i->state != INET_CONNECTED)
		return -ENOTCONN;
	i->rd_shut |= how != UC_SHUT_WR;
	i->wr_shut |= how != UC_SHUT_RD;
	inet_wake(i, IN_EVENTS | OUT_EVENTS | POLLRDHUP | POLLHUP);
	return 0;
}

static unsigned poll_tcp(const struct inet *i)
{
	unsigned mask = 0;

	if (i->state == INET_LISTEN)
		return uc_list_empty(&i->backlog) ? 0 : IN_EVENTS;
	if (i->state == INET_CONNECTING)
		return i->s.err ? POLLERR : 0;
	if (i->state == INET_IDLE) /* never connected, or the attempt failed */
		return OUT_EVENTS | POLLHUP | (i->s.err ? IN_EVENTS | POLLRDHUP : 0);
	if (i->rx || i->fin || i->rd_shut || !i->tcp)
		mask |= IN_EVENTS;
	if (i->fin || i->rd_shut || !i->tcp)
		mask |= POLLRDHUP;
	if (((i->fin || i->rd_shut) && i->wr_shut) || !i->tcp)
		mask |= POLLHUP;
	if (inet_tcp_writable(i) || i->wr_shut || !i->tcp)
		mask |= OUT_EVENTS;
	return mask;
}

static unsigned poll_udp(const struct inet *i)
{
	unsigned mask = OUT_EVENTS;

	if (!uc_list_empty(&i->dgrams) || i->rd_shut)
		mask |= IN_EVENTS;
	if (i->rd_shut)
		mask |= POLLRDHUP | (i->wr_shut ? POLLHUP : 0);
	return mask;
}

static unsigned inet_poll(struct uc_sock *s, struct uc_poll *p)
{
	struct inet *i = inet_of(s);

	uc_poll_wait(p, &i->q);
	return (inet_is_tcp(i) ? poll_tcp(i) : poll_udp(i)) | (s->err ? POLLERR : 0);
}

static void inet_close(struct uc_sock *s)
{
	struct inet *i = inet_of(s);

	i->closed = true;
	if (inet_is_tcp(i))
		inet_tcp_close(i);
	else
		inet_udp_close(i);
	inet_wake(i, IN_EVENTS | OUT_EVENTS | POLLHUP);
}

static void inet_free(struct uc_sock *s)
{
	struct inet *i = inet_of(s);

	inet_tcp_drop_rx(i);
	uc_heap_free(i);
}

static const struct uc_sock_ops inet_ops = {
	.bind = inet_bind,
	.connect = inet_connect,
	.listen = inet_listen,
	.accept = inet_accept,
	.getname = inet_getname,
	.sendmsg = inet_sendmsg,
	.recvmsg = inet_recvmsg,
	.shutdown = inet_shutdown,
	.getsockopt = inet_getsockopt,
	.setsockopt = inet_setsockopt,
	.poll = inet_poll,
	.ioctl = inet_ioctl,
	.queued = inet_queued,
	.close = inet_close,
	.free = inet_free,
};

void uc_inet_register(void);
void uc_inet_register(void)
{
	static struct uc_sock_family families[] = {
		{ .family = UC_AF_INET, .create = create4 },
		{ .family = UC_AF_INET6, .create = create6 },
	};
	static bool done;

	for (unsigned k = 0; !done && k < UC_ARRAY_SIZE(families); k++)
		uc_sock_register_family(&families[k]);
	done = true;
}
