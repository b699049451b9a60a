// SPDX-License-Identifier: BSD-3-Clause
/* Datagrams; udp(7). */
#include "inet_private.h"
#include <lwip/ip.h>
#include <lwip/prot/udp.h>
#include <uc/netif.h>

#define DGRAM_MAX 65507u /* 65535 less both headers */

static uint32_t mix(uint32_t h, uint32_t v)
{
	h ^= v;
	h *= 0x9e3779b1u;
	return h ^ h >> 15;
}

static bool same_group(const struct udp_pcb *a, const struct udp_pcb *b)
{
	const struct inet *i = inet_of_udp(b);

	return i && b->local_port == a->local_port && !(b->flags & UDP_FLAGS_CONNECTED) &&
	       i->s.flag_options & 1u << SO_REUSEPORT && ip_addr_cmp(&a->local_ip, &b->local_ip);
}

/* SO_REUSEPORT: the sockets of a port share what comes, each sender staying with one. */
static struct inet *pick(struct inet *i, struct udp_pcb *pcb, const ip_addr_t *from, u16_t port)
{
	uint32_t hash = mix(port, IP_IS_V6(from) ? ip_2_ip6(from)->addr[3] : ip_2_ip4(from)->addr);
	unsigned n = 0;

	if (!(i->s.flag_options & 1u << SO_REUSEPORT) || pcb->flags & UDP_FLAGS_CONNECTED ||
	    ip_addr_ismulticast(ip_current_dest_addr()))
		return i;
	for (struct udp_pcb *p = udp_pcbs; p; p = p->next)
		n += same_group(pcb, p);
	n = hash % n;
	for (struct udp_pcb *p = udp_pcbs; p; p = p->next)
		if (same_group(pcb, p) && n-- == 0)
			return inet_of_udp(p);
	return i;
}

static void on_recv(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from,
		    u16_t port)
{
	inet_dgram_deliver(pick(arg, pcb, from, port), p, from, port, pcb->local_port);
}

struct inet *inet_of_udp(const struct udp_pcb *p)
{
	return p->recv == on_recv ? p->recv_arg : NULL;
}

int inet_udp_open(struct inet *i)
{
	i->udp = udp_new_ip_type(inet_ip_type(i));
	if (!i->udp)
		return -ENOMEM;
	udp_recv(i->udp, on_recv, i);
	inet_apply_options(i);
	return 0;
}

void inet_udp_close(struct inet *i)
{
	udp_remove(i->udp);
	i->udp = NULL;
	inet_dgram_drop_all(i);
}

int inet_udp_connect(struct inet *i, const ip_addr_t *ip, uint16_t port)
{
	int r;

	inet_apply_options(i);
	if (!ip_route(&i->udp->local_ip, ip))
		return -ENETUNREACH;
	if (IP_IS_V4(ip) && ip4_addr_isbroadcast(ip_2_ip4(ip), ip_route(&i->udp->local_ip, ip)) &&
	    !ip_get_option(i->udp, SOF_BROADCAST))
		return -EACCES;
	r = inet_error(udp_connect(i->udp, ip, port));
	if (r < 0)
		return r;
	i->state = INET_CONNECTED;
	i->remote = *ip;
	i->remote_port = port;
	i->local_port = i->udp->local_port;
	inet_dgram_choose_local(i, &i->udp->local_ip);
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

static err_t send_to(struct inet *i, struct pbuf *p, const ip_addr_t *ip, uint16_t port,
		     const struct inet_send *how)
{
	struct udp_pcb *u = i->udp;
	struct inet_dgram_pcb view = { .ip = (struct ip_pcb *)u,
				       .mcast_ttl = &u->mcast_ttl,
				       .flags = &u->flags,
				       .loop = UDP_FLAGS_MULTICAST_LOOP };
	err_t e;

	inet_dgram_apply(&view, how);
	e = udp_sendto_if_src(u, p, ip, port, how->netif, how->src);
	inet_dgram_restore(&view, i);
	return e;
}

/* Where and how a message goes. */
static int prepare(struct inet *i, const struct uc_msg *m, ip_addr_t *ip, uint16_t *port,
		   struct inet_send *how)
{
	int r = inet_dgram_check_send(i);

	if (r == 0 && m->it.left > DGRAM_MAX)
		r = -EMSGSIZE;
	if (r == 0)
		r = inet_dgram_destination(i, m, ip, port);
	if (r == 0 && !*port)
		r = -EINVAL;
	if (r == 0)
		r = inet_cmsg_parse(i, m, how);
	if (r < 0)
		return r;
	return inet_dgram_route(i, (struct ip_pcb *)i->udp, ip, how);
}

ssize_t inet_udp_send(struct inet *i, struct uc_msg *m)
{
	size_t n = m->it.left;
	struct inet_send how;
	struct pbuf *p;
	uint16_t port;
	ip_addr_t ip;
	int r = prepare(i, m, &ip, &port, &how);
	err_t e;

	if (r < 0)
		return r;
	p = inet_dgram_message(m, n);
	if (!p || UC_IS_ERR(p))
		return p ? UC_PTR_ERR(p) : -ENOBUFS;
	e = send_to(i, p, &ip, port, &how);
	pbuf_free(p);
	i->local_port = i->udp->local_port;
	/* What the interface could not take is lost, as on a busy wire. */
	return e == ERR_OK || e == ERR_MEM || e == ERR_IF ? (ssize_t)n : inet_error(e);
}
