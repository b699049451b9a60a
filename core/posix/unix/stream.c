// SPDX-License-Identifier: BSD-3-Clause
#include "unix_private.h"
#include <uc/heap.h>
#include <uc/string.h>

#define SMALL 256u    /* sent through the stack, joined with what is already queued */
#define TAIL_CAP 1024u
#define CHUNK 8000u

static int check_send(struct uc_unix *u, const struct uc_msg *m)
{
	if (m->name)
		return u->state == UC_UNIX_CONNECTED ? -EISCONN : -EOPNOTSUPP;
	if (u->s.err)
		return uc_sock_take_error(&u->s);
	if (u->wr_shut)
		return -EPIPE;
	return u->peer ? 0 : u->state == UC_UNIX_CONNECTED ? -EPIPE : -ENOTCONN;
}

/* Room in the peer's queue, waiting for some: bytes or -errno. */
static ssize_t wait_room(struct uc_unix *u, const struct uc_msg *m, uc_nsec deadline)
{
	for (;;) {
		int r = check_send(u, m);

		if (r < 0)
			return r;
		if (u->peer->rx_bytes < u->s.sndbuf)
			return (ssize_t)(u->s.sndbuf - u->peer->rx_bytes);
		if (m->flags & UC_MSG_DONTWAIT)
			return -EAGAIN;
		r = uc_sock_sleep(&u->wq, deadline);
		if (r < 0)
			return r;
	}
}

/* Adds bytes to the last queued message if that is an ordinary one with room for them. */
static bool append_tail(struct uc_unix *u, struct uc_unix *to, const void *data, uint32_t n)
{
	struct uc_unix_msg *t = uc_list_empty(&to->rxq)
					? NULL
					: UC_LIST_ENTRY(to->rxq.prev, struct uc_unix_msg, link);

	if (!t || t->nfds || t->cap - t->len < n || t->cred.pid != uc_proc_current()->pid)
		return false;
	memcpy(t->data + t->len, data, n);
	t->len += n;
	to->rx_bytes += n;
	uc_unix_wake_readers(to);
	return true;
}

static struct uc_unix_msg *message(struct uc_unix *u, struct uc_msg *m, uint32_t cap, bool with_scm)
{
	struct uc_unix_msg *q = uc_unix_msg_new(u, cap);
	int r = q ? 0 : -ENOBUFS;

	if (q && with_scm)
		r = uc_unix_scm_take(q, m);
	if (r == 0)
		return q;
	if (q)
		uc_unix_msg_free(q);
	return UC_ERR_PTR(r);
}

/* One piece of at most n bytes. The peer may go away while the data is copied. */
static ssize_t send_piece(struct uc_unix *u, struct uc_msg *m, uint32_t n, bool with_scm)
{
	uint8_t small[SMALL];
	struct uc_unix_msg *q;
	ssize_t got = 0;

	if (n <= SMALL && !with_scm) {
		got = uc_iter_get(&m->it, small, n);
		if (got <= 0)
			return got;
		if (!u->peer || u->wr_shut)
			return -EPIPE;
		if (append_tail(u, u->peer, small, (uint32_t)got))
			return got;
	}
	q = message(u, m, got ? TAIL_CAP : n, with_scm);
	if (UC_IS_ERR(q))
		return UC_PTR_ERR(q);
	if (got)
		memcpy(q->data, small, (size_t)got);
	else
		got = uc_iter_get(&m->it, q->data, n);
	if (got > 0 && (!u->peer || u->wr_shut))
		got = -EPIPE;
	if (got <= 0) {
		uc_unix_msg_free(q);
		return got;
	}
	q->len = (uint32_t)got;
	uc_unix_enqueue(u->peer, q);
	return got;
}

ssize_t uc_unix_stream_send(struct uc_unix *u, struct uc_msg *m)
{
	uc_nsec deadline = uc_sock_deadline(u->s.sndtimeo);
	bool scm = uc_unix_scm_present(m);
	ssize_t r = m->it.left ? 0 : check_send(u, m);
	size_t done = 0;

	while (m->it.left > 0) {
		r = wait_room(u, m, deadline);
		if (r > 0)
			r = send_piece(
				u, m,
				(uint32_t)UC_MIN(UC_MIN(m->it.left, (uint64_t)r), (uint64_t)CHUNK),
				scm);
		if (r <= 0)
			break;
		done += (size_t)r;
		scm = false;
	}
	return done ? (ssize_t)done : r;
}

