// SPDX-License-Identifier: BSD-3-Clause
/* ICMP errors find the sockets that they are about. lwIP shows every ICMP packet to its raw control
 * blocks first, of which two are ours. */
#include "inet_private.h"
#include "icmp_error.h"
#include <linux/errqueue.h>
#include <lwip/inet_chksum.h>
#include <lwip/ip.h>
#include <lwip/priv/tcp_priv.h>
#include <uc/string.h>

#define QUOTED_MAX 1280u

static ip_addr_t address(bool v6, const uint8_t *raw)
{
	ip_addr_t a;

	memset(&a, 0, sizeof(a));
	if (v6) {
		IP_SET_TYPE_VAL(a, IPADDR_TYPE_V6);
		memcpy(ip_2_ip6(&a)->addr, raw, 16);
	} else {
		memcpy(&ip_2_ip4(&a)->addr, raw, 4);
		IP_SET_TYPE_VAL(a, IPADDR_TYPE_V4);
	}
	return a;
}

static bool same(const ip_addr_t *a, const ip_addr_t *b)
{
	if (IP_GET_TYPE(a) != IP_GET_TYPE(b))
		return false;
	return IP_IS_V6(a) ? ip6_addr_cmp_zoneless(ip_2_ip6(a), ip_2_ip6(b))
			   : ip4_addr_cmp(ip_2_ip4(a), ip_2_ip4(b));
}

static void to_udp(const struct icmp_error *e, const struct inet_fault *f, const ip_addr_t *src)
{
	struct udp_pcb *best = NULL;

	for (struct udp_pcb *p = udp_pcbs; p; p = p->next) {
		bool connected = p->flags & UDP_FLAGS_CONNECTED;

		if (p->local_port != e->sport || !inet_of_udp(p) ||
		    (!ip_addr_isany(&p->local_ip) && !same(&p->local_ip, src)))
			continue;
		if (connected && (p->remote_port != e->dport || !same(&p->remote_ip, &f->dst)))
			continue;
		if (!best || connected)
			best = p;
	}
	if (best)
		inet_fault(inet_of_udp(best), f);
}

/* A connection being made ends; one that is made does not mind (RFC 1122, 4.2.3.9). */
static void to_tcp(const struct icmp_error *e, const struct inet_fault *f, const ip_addr_t *src)
{
	for (struct tcp_pcb *p = tcp_active_pcbs; p; p = p->next)
		if (p->state == SYN_SENT && p->local_port == e->sport &&
		    p->remote_port == e->dport && same(&p->local_ip, src) &&
		    same(&p->remote_ip, &f->dst)) {
			if (p->callback_arg && f->err != EMSGSIZE)
				inet_tcp_fail(p->callback_arg, f->err);
			return;
		}
}

static void dispatch(const struct icmp_error *e, bool v6, const ip_addr_t *from)
{
	ip_addr_t src = address(v6, e->src);
	struct inet_fault f = { .err = e->err,
				.origin = v6 ? SO_EE_ORIGIN_ICMP6 : SO_EE_ORIGIN_ICMP,
				.type = e->type,
				.code = e->code,
				.info = e->info,
				.hard = e->hard,
				.offender = *from,
				.dst = address(v6, e->dst),
				.port = e->dport,
				.data = e->data,
				.len = e->len };

	if (e->proto == IPPROTO_UDP_)
		to_udp(e, &f, &src);
	else if (e->proto == IPPROTO_TCP_)
		to_tcp(e, &f, &src);
	inet_raw_fault(e->proto, e->sport, &f, &src);
}

static bool checksum_good(struct pbuf *p, bool v6)
{
	const struct netif *n = ip_current_input_netif();

	if (v6)
		return !(n->chksum_flags & NETIF_CHECKSUM_CHECK_ICMP6) ||
		       ip6_chksum_pseudo(p, PROTO_ICMP6, p->tot_len, ip6_current_src_addr(),
					 ip6_current_dest_addr()) == 0;
	return !(n->chksum_flags & NETIF_CHECKSUM_CHECK_ICMP) || inet_chksum_pbuf(p) == 0;
}

static u8_t on_icmp(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *from)
{
	static uint8_t quoted[QUOTED_MAX];
	bool v6 = arg;
	u16_t head = ip_current_header_tot_len();
	struct icmp_error e;
	size_t n;

	n = pbuf_copy_partial(p, quoted, sizeof(quoted), head);
	if (!icmp_error_decode(quoted, n, v6, &e) || pbuf_remove_header(p, head))
		return 0;
	if (checksum_good(p, v6))
		dispatch(&e, v6, from);
	pbuf_add_header_force(p, head);
	return 0;
}

static void listen_to(uint8_t type, uint8_t proto)
{
	struct raw_pcb *p = raw_new_ip_type(type, proto);

	if (p)
		raw_recv(p, on_icmp, type == IPADDR_TYPE_V6 ? p : NULL);
}

void inet_icmp_start(void)
{
	static bool done;

	if (done)
		return;
	done = true;
	listen_to(IPADDR_TYPE_V4, PROTO_ICMP);
	listen_to(IPADDR_TYPE_V6, PROTO_ICMP6);
}
