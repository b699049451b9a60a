// SPDX-License-Identifier: BSD-3-Clause
/* Bytes of a connection; tcp(7). */
#include "inet_private.h"
#include <uc/heap.h>
#include <uc/string.h>

#define CHUNK 32768u
#define LOWAT (TCP_SND_BUF / 3)

err_t inet_tcp_on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err)
{
	struct inet *i = arg;

	if (i->deferred_by)
		inet_tcp_undefer(i);
	if (!p) {
		i->fin = true;
		if (i->wr_shut)
			inet_tcp_let_go(i);
		inet_wake(i, IN_EVENTS | POLLRDHUP | (i->wr_shut ? POLLHUP : 0));
		return ERR_OK;
	}
	i->rx_bytes += p->tot_len;
	if (i->rx)
		i->rx_tail->next = p;
	else
		i->rx = p;
	while (p->next)
		p = p->next;
	i->rx_tail = p;
	inet_wake(i, IN_EVENTS | inet_urgent_events(i));
	return ERR_OK;
}

bool inet_tcp_writable(const struct inet *i)
{
	return i->state == INET_CONNECTED && i->tcp && i->tcp->snd_buf >= LOWAT &&
	       tcp_sndqueuelen(i->tcp) < TCP_SNDQUEUELOWAT;
}

err_t inet_tcp_on_sent(void *arg, struct tcp_pcb *pcb, u16_t n)
{
	struct inet *i = arg;

	if (!i->nodelay && tcp_nagle_disabled(pcb))
		inet_urgent_sent(i);
	if (inet_tcp_writable(i))
		inet_wake(i, OUT_EVENTS);
	return ERR_OK;
}

void inet_tcp_drop_rx(struct inet *i)
{
	while (i->rx) {
		struct pbuf *next = i->rx->next;

		i->rx->next = NULL;
		pbuf_free(i->rx);
		i->rx = next;
	}
	i->rx_tail = NULL;
	i->rx_bytes = i->rx_off = 0;
	i->urgent = URGENT_NONE;
}

/* ---- sending ---- */
static int check_send(struct inet *i)
{
	if (i->s.err)
		return uc_sock_take_error(&i->s);
	if (i->wr_shut)
		return -EPIPE;
	if (i->state == INET_CONNECTED)
		return i->tcp ? 0 : -EPIPE;
	return i->state == INET_CONNECTING ? 0 : -EPIPE;
}

static int wait_room(struct inet *i, const struct uc_msg *m, uc_nsec deadline)
{
	for (;;) {
		int r = check_send(i);

		if (r < 0)
			return r;
		if (i->state == INET_CONNECTED && i->tcp->snd_buf &&
		    tcp_sndqueuelen(i->tcp) < TCP_SND_QUEUELEN - 2 * (CHUNK / 512))
			return 0;
		if (m->flags & UC_MSG_DONTWAIT)
			return -EAGAIN;
		r = uc_sock_sleep(&i->q, deadline);
		if (r < 0)
			return r;
	}
}

/* Hands bytes to lwIP, which copies them; as many as there is room for, at least one. */
static ssize_t give(struct inet *i, const struct uc_msg *m, const uint8_t *data, size_t n,
		    uc_nsec deadline)
{
	for (;;) {
		int r = wait_room(i, m, deadline);
		size_t now;
		err_t e;

		if (r < 0)
			return r;
		now = UC_MIN(n, (size_t)i->tcp->snd_buf); /* n: at most CHUNK */
		e = tcp_write(
			i->tcp, data, (u16_t)now,
			TCP_WRITE_FLAG_COPY |
				(m->flags & UC_MSG_MORE || now < n ? TCP_WRITE_FLAG_MORE : 0));
		if (e == ERR_OK)
			return (ssize_t)now;
		if (e != ERR_MEM)
			return inet_error(e);
		if (m->flags & UC_MSG_DONTWAIT)
			return -EAGAIN;
		tcp_output(i->tcp);
		r = uc_sock_sleep(&i->q, UC_MIN(deadline, uc_time_mono() + 10000000u));
		if (r < 0 && r != -EAGAIN)
			return r;
	}
}

static void push(struct inet *i, const struct uc_msg *m)
{
	if (!i->tcp || i->state != INET_CONNECTED)
		return;
	if (m->flags & UC_MSG_OOB) {
		inet_urgent_send(i);
	} else if (!i->cork && !(m->flags & UC_MSG_MORE)) {
		tcp_output(i->tcp);
	}
}

static ssize_t send_chunk(struct inet *i, struct uc_msg *m, uint8_t *buf, size_t cap,
			  uc_nsec deadline)
{
	uint8_t *at = buf;
	ssize_t got, r = 0;

	/* Not more than fits: what was taken from the application must go. */
	r = wait_room(i, m, deadline);
	if (r < 0)
		return r;
	got = uc_iter_get(&m->it, buf, UC_MIN(UC_MIN(cap, (size_t)i->tcp->snd_buf), m->it.left));
	while (at < buf + got) {
		r = give(i, m, at, (size_t)(buf + got - at), deadline);
		if (r < 0)
			break;
		at += r;
	}
	push(i, m);
	return at > buf ? at - buf : got < 0 ? got : r;
}

