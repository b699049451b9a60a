// SPDX-License-Identifier: BSD-3-Clause
/* Options of ip(7) and ipv6(7). */
#include "inet_private.h"
#include <linux/in.h>
#include <linux/in6.h>
#include <lwip/ip.h>
#include <lwip/netif.h>
#include <uc/netif.h>
#include <uc/string.h>

#define TTL_DEFAULT 64

static int set_small(uint8_t *to, int v, int min, int by_default)
{
	if (v != -1 && (v < min || v > 255))
		return -EINVAL;
	*to = (uint8_t)(v == -1 ? by_default : v);
	return 0;
}

/* The bit of `want` that an option sets, or 0. */
static unsigned want_of(int level, int name)
{
	if (level == IPPROTO_IP)
		switch (name) {
		case IP_PKTINFO:
			return WANT_PKTINFO;
		case IP_RECVTTL:
			return WANT_TTL;
		case IP_RECVTOS:
			return WANT_TOS;
		case IP_RECVORIGDSTADDR:
			return WANT_ORIGDST;
		default:
			return 0;
		}
	switch (name) {
	case IPV6_RECVPKTINFO:
		return WANT_PKTINFO6;
	case IPV6_RECVHOPLIMIT:
		return WANT_HOPLIMIT;
	case IPV6_RECVTCLASS:
		return WANT_TCLASS;
	case IPV6_RECVORIGDSTADDR:
		return WANT_ORIGDST6;
	default:
		return 0;
	}
}

/* An int, or a byte as older programs give it. */
static int number(const void *buf, unsigned len, int *v)
{
	if (len >= sizeof(*v))
		memcpy(v, buf, sizeof(*v));
	else if (len)
		*v = *(const uint8_t *)buf;
	else
		return -EINVAL;
	return 0;
}

static int set_discover(struct inet *i, int v, int max)
{
	if (v < IP_PMTUDISC_DONT || v > max)
		return -EINVAL;
	i->mtu_discover = (uint8_t)v;
	return 0;
}

/* MTU of the way to the peer. */
static int get_mtu(const struct inet *i, int *v)
{
	const struct netif *n = i->state == INET_CONNECTED ? ip_route(&i->local, &i->remote) : NULL;

	if (!n)
		return -ENOTCONN;
	*v = (int)uc_netif_mtu(n);
	return 0;
}

static int set_want(struct inet *i, unsigned want, int v)
{
	i->want = v ? i->want | want : i->want & ~want;
	return 0;
}

