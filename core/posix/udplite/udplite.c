// SPDX-License-Identifier: BSD-3-Clause
/*
 * UDP-Lite (RFC 3828), udplite(7): UDP whose checksum covers as much of a datagram as the sender
 * wants. One control block of lwIP's sees all such packets and finds the socket.
 */
#include "../inet/inet_private.h"
#include <lwip/icmp.h>
#include <lwip/icmp6.h>
#include <lwip/inet_chksum.h>
#include <lwip/prot/udp.h>
#include <uc/random.h>
#include <uc/string.h>

#define PORT_FIRST   49152u /* net.ipv4.ip_local_port_range */
#define PORTS        16384u
#define MESSAGE_MAX  65507u
#define COVERAGE_MIN UDP_HLEN
enum { SEND_CSCOV = 10, RECV_CSCOV = 11 };

/* ---- ports ---- */
static bool overlap(const ip_addr_t *a, const ip_addr_t *b)
{
	return ip_addr_isany(a) || ip_addr_isany(b) || ip_addr_cmp(a, b);
}

static bool is_taken(const struct inet *i, const ip_addr_t *ip, uint16_t port)
{
	const uint32_t share = 1u << SO_REUSEADDR | 1u << SO_REUSEPORT;

	UC_LIST_FOREACH(it, &inet_raw_sockets) {
		const struct inet *o = UC_LIST_ENTRY(it, struct inet, raw_link);

		if (o != i && inet_is_lite(o) && o->local_port == port && overlap(&o->local, ip) &&
		    !(o->s.flag_options & i->s.flag_options & share))
			return true;
	}
	return false;
}

static int take_port(struct inet *i, const ip_addr_t *ip, uint16_t port)
{
	uint16_t start;

	uc_random_bytes(&start, sizeof(start));
	for (unsigned n = 0; !port && n < PORTS; n++) {
		uint16_t some = (uint16_t)(PORT_FIRST + (start + n) % PORTS);

		if (!is_taken(i, ip, some))
			port = some;
	}
	if (!port || is_taken(i, ip, port))
		return -EADDRINUSE;
	i->local_port = port;
	return 0;
}

/* ---- received ---- */
/* How well a datagram that is here fits to a socket; 0: it is not for it. */
static unsigned fit(const struct inet *i, const struct udp_hdr *h, const ip_addr_t *from)
{
	bool connected = i->state == INET_CONNECTED, bound = !ip_addr_isany(&i->local);

	if (!inet_is_lite(i) || i->local_port != lwip_ntohs(h->dest) ||
	    (ip_current_is_v6() ? i->s.family != UC_AF_INET6 : i->v6only) ||
	    (bound && !ip_addr_cmp(&i->local, ip_current_dest_addr())))
		return 0;
	if (connected && (i->remote_port != lwip_ntohs(h->src) || !ip_addr_cmp(&i->remote, from)))
		return 0;
	return 1u + bound + 2u * connected;
}

/* Whether what the sum covers is enough for the socket. */
static bool is_covered(const struct inet *i, const struct pbuf *p, unsigned cover)
{
	const struct inet_coverage *c = &i->coverage[1];

	return !c->set || cover >= p->tot_len || (c->bytes && cover >= c->bytes);
}

static void deliver(struct inet *i, struct pbuf *p, unsigned cover, const ip_addr_t *from)
{
	const struct udp_hdr *h = p->payload;
	struct pbuf *q = is_covered(i, p, cover) ? pbuf_clone(PBUF_RAW, PBUF_RAM, p) : NULL;

	if (!q)
		return;
	pbuf_remove_header(q, UDP_HLEN);
	inet_dgram_deliver(i, q, from, lwip_ntohs(h->src), i->local_port);
}

/* Datagrams to one station are for one socket, others for each. Whether there was one. */
static bool find(struct pbuf *p, unsigned cover, const ip_addr_t *from, bool many)
{
	struct inet *best = NULL;
	unsigned most = 0;

	UC_LIST_FOREACH(it, &inet_raw_sockets) {
		struct inet *i = UC_LIST_ENTRY(it, struct inet, raw_link);
		unsigned n = fit(i, p->payload, from);

		if (n && many)
			deliver(i, p, cover, from);
		if (n > most) {
			most = n;
			best = i;
		}
	}
	if (best && !many)
		deliver(best, p, cover, from);
	return best;
}

