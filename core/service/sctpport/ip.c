// SPDX-License-Identifier: BSD-3-Clause
/* lwIP's side: packets of protocol 132 and in UDP datagrams, routes and addresses. */
#include <asm/errno.h>
#include <lwip/inet_chksum.h>
#include <lwip/ip.h>
#include <lwip/raw.h>
#include <lwip/udp.h>
#include <uc/netif.h>
#include <uc/string.h>
#include "sctp_internal.h"

#define PROTO_SCTP 132

static void from_ip(struct sctp_ip *a, const ip_addr_t *ip)
{
	*a = (struct sctp_ip){ .v6 = IP_IS_V6(ip) };
	if (!a->v6) {
		memcpy(a->bytes, &ip_2_ip4(ip)->addr, 4);
		return;
	}
	memcpy(a->bytes, ip_2_ip6(ip)->addr, 16);
	a->scope = ip6_addr_zone(ip_2_ip6(ip));
}

static void to_ip(ip_addr_t *ip, const struct sctp_ip *a)
{
	uint32_t v4;

	if (!a->v6) {
		memcpy(&v4, a->bytes, sizeof(v4));
		ip_addr_set_ip4_u32_val(*ip, v4);
		return;
	}
	ip_addr_set_any_val(true, *ip);
	memcpy(ip_2_ip6(ip)->addr, a->bytes, 16);
	ip6_addr_set_zone(ip_2_ip6(ip), (u8_t)a->scope);
}

/* ---- received ---- */
/* p behind the first `head` bytes. */
static void receive(const struct pbuf *p, unsigned head, const ip_addr_t *from, uint16_t udp)
{
	unsigned at = 0;
	struct sctp_ip src, dst;
	struct mbuf *m;

	if (p->tot_len <= head || ip_addr_ismulticast(ip_current_dest_addr()) ||
	    ip_addr_isbroadcast(ip_current_dest_addr(), ip_current_netif()))
		return;
	m = sctp_packet_new(p->tot_len - head);
	for (const struct pbuf *q = p; m && q; q = q->next) {
		unsigned skip = UC_MIN(head, (unsigned)q->len);

		sctp_packet_fill(m, at, (uint8_t *)q->payload + skip, q->len - skip);
		at += q->len - skip;
		head -= skip;
	}
	from_ip(&src, from);
	from_ip(&dst, ip_current_dest_addr());
	if (m)
		sctp_packet_in(m, at, &src, &dst,
			       ip_current_is_v6() ? (uint8_t)IP6H_TC(ip6_current_header())
						  : IPH_TOS(ip4_current_header()),
			       udp);
}

static u8_t on_packet(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *from)
{
	receive(p, ip_current_header_tot_len(), from, 0);
	return 0; /* raw sockets see it, too; the caller frees it */
}

static void on_datagram(void *arg, struct udp_pcb *pcb, struct pbuf *p, const ip_addr_t *from,
			u16_t port)
{
	receive(p, 0, from, lwip_htons(port));
	pbuf_free(p);
}

int sctp_ip_udp(uint16_t port)
{
	static struct udp_pcb *udp;
	err_t e;

	if (udp)
		udp_remove(udp);
	udp = port ? udp_new_ip_type(IPADDR_TYPE_ANY) : NULL;
	if (!udp)
		return port ? -ENOMEM : 0;
	e = udp_bind(udp, IP_ANY_TYPE, port);
	if (e == ERR_OK) {
		udp_recv(udp, on_datagram, NULL);
		return 0;
	}
	udp_remove(udp);
	udp = NULL;
	return -EADDRINUSE;
}

bool sctp_ip_start(void)
{
	struct raw_pcb *r = raw_new_ip_type(IPADDR_TYPE_ANY, PROTO_SCTP);

	if (r)
		raw_recv(r, on_packet, NULL);
	return r;
}

/* ---- sent ---- */
/* usrsctp leaves it out, which IPv6 does not permit. */
static void add_udp_checksum(struct pbuf *p, const ip_addr_t *src, const ip_addr_t *dst)
{
	struct udp_hdr *h = p->payload;

	h->chksum = ip_chksum_pseudo(p, IP_PROTO_UDP, p->tot_len, src, dst);
	if (!h->chksum)
		h->chksum = 0xffff;
}

static err_t output(const struct sctp_ip_send *how, struct pbuf *p, struct netif *n, ip_addr_t *src,
		    ip_addr_t *dst)
{
	if (!how->dst.v6)
		return ip4_output_if_src(p, ip_2_ip4(src), ip_2_ip4(dst), how->ttl, how->tos,
					 how->protocol, n);
	ip6_addr_assign_zone(ip_2_ip6(src), IP6_UNICAST, n);
	ip6_addr_assign_zone(ip_2_ip6(dst), IP6_UNICAST, n);
	return ip6_output_if_src(p, ip_2_ip6(src), ip_2_ip6(dst), how->ttl, how->tos, how->protocol,
				 n);
}

int sctp_ip_send(const struct sctp_ip_send *how, const struct mbuf *m, unsigned at, unsigned n)
{
	ip_addr_t src, dst;
	struct netif *netif;
	struct pbuf *p;
	err_t e;

	to_ip(&src, &how->src);
	to_ip(&dst, &how->dst);
	netif = how->netif ? how->netif : ip_route(&src, &dst);
	if (!netif)
		return EHOSTUNREACH;
	p = pbuf_alloc(PBUF_IP, (u16_t)n, PBUF_RAM);
	if (!p)
		return ENOBUFS;
	sctp_packet_read(m, at, p->payload, n);
	if (how->protocol == IP_PROTO_UDP)
		add_udp_checksum(p, &src, &dst);
	e = output(how, p, netif, &src, &dst);
	pbuf_free(p);
	return e == ERR_OK ? 0 : e == ERR_RTE ? EHOSTUNREACH : ENOBUFS;
}

/* ---- routes and addresses ---- */
void *sctp_ip_route(const struct sctp_ip *dst)
{
	ip_addr_t to;

	to_ip(&to, dst);
	return ip_route(dst->v6 ? IP6_ADDR_ANY : IP4_ADDR_ANY, &to);
}

bool sctp_ip_address(unsigned i, struct sctp_ip *a, void **netif)
{
	struct netif *n;

	NETIF_FOREACH(n)
	{
		*netif = n;
		if (!netif_is_up(n))
			continue;
		if (!ip4_addr_isany(netif_ip4_addr(n)) && i-- == 0) {
			from_ip(a, netif_ip_addr4(n));
			return true;
		}
		for (int k = 0; k < LWIP_IPV6_NUM_ADDRESSES; k++)
			if (ip6_addr_isvalid(netif_ip6_addr_state(n, k)) && i-- == 0) {
				from_ip(a, netif_ip_addr6(n, k));
				return true;
			}
	}
	return false;
}
