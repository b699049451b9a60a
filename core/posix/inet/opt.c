// SPDX-License-Identifier: BSD-3-Clause
/* Options of ip(7), ipv6(7), tcp(7), udp(7). */
#include "inet_private.h"
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/tcp.h>
#include <lwip/igmp.h>
#include <lwip/mld6.h>
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>
#include <uc/string.h>

#define TTL_DEFAULT 64

static void set_flag(uint8_t *options, uint8_t bit, bool on)
{
	*options = on ? *options | bit : *options & (uint8_t)~bit;
}

/* The socket-level flags that lwIP knows, to whatever control block there is. */
static void apply_flags(struct inet *i)
{
	uint32_t f = i->s.flag_options;
	bool reuse = f & (1u << SO_REUSEADDR | 1u << SO_REUSEPORT);
	uint8_t *options = inet_is_tcp(i) ? (i->tcp ? &i->tcp->so_options : NULL)
					  : (i->udp ? &i->udp->so_options : NULL);

	if (!options)
		return;
	set_flag(options, SOF_REUSEADDR, reuse);
	set_flag(options, SOF_KEEPALIVE, f & 1u << SO_KEEPALIVE);
	set_flag(options, SOF_BROADCAST, f & 1u << SO_BROADCAST);
}

static void apply_tcp(struct inet *i)
{
	struct tcp_pcb *p = i->tcp;

	if (i->ttl)
		p->ttl = i->ttl;
	p->tos = i->tos;
	if (p->state == LISTEN)
		return; /* a shorter control block */
	if (i->nodelay)
		tcp_nagle_disable(p);
	else
		tcp_nagle_enable(p);
	if (i->keep_idle)
		p->keep_idle = i->keep_idle * 1000;
	if (i->keep_intvl)
		p->keep_intvl = i->keep_intvl * 1000;
	if (i->keep_cnt)
		p->keep_cnt = i->keep_cnt;
}

void inet_apply_options(struct inet *i)
{
	apply_flags(i);
	if (inet_is_tcp(i)) {
		if (i->tcp)
			apply_tcp(i);
		return;
	}
	if (!i->udp)
		return;
	if (i->ttl)
		i->udp->ttl = i->ttl;
	i->udp->tos = i->tos;
	udp_set_multicast_ttl(i->udp, i->mcast_ttl);
}

/* ---- TCP ---- */
static int set_cork(struct inet *i, bool on)
{
	i->cork = on;
	if (!on && i->tcp && i->state == INET_CONNECTED)
		tcp_output(i->tcp);
	return 0;
}

static int set_u32(uint32_t *to, int v, int max)
{
	if (v < 1 || v > max)
		return -EINVAL;
	*to = (uint32_t)v;
	return 0;
}

