// SPDX-License-Identifier: BSD-3-Clause
/* listen, connect, accept. A stream connection is complete as soon as connect(2) returns. */
#include "unix_private.h"

int uc_unix_listen(struct uc_sock *s, int backlog)
{
	struct uc_unix *u = uc_unix_of(s);

	if (!uc_unix_connects(u))
		return -EOPNOTSUPP;
	if (!u->name || u->state == UC_UNIX_CONNECTED)
		return -EINVAL;
	u->state = UC_UNIX_LISTEN;
	u->backlog_max = (uint32_t)backlog;
	u->cred = uc_unix_current_cred();
	s->listening = true;
	uc_unix_wake_writers(u); /* connects that wait for a place */
	return 0;
}

/* Waits for a place in the listener's queue. */
static int wait_place(struct uc_unix *l, uc_nsec deadline, bool nonblock)
{
	while (l->state == UC_UNIX_LISTEN && !l->closed && !l->rd_shut &&
	       l->backlog_used > l->backlog_max) {
		int r = nonblock ? -EAGAIN : uc_sock_sleep(&l->wq, deadline);

		if (r < 0)
			return r;
	}
	return l->state != UC_UNIX_LISTEN || l->closed || l->rd_shut ? -ECONNREFUSED : 0;
}

static int connect_to(struct uc_unix *u, struct uc_unix *l, bool nonblock)
{
	struct uc_unix *server;
	int r = wait_place(l, uc_sock_deadline(u->s.sndtimeo), nonblock);

	if (r < 0)
		return r;
	if (u->state == UC_UNIX_CONNECTED)
		return -EISCONN;
	server = uc_unix_new(u->s.type);
	if (!server)
		return -ENOMEM;
	server->name = uc_unix_name_ref(l->name);
	server->cred = l->cred;
	server->s.passcred = l->s.passcred;
	u->cred = uc_unix_current_cred();
	uc_unix_join(u, server);
	uc_list_push_back(&l->backlog, &server->backlog_link);
	l->backlog_used++;
	uc_unix_wake_readers(l);
	return 0;
}

static int connect_stream(struct uc_unix *u, const struct uc_sockaddr *a, unsigned len,
			  bool nonblock)
{
	struct uc_unix *l;
	int r = 0;

	if (u->state == UC_UNIX_CONNECTED)
		return -EISCONN;
	if (u->state == UC_UNIX_LISTEN)
		return -EINVAL;
	l = uc_unix_find(a, len, u->s.type);
	if (UC_IS_ERR(l))
		return (int)UC_PTR_ERR(l);
	if (u->s.passcred)
		r = uc_unix_autobind(u);
	if (r == 0)
		r = connect_to(u, l, nonblock);
	uc_sock_unref(&l->s);
	return r;
}

static void set_destination(struct uc_unix *u, struct uc_unix *to)
{
	struct uc_unix *old = u->peer;

	u->peer = to;
	u->state = to ? UC_UNIX_CONNECTED : UC_UNIX_IDLE;
	if (old)
		uc_sock_unref(&old->s);
}

static int connect_dgram(struct uc_unix *u, const struct uc_sockaddr *a, unsigned len)
{
	struct uc_unix *to;

	if (a->family == UC_AF_UNSPEC && len >= 2) {
		set_destination(u, NULL);
		return 0;
	}
	to = uc_unix_find(a, len, u->s.type);
	if (UC_IS_ERR(to))
		return (int)UC_PTR_ERR(to);
	if (to->peer && to->peer != u) {
		uc_sock_unref(&to->s);
		return -EPERM;
	}
	set_destination(u, to);
	return 0;
}

int uc_unix_connect(struct uc_sock *s, const struct uc_sockaddr *a, unsigned len, bool nonblock)
{
	struct uc_unix *u = uc_unix_of(s);

	return uc_unix_connects(u) ? connect_stream(u, a, len, nonblock) : connect_dgram(u, a, len);
}

int uc_unix_accept(struct uc_sock *s, struct uc_sock **out, bool nonblock)
{
	struct uc_unix *l = uc_unix_of(s), *c;
	uc_nsec deadline = uc_sock_deadline(s->rcvtimeo);

	if (!uc_unix_connects(l))
		return -EOPNOTSUPP;
	if (l->state != UC_UNIX_LISTEN)
		return -EINVAL;
	while (uc_list_empty(&l->backlog)) {
		int r = l->rd_shut ? -EINVAL : nonblock ? -EAGAIN : uc_sock_sleep(&l->rq, deadline);

		if (r < 0)
			return r;
	}
	c = UC_LIST_ENTRY(l->backlog.next, struct uc_unix, backlog_link);
	uc_list_remove(&c->backlog_link);
	l->backlog_used--;
	uc_unix_wake_writers(l);
	*out = &c->s;
	return 0;
}
