// SPDX-License-Identifier: BSD-3-Clause
/* SOCK_DGRAM and SOCK_SEQPACKET: messages stay whole. */
#include "unix_private.h"
#include <uc/heap.h>
#include <uc/string.h>

/* Where a message goes: referenced socket or UC_ERR_PTR. */
static struct uc_unix *destination(struct uc_unix *u, const struct uc_msg *m)
{
	struct uc_unix *to;

	if (uc_unix_connects(u)) {
		if (u->wr_shut)
			return UC_ERR_PTR(-EPIPE);
		if (!u->peer)
			return UC_ERR_PTR(u->state == UC_UNIX_CONNECTED ? -EPIPE : -ENOTCONN);
	} else if (m->name) {
		to = uc_unix_find(m->name, m->name_len, u->s.type);
		if (!UC_IS_ERR(to) && to->peer && to->peer != u) {
			uc_sock_unref(&to->s);
			return UC_ERR_PTR(-EPERM);
		}
		return to;
	}
	if (!u->peer)
		return UC_ERR_PTR(-ENOTCONN);
	uc_sock_ref(&u->peer->s);
	return u->peer;
}

static int wait_room(struct uc_unix *u, struct uc_unix *to, const struct uc_msg *m, uint32_t n)
{
	uc_nsec deadline = uc_sock_deadline(u->s.sndtimeo);

	for (;;) {
		int r;

		if (u->wr_shut)
			return -EPIPE;
		if (to->closed)
			return uc_unix_connects(u) ? -EPIPE : -ECONNREFUSED;
		if (to->rd_shut)
			return -EPIPE;
		if (to->rx_msgs < UC_UNIX_MAX_QUEUE &&
		    (!to->rx_msgs || to->rx_bytes + n <= u->s.sndbuf))
			return 0;
		if (m->flags & UC_MSG_DONTWAIT)
			return -EAGAIN;
		/* The reader wakes its own peer; who sends without being one waits on the
		 * receiver. */
		r = uc_sock_sleep(to->peer == u ? &u->wq : &to->wq, deadline);
		if (r < 0)
			return r;
	}
}

static ssize_t send_to(struct uc_unix *u, struct uc_unix *to, struct uc_msg *m)
{
	uint32_t n = (uint32_t)m->it.left;
	struct uc_unix_msg *q;
	ssize_t r;

	r = wait_room(u, to, m, n);
	if (r < 0)
		return r;
	q = uc_unix_msg_new(u, n);
	if (!q)
		return -ENOBUFS;
	r = uc_unix_scm_take(q, m);
	if (r == 0 && uc_iter_get(&m->it, q->data, n) != (ssize_t)n)
		r = -EFAULT;
	if (r == 0 && to->closed)
		r = -ECONNREFUSED;
	if (r < 0) {
		uc_unix_msg_free(q);
		return r;
	}
	q->len = n;
	uc_unix_enqueue(to, q);
	return (ssize_t)n;
}

ssize_t uc_unix_dgram_send(struct uc_unix *u, struct uc_msg *m)
{
	struct uc_unix *to;
	ssize_t r;

	if (u->s.err)
		return uc_sock_take_error(&u->s);
	if (m->it.left > u->s.sndbuf - 32)
		return -EMSGSIZE;
	if (u->s.passcred && (r = uc_unix_autobind(u)) < 0)
		return r;
	to = destination(u, m);
	if (UC_IS_ERR(to))
		return UC_PTR_ERR(to);
	r = send_to(u, to, m);
	uc_sock_unref(&to->s);
	return r;
}

/* 1: a message is there, 0: end of a connection, or -errno. */
static int wait_message(struct uc_unix *u, const struct uc_msg *m)
{
	uc_nsec deadline = uc_sock_deadline(u->s.rcvtimeo);

	for (;;) {
		int r;

		if (!uc_list_empty(&u->rxq))
			return 1;
		if (u->s.err)
			return uc_sock_take_error(&u->s);
		if (u->rd_shut)
			return 0;
		if (uc_unix_connects(u) && u->state != UC_UNIX_CONNECTED)
			return -ENOTCONN;
		if (m->flags & UC_MSG_DONTWAIT)
			return -EAGAIN;
		r = uc_sock_sleep(&u->rq, deadline);
		if (r < 0)
			return r;
	}
}

static ssize_t take(struct uc_unix *u, struct uc_msg *m)
{
	struct uc_unix_msg *q = UC_LIST_ENTRY(u->rxq.next, struct uc_unix_msg, link);
	bool peek = m->flags & UC_MSG_PEEK, whole = m->flags & UC_MSG_TRUNC;
	size_t n = UC_MIN(m->it.left, (uint64_t)q->len);
	ssize_t r = n ? uc_iter_put(&m->it, q->data, n) : 0;

	if (r < (ssize_t)n)
		return -EFAULT;
	if (m->name && q->from) {
		memcpy(m->name, &q->from->addr, q->from->len);
		m->name_len = q->from->len;
	}
	m->flags &= ~UC_MSG_TRUNC;
	if (q->len > n)
		m->flags |= UC_MSG_TRUNC;
	if (whole)
		r = (ssize_t)q->len;
	uc_unix_scm_give(u, q, m, !peek);
	if (!peek) {
		uc_unix_dequeue(u, q);
		uc_unix_msg_free(q);
	}
	return r;
}

ssize_t uc_unix_dgram_recv(struct uc_unix *u, struct uc_msg *m)
{
	bool took = false;
	ssize_t r;

	do {
		r = wait_message(u, m);
		if (r <= 0)
			return r;
		uc_mutex_lock(&u->rlock);
		if (!uc_list_empty(&u->rxq)) {
			r = take(u, m);
			took = true;
		}
		uc_mutex_unlock(&u->rlock);
	} while (!took);
	if (r >= 0) {
		uc_unix_wake_writers(u);
		if (u->peer)
			uc_unix_wake_writers(u->peer);
	}
	return r;
}