static int set_tcp(struct inet *i, int name, int v)
{
	switch (name) {
	case TCP_NODELAY:
		i->nodelay = v;
		return 0;
	case TCP_CORK:
		return set_cork(i, v);
	case TCP_KEEPIDLE:
		return set_u32(&i->keep_idle, v, 32767);
	case TCP_KEEPINTVL:
		return set_u32(&i->keep_intvl, v, 32767);
	case TCP_KEEPCNT:
		return set_u32(&i->keep_cnt, v, 127);
	case TCP_DEFER_ACCEPT:
		i->defer_accept = v > 0;
		return 0;
	case TCP_QUICKACK:
		return 0;
	case TCP_USER_TIMEOUT:
		if (v < 0)
			return -EINVAL;
		i->user_timeout = (uint32_t)v;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static uint8_t tcp_state(const struct inet *i)
{
	/* from lwIP's numbers to Linux's, net/tcp_states.h */
	static const uint8_t state[] = { 7, 10, 2, 3, 1, 4, 5, 8, 11, 9, 6 };

	return i->tcp && i->tcp->state < sizeof(state) ? state[i->tcp->state] : 7;
}

static void get_info(const struct inet *i, struct tcp_info *t)
{
	const struct tcp_pcb *p = i->tcp;

	memset(t, 0, sizeof(*t));
	t->tcpi_state = tcp_state(i);
	if (!p || p->state == LISTEN)
		return;
	t->tcpi_options = (p->flags & TF_TIMESTAMP ? TCPI_OPT_TIMESTAMPS : 0) |
			  (p->flags & TF_WND_SCALE ? TCPI_OPT_WSCALE : 0) |
			  (p->flags & TF_SACK ? TCPI_OPT_SACK : 0);
	t->tcpi_rto = (uint32_t)p->rto * TCP_SLOW_INTERVAL * 1000u;
	t->tcpi_snd_mss = t->tcpi_rcv_mss = t->tcpi_advmss = p->mss;
	t->tcpi_rtt = (uint32_t)(p->sa >> 3) * TCP_SLOW_INTERVAL * 1000u;
	t->tcpi_snd_cwnd = p->mss ? p->cwnd / p->mss : 0;
	t->tcpi_snd_ssthresh = p->mss ? p->ssthresh / p->mss : 0;
	t->tcpi_rcv_space = p->rcv_wnd;
	t->tcpi_retransmits = p->nrtx;
	t->tcpi_pmtu = p->mss + 40u;
}

static int get_tcp(struct inet *i, int name, int *v)
{
	const struct tcp_pcb *p = i->tcp && i->tcp->state != LISTEN ? i->tcp : NULL;

	switch (name) {
	case TCP_NODELAY:
		*v = i->nodelay;
		return 0;
	case TCP_CORK:
		*v = i->cork;
		return 0;
	case TCP_MAXSEG:
		*v = p ? p->mss : 536;
		return 0;
	case TCP_KEEPIDLE:
		*v = i->keep_idle ? (int)i->keep_idle : 7200;
		return 0;
	case TCP_KEEPINTVL:
		*v = i->keep_intvl ? (int)i->keep_intvl : 75;
		return 0;
	case TCP_KEEPCNT:
		*v = i->keep_cnt ? (int)i->keep_cnt : 9;
		return 0;
	case TCP_DEFER_ACCEPT:
		*v = i->defer_accept;
		return 0;
	case TCP_QUICKACK:
		*v = 1;
		return 0;
	case TCP_USER_TIMEOUT:
		*v = (int)i->user_timeout;
		return 0;
	case TCP_SYNCNT:
		*v = TCP_SYNMAXRTX;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int get_bytes(const void *from, unsigned n, void *buf, unsigned *len)
{
	*len = UC_MIN(*len, n);
	memcpy(buf, from, *len);
	return 0;
}

static int get_tcp_other(struct inet *i, int name, void *buf, unsigned *len)
{
	struct tcp_info info;

	if (name == TCP_INFO) {
		get_info(i, &info);
		return get_bytes(&info, sizeof(info), buf, len);
	}
	if (name == TCP_CONGESTION)
		return get_bytes("reno", 5, buf, len);
	return -ENOPROTOOPT;
}

/* ---- multicast ---- */
static struct netif *netif_of(uint32_t addr, int index)
{
	struct netif *n;

	if (index)
		return netif_get_by_index((u8_t)index);
	NETIF_FOREACH(n)
	if (addr && netif_ip4_addr(n)->addr == addr)
		return n;
	return addr ? NULL : netif_default;
}

static int membership4(const void *buf, unsigned len, bool join)
{
	struct ip_mreqn m = { .imr_ifindex = 0 };
	struct netif *n;
	ip4_addr_t group;
	err_t e;

	if (len < sizeof(struct ip_mreq))
		return -EINVAL;
	memcpy(&m, buf, UC_MIN(len, (unsigned)sizeof(m)));
	group.addr = m.imr_multiaddr.s_addr;
	if (!ip4_addr_ismulticast(&group))
		return -EINVAL;
	n = netif_of(m.imr_address.s_addr, m.imr_ifindex);
	if (!n)
		return -ENODEV;
	e = join ? igmp_joingroup_netif(n, &group) : igmp_leavegroup_netif(n, &group);
	return e == ERR_OK ? 0 : e == ERR_MEM ? -ENOBUFS : -EADDRNOTAVAIL;
}

static int membership6(const void *buf, unsigned len, bool join)
{
	struct ipv6_mreq m;
	struct netif *n;
	ip6_addr_t group = { 0 };
	err_t e;

	if (len < sizeof(m))
		return -EINVAL;
	memcpy(&m, buf, sizeof(m));
	memcpy(group.addr, &m.ipv6mr_multiaddr, 16);
	if (!ip6_addr_ismulticast(&group))
		return -EINVAL;
	n = netif_of(0, m.ipv6mr_ifindex);
	if (!n)
		return -ENODEV;
	ip6_addr_assign_zone(&group, IP6_MULTICAST, n);
	e = join ? mld6_joingroup_netif(n, &group) : mld6_leavegroup_netif(n, &group);
	return e == ERR_OK ? 0 : e == ERR_MEM ? -ENOBUFS : -EADDRNOTAVAIL;
}

/* ---- IP ---- */
static int set_small(uint8_t *to, int v, int min, int by_default)
{
	if (v != -1 && (v < min || v > 255))
		return -EINVAL;
	*to = (uint8_t)(v == -1 ? by_default : v);
	return 0;
}

static int set_ip(struct inet *i, int name, const void *buf, unsigned len, int v)
{
	switch (name) {
	case IP_TOS:
		i->tos = (uint8_t)v;
		return 0;
	case IP_TTL:
		return set_small(&i->ttl, v, 1, 0);
	case IP_MULTICAST_TTL:
		return set_small(&i->mcast_ttl, v, 0, 1);
	case IP_PKTINFO:
		i->pktinfo = v;
		return 0;
	case IP_ADD_MEMBERSHIP:
		return membership4(buf, len, true);
	case IP_DROP_MEMBERSHIP:
		return membership4(buf, len, false);
	case IP_MULTICAST_LOOP:
		if (i->udp)
			udp_set_flags(i->udp, v ? UDP_FLAGS_MULTICAST_LOOP : 0);
		return 0;
	/* Hints, and what is so in any case: ports are chosen late, no path is probed. */
	case IP_MTU_DISCOVER:
	case IP_RECVERR:
	case IP_BIND_ADDRESS_NO_PORT:
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

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

static int set_ip6(struct inet *i, int name, const void *buf, unsigned len, int v)
{
	if (i->s.family != UC_AF_INET6)
		return -ENOPROTOOPT;
	switch (name) {
	case IPV6_V6ONLY:
		return set_v6only(i, v);
	case IPV6_UNICAST_HOPS:
		return set_small(&i->ttl, v, 0, 0);
	case IPV6_MULTICAST_HOPS:
		return set_small(&i->mcast_ttl, v, 0, 1);
	case IPV6_TCLASS:
		return set_small(&i->tos, v, 0, 0);
	case IPV6_RECVPKTINFO:
		i->pktinfo = v;
		return 0;
	case IPV6_ADD_MEMBERSHIP:
		return membership6(buf, len, true);
	case IPV6_DROP_MEMBERSHIP:
		return membership6(buf, len, false);
	case IPV6_MULTICAST_LOOP:
	case IPV6_MTU_DISCOVER:
	case IPV6_RECVERR:
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int get_ip(struct inet *i, int name, int *v)
{
	switch (name) {
	case IP_TOS:
		*v = i->tos;
		return 0;
	case IP_TTL:
		*v = i->ttl ? i->ttl : TTL_DEFAULT;
		return 0;
	case IP_MULTICAST_TTL:
		*v = i->mcast_ttl;
		return 0;
	case IP_MULTICAST_LOOP:
		*v = 1;
		return 0;
	case IP_PKTINFO:
		*v = i->pktinfo;
		return 0;
	case IP_MTU_DISCOVER:
		*v = IP_PMTUDISC_WANT;
		return 0;
	case IP_RECVERR:
	case IP_BIND_ADDRESS_NO_PORT:
	case IP_OPTIONS:
		*v = 0;
		return 0;
	case IP_MTU:
		*v = netif_default ? netif_default->mtu : 65535;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int get_ip6(struct inet *i, int name, int *v)
{
	switch (name) {
	case IPV6_V6ONLY:
		*v = i->v6only;
		return 0;
	case IPV6_UNICAST_HOPS:
		*v = i->ttl ? i->ttl : TTL_DEFAULT;
		return 0;
	case IPV6_MULTICAST_HOPS:
		*v = i->mcast_ttl;
		return 0;
	case IPV6_TCLASS:
		*v = i->tos;
		return 0;
	case IPV6_RECVPKTINFO:
		*v = i->pktinfo;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

int inet_getsockopt(struct uc_sock *s, int level, int name, void *buf, unsigned *len)
{
	struct inet *i = inet_of(s);
	int v = 0, r = -ENOPROTOOPT;

	if (level == IPPROTO_TCP && inet_is_tcp(i))
		r = get_tcp(i, name, &v);
	else if (level == IPPROTO_IP)
		r = get_ip(i, name, &v);
	else if (level == IPPROTO_IPV6 && s->family == UC_AF_INET6)
		r = get_ip6(i, name, &v);
	if (r == 0)
		return get_bytes(&v, sizeof(v), buf, len);
	return level == IPPROTO_TCP && inet_is_tcp(i) ? get_tcp_other(i, name, buf, len) : r;
}

int inet_setsockopt(struct uc_sock *s, int level, int name, const void *buf, unsigned len)
{
	struct inet *i = inet_of(s);
	int v = 0, r = -ENOPROTOOPT;

	if (level == SOL_SOCKET) {
		apply_flags(i);
		return -ENOPROTOOPT;
	}
	if (len >= sizeof(v))
		memcpy(&v, buf, sizeof(v));
	else if (len)
		v = *(const uint8_t *)buf;
	else
		return -EINVAL;
	if (level == IPPROTO_TCP && inet_is_tcp(i))
		r = len < sizeof(v) ? -EINVAL : set_tcp(i, name, v);
	else if (level == IPPROTO_IP)
		r = set_ip(i, name, buf, len, v);
	else if (level == IPPROTO_IPV6)
		r = set_ip6(i, name, buf, len, v);
	if (r == 0)
		inet_apply_options(i);
	return r;
}