/* Bytes that the sum covers, and does; 0: it does not. p: header and data. */
static unsigned check(struct pbuf *p, const ip_addr_t *from)
{
	const struct udp_hdr *h = p->payload;
	unsigned cover = lwip_ntohs(h->len);

	if (!cover)
		cover = p->tot_len;
	if (cover < COVERAGE_MIN || cover > p->tot_len || !h->chksum ||
	    ip_chksum_pseudo_partial(p, PROTO_LITE, p->tot_len, (u16_t)cover, from,
				     ip_current_dest_addr()))
		return 0;
	return cover;
}

static u8_t on_packet(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *from)
{
	u16_t head = ip_current_header_tot_len();
	bool many = ip_addr_ismulticast(ip_current_dest_addr()) ||
		    ip_addr_isbroadcast(ip_current_dest_addr(), ip_current_netif());
	struct pbuf *q;
	unsigned cover;

	if (p->tot_len < head + UDP_HLEN)
		return 0;
	q = pbuf_alloc(PBUF_RAW, (u16_t)(p->tot_len - head), PBUF_RAM);
	if (!q)
		return 0;
	pbuf_copy_partial(p, q->payload, q->tot_len, head);
	cover = check(q, from);
	if (cover && !find(q, cover, from, many) && !many)
		icmp_port_unreach(ip_current_is_v6(), p);
	pbuf_free(q);
	return 0; /* raw sockets see it, too */
}

static int start(void)
{
	static struct raw_pcb *all;

	if (all)
		return 0;
	all = raw_new_ip_type(IPADDR_TYPE_ANY, PROTO_LITE);
	if (!all)
		return -ENOMEM;
	raw_recv(all, on_packet, NULL);
	return 0;
}

/* ---- sent ---- */
static int finish(struct inet *i, struct pbuf *p, const ip_addr_t *src, const ip_addr_t *dst,
		  uint16_t port)
{
	const struct inet_coverage *c = &i->coverage[0];
	struct udp_hdr *h;
	u16_t field, cover;

	if (p->tot_len > MESSAGE_MAX)
		return -EMSGSIZE;
	if (pbuf_add_header(p, UDP_HLEN))
		return -ENOBUFS;
	field = cover = p->tot_len;
	if (c->set && c->bytes < p->tot_len) {
		field = c->bytes;
		cover = field ? field : p->tot_len;
	}
	h = p->payload;
	*h = (struct udp_hdr){ .src = lwip_htons(i->local_port),
			       .dest = lwip_htons(port),
			       .len = lwip_htons(field) };
	h->chksum = ip_chksum_pseudo_partial(p, PROTO_LITE, p->tot_len, cover, src, dst);
	if (!h->chksum)
		h->chksum = 0xffff;
	return 0;
}

/* ---- options ---- */
static int get(struct inet *i, int name, void *buf, unsigned *len)
{
	int v;

	if (name != SEND_CSCOV && name != RECV_CSCOV)
		return -ENOPROTOOPT;
	v = i->coverage[name - SEND_CSCOV].bytes;
	return inet_get_bytes(&v, sizeof(v), buf, len);
}

static int set(struct inet *i, int name, const void *buf, unsigned len)
{
	int v;

	if (name != SEND_CSCOV && name != RECV_CSCOV)
		return -ENOPROTOOPT;
	if (len < sizeof(v))
		return -EINVAL;
	memcpy(&v, buf, sizeof(v));
	if (v && v < (int)COVERAGE_MIN)
		v = COVERAGE_MIN;
	i->coverage[name - SEND_CSCOV] =
		(struct inet_coverage){ true, (uint16_t)UC_MIN(v, UINT16_MAX) };
	return 0;
}

const struct inet_lite inet_lite = { start, take_port, finish, get, set };
