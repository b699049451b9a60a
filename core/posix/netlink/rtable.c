// SPDX-License-Identifier: BSD-3-Clause
/* Routes: RTM_GETROUTE, RTM_NEWROUTE, RTM_DELROUTE. What lwIP knows are the networks of its
 * interfaces, a gateway each, and uc/netconf.h's own table. */
#include <lwip/ip.h>
#include <lwip/nd6.h>
#include <lwip/priv/nd6_priv.h>
#include <uc/netconf.h>
#include <uc/proc.h>
#include <uc/string.h>
#include "netlink_private.h"

#define RTCF_LOCAL 0x80000000u /* linux/in_route.h has it signed */

struct route {
	uint8_t family, prefix, table, protocol, scope, type;
	const void *dst, *gateway, *source; /* 4 or 16 bytes; NULL: none */
	int oif;
	uint32_t metric, flags;
	const uint32_t *uid; /* of who asked */
};

static void put(struct nl_out *o, const struct route *t)
{
	struct rtmsg *m = nl_begin(o, RTM_NEWROUTE, sizeof(*m));
	size_t n = t->family == UC_AF_INET6 ? 16 : 4;

	if (!m)
		return;
	m->rtm_family = t->family;
	m->rtm_dst_len = t->prefix;
	m->rtm_table = t->table;
	m->rtm_protocol = t->protocol;
	m->rtm_scope = t->scope;
	m->rtm_type = t->type;
	m->rtm_flags = t->flags;
	nl_attr_u32(o, RTA_TABLE, t->table);
	if (t->dst)
		nl_attr(o, RTA_DST, t->dst, n);
	if (t->family == UC_AF_INET6)
		nl_attr_u32(o, RTA_PRIORITY, t->metric);
	if (t->source)
		nl_attr(o, RTA_PREFSRC, t->source, n);
	if (t->gateway)
		nl_attr(o, RTA_GATEWAY, t->gateway, n);
	nl_attr_u32(o, RTA_OIF, (uint32_t)t->oif);
	if (t->uid)
		nl_attr_u32(o, RTA_UID, *t->uid);
	if (t->family == UC_AF_INET6)
		nl_attr_u8(o, RTA_PREF, 0); /* medium */
}

static void default4(struct nl_out *o, const struct netif *n)
{
	struct route t = { .family = UC_AF_INET,
			   .table = RT_TABLE_MAIN,
			   .protocol = RTPROT_BOOT,
			   .type = RTN_UNICAST,
			   .gateway = netif_ip4_gw(n),
			   .oif = uc_netif_index(n) };

	if (!uc_netif_is_loop(n) && netif_ip4_gw(n)->addr && netif_is_up(n))
		put(o, &t);
}

static void network4(struct nl_out *o, const struct netif *n)
{
	uint32_t net = netif_ip4_addr(n)->addr & netif_ip4_netmask(n)->addr;
	struct route t = { .family = UC_AF_INET,
			   .prefix = (uint8_t)uc_net_prefix4(n),
			   .table = RT_TABLE_MAIN,
			   .protocol = RTPROT_KERNEL,
			   .scope = RT_SCOPE_LINK,
			   .type = RTN_UNICAST,
			   .dst = &net,
			   .source = netif_ip4_addr(n),
			   .oif = uc_netif_index(n) };

	if (!uc_netif_is_loop(n) && netif_ip4_addr(n)->addr && t.prefix < 32 && netif_is_up(n))
		put(o, &t);
}