/* ---- IPv4 ---- */
int inet_set_ip(struct inet *i, int name, const void *buf, unsigned len)
{
	int v, r = inet_set_multicast(i, IPPROTO_IP, name, buf, len);

	if (r != -ENOPROTOOPT)
		return r;
	if (name == IP_OPTIONS)
		return len ? uc_unsupported(-EINVAL, "IP options") : 0;
	r = number(buf, len, &v);
	if (r < 0)
		return r;
	if (want_of(IPPROTO_IP, name))
		return set_want(i, want_of(IPPROTO_IP, name), v);
	switch (name) {
	case IP_TOS:
		i->tos = (uint8_t)v;
		return 0;
	case IP_TTL:
		return set_small(&i->ttl, v, 1, 0);
	case IP_RECVERR:
		i->recverr = v;
		if (!v)
			inet_error_drop_all(i);
		return 0;
	case IP_MTU_DISCOVER:
		return set_discover(i, v, IP_PMTUDISC_OMIT);
	case IP_FREEBIND:
		i->freebind = v;
		return 0;
	case IP_BIND_ADDRESS_NO_PORT: /* ports are chosen late in any case */
	case IP_RECVOPTS:             /* no options are handed up */
	case IP_RETOPTS:
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int get_ip_number(struct inet *i, int name, int *v)
{
	if (want_of(IPPROTO_IP, name)) {
		*v = (i->want & want_of(IPPROTO_IP, name)) != 0;
		return 0;
	}
	switch (name) {
	case IP_TOS:
		*v = i->tos;
		return 0;
	case IP_TTL:
		*v = i->ttl ? i->ttl : TTL_DEFAULT;
		return 0;
	case IP_RECVERR:
		*v = i->recverr;
		return 0;
	case IP_MTU_DISCOVER:
		*v = i->mtu_discover;
		return 0;
	case IP_FREEBIND:
		*v = i->freebind;
		return 0;
	case IP_BIND_ADDRESS_NO_PORT:
	case IP_RECVOPTS:
	case IP_RETOPTS:
		*v = 0;
		return 0;
	case IP_MTU:
		return get_mtu(i, v);
	default:
		return -ENOPROTOOPT;
	}
}

int inet_get_ip(struct inet *i, int name, void *buf, unsigned *len)
{
	int v, r = inet_get_multicast(i, IPPROTO_IP, name, buf, len);

	if (r != -ENOPROTOOPT)
		return r;
	if (name == IP_OPTIONS) {
		*len = 0;
		return 0;
	}
	r = get_ip_number(i, name, &v);
	return r < 0 ? r : inet_get_bytes(&v, sizeof(v), buf, len);
}

/* ---- IPv6 ---- */
static int set_v6only(struct inet *i, bool on)
{
	if (i->bound || i->state != INET_IDLE)
		return -EINVAL;
	i->v6only = on;
	if (i->tcp)
		IP_SET_TYPE_VAL(i->tcp->local_ip, inet_ip_type(i));
	if (i->udp)
		IP_SET_TYPE_VAL(i->udp->local_ip, inet_ip_type(i));
	return 0;
}

int inet_set_ip6(struct inet *i, int name, const void *buf, unsigned len)
{
	int v, r = inet_set_multicast(i, IPPROTO_IPV6, name, buf, len);

	if (r != -ENOPROTOOPT)
		return r;
	if (len < sizeof(v))
		return -EINVAL;
	memcpy(&v, buf, sizeof(v));
	if (want_of(IPPROTO_IPV6, name))
		return set_want(i, want_of(IPPROTO_IPV6, name), v);
	switch (name) {
	case IPV6_V6ONLY:
		return set_v6only(i, v);
	case IPV6_UNICAST_HOPS:
		return set_small(&i->ttl, v, 0, 0);
	case IPV6_TCLASS:
		return set_small(&i->tos, v, 0, 0);
	case IPV6_RECVERR:
		i->recverr6 = v;
		if (!v)
			inet_error_drop_all(i);
		return 0;
	case IPV6_MTU_DISCOVER:
		return set_discover(i, v, IPV6_PMTUDISC_OMIT);
	case IPV6_FREEBIND:
		i->freebind = v;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int get_ip6_number(struct inet *i, int name, int *v)
{
	if (want_of(IPPROTO_IPV6, name)) {
		*v = (i->want & want_of(IPPROTO_IPV6, name)) != 0;
		return 0;
	}
	switch (name) {
	case IPV6_V6ONLY:
		*v = i->v6only;
		return 0;
	case IPV6_UNICAST_HOPS:
		*v = i->ttl ? i->ttl : TTL_DEFAULT;
		return 0;
	case IPV6_TCLASS:
		*v = i->tos;
		return 0;
	case IPV6_RECVERR:
		*v = i->recverr6;
		return 0;
	case IPV6_MTU_DISCOVER:
		*v = i->mtu_discover;
		return 0;
	case IPV6_FREEBIND:
		*v = i->freebind;
		return 0;
	case IPV6_MTU:
		return get_mtu(i, v);
	default:
		return -ENOPROTOOPT;
	}
}

int inet_get_ip6(struct inet *i, int name, void *buf, unsigned *len)
{
	int v, r = inet_get_multicast(i, IPPROTO_IPV6, name, buf, len);

	if (r != -ENOPROTOOPT)
		return r;
	r = get_ip6_number(i, name, &v);
	return r < 0 ? r : inet_get_bytes(&v, sizeof(v), buf, len);
}
