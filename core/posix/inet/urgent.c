// SPDX-License-Identifier: BSD-3-Clause
/*
 * Urgent data of a stream, as Linux has it: one byte, which recv(MSG_OOB) takes, and which the
 * stream leaves out unless SO_OOBINLINE is set. Its place is a mark at which reading stops.
 */
#include "inet_private.h"
#include <uc/fowner.h>
#include <uc/neturgent.h>

/* The connection whose first data are urgent, while its socket is being made. */
static struct {
	const struct tcp_pcb *pcb;
	uint32_t seq;
} early;

static bool is_inline(const struct inet *i)
{
	return i->s.flag_options & 1u << SO_OOBINLINE;
}

/* The urgent byte has come, and is neither read nor skipped. */
static bool arrived(const struct inet *i)
{
	return i->urgent == URGENT_AHEAD && i->urgent_at < i->rx_bytes;
}

bool inet_urgent_at_mark(const struct inet *i)
{
	return i->urgent && i->urgent_at == 0;
}

/* At the mark is a byte that does not belong to the stream. */
static bool at_hole(const struct inet *i)
{
	return inet_urgent_at_mark(i) && !is_inline(i) && i->rx;
}

unsigned inet_urgent_events(const struct inet *i)
{
	return arrived(i) ? POLLPRI : 0;
}

bool inet_tcp_readable(const struct inet *i)
{
	return i->rx_bytes > at_hole(i);
}

uint32_t inet_urgent_limit(const struct inet *i)
{
	return i->urgent && i->urgent_at ? i->urgent_at : UINT32_MAX;
}

uint32_t inet_urgent_skip(struct inet *i, bool peek)
{
	if (!at_hole(i))
		return 0;
	if (!peek)
		inet_tcp_discard(i, 1);
	return 1;
}

void inet_urgent_send(struct inet *i)
{
	uc_net_urgent_send(i->tcp);
	tcp_nagle_disable(i->tcp); /* nothing waits while there are urgent data */
	tcp_output(i->tcp);
}

void inet_urgent_sent(struct inet *i)
{
	if (!uc_net_urgent_pending(i->tcp))
		tcp_nagle_enable(i->tcp);
}

void inet_urgent_consumed(struct inet *i, uint32_t n)
{
	if (n > i->urgent_at)
		i->urgent = URGENT_NONE;
	else
		i->urgent_at -= n;
}

uint32_t inet_urgent_queued(const struct inet *i)
{
	return i->urgent && !is_inline(i) && i->urgent_at < i->rx_bytes ? i->urgent_at
									: i->rx_bytes;
}

static void seen(struct inet *i, uint32_t at)
{
	if (i->urgent && at <= i->urgent_at)
		return; /* known already, or older */
	if (i->s.file)
		uc_fowner_urgent(i->s.file);
	at -= inet_urgent_skip(i, false); /* the last one makes room */
	i->urgent = URGENT_AHEAD;
	i->urgent_at = at;
}

static void on_urgent(struct tcp_pcb *pcb, uint32_t seq)
{
	struct inet *i = pcb->callback_arg;

	if (pcb->state == SYN_RCVD) {
		early.pcb = pcb;
		early.seq = seq;
	} else if (i && pcb->recv == inet_tcp_on_recv && !i->fin) {
		seen(i, seq - (pcb->rcv_nxt - i->rx_bytes));
	}
}

void inet_urgent_accepted(struct inet *i)
{
	if (early.pcb == i->tcp)
		seen(i, early.seq - i->tcp->rcv_nxt);
	early.pcb = NULL;
}

void inet_urgent_start(void)
{
	uc_net_urgent_seen = on_urgent;
}

static uint8_t byte_at(const struct inet *i, uint32_t at)
{
	const struct pbuf *p = i->rx;

	for (at += i->rx_off; at >= p->len; p = p->next)
		at -= p->len;
	return ((const uint8_t *)p->payload)[at];
}

ssize_t inet_urgent_recv(struct inet *i, struct uc_msg *m)
{
	uint8_t byte;

	if (i->state == INET_LISTEN)
		return -ENOTCONN;
	if (is_inline(i) || i->urgent != URGENT_AHEAD)
		return -EINVAL;
	if (!arrived(i))
		return i->fin || i->rd_shut || !i->tcp ? 0 : -EAGAIN;
	byte = byte_at(i, i->urgent_at);
	if (!(m->flags & UC_MSG_PEEK))
		i->urgent = URGENT_READ;
	m->name_len = 0;
	if (m->it.left && m->flags & UC_MSG_TRUNC) {
		m->flags &= ~UC_MSG_TRUNC;
		return 1;
	}
	if (!m->it.left)
		m->flags |= UC_MSG_TRUNC;
	return m->it.left ? uc_iter_put(&m->it, &byte, 1) : 0;
}
