// SPDX-License-Identifier: BSD-3-Clause
/* raw(7), and the sockets that may ping: icmp(7); what UDP-Lite has in common with them. An IPv4
 * socket sees whole packets, an IPv6 one what follows the headers. */
#include "inet_private.h"
#include <linux/in.h>
#include <linux/in6.h>
#include <lwip/inet_chksum.h>
#include <lwip/ip.h>
#include <lwip/prot/ip4.h>
#include <uc/netif.h>
#include <uc/string.h>

#define PACKET_MAX 65535u
#define LEVEL_RAW  255                       /* SOL_RAW; SOL_ICMPV6 is the protocol's number */
enum { ICMP_FILTER = 1, ICMPV6_FILTER = 1 }; /* linux/icmp.h needs the C library's headers */
enum { ECHO4 = 8, REPLY4 = 0, ECHO6 = 128, REPLY6 = 129 };

struct uc_list inet_raw_sockets = UC_LIST_INIT(inet_raw_sockets);

static bool is_v6(const struct inet *i)
{
	return i->s.family == UC_AF_INET6;
}

static bool is_icmp(const struct inet *i)
{
	return i->s.protocol == (is_v6(i) ? PROTO_ICMP6 : PROTO_ICMP);
}

static uint16_t id_of(const uint8_t icmp[8])
{
	return (uint16_t)(icmp[4] << 8 | icmp[5]);
}

/* ---- received ---- */
static bool filtered(const struct inet *i, const struct pbuf *p, u16_t head)
{
	uint8_t icmp[8];

	if (!is_icmp(i))
		return false;
	if (pbuf_copy_partial(p, icmp, sizeof(icmp), head) != sizeof(icmp))
		return true;
	if (inet_is_ping(i))
		return icmp[0] != (is_v6(i) ? REPLY6 : REPLY4) || id_of(icmp) != i->local_port;
	return i->icmp_filter[icmp[0] >> 5] >> (icmp[0] & 31) & 1;
}

static u8_t on_recv(void *arg, struct raw_pcb *pcb, struct pbuf *p, const ip_addr_t *from)
{
	struct inet *i = arg;
	u16_t head = ip_current_header_tot_len(), skip = is_v6(i) || inet_is_ping(i) ? head : 0;
	struct pbuf *q;

	if (p->tot_len < head || filtered(i, p, head))
		return 0;
	q = pbuf_alloc(PBUF_RAW, (u16_t)(p->tot_len - skip), PBUF_RAM);
	if (!q)
		return 0;
	pbuf_copy_partial(p, q->payload, q->tot_len, skip);
	inet_dgram_deliver(i, q, from, 0, 0);
	return 0; /* lwIP and the other sockets see it, too */
}

void inet_raw_fault(uint8_t proto, uint16_t id, const struct inet_fault *f, const ip_addr_t *src)
{
	UC_LIST_FOREACH(it, &inet_raw_sockets) {
		struct inet *i = UC_LIST_ENTRY(it, struct inet, raw_link);

		if (i->s.protocol != proto || (is_v6(i) != IP_IS_V6(src) && !inet_is_lite(i)) ||
		    (i->s.type == UC_SOCK_DGRAM && i->local_port != id) ||
		    (i->state == INET_CONNECTED && !ip_addr_cmp(&i->remote, &f->dst)))
			continue;
		inet_fault(i, f);
	}
}

/* ---- names ---- */
int inet_raw_open(struct inet *i)
{
	uint8_t type = is_v6(i) ? IPADDR_TYPE_V6 : IPADDR_TYPE_V4;
	int r = inet_is_lite(i) ? inet_lite.start() : 0;

	i->raw = r < 0 ? NULL
		       : raw_new_ip_type(inet_is_lite(i) ? inet_ip_type(i) : type,
					 (u8_t)i->s.protocol);
	if (!i->raw)
		return -ENOMEM;
	i->hdrincl = i->s.protocol == IPPROTO_RAW && !is_v6(i);
	i->checksum_at = is_v6(i) && is_icmp(i) ? 2 : -1;
	if (!inet_is_lite(i))
		raw_recv(i->raw, on_recv, i);
	uc_list_push_back(&inet_raw_sockets, &i->raw_link);
	inet_apply_options(i);
	return 0;
}

void inet_raw_close(struct inet *i)
{
	raw_remove(i->raw);
	i->raw = NULL;
	uc_list_remove(&i->raw_link);
	inet_dgram_drop_all(i);
}

static bool id_taken(const struct inet *i, uint16_t id)
{
	UC_LIST_FOREACH(it, &inet_raw_sockets) {
		const struct inet *o = UC_LIST_ENTRY(it, struct inet, raw_link);

		if (o != i && inet_is_ping(o) && o->s.family == i->s.family && o->local_port == id)
			return true;
	}
	return false;
}

