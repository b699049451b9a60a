// SPDX-License-Identifier: BSD-3-Clause
/* Errors of the network as sockets see them: SO_ERROR, and with IP_RECVERR a queue of messages. */
#include "inet_private.h"
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/errqueue.h>
#include <uc/heap.h>
#include <uc/string.h>

#define ERRORS_MAX 64u

struct fault {
	struct uc_list link;
	struct sock_extended_err ee;
	ip_addr_t offender, dst;
	uint16_t port, len;
	uint8_t data[];
};

static unsigned count(const struct inet *i)
{
	unsigned n = 0;

	UC_LIST_FOREACH(it, &i->errors)
		n++;
	return n;
}

static void queue(struct inet *i, const struct inet_fault *f)
{
	struct fault *q;

	if (count(i) >= ERRORS_MAX)
		return;
	q = uc_heap_zalloc(sizeof(*q) + f->len);
	if (!q)
		return;
	q->ee.ee_errno = (uint32_t)f->err;
	q->ee.ee_origin = f->origin;
	q->ee.ee_type = f->type;
	q->ee.ee_code = f->code;
	q->ee.ee_info = f->info;
	q->offender = f->offender;
	q->dst = f->dst;
	q->port = f->port;
	q->len = (uint16_t)f->len;
	memcpy(q->data, f->data, f->len);
	uc_list_push_back(&i->errors, &q->link);
}

void inet_fault(struct inet *i, const struct inet_fault *f)
{
	bool wants = f->origin == SO_EE_ORIGIN_ICMP6 ? i->recverr6 : i->recverr;

	if (!wants && (!f->hard || i->state != INET_CONNECTED))
		return;
	if (wants)
		queue(i, f);
	i->s.err = f->err;
	inet_wake(i, IN_EVENTS | OUT_EVENTS | POLLERR);
}

static void put_cmsg(const struct inet *i, const struct fault *q, struct uc_msg *m)
{
	struct {
		struct sock_extended_err ee;
		uint8_t offender[sizeof(struct sockaddr_in6)];
	} c = { .ee = q->ee };
	bool v6 = i->s.family == UC_AF_INET6;
	struct uc_sockaddr a;
	unsigned n = inet_addr_put(i, &q->offender, 0, &a);

	memcpy(c.offender, &a, n);
	uc_msg_put_cmsg(m, v6 ? IPPROTO_IPV6 : IPPROTO_IP, v6 ? IPV6_RECVERR : IP_RECVERR, &c,
			sizeof(c.ee) + n);
}

ssize_t inet_error_recv(struct inet *i, struct uc_msg *m)
{
	struct fault *q, *next;
	size_t n;
	ssize_t r;

	if (uc_list_empty(&i->errors))
		return -EAGAIN;
	q = UC_LIST_ENTRY(i->errors.next, struct fault, link);
	n = UC_MIN((size_t)q->len, (size_t)m->it.left);
	r = n ? uc_iter_put(&m->it, q->data, n) : 0;
	if (r < 0)
		return r;
	if (m->name)
		m->name_len = inet_addr_put(i, &q->dst, q->port, m->name);
	m->flags = UC_MSG_ERRQUEUE | (n < q->len ? UC_MSG_TRUNC : 0);
	if (m->control)
		put_cmsg(i, q, m);
	uc_list_remove(&q->link);
	uc_heap_free(q);
	next = uc_list_empty(&i->errors) ? NULL : UC_LIST_ENTRY(i->errors.next, struct fault, link);
	i->s.err = next ? (int)next->ee.ee_errno : 0;
	return r;
}

void inet_error_drop_all(struct inet *i)
{
	while (!uc_list_empty(&i->errors)) {
		struct fault *q = UC_LIST_ENTRY(i->errors.next, struct fault, link);

		uc_list_remove(&q->link);
		uc_heap_free(q);
	}
}
