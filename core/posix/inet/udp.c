// SPDX-License-Identifier: BSD-3-Clause
/* Datagrams; udp(7). */
#include "inet_private.h"
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ipv6.h>
#include <lwip/netif.h>
#include <lwip/ip.h>
#include <uc/heap.h>
#include <uc/string.h>

#define DGRAM_MAX 65507u /* 65535 less both headers */
#define OVERHEAD  256u   /* counted against SO_RCVBUF for each message */

static void on_recv(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from,
		    u16_t port)
{
	struct inet *i = arg;
	struct inet_dgram *d;

	if (i->rx_bytes + p->tot_len + OVERHEAD > i->s.rcvbuf || i->rd_shut ||
	    !(d = uc_heap_alloc(sizeof(*d)))) {
		pbuf_free(p);
		return;
	}
	*d = (struct inet_dgram){ .p = p, .port = port };
	d->from = *from;
	d->to = *ip_current_dest_addr();
	d->netif = netif_get_index(ip_current_input_netif());
	i->rx_bytes += p->tot_len + OVERHEAD;
	uc_list_push_back(&i->dgrams, &d->link);
	inet_wake(i, IN_EVENTS);
}

int inet_udp_open(struct inet *i)
{
	i->udp = udp_new_ip_type(inet_ip_type(i));
	if (!i->udp)
		return -ENOMEM;
	udp_recv(i->udp, on_recv, i);
	return 0;
}

static void drop(struct inet *i, struct inet_dgram *d)
{
	uc_list_remove(&d->link);
	i->rx_bytes -= d->p->tot_len + OVERHEAD;
	pbuf_free(d->p);
	uc_heap_free(d);
}

void inet_udp_close(struct inet *i)
{
	udp_remove(i->udp);
	i->udp = NULL;
	while (!uc_list_empty(&i->dgrams))
		drop(i, UC_LIST_ENTRY(i->dgrams.next, struct inet_dgram, link));
}

/* The source address that the route to the destination has. */
static void choose_local(struct inet *i)
{
	const ip_addr_t *src = NULL;
	struct netif *n;

	i->local_port = i->udp->local_port;
	if (!ip_addr_isany(&i->udp->local_ip)) {
		i->local = i->udp->local_ip;
		return;
	}
	n = ip_route(&i->udp->local_ip, &i->remote);
	if (n)
		src = ip_netif_get_local_ip(n, &i->remote);
	if (src)
		i->local = *src;
}

int inet_udp_connect(struct inet *i, const ip_addr_t *ip, uint16_t port)
{
	int r;

	inet_apply_options(i);
	if (!ip_route(&i->udp->local_ip, ip))
		return -ENETUNREACH;
	r = inet_error(udp_connect(i->udp, ip, port));
	if (r < 0)
		return r;
	i->state = INET_CONNECTED;
	i->remote = *ip;
	i->remote_port = port;
	choose_local(i);
	return 0;
}

int inet_udp_disconnect(struct inet *i)
{
	udp_disconnect(i->udp);
	i->state = INET_IDLE;
	if (!i->bound)
		ip_addr_set_any_val(i->s.family == UC_AF_INET6, i->local);
	return 0;
}

static int destination(struct inet *i, const struct uc_msg *m, ip_addr_t *ip, uint16_t *port)
{
	int r;

	if (!m->name) {
		*ip = i->remote;
		*port = i->remote_port;
		return i->state == INET_CONNECTED ? 0 : -EDESTADDRREQ;
	}
	r = inet_addr_get(i, m->name, m->name_len, ip, port);
	if (r == 0 && ip_addr_isany(ip)) {
		if (IP_IS_V4_VAL(*ip))
			ip_addr_set_loopback_val(0, *ip);
		else
			ip_addr_set_loopback_val(1, *ip);
	}
	return r < 0 ? r : *port ? 0 : -EINVAL;
}

static int check_send(struct inet *i, const struct uc_msg *m)
{
	if (i->s.err)
		return uc_sock_take_error(&i->s);
	if (i->wr_shut)
		return -EPIPE;
	return m->it.left > DGRAM_MAX ? -EMSGSIZE : 0;
}

/* The message in kernel memory. */
static struct pbuf *message(struct uc_msg *m, size_t n)
{
	struct pbuf *p = pbuf_alloc(PBUF_TRANSPORT, (u16_t)n, PBUF_RAM);

	if (p && n && uc_iter_get(&m->it, p->payload, n) != (ssize_t)n) {
		pbuf_free(p);
		return UC_ERR_PTR(-EFAULT);
	}
	return p;
}

static err_t send_to(struct inet *i, struct pbuf *p, const ip_addr_t *ip, uint16_t port)
{
	bool bcast = IP_IS_V4(ip) && ip4_addr_get_u32(ip_2_ip4(ip)) == IPADDR_BROADCAST;

	if (bcast && !ip_get_option(i->udp, SOF_BROADCAST))
		return ERR_VAL;
	return udp_sendto(i->udp, p, ip, port);
}

ssize_t inet_udp_send(struct inet *i, struct uc_msg *m)
{
	size_t n = m->it.left;
	struct pbuf *p;
	uint16_t port;
	ip_addr_t ip;
	int r = check_send(i, m);
	err_t e;

	if (r == 0)
		r = destination(i, m, &ip, &port);
	if (r < 0)
		return r;
	p = message(m, n);
	if (!p || UC_IS_ERR(p))
		return p ? UC_PTR_ERR(p) : -ENOBUFS;
	e = send_to(i, p, &ip, port);
	pbuf_free(p);
	i->local_port = i->udp->local_port;
	/* What the interface could not take is lost, as on a busy wire. */
	return e == ERR_OK || e == ERR_MEM || e == ERR_IF ? (ssize_t)n
	       : e == ERR_VAL                             ? -EACCES
							  : inet_error(e);
}

/* ---- receiving ---- */
static int wait_message(struct inet *i, const struct uc_msg *m, uc_nsec deadline)
{
	for (;;) {
		int r;

		if (!uc_list_empty(&i->dgrams))
			return 1;
		if (i->s.err)
			return uc_sock_take_error(&i->s);
		if (i->rd_shut)
			return 0;
		if (m->flags & UC_MSG_DONTWAIT)
			return -EAGAIN;
		r = uc_sock_sleep(&i->q, deadline);
		if (r < 0)
			return r;
	}
}

static void put_pktinfo(const struct inet *i, const struct inet_dgram *d, struct uc_msg *m)
{
	if (i->s.family == UC_AF_INET6 && IP_IS_V6_VAL(d->to)) {
		struct in6_pktinfo info = { .ipi6_ifindex = d->netif };

		memcpy(&info.ipi6_addr, ip_2_ip6(&d->to)->addr, 16);
		uc_msg_put_cmsg(m, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info));
	} else if (i->s.family == UC_AF_INET) {
		struct in_pktinfo info = { .ipi_ifindex = d->netif };

		info.ipi_addr.s_addr = info.ipi_spec_dst.s_addr = ip_2_ip4(&d->to)->addr;
		uc_msg_put_cmsg(m, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
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
	if (i->pktinfo && m->control)
		put_pktinfo(i, d, m);
	if (!(m->flags & UC_MSG_PEEK))
		drop(i, d);
	return whole ? len : r;
}

ssize_t inet_udp_recv(struct inet *i, struct uc_msg *m)
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