ssize_t inet_tcp_send(struct inet *i, struct uc_msg *m)
{
	uc_nsec deadline = uc_sock_deadline(i->s.sndtimeo);
	uint8_t small[512], *buf = small;
	size_t cap = sizeof(small), done = 0;
	ssize_t r = check_send(i);

	if (r < 0 || !m->it.left)
		return r;
	if (m->it.left > sizeof(small)) {
		cap = UC_MIN((size_t)m->it.left, (size_t)CHUNK);
		buf = uc_heap_alloc(cap);
		if (!buf)
			return -ENOBUFS;
	}
	uc_mutex_lock(&i->wlock);
	while (m->it.left) {
		r = send_chunk(i, m, buf, cap, deadline);
		if (r <= 0)
			break;
		done += (size_t)r;
	}
	uc_mutex_unlock(&i->wlock);
	if (buf != small)
		uc_heap_free(buf);
	return done ? (ssize_t)done : r;
}

/* ---- receiving ---- */
/* 1: bytes are there, 0: end, or -errno. */
static int wait_data(struct inet *i, const struct uc_msg *m, uc_nsec deadline)
{
	for (;;) {
		int r;

		inet_urgent_skip(i, m->flags & UC_MSG_PEEK);
		if (inet_tcp_readable(i))
			return 1;
		if (i->s.err)
			return uc_sock_take_error(&i->s);
		if (i->fin || i->rd_shut) {
			i->fin_read |= !(m->flags & UC_MSG_PEEK);
			return 0;
		}
		if (i->state == INET_CONNECTED && !i->tcp)
			return 0;
		if (i->state != INET_CONNECTED && i->state != INET_CONNECTING)
			return -ENOTCONN;
		if (m->flags & UC_MSG_DONTWAIT)
			return -EAGAIN;
		r = uc_sock_sleep(&i->q, deadline);
		if (r < 0)
			return r;
	}
}

static void consume(struct inet *i, uint32_t n)
{
	struct pbuf *p = i->rx;

	i->rx_bytes -= n;
	i->rx_off += n;
	if (i->urgent)
		inet_urgent_consumed(i, n);
	if (i->rx_off < p->len)
		return;
	i->rx = p->next;
	i->rx_off = 0;
	if (!i->rx)
		i->rx_tail = NULL;
	p->next = NULL;
	pbuf_free(p);
}

static void open_window(struct inet *i, size_t n)
{
	for (size_t now; n && i->tcp && i->state == INET_CONNECTED; n -= now) {
		now = UC_MIN(n, (size_t)UINT16_MAX);
		tcp_recved(i->tcp, (u16_t)now);
	}
}

void inet_tcp_discard(struct inet *i, uint32_t n)
{
	consume(i, n);
	open_window(i, n);
}

/* To the application, or nowhere (MSG_TRUNC). */
static ssize_t put(struct uc_msg *m, const uint8_t *data, size_t n)
{
	if (!(m->flags & UC_MSG_TRUNC))
		return uc_iter_put(&m->it, data, n);
	m->it.left -= n;
	return (ssize_t)n;
}

static ssize_t take(struct inet *i, struct uc_msg *m)
{
	const size_t most = UC_MIN((size_t)m->it.left, (size_t)inet_urgent_limit(i));
	size_t done = 0;
	ssize_t r = 0;

	while (i->rx && done < most) {
		r = put(m, (uint8_t *)i->rx->payload + i->rx_off,
			UC_MIN((size_t)(i->rx->len - i->rx_off), most - done));
		if (r <= 0)
			break;
		consume(i, (uint32_t)r);
		done += (size_t)r;
	}
	open_window(i, done);
	return done ? (ssize_t)done : r;
}

static ssize_t peek(struct inet *i, struct uc_msg *m)
{
	const size_t most = UC_MIN((size_t)m->it.left, (size_t)inet_urgent_limit(i));
	uint32_t off = i->rx_off + inet_urgent_skip(i, true);
	size_t done = 0;
	ssize_t r = 0;

	for (struct pbuf *p = i->rx; p && done < most; p = p->next) {
		if (off < p->len) {
			r = put(m, (uint8_t *)p->payload + off,
				UC_MIN((size_t)(p->len - off), most - done));
			if (r <= 0)
				break;
			done += (size_t)r;
		}
		off -= UC_MIN(off, (uint32_t)p->len);
	}
	return done ? (ssize_t)done : r;
}

/* The program's handler of SIGURG shall run before the mark is passed. */
static ssize_t interrupted_at_mark(const struct uc_msg *m, uc_nsec deadline)
{
	if (m->flags & UC_MSG_DONTWAIT)
		return -EAGAIN;
	return deadline == UC_FOREVER ? -UC_ERESTARTSYS : -EINTR;
}

ssize_t inet_tcp_recv(struct inet *i, struct uc_msg *m)
{
	uc_nsec deadline = uc_sock_deadline(i->s.rcvtimeo);
	bool all = m->flags & UC_MSG_WAITALL;
	size_t done = 0;
	ssize_t r = 0;

	m->name_len = 0;
	if (i->state == INET_LISTEN || (i->state == INET_IDLE && !i->s.err))
		return -ENOTCONN;
	while (m->it.left) {
		if (inet_urgent_at_mark(i) && (done || uc_signal_pending())) {
			r = interrupted_at_mark(m, deadline);
			break;
		}
		r = wait_data(i, m, deadline);
		if (r <= 0)
			break;
		if (m->flags & UC_MSG_PEEK && all && i->rx_bytes < m->it.left && !i->fin &&
		    i->tcp) {
			r = uc_sock_sleep(&i->q, deadline);
			if (r == 0)
				continue;
		}
		uc_mutex_lock(&i->rlock);
		r = m->flags & UC_MSG_PEEK ? peek(i, m) : take(i, m);
		uc_mutex_unlock(&i->rlock);
		if (r < 0)
			break;
		done += (size_t)r;
		if ((r > 0 && !all) || m->flags & UC_MSG_PEEK)
			break;
	}
	m->flags &= ~UC_MSG_TRUNC;
	return done ? (ssize_t)done : r;
}
