// SPDX-License-Identifier: BSD-3-Clause
/* Messages, whatever protocol brings them. */
#include "inet_private.h"
#include <lwip/ip.h>
#include <lwip/netif.h>
#include <lwip/prot/ip4.h>
#include <lwip/prot/ip6.h>
#include <uc/heap.h>
#include <uc/netif.h>
#include <uc/string.h>
#include <uc/time.h>

#define OVERHEAD 256u /* counted against SO_RCVBUF for each message */

void inet_dgram_deliver(struct inet *i, struct pbuf *p, const ip_addr_t *from, uint16_t port,
			uint16_t to_port)
{
	struct inet_dgram *d;

	if (i->rx_bytes + p->tot_len + OVERHEAD > i->s.rcvbuf || i->rd_shut ||
	    !(d = uc_heap_alloc(sizeof(*d)))) {
		pbuf_free(p);
		return;
	}
	*d = (struct inet_dgram){ .p = p, .port = port, .to_port = to_port };
	d->from = *from;
	d->to = *ip_current_dest_addr();
	d->netif = netif_get_index(ip_current_input_netif());
	if (ip_current_is_v6()) {
		d->ttl = IP6H_HOPLIM(ip6_current_header());
		d->tos = (uint8_t)IP6H_TC(ip6_current_header());
	} else {
		d->ttl = IPH_TTL(ip4_current_header());
		d->tos = IPH_TOS(ip4_current_header());
	}
	if (i->want & (WANT_STAMP | WANT_STAMPNS))
		d->when = uc_time_real();
	i->rx_bytes += p->tot_len + OVERHEAD;
	uc_list_push_back(&i->dgrams, &d->link);
	inet_wake(i, IN_EVENTS);
}

static void drop(struct inet *i, struct inet_dgram *d)
{
	uc_list_remove(&d->link);
	i->rx_bytes -= d->p->tot_len + OVERHEAD;
	pbuf_free(d->p);
	uc_heap_free(d);
}

void inet_dgram_drop_all(struct inet *i)
{
	while (!uc_list_empty(&i->dgrams))
		drop(i, UC_LIST_ENTRY(i->dgrams.next, struct inet_dgram, link));
}

/* ---- sending ---- */
int inet_dgram_check_send(struct inet *i)
{
	if (i->s.err)
		return uc_sock_take_error(&i->s);
	return i->wr_shut ? -EPIPE : 0;
}

int inet_dgram_destination(struct inet *i, const struct uc_msg *m, ip_addr_t *ip, uint16_t *port)
{
	int r;

	if (!m->name) {
		*ip = i->remote;
		*port = i->remote_port;
		return i->state == INET_CONNECTED ? 0 : -EDESTADDRREQ;
	}
	r = inet_addr_get(i, m->name, m->name_len, ip, port);
	if (r == 0 && ip_addr_isany(ip))
		ip_addr_set_loopback(IP_IS_V6_VAL(*ip), ip);
	return r;
}

struct pbuf *inet_dgram_message(struct uc_msg *m, size_t n)
{
	struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)n, PBUF_RAM);

	if (p && n && uc_iter_get(&m->it, p->payload, n) != (ssize_t)n) {
		pbuf_free(p);
		return UC_ERR_PTR(-EFAULT);
	}
	return p;
}

void inet_dgram_choose_local(struct inet *i, const ip_addr_t *bound)
{
	const ip_addr_t *src = NULL;
	struct netif *n;

	if (!ip_addr_isany(bound)) {
		i->local = *bound;
		return;
	}
	n = ip_route(bound, &i->remote);
	if (n)
		src = ip_netif_get_local_ip(n, &i->remote);
	if (src)
		i->local = *src;
}

void inet_dgram_apply(struct inet_dgram_pcb *p, const struct inet_send *how)
{
	p->old_ttl = p->ip->ttl;
	p->old_tos = p->ip->tos;
	p->old_mcast_ttl = *p->mcast_ttl;
	if (how->ttl >= 0)
		p->ip->ttl = *p->mcast_ttl = (u8_t)how->ttl;
	if (how->tos >= 0)
		p->ip->tos = (u8_t)how->tos;
	if (uc_netif_is_loop(how->netif)) /* there it comes back in any case */
		*p->flags &= (u8_t)~p->loop;
}

void inet_dgram_restore(const struct inet_dgram_pcb *p, const struct inet *i)
{
	p->ip->ttl = p->old_ttl;
	p->ip->tos = p->old_tos;
	*p->mcast_ttl = p->old_mcast_ttl;
	if (!i->mcast_noloop)
		*p->flags |= p->loop;
}

int inet_dgram_route(const struct inet *i, const struct ip_pcb *p, const ip_addr_t *ip,
		     struct inet_send *how)
{
	int r;

	if (!how->netif && ip_addr_ismulticast(ip))
		how->netif = inet_multicast_netif(i);
	r = inet_send_resolve(i, &p->local_ip, p->netif_idx, ip, how);
	if (r == 0 && !(i->s.flag_options & 1u << SO_BROADCAST) && IP_IS_V4(ip) &&
	    ip4_addr_isbroadcast(ip_2_ip4(ip), how->netif))
		r = -EACCES;
	return r;
}

/* ---- receiving ---- */
static int wait_message(struct inet *i, const struct uc_msg *m, uc_nsec deadline)
{
	for (;;) {
		int r;

		if (i->s.err)
			return uc_sock_take_error(&i->s);
		if (!uc_list_empty(&i->dgrams))
			return 1;
		if (i->rd_shut)
			return 0;
		if (m->flags & UC_MSG_DONTWAIT)
			return -EAGAIN;
		r = uc_sock_sleep(&i->q, deadline);
		if (r < 0)
			return r;
	}
}

static ssize_t put_data(const struct pbuf *p, struct uc_msg *m)
{
	size_t done = 0;

	for (; p && m->it.left; p = p->next) {
		size_t n = UC_MIN((size_t)p->len, (size_t)m->it.left);

		if (n && uc_iter_put(&m->it, p->payload, n) != (ssize_t)n)
			return -EFAULT;
		done += n;
	}
	return (ssize_t)done;
}

static ssize_t take(struct inet *i, struct uc_msg *m)
{
	struct inet_dgram *d = UC_LIST_ENTRY(i->dgrams.next, struct inet_dgram, link);
	bool whole = m->flags & UC_MSG_TRUNC;
	uint16_t len = d->p->tot_len;
	ssize_t r = put_data(d->p, m);

	if (r < 0)
		return r;
	m->flags &= ~UC_MSG_TRUNC;
	if (r < len)
		m->flags |= UC_MSG_TRUNC;
	if (m->name)
		m->name_len = inet_addr_put(i, &d->from, d->port, m->name);
	if (i->want && m->control)
		inet_cmsg_put(i, d, m);
	if (!(m->flags & UC_MSG_PEEK))
		drop(i, d);
	return whole ? len : r;
}

ssize_t inet_dgram_recv(struct inet *i, struct uc_msg *m)
{
	uc_nsec deadline = uc_sock_deadline(i->s.rcvtimeo);
	ssize_t r;

	for (;;) {
		bool there;

		r = wait_message(i, m, deadline);
		if (r <= 0)
			return r;
		uc_mutex_lock(&i->rlock);
		there = !uc_list_empty(&i->dgrams);
		if (there)
			r = take(i, m);
		uc_mutex_unlock(&i->rlock);
		if (there)
			return r;
	}
}
