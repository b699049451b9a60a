// SPDX-License-Identifier: BSD-3-Clause
/* Ancillary data of ip(7) and ipv6(7), both ways. */
#include "inet_private.h"
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/ipv6.h>
#include <linux/time_types.h>
#include <lwip/ip.h>
#include <lwip/netif.h>
#include <uc/netif.h>
#include <uc/string.h>

/* ---- received ---- */
static void put_int(struct uc_msg *m, int level, int type, int v)
{
	uc_msg_put_cmsg(m, level, type, &v, sizeof(v));
}

static void put_stamp(const struct inet *i, const struct inet_dgram *d, struct uc_msg *m)
{
	struct __kernel_old_timeval tv = { (long)(d->when / 1000000000u),
					   (long)(d->when % 1000000000u / 1000) };
	struct __kernel_old_timespec ts = { tv.tv_sec, (long)(d->when % 1000000000u) };

	if (i->want & WANT_STAMPNS)
		uc_msg_put_cmsg(m, SOL_SOCKET, SO_TIMESTAMPNS, &ts, sizeof(ts));
	else
		uc_msg_put_cmsg(m, SOL_SOCKET, SO_TIMESTAMP, &tv, sizeof(tv));
}

static void put4(const struct inet *i, const struct inet_dgram *d, struct uc_msg *m)
{
	struct in_pktinfo info = { .ipi_ifindex = d->netif };
	struct sockaddr_in to = { .sin_family = UC_AF_INET, .sin_port = lwip_htons(d->to_port) };
	const struct netif *n = uc_netif_by_index(d->netif);

	info.ipi_addr.s_addr = info.ipi_spec_dst.s_addr = ip_2_ip4(&d->to)->addr;
	if (ip_addr_ismulticast(&d->to) && n)
		info.ipi_spec_dst.s_addr = netif_ip4_addr(n)->addr;
	to.sin_addr = info.ipi_addr;
	if (i->want & WANT_PKTINFO)
		uc_msg_put_cmsg(m, IPPROTO_IP, IP_PKTINFO, &info, sizeof(info));
	if (i->want & WANT_TTL)
		put_int(m, IPPROTO_IP, IP_TTL, d->ttl);
	if (i->want & WANT_TOS)
		uc_msg_put_cmsg(m, IPPROTO_IP, IP_TOS, &d->tos, 1);
	if (i->want & WANT_ORIGDST)
		uc_msg_put_cmsg(m, IPPROTO_IP, IP_ORIGDSTADDR, &to, sizeof(to));
}

static void put6(const struct inet *i, const struct inet_dgram *d, struct uc_msg *m)
{
	struct in6_pktinfo info = { .ipi6_ifindex = d->netif };
	struct uc_sockaddr to;
	unsigned n = inet_addr_put(i, &d->to, d->to_port, &to);

	memcpy(&info.ipi6_addr, (uint8_t *)&to + offsetof(struct sockaddr_in6, sin6_addr), 16);
	if (i->want & WANT_PKTINFO6)
		uc_msg_put_cmsg(m, IPPROTO_IPV6, IPV6_PKTINFO, &info, sizeof(info));
	if (IP_IS_V4_VAL(d->to))
		return;
	if (i->want & WANT_HOPLIMIT)
		put_int(m, IPPROTO_IPV6, IPV6_HOPLIMIT, d->ttl);
	if (i->want & WANT_TCLASS)
		put_int(m, IPPROTO_IPV6, IPV6_TCLASS, d->tos);
	if (i->want & WANT_ORIGDST6)
		uc_msg_put_cmsg(m, IPPROTO_IPV6, IPV6_ORIGDSTADDR, &to, n);
}

void inet_cmsg_put(const struct inet *i, const struct inet_dgram *d, struct uc_msg *m)
{
	if (i->want & (WANT_STAMP | WANT_STAMPNS) && d->when)
		put_stamp(i, d, m);
	if (i->s.family == UC_AF_INET6)
		put6(i, d, m);
	if (IP_IS_V4_VAL(d->to))
		put4(i, d, m);
}