/* Waits for data with the lock not held. 1: data, 0: end, or -errno. */
static int wait_data(struct uc_unix *u, const struct uc_msg *m, uc_nsec deadline)
{
	for (;;) {
		int r;

		if (!uc_list_empty(&u->rxq))
			return 1;
		if (u->s.err)
			return uc_sock_take_error(&u->s);
		if (u->rd_shut)
			return 0;
		if (u->state != UC_UNIX_CONNECTED)
			return -EINVAL;
		if (m->flags & UC_MSG_DONTWAIT)
			return -EAGAIN;
		r = uc_sock_sleep(&u->rq, deadline);
		if (r < 0)
			return r;
	}
}

static void put_sender(struct uc_unix_msg *q, struct uc_msg *m)
{
	if (!m->name || !q->from)
		return;
	memcpy(m->name, &q->from->addr, q->from->len);
	m->name_len = q->from->len;
}

static bool same_sender(const struct uc_unix_msg *a, const struct uc_unix_msg *b)
{
	return a->cred.pid == b->cred.pid && a->cred.uid == b->cred.uid &&
	       a->cred.gid == b->cred.gid;
}

/* Bytes from the queued messages. Stops before and after descriptors: they mark where their data
 * is. */
static ssize_t take_data(struct uc_unix *u, struct uc_msg *m, struct uc_ucred *cred, bool *stop)
{
	bool peek = m->flags & UC_MSG_PEEK, first = !cred->pid;
	struct uc_unix_msg like = { .cred = *cred };
	size_t done = 0;
	ssize_t r = 0;

	*stop = false;
	for (struct uc_list *it = u->rxq.next; it != &u->rxq && m->it.left > 0 && !*stop;) {
		struct uc_unix_msg *q = UC_LIST_ENTRY(it, struct uc_unix_msg, link);
		bool had_fds = q->nfds;

		if (!first && (had_fds || (u->s.passcred && !same_sender(q, &like)))) {
			*stop = true;
			break;
		}
		r = uc_iter_put(&m->it, q->data + q->off,
				UC_MIN(m->it.left, (uint64_t)(q->len - q->off)));
		if (r <= 0)
			break;
		if (first || had_fds) {
			put_sender(q, m);
			uc_unix_scm_give(u, q, m, !peek);
			*cred = like.cred = q->cred;
		}
		first = false;
		done += (size_t)r;
		*stop = had_fds;
		it = it->next;
		if (peek)
			continue;
		q->off += (uint32_t)r;
		u->rx_bytes -= (uint32_t)r;
		if (q->off == q->len) {
			uc_unix_dequeue(u, q);
			uc_unix_msg_free(q);
		} else {
			break;
		}
	}
	return done ? (ssize_t)done : r;
}

ssize_t uc_unix_stream_recv(struct uc_unix *u, struct uc_msg *m)
{
	uc_nsec deadline = uc_sock_deadline(u->s.rcvtimeo);
	struct uc_ucred cred = { 0 };
	size_t done = 0;
	ssize_t r = 0;
	bool stop = false;

	m->flags &= ~UC_MSG_TRUNC;
	if (!m->it.left)
		return 0;
	do {
		r = wait_data(u, m, deadline);
		if (r <= 0)
			break;
		uc_mutex_lock(&u->rlock);
		r = uc_list_empty(&u->rxq) ? 0 : take_data(u, m, &cred, &stop);
		uc_mutex_unlock(&u->rlock);
		if (r < 0)
			break;
		done += (size_t)r;
		if (r > 0 && u->peer)
			uc_unix_wake_writers(u->peer);
	} while (!done ||
		 (m->flags & UC_MSG_WAITALL && !(m->flags & UC_MSG_PEEK) && m->it.left && !stop));
	return done ? (ssize_t)done : r;
}
