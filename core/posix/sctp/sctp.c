// SPDX-License-Identifier: BSD-3-Clause
/* SCTP sockets; sctp(7). */
#include "sctp_private.h"
#include <uc/heap.h>

static const struct uc_sock_ops sctp_ops;

int sctp_errno(void)
{
	return errno == EWOULDBLOCK ? -EAGAIN : -errno;
}

static void on_change(struct socket *so, void *arg, int ignored)
{
	struct sctp *k = arg;

	uc_waitq_wake(&k->q, UINT32_MAX, IN_EVENTS | OUT_EVENTS | POLLERR | POLLHUP | POLLRDHUP);
}

int sctp_failed(struct sctp *k)
{
	int e = uc_sctp_take_error(k->so);

	/* usrsctp's word for an association that it gave up, which it does when nobody answers. */
	if (e && e != EWOULDBLOCK)
		k->s.err = e == ECONNABORTED ? ETIMEDOUT : e;
	return k->s.err;
}

/* ---- making one ---- */
static void set_option(struct socket *so, int name, int value)
{
	usrsctp_setsockopt(so, IPPROTO_SCTP, name, &value, sizeof(value));
}

struct sctp *sctp_wrap(int family, int type, struct socket *so)
{
	struct sctp *k = uc_heap_zalloc(sizeof(*k));

	if (!k) {
		usrsctp_close(so);
		return NULL;
	}
	uc_sock_init(&k->s, &sctp_ops, family, type, IPPROTO_SCTP);
	uc_waitq_init(&k->q);
	k->so = so;
	k->local.family = (uint16_t)family;
	usrsctp_set_non_blocking(so, 1);
	usrsctp_set_upcall(so, on_change, k);
	set_option(so, SCTP_RECVRCVINFO, 1);
	set_option(so, SCTP_RECVNXTINFO, 1);
	if (family == UC_AF_INET6)
		set_option(so, SCTP_I_WANT_MAPPED_V4_ADDR, 1);
	return k;
}

void sctp_set_buffers(struct sctp *k)
{
	usrsctp_setsockopt(k->so, SOL_SOCKET, SO_SNDBUF, &k->s.sndbuf, sizeof(k->s.sndbuf));
	usrsctp_setsockopt(k->so, SOL_SOCKET, SO_RCVBUF, &k->s.rcvbuf, sizeof(k->s.rcvbuf));
}

static void set_encaps(struct socket *so)
{
	struct sctp_udpencaps e = { .sue_address.ss_family = AF_INET };

	e.sue_port = htons((uint16_t)uc_sctp_setting(UC_SCTP_ENCAP_PORT));
	if (e.sue_port)
		usrsctp_setsockopt(so, IPPROTO_SCTP, SCTP_REMOTE_UDP_ENCAPS_PORT, &e, sizeof(e));
}

int uc_sctp_create(int family, int type, struct uc_sock **out); /* asked for by inet */
int uc_sctp_create(int family, int type, struct uc_sock **out)
{
	int r = uc_sctp_start();
	struct socket *so;
	struct sctp *k;

	if (r < 0)
		return r;
	uc_sctp_addresses();
	so = usrsctp_socket(family, type, IPPROTO_SCTP, NULL, NULL, 0, NULL);
	if (!so)
		return sctp_errno();
	set_encaps(so);
	k = sctp_wrap(family, type, so);
	if (!k)
		return -ENOMEM;
	*out = &k->s;
	return 0;
}

/* ---- names ---- */
int sctp_check_address(const struct sctp *k, const struct uc_sockaddr *a, unsigned len)
{
	unsigned need =
		a->family == UC_AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);

	if (len < 2)
		return -EINVAL;
	if (a->family != UC_AF_INET && (a->family != UC_AF_INET6 || k->s.family != UC_AF_INET6))
		return k->s.family == UC_AF_INET ? -EINVAL : -EAFNOSUPPORT;
	return len < need ? -EINVAL : (int)need;
}

static int sctp_bind(struct uc_sock *s, const struct uc_sockaddr *a, unsigned len)
{
	struct sctp *k = sctp_of(s);
	struct uc_sockaddr copy = *a;
	int n = sctp_check_address(k, a, len);

	if (n < 0)
		return n;
	uc_sctp_addresses();
	sctp_set_buffers(k);
	if (usrsctp_bind(k->so, (struct sockaddr *)&copy, n) < 0)
		return sctp_errno();
	k->local = *a;
	k->bound = true;
	return 0;
}

static int own_name(struct sctp *k, struct uc_sockaddr *a)
{
	uint16_t port = uc_sctp_port(k->so);

	*a = k->local;
	a->data[0] = (uint8_t)(port >> 8);
	a->data[1] = (uint8_t)port;
	return a->family == UC_AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
}