/* ---- sent ---- */
static int take_netif(int index, struct inet_send *out)
{
	if (!index)
		return 0;
	out->netif = uc_netif_by_index(index);
	return out->netif ? 0 : -ENODEV;
}

static int take_number(const uint8_t *data, size_t n, int *to)
{
	int v;

	if (n == 1) {
		*to = *data;
		return 0;
	}
	if (n < sizeof(v))
		return -EINVAL;
	memcpy(&v, data, sizeof(v));
	if (v < -1 || v > 255)
		return -EINVAL;
	*to = v;
	return 0;
}

static int take4(const struct uc_cmsghdr *h, const uint8_t *data, size_t n, struct inet_send *out)
{
	struct in_pktinfo info;

	switch (h->type) {
	case IP_PKTINFO:
		if (n < sizeof(info))
			return -EINVAL;
		memcpy(&info, data, sizeof(info));
		if (info.ipi_spec_dst.s_addr) {
			ip_addr_set_ip4_u32_val(out->src_room, info.ipi_spec_dst.s_addr);
			out->src = &out->src_room;
		}
		return take_netif(info.ipi_ifindex, out);
	case IP_TTL:
		return take_number(data, n, &out->ttl);
	case IP_TOS:
		return take_number(data, n, &out->tos);
	default:
		return -EINVAL;
	}
}

static int take6(const struct uc_cmsghdr *h, const uint8_t *data, size_t n, struct inet_send *out)
{
	struct in6_pktinfo info;

	switch (h->type) {
	case IPV6_PKTINFO:
		if (n < sizeof(info))
			return -EINVAL;
		memcpy(&info, data, sizeof(info));
		IP_SET_TYPE_VAL(out->src_room, IPADDR_TYPE_V6);
		memcpy(ip_2_ip6(&out->src_room)->addr, &info.ipi6_addr, 16);
		if (!ip_addr_isany(&out->src_room))
			out->src = &out->src_room;
		return take_netif(info.ipi6_ifindex, out);
	case IPV6_HOPLIMIT:
		return take_number(data, n, &out->ttl);
	case IPV6_TCLASS:
		return take_number(data, n, &out->tos);
	default:
		return uc_unsupported(-EINVAL, "ancillary data %d of IPv6", h->type);
	}
}

int inet_cmsg_parse(const struct inet *i, const struct uc_msg *m, struct inet_send *out)
{
	*out = (struct inet_send){ .ttl = -1, .tos = -1 };
	for (size_t at = 0; m->control && at + sizeof(struct uc_cmsghdr) <= m->control_len;) {
		struct uc_cmsghdr h;
		const uint8_t *data = m->control + at + sizeof(h);
		int r = 0;

		memcpy(&h, m->control + at, sizeof(h));
		if (h.len < sizeof(h) || h.len > m->control_len - at)
			return -EINVAL;
		if (h.level == IPPROTO_IP)
			r = take4(&h, data, h.len - sizeof(h), out);
		else if (h.level == IPPROTO_IPV6 && i->s.family == UC_AF_INET6)
			r = take6(&h, data, h.len - sizeof(h), out);
		if (r < 0)
			return r;
		at += (h.len + 7) & ~7ull;
	}
	return 0;
}

int inet_send_resolve(const struct inet *i, const ip_addr_t *bound, uint8_t bound_netif,
		      const ip_addr_t *dst, struct inet_send *s)
{
	if (s->src && !i->freebind && !inet_addr_is_local(s->src))
		return -EINVAL;
	if (!s->netif && bound_netif)
		s->netif = netif_get_by_index(bound_netif);
	if (!s->netif)
		s->netif = ip_route(s->src ? s->src : bound, dst);
	if (!s->netif)
		return -ENETUNREACH;
	if (!s->src && !ip_addr_isany(bound) && !ip_addr_ismulticast(bound))
		s->src = bound;
	if (!s->src)
		s->src = ip_netif_get_local_ip(s->netif, dst);
	return s->src ? 0 : -EADDRNOTAVAIL;
}