static int take_id(struct inet *i, uint16_t id)
{
	static uint16_t next;

	if (id && id_taken(i, id))
		return -EADDRINUSE;
	for (unsigned n = 0; !id && n < UINT16_MAX; n++)
		if (!id_taken(i, ++next))
			id = next;
	i->local_port = id;
	return id ? 0 : -EADDRINUSE;
}

/* Ping's number, UDP-Lite's port; 0: some. */
static int take_number(struct inet *i, const ip_addr_t *ip, uint16_t n)
{
	if (inet_is_lite(i))
		return inet_lite.take_port(i, ip, n);
	return inet_is_ping(i) ? take_id(i, n) : 0;
}

int inet_raw_bind(struct inet *i, const ip_addr_t *ip, uint16_t port)
{
	int r = take_number(i, ip, port);

	if (r < 0)
		return r;
	if (!inet_is_lite(i) || !ip_addr_isany(ip))
		raw_bind(i->raw, ip);
	i->bound = true;
	i->local = *ip;
	if (i->s.type == UC_SOCK_RAW)
		i->local_port = (uint16_t)i->s.protocol;
	return 0;
}

int inet_raw_connect(struct inet *i, const ip_addr_t *ip, uint16_t port)
{
	int r = i->local_port ? 0 : take_number(i, &i->local, 0);

	if (r < 0)
		return r;
	if (!ip_route(&i->raw->local_ip, ip))
		return -ENETUNREACH;
	raw_connect(i->raw, ip);
	i->state = INET_CONNECTED;
	i->remote = *ip;
	i->remote_port = i->s.type == UC_SOCK_DGRAM ? port : 0;
	inet_dgram_choose_local(i, &i->raw->local_ip);
	return 0;
}

int inet_raw_disconnect(struct inet *i)
{
	raw_disconnect(i->raw);
	i->state = INET_IDLE;
	return 0;
}

/* ---- sent ---- */
static void checksum(struct inet *i, struct pbuf *p, const ip_addr_t *dst, const ip_addr_t *src)
{
	uint16_t sum = 0;
	int at = i->checksum_at;

	if (inet_is_ping(i) && !is_v6(i))
		at = 2;
	if (at < 0 || at + 2 > p->len)
		return;
	memcpy((uint8_t *)p->payload + at, &sum, 2);
	sum = is_v6(i) ? ip6_chksum_pseudo(p, (u8_t)i->s.protocol, p->tot_len, ip_2_ip6(src),
					   ip_2_ip6(dst))
		       : inet_chksum_pbuf(p);
	memcpy((uint8_t *)p->payload + at, &sum, 2);
}

static int check_ping(struct inet *i, struct pbuf *p)
{
	uint8_t *b = p->payload;
	int r = 0;

	if (p->len < 8 || b[0] != (is_v6(i) ? ECHO6 : ECHO4) || b[1])
		return -EINVAL;
	if (!i->local_port)
		r = take_id(i, 0);
	b[4] = (uint8_t)(i->local_port >> 8);
	b[5] = (uint8_t)i->local_port;
	return r;
}

/* Fills in what raw(7) says the kernel fills in. */
static int check_header(struct pbuf *p, const ip_addr_t *src)
{
	static uint16_t next_id;
	struct ip_hdr *h = p->payload;

	if (p->len < IP_HLEN || IPH_HL_BYTES(h) < IP_HLEN || IPH_HL_BYTES(h) > p->len)
		return -EINVAL;
	IPH_LEN_SET(h, lwip_htons(p->tot_len));
	if (!h->src.addr)
		h->src.addr = ip_2_ip4(src)->addr;
	if (!IPH_ID(h))
		IPH_ID_SET(h, lwip_htons(++next_id));
	IPH_CHKSUM_SET(h, 0);
	IPH_CHKSUM_SET(h, inet_chksum(h, IPH_HL_BYTES(h)));
	return 0;
}

static err_t send_to(struct inet *i, struct pbuf *p, const ip_addr_t *ip,
		     const struct inet_send *how)
{
	struct raw_pcb *r = i->raw;
	struct inet_dgram_pcb view = { .ip = (struct ip_pcb *)r,
				       .mcast_ttl = &r->mcast_ttl,
				       .flags = &r->flags,
				       .loop = RAW_FLAGS_MULTICAST_LOOP };
	err_t e;

	inet_dgram_apply(&view, how);
	e = raw_sendto_if_src(r, p, ip, how->netif, how->src);
	inet_dgram_restore(&view, i);
	return e;
}

static int prepare(struct inet *i, const struct uc_msg *m, ip_addr_t *ip, uint16_t *port,
		   struct inet_send *how)
{
	int r = inet_dgram_check_send(i);