static int sctp_getname(struct uc_sock *s, struct uc_sockaddr *a, bool peer)
{
	struct sctp *k = sctp_of(s);
	struct sockaddr *list;
	int n;

	if (!peer)
		return own_name(k, a);
	if (!sctp_is_stream(k) || usrsctp_getpaddrs(k->so, 0, &list) < 1)
		return -ENOTCONN;
	n = list->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	memcpy(a, list, (size_t)n);
	usrsctp_freepaddrs(list);
	return n;
}

/* ---- connections ---- */
static int sctp_listen(struct uc_sock *s, int backlog)
{
	struct sctp *k = sctp_of(s);

	uc_sctp_addresses();
	sctp_set_buffers(k);
	if (usrsctp_listen(k->so, backlog) < 0)
		return sctp_errno();
	s->listening = k->listening = backlog > 0;
	return 0;
}

static void inherit(struct sctp *c, const struct sctp *l)
{
	uc_sock_inherit(&c->s, &l->s);
	c->data_io = l->data_io;
	c->rcvinfo = l->rcvinfo;
	c->nxtinfo = l->nxtinfo;
	c->events = l->events;
	c->v6only = l->v6only;
	c->local = l->local;
	c->bound = true;
}

static int sctp_accept(struct uc_sock *s, struct uc_sock **out, bool nonblock)
{
	uc_nsec deadline = uc_sock_deadline(s->rcvtimeo);
	struct sctp *l = sctp_of(s), *k;
	struct socket *so;

	if (!sctp_is_stream(l))
		return -EOPNOTSUPP;
	if (!l->listening)
		return -EINVAL;
	while (!(so = usrsctp_accept(l->so, NULL, NULL))) {
		int r = sctp_errno();

		if (r == -EAGAIN && !nonblock)
			r = uc_sock_sleep(&l->q, deadline);
		if (r < 0)
			return r;
	}
	k = sctp_wrap(s->family, s->type, so);
	if (!k)
		return -ENOMEM;
	inherit(k, l);
	*out = &k->s;
	return 0;
}

/* Linux closes only the sending half: sctp(7) has no other. */
static int sctp_shut(struct uc_sock *s, int how)
{
	struct sctp *k = sctp_of(s);

	if (!sctp_is_stream(k) || !(uc_sctp_state(k->so) & UC_SCTP_CONNECTED))
		return -ENOTCONN;
	if (how == UC_SHUT_RD)
		return 0;
	return usrsctp_shutdown(k->so, SHUT_WR) < 0 ? sctp_errno() : 0;
}

/* ---- readiness ---- */
static unsigned sctp_poll(struct uc_sock *s, struct uc_poll *p)
{
	struct sctp *k = sctp_of(s);
	unsigned state = uc_sctp_state(k->so), mask = sctp_failed(k) ? POLLERR : 0;

	uc_poll_wait(p, &k->q);
	if (sctp_is_stream(k) && k->listening)
		return mask | (state & UC_SCTP_ACCEPTABLE ? IN_EVENTS : 0);
	if (state & (UC_SCTP_READABLE | UC_SCTP_IN_CLOSED))
		mask |= IN_EVENTS;
	if (state & UC_SCTP_IN_CLOSED)
		mask |= POLLRDHUP | (state & UC_SCTP_OUT_CLOSED ? POLLHUP : 0);
	if (state & UC_SCTP_WRITABLE || mask & POLLERR)
		mask |= OUT_EVENTS;
	return mask;
}

static void sctp_queued(struct uc_sock *s, uint32_t *in, uint32_t *out)
{
	uc_sctp_queued(sctp_of(s)->so, in, out);
}

static void sctp_close(struct uc_sock *s)
{
	struct sctp *k = sctp_of(s);

	sctp_drop_events(k); /* only messages that nobody has read make the end an abort */
	usrsctp_set_upcall(k->so, NULL, NULL);
	usrsctp_setsockopt(k->so, SOL_SOCKET, SO_LINGER, &s->linger, sizeof(s->linger));
	usrsctp_close(k->so);
	k->so = NULL;
}

static void sctp_free(struct uc_sock *s)
{
	uc_heap_free(sctp_of(s));
}

static const struct uc_sock_ops sctp_ops = {
	.bind = sctp_bind,
	.connect = sctp_connect_one,
	.listen = sctp_listen,
	.accept = sctp_accept,
	.getname = sctp_getname,
	.sendmsg = sctp_send,
	.recvmsg = sctp_recv,
	.shutdown = sctp_shut,
	.getsockopt = sctp_getsockopt,
	.getsockopt_reads = true,
	.setsockopt = sctp_setsockopt,
	.poll = sctp_poll,
	.queued = sctp_queued,
	.close = sctp_close,
	.free = sctp_free,
};