static void own4(struct nl_out *o, const struct netif *n)
{
	uint32_t ip = netif_ip4_addr(n)->addr, mask = netif_ip4_netmask(n)->addr;
	uint32_t net = ip & mask, all = ip | ~mask;
	struct route t = { .family = UC_AF_INET,
			   .table = RT_TABLE_LOCAL,
			   .protocol = RTPROT_KERNEL,
			   .scope = RT_SCOPE_HOST,
			   .type = RTN_LOCAL,
			   .source = &ip,
			   .oif = uc_netif_index(n) };

	if (!ip || !netif_is_up(n))
		return;
	if (uc_netif_is_loop(n)) {
		t.dst = &net;
		t.prefix = (uint8_t)uc_net_prefix4(n);
		put(o, &t);
	}
	t.dst = &ip;
	t.prefix = 32;
	put(o, &t);
	if (uc_net_prefix4(n) >= 31)
		return;
	t.dst = &all;
	t.scope = RT_SCOPE_LINK;
	t.type = RTN_BROADCAST;
	put(o, &t);
}

static void table4(struct nl_out *o)
{
	struct uc_net_route r;

	for (unsigned i = 0; uc_net_route_at(i, &r); i++) {
		struct route t = { .family = UC_AF_INET,
				   .prefix = r.prefix,
				   .table = RT_TABLE_MAIN,
				   .protocol = RTPROT_BOOT,
				   .scope = r.gateway ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK,
				   .type = RTN_UNICAST,
				   .dst = &r.dst,
				   .gateway = r.gateway ? &r.gateway : NULL,
				   .oif = uc_netif_index(r.netif) };

		put(o, &t);
	}
}

static void address6(struct nl_out *o, const struct netif *n, s8_t i)
{
	const ip6_addr_t *a = netif_ip6_addr(n, i);
	uint32_t net[4] = { a->addr[0], a->addr[1] };
	struct route t = { .family = UC_AF_INET6,
			   .prefix = (uint8_t)uc_net_prefix6(n, (unsigned)i),
			   .table = RT_TABLE_MAIN,
			   .protocol = RTPROT_KERNEL,
			   .type = RTN_UNICAST,
			   .dst = net,
			   .oif = uc_netif_index(n),
			   .metric = 256 };

	if (!ip6_addr_isvalid(netif_ip6_addr_state(n, i)) || !netif_is_up(n))
		return;
	if (t.prefix < 128)
		put(o, &t);
	t.dst = a->addr;
	t.prefix = 128;
	t.table = RT_TABLE_LOCAL;
	t.type = RTN_LOCAL;
	t.metric = 0;
	put(o, &t);
}

static void default6(struct nl_out *o)
{
	for (unsigned i = 0; i < LWIP_ND6_NUM_ROUTERS; i++) {
		const struct nd6_neighbor_cache_entry *e = default_router_list[i].neighbor_entry;
		struct route t = { .family = UC_AF_INET6,
				   .table = RT_TABLE_MAIN,
				   .protocol = RTPROT_RA,
				   .type = RTN_UNICAST,
				   .metric = 1024 };

		if (!e)
			continue;
		t.gateway = e->next_hop_address.addr;
		t.oif = uc_netif_index(e->netif);
		put(o, &t);
	}
}

static void dump(struct nl_out *o, uint8_t family)
{
	struct netif *n;

	if (family != UC_AF_INET6) {
		for (n = uc_netif_next(NULL); n; n = uc_netif_next(n))
			default4(o, n);
		for (n = uc_netif_next(NULL); n; n = uc_netif_next(n))
			network4(o, n);
		table4(o);
		for (n = uc_netif_next(NULL); n; n = uc_netif_next(n))
			own4(o, n);
	}
	if (family == UC_AF_INET)
		return;
	for (n = uc_netif_next(NULL); n; n = uc_netif_next(n))
		for (s8_t i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++)
			address6(o, n, i);
	default6(o);
}