	if (r == 0 && m->it.left > PACKET_MAX - (i->hdrincl ? 0 : IP_HLEN))
		r = -EMSGSIZE;
	if (r == 0)
		r = inet_dgram_destination(i, m, ip, port);
	if (r == 0 && inet_is_lite(i))
		r = !*port ? -EINVAL : i->local_port ? 0 : take_number(i, &i->local, 0);
	else if (r == 0 && IP_IS_V6_VAL(*ip) != is_v6(i))
		r = -EAFNOSUPPORT;
	if (r == 0)
		r = inet_cmsg_parse(i, m, how);
	if (r < 0)
		return r;
	return inet_dgram_route(i, (struct ip_pcb *)i->raw, ip, how);
}

ssize_t inet_raw_send(struct inet *i, struct uc_msg *m)
{
	size_t n = m->it.left;
	struct inet_send how;
	struct pbuf *p;
	ip_addr_t ip;
	uint16_t port;
	int r = prepare(i, m, &ip, &port, &how);
	err_t e;

	if (r < 0)
		return r;
	p = inet_dgram_message(m, n);
	if (!p || UC_IS_ERR(p))
		return p ? UC_PTR_ERR(p) : -ENOBUFS;
	if (inet_is_lite(i))
		r = inet_lite.finish(i, p, how.src, &ip, port);
	else if (inet_is_ping(i))
		r = check_ping(i, p);
	else if (i->hdrincl)
		r = check_header(p, how.src);
	if (r == 0) {
		checksum(i, p, &ip, how.src);
		e = send_to(i, p, &ip, &how);
		r = e == ERR_OK || e == ERR_MEM || e == ERR_IF ? 0 : inet_error(e);
	}
	pbuf_free(p);
	return r < 0 ? r : (ssize_t)n;
}

/* ---- options ---- */
int inet_raw_getsockopt(struct inet *i, int level, int name, void *buf, unsigned *len)
{
	int v;

	if (inet_is_lite(i))
		return level == PROTO_LITE || level == IPPROTO_UDP_
			       ? inet_lite.get(i, name, buf, len)
			       : -ENOPROTOOPT;
	if (level == LEVEL_RAW && name == ICMP_FILTER && is_icmp(i) && !is_v6(i))
		return inet_get_bytes(i->icmp_filter, 4, buf, len);
	if (level == PROTO_ICMP6 && name == ICMPV6_FILTER && is_icmp(i) && is_v6(i))
		return inet_get_bytes(i->icmp_filter, sizeof(i->icmp_filter), buf, len);
	if (level == IPPROTO_IP && name == IP_HDRINCL) {
		v = i->hdrincl;
		return inet_get_bytes(&v, sizeof(v), buf, len);
	}
	if ((level == IPPROTO_IPV6 || level == LEVEL_RAW) && name == IPV6_CHECKSUM && is_v6(i))
		return inet_get_bytes(&i->checksum_at, sizeof(v), buf, len);
	return -ENOPROTOOPT;
}

static int set_checksum(struct inet *i, const void *buf, unsigned len)
{
	int v;

	if (len < sizeof(v))
		return -EINVAL;
	memcpy(&v, buf, sizeof(v));
	if (is_icmp(i) || (v > 0 && v & 1)) /* RFC 3542, 3.1 */
		return -EINVAL;
	i->checksum_at = v < 0 ? -1 : v;
	return 0;
}

int inet_raw_setsockopt(struct inet *i, int level, int name, const void *buf, unsigned len)
{
	if (inet_is_lite(i) && (level == PROTO_LITE || level == IPPROTO_UDP_))
		return inet_lite.set(i, name, buf, len);
	if (i->s.type == UC_SOCK_DGRAM)
		return -ENOPROTOOPT;
	if (level == LEVEL_RAW && name == ICMP_FILTER && is_icmp(i) && !is_v6(i)) {
		memcpy(i->icmp_filter, buf, UC_MIN(len, 4u));
		return 0;
	}
	if (level == PROTO_ICMP6 && name == ICMPV6_FILTER && is_icmp(i) && is_v6(i)) {
		memcpy(i->icmp_filter, buf, UC_MIN(len, (unsigned)sizeof(i->icmp_filter)));
		return 0;
	}
	if (level == IPPROTO_IP && name == IP_HDRINCL && !is_v6(i)) {
		i->hdrincl = len && *(const uint8_t *)buf;
		raw_clear_flags(i->raw, RAW_FLAGS_HDRINCL);
		if (i->hdrincl)
			raw_set_flags(i->raw, RAW_FLAGS_HDRINCL);
		return 0;
	}
	if ((level == IPPROTO_IPV6 || level == LEVEL_RAW) && name == IPV6_CHECKSUM && is_v6(i))
		return set_checksum(i, buf, len);
	return -ENOPROTOOPT;
}
