// SPDX-License-Identifier: BSD-3-Clause
/* Messages and events in; RFC 6458, 5 and 6. */
#include "sctp_private.h"
#include <uc/heap.h>

#define EVENT_ROOM 1024u /* any event whole, except those that quote a message */

struct got {
	struct sctp_recvv_rn info;
	unsigned kind; /* SCTP_RECVV_* */
	int flags;     /* MSG_* as usrsctp has them */
	struct uc_sockaddr from;
	socklen_t from_len;
};

static ssize_t read_once(struct sctp *k, void *buf, size_t n, int flags, struct got *g)
{
	socklen_t info_len = sizeof(g->info);
	ssize_t r;

	*g = (struct got){ .flags = flags, .from_len = sizeof(g->from) };
	r = usrsctp_recvv(k->so, buf, n, (struct sockaddr *)&g->from, &g->from_len, &g->info,
			  &info_len, &g->kind, &g->flags);
	if (!r && !(g->flags & MSG_EOR)) /* the end: no sender */
		g->from_len = 0;
	return r < 0 ? sctp_errno() : r;
}

static void put_ancillary(const struct sctp *k, const struct got *g, struct uc_msg *m)
{
	const struct sctp_rcvinfo *r = &g->info.recvv_rcvinfo;
	const struct sctp_nxtinfo *x = &g->info.recvv_nxtinfo;
	struct sctp_rcvinfo rcv = *r;
	struct sctp_nxtinfo nxt = *x;
	struct lx_sndrcvinfo old = { .stream = r->rcv_sid,
				     .ssn = r->rcv_ssn,
				     .flags = (uint16_t)sctp_flags_out(r->rcv_flags),
				     .ppid = r->rcv_ppid,
				     .context = r->rcv_context,
				     .tsn = r->rcv_tsn,
				     .cumtsn = r->rcv_cumtsn,
				     .assoc = (int32_t)r->rcv_assoc_id };

	rcv.rcv_flags = old.flags;
	nxt.nxt_flags = (uint16_t)(sctp_flags_out(x->nxt_flags) |
				   (x->nxt_flags & SCTP_NOTIFICATION ? LX_MSG_NOTIFICATION : 0));
	if (k->nxtinfo && g->kind == SCTP_RECVV_RN)
		uc_msg_put_cmsg(m, IPPROTO_SCTP, LX_NXTINFO, &nxt, sizeof(nxt));
	if (k->rcvinfo)
		uc_msg_put_cmsg(m, IPPROTO_SCTP, LX_RCVINFO, &rcv, sizeof(rcv));
	if (k->data_io)
		uc_msg_put_cmsg(m, IPPROTO_SCTP, LX_SNDRCV, &old, sizeof(old));
}

/* A small buffer may not hold what an event is translated from: is one next? */
static bool event_is_next(struct sctp *k)
{
	uint8_t byte;
	struct got g;

	return !k->in_event && read_once(k, &byte, sizeof(byte), MSG_PEEK, &g) >= 0 &&
	       g.flags & MSG_NOTIFICATION;
}

void sctp_drop_events(struct sctp *k)
{
	uint8_t buf[64];
	struct got g;

	while (event_is_next(k))
		do {
			if (read_once(k, buf, sizeof(buf), 0, &g) < 0)
				return;
		} while (!(g.flags & MSG_EOR));
}

static ssize_t deliver(struct sctp *k, struct uc_msg *m, uint8_t *buf, ssize_t n, struct got *g)
{
	bool event = g->flags & MSG_NOTIFICATION;
	ssize_t r;

	if (event && !k->in_event)
		n = sctp_event_out(buf, (unsigned)n, k->events);
	if (!(m->flags & UC_MSG_PEEK))
		k->in_event = event && !(g->flags & MSG_EOR);
	m->flags &= ~(UC_MSG_TRUNC | UC_MSG_EOR);
	if (g->flags & MSG_EOR)
		m->flags |= UC_MSG_EOR;
	if (event) {
		m->flags |= UC_MSG_NOTIFICATION;
	} else {
		if (m->name)
			memcpy(m->name, &g->from, g->from_len);
		m->name_len = m->name ? g->from_len : 0;
		if (m->control && g->from_len)
			put_ancillary(k, g, m);
	}
	r = UC_MIN(n, (ssize_t)m->it.left);
	if (r < n)
		m->flags |= UC_MSG_TRUNC;
	return r && uc_iter_put(&m->it, buf, (size_t)r) != r ? -EFAULT : r;
}

static bool receives_nothing(const struct sctp *k)
{
	unsigned state = uc_sctp_state(k->so);

	return sctp_is_stream(k) && !k->s.err &&
	       (k->listening || !(state & (UC_SCTP_CONNECTING | UC_SCTP_CONNECTED |
					   UC_SCTP_READABLE | UC_SCTP_IN_CLOSED)));
}

/* Room for what waits, not for what the application would take. */
static size_t room_for(struct sctp *k, const struct uc_msg *m)
{
	size_t room = m->it.left;
	uint32_t in, out;

	if (room < EVENT_ROOM && event_is_next(k))
		room = EVENT_ROOM;
	uc_sctp_queued(k->so, &in, &out);
	return UC_MIN(room, UC_MAX((size_t)in, (size_t)EVENT_ROOM));
}

static ssize_t recv_once(struct sctp *k, struct uc_msg *m)
{
	size_t room = room_for(k, m);
	uint8_t *buf = uc_heap_alloc(room + SCTP_EVENT_GROWTH);
	struct got g;
	ssize_t n;

	if (!buf)
		return -ENOBUFS;
	n = read_once(k, buf, room, m->flags & UC_MSG_PEEK ? MSG_PEEK : 0, &g);
	if (n >= 0)
		n = deliver(k, m, buf, n, &g);
	uc_heap_free(buf);
	return n;
}

ssize_t sctp_recv(struct uc_sock *s, struct uc_msg *m)
{
	uc_nsec deadline = uc_sock_deadline(s->rcvtimeo);
	struct sctp *k = sctp_of(s);

	m->name_len = 0;
	if (m->flags & UC_MSG_ERRQUEUE)
		return -EAGAIN;
	if (receives_nothing(k))
		return -ENOTCONN;
	for (;;) {
		ssize_t r;

		if (sctp_failed(k) && !(uc_sctp_state(k->so) & UC_SCTP_READABLE))
			return uc_sock_take_error(s);
		r = recv_once(k, m);
		if (r != -EAGAIN || m->flags & UC_MSG_DONTWAIT)
			return r;
		r = uc_sock_sleep(&k->q, deadline);
		if (r < 0)
			return r;
	}
}