/* ---- the route to one destination ---- */
static int lookup4(const struct nl_request *r, struct nl_out *o)
{
	const void *p = nl_get(r, RTA_DST, 4);
	ip4_addr_t dst = { 0 };
	uint32_t gateway, src, uid = uc_proc_current()->euid;
	struct netif *n;
	struct route t = { .family = UC_AF_INET,
			   .prefix = 32,
			   .flags = RTM_F_CLONED,
			   .uid = &uid,
			   .table = RT_TABLE_MAIN,
			   .type = RTN_UNICAST,
			   .dst = &dst };

	if (!p)
		return -EINVAL;
	memcpy(&dst, p, 4);
	n = ip4_route(&dst);
	if (!n)
		return -ENETUNREACH;
	gateway = uc_net_gateway4(n, dst.addr);
	src = netif_ip4_addr(n)->addr;
	if (uc_net_is_own4(dst.addr)) {
		n = uc_netif_next(NULL);
		if (!ip4_addr_isloopback(&dst))
			src = dst.addr;
		gateway = 0;
		t.flags |= RTCF_LOCAL;
		t.type = RTN_LOCAL;
	}
	t.source = &src;
	t.gateway = gateway ? &gateway : NULL;
	t.oif = uc_netif_index(n);
	put(o, &t);
	return 0;
}

static int lookup6(const struct nl_request *r, struct nl_out *o)
{
	const void *p = nl_get(r, RTA_DST, 16);
	const ip_addr_t *src;
	ip6_addr_t dst = { 0 }, any = { 0 };
	struct netif *n;
	uint32_t uid = uc_proc_current()->euid;
	struct route t = { .family = UC_AF_INET6,
			   .prefix = 128,
			   .flags = RTM_F_CLONED,
			   .uid = &uid,
			   .table = RT_TABLE_MAIN,
			   .type = RTN_UNICAST,
			   .dst = dst.addr };

	if (!p)
		return -EINVAL;
	memcpy(dst.addr, p, 16);
	n = ip6_route(&any, &dst);
	src = n ? ip6_select_source_address(n, &dst) : NULL;
	if (!src)
		return -ENETUNREACH;
	t.source = ip_2_ip6(src)->addr;
	t.oif = uc_netif_index(n);
	put(o, &t);
	return 0;
}

int nl_get_route(struct nl_request *r, struct nl_out *o)
{
	uint8_t family = ((const struct rtgenmsg *)r->body)->rtgen_family;

	if (r->dump) {
		dump(o, family);
		return 0;
	}
	if (nl_parse(r, sizeof(struct rtmsg)) < 0)
		return -EINVAL;
	return family == UC_AF_INET    ? lookup4(r, o)
	       : family == UC_AF_INET6 ? lookup6(r, o)
				       : -EOPNOTSUPP;
}

/* ---- changes ---- */
static int take(struct nl_request *r, struct uc_net_route *t)
{
	const struct rtmsg *m = r->body;
	const void *dst, *gw;

	if (nl_parse(r, sizeof(*m)) < 0)
		return -EINVAL;
	if (m->rtm_family != UC_AF_INET)
		return uc_unsupported(-EOPNOTSUPP, "static IPv6 routes");
	if (m->rtm_type > RTN_UNICAST || nl_get_u32(r, RTA_TABLE, m->rtm_table) == RT_TABLE_LOCAL)
		return uc_unsupported(-EOPNOTSUPP, "routes of type %u", m->rtm_type);
	if (m->rtm_dst_len > 32 || r->attr[RTA_MULTIPATH])
		return -EINVAL;
	dst = nl_get(r, RTA_DST, 4);
	gw = nl_get(r, RTA_GATEWAY, 4);
	*t = (struct uc_net_route){ .prefix = m->rtm_dst_len };
	if (dst)
		memcpy(&t->dst, dst, 4);
	if (gw)
		memcpy(&t->gateway, gw, 4);
	if (r->attr[RTA_OIF]) {
		t->netif = nl_netif((int)nl_get_u32(r, RTA_OIF, 0));
		if (!t->netif)
			return -ENODEV;
	}
	return 0;
}

int nl_new_route(struct nl_request *r)
{
	struct uc_net_route t;
	int e = take(r, &t);

	return e < 0 ? e : uc_net_route_add(&t, r->h->nlmsg_flags & NLM_F_REPLACE);
}

int nl_del_route(struct nl_request *r)
{
	struct uc_net_route t;
	int e = take(r, &t);

	return e < 0 ? e : uc_net_route_del(&t);
}
