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
	uc_list_init(&i->deferred);
	uc_list_init(&i->ring);
	uc_list_init(&i->errors);
	uc_list_init(&i->groups);
	uc_list_init(&i->raw_link);
	ip_addr_set_any_val(family == UC_AF_INET6, i->local);
	i->remote = i->local;
	i->mcast_ttl = 1;
	i->mtu_discover = 1; /* IP_PMTUDISC_WANT */
	return i;
}

static int protocol_of(int family, int type, int protocol)
{
	int own = type == UC_SOCK_STREAM ? IPPROTO_TCP_ : IPPROTO_UDP_;
	int icmp = family == UC_AF_INET ? PROTO_ICMP : PROTO_ICMP6;

	if (type == UC_SOCK_RAW)
		return protocol <= 0 || protocol > UINT8_MAX ? -EPROTONOSUPPORT
		       : uc_proc_current()->euid             ? -EPERM
							     : protocol;
	if (type != UC_SOCK_STREAM && type != UC_SOCK_DGRAM)
		return -ESOCKTNOSUPPORT;
	if (type == UC_SOCK_DGRAM && protocol == icmp)
		return icmp;
	if (type == UC_SOCK_DGRAM && protocol == PROTO_LITE)
		return &inet_lite ? PROTO_LITE
				  : (int)uc_unsupported(-EPROTONOSUPPORT,
							"UDP-Lite (build --with udplite)");
	return protocol == 0 || protocol == own ? own : -EPROTONOSUPPORT;
}

static int open_block(struct inet *i)
{
	if (inet_is_tcp(i))
		return inet_tcp_open(i);
	return i->s.protocol == IPPROTO_UDP_ && i->s.type == UC_SOCK_DGRAM ? inet_udp_open(i)
									   : inet_raw_open(i);
}

/* By the µlib sctp, else NULL. */
__attribute__((weak)) int uc_sctp_create(int family, int type, struct uc_sock **out);

static int create(int family, int type, int protocol, struct uc_sock **out)
{
	int proto = protocol_of(family, type, protocol), r;
	struct inet *i;

	if (protocol == PROTO_SCTP && (type == UC_SOCK_STREAM || type == UC_SOCK_SEQPACKET))
		return uc_sctp_create ? uc_sctp_create(family, type, out)
				      : (int)uc_unsupported(proto, "SCTP (build --with sctp)");
	if (proto < 0)
		return proto;
	uc_net_start();
	inet_icmp_start();
	inet_urgent_start();
	i = inet_new(family, type, proto);
	if (!i)
		return -ENOMEM;
	r = open_block(i);
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

static int bind_block(struct inet *i, const ip_addr_t *ip, uint16_t port)
{
	int r;

	struct inet *other;

	if (i->raw)
		return inet_raw_bind(i, ip, port);
	/* lwIP lets SO_REUSEADDR share a port with a listener; Linux lets SO_REUSEPORT of both. */
	other = i->tcp && port ? inet_tcp_listener(i, bind_address(i, ip), port) : NULL;
	if (other && !(i->s.flag_options & other->s.flag_options & 1u << SO_REUSEPORT))
		return -EADDRINUSE;
	r = inet_error(i->tcp ? tcp_bind(i->tcp, bind_address(i, ip), port)
			      : udp_bind(i->udp, bind_address(i, ip), port));
	if (r < 0)
		return r == -EADDRNOTAVAIL ? -EADDRINUSE : r; /* no port is left */
	i->bound = true;
	i->local = *ip;
	i->local_port = i->tcp ? i->tcp->local_port : i->udp->local_port;
	return 0;
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
	if (!i->freebind && !inet_addr_is_local(&ip))
		return -EADDRNOTAVAIL;
	r = inet_is_tcp(i) ? inet_tcp_open(i) : 0;
	if (r < 0)
		return r;
	inet_apply_options(i);
	return bind_block(i, &ip, port);
}

static int disconnect(struct inet *i)
{
	if (!inet_is_tcp(i))
		return i->raw ? inet_raw_disconnect(i) : inet_udp_disconnect(i);
	inet_tcp_close(i);
	return inet_tcp_open(i);
}

static int inet_connect(struct uc_sock *s, const struct uc_sockaddr *a, unsigned len, bool nonblock)
{
	struct inet *i = inet_of(s);
	uint16_t port;
	ip_addr_t ip;
	int r;

	if (len >= 2 && a->family == UC_AF_UNSPEC)
		return disconnect(i);
	r = inet_addr_get(i, a, len, &ip, &port);
	if (r < 0)
		return r;
	if (ip_addr_isany(&ip)) /* as in Linux: ourselves */
		ip_addr_set_loopback(IP_IS_V6_VAL(ip), &ip);
	if (inet_is_tcp(i))
		return inet_tcp_connect(i, &ip, port, nonblock);
	return i->raw ? inet_raw_connect(i, &ip, port) : inet_udp_connect(i, &ip, port);
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
	if (i->state != INET_CONNECTED || (inet_is_tcp(i) && !i->tcp)) /* both ends have closed */
		return -ENOTCONN;
	return (int)inet_addr_put(i, &i->remote, i->remote_port, a);
}

static ssize_t inet_sendmsg(struct uc_sock *s, struct uc_msg *m)
{
	struct inet *i = inet_of(s);

	if (inet_is_tcp(i))
		return inet_tcp_send(i, m);
	if (m->flags & UC_MSG_OOB && (i->raw || s->family == UC_AF_INET)) /* as in Linux */
		return -EOPNOTSUPP;
	return i->raw ? inet_raw_send(i, m) : inet_udp_send(i, m);
}

static ssize_t inet_recvmsg(struct uc_sock *s, struct uc_msg *m)
{
	struct inet *i = inet_of(s);

	if (m->flags & UC_MSG_ERRQUEUE)
		return inet_error_recv(i, m);
	if (m->flags & UC_MSG_OOB && i->s.type == UC_SOCK_RAW)
		return -EOPNOTSUPP;
	if (m->flags & UC_MSG_OOB && inet_is_tcp(i))
		return inet_urgent_recv(i, m);
	return inet_is_tcp(i) ? inet_tcp_recv(i, m) : inet_dgram_recv(i, m);
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
	unsigned mask = inet_urgent_events(i);

	if (i->state == INET_LISTEN)
		return uc_list_empty(&i->backlog) ? 0 : IN_EVENTS;
	if (i->state == INET_CONNECTING)
		return i->s.err ? POLLERR : 0;
	if (i->state == INET_IDLE) /* never connected, or the attempt failed */
		return OUT_EVENTS | POLLHUP | (i->s.err ? IN_EVENTS | POLLRDHUP : 0);
	if (inet_tcp_readable(i) || i->fin || i->rd_shut || !i->tcp)
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
	return (inet_is_tcp(i) ? poll_tcp(i) : poll_udp(i)) |
	       (s->err || !uc_list_empty(&i->errors) ? POLLERR : 0);
}

static void inet_close(struct uc_sock *s)
{
	struct inet *i = inet_of(s);

	i->closed = true;
	inet_leave_groups(i);
	if (inet_is_tcp(i))
		inet_tcp_close(i);
	else if (i->raw)
		inet_raw_close(i);
	else
		inet_udp_close(i);
	inet_wake(i, IN_EVENTS | OUT_EVENTS | POLLHUP);
}

static void inet_free(struct uc_sock *s)
{
	struct inet *i = inet_of(s);

	inet_tcp_drop_rx(i);
	inet_error_drop_all(i);
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
