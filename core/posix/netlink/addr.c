// SPDX-License-Identifier: BSD-3-Clause
/* Addresses: RTM_GETADDR, RTM_NEWADDR, RTM_DELADDR. */
#include <linux/if_addr.h>
#include <uc/netconf.h>
#include <uc/proc.h>
#include <uc/string.h>
#include "netlink_private.h"

static uint8_t scope4(uint32_t addr)
{
	uint32_t a = lwip_ntohl(addr);

	return a >> 24 == 127 ? RT_SCOPE_HOST : a >> 16 == 0xa9fe ? RT_SCOPE_LINK : 0;
}

static uint8_t scope6(const ip6_addr_t *a)
{
	return ip6_addr_isloopback(a)    ? RT_SCOPE_HOST
	       : ip6_addr_islinklocal(a) ? RT_SCOPE_LINK
					 : RT_SCOPE_UNIVERSE;
}

static struct ifaddrmsg *begin(struct nl_out *o, const struct netif *n, uint8_t family,
			       uint8_t prefix, uint8_t scope)
{
	struct ifaddrmsg *m = nl_begin(o, RTM_NEWADDR, sizeof(*m));

	if (!m)
		return NULL;
	m->ifa_family = family;
	m->ifa_prefixlen = prefix;
	m->ifa_scope = scope;
	m->ifa_index = (uint32_t)uc_netif_index(n);
	m->ifa_flags = IFA_F_PERMANENT;
	return m;
}

static void put_lifetime(struct nl_out *o, const struct ifaddrmsg *m, uint32_t valid,
			 uint32_t preferred)
{
	struct ifa_cacheinfo c = { .ifa_valid = valid, .ifa_prefered = preferred };

	nl_attr_u32(o, IFA_FLAGS, m->ifa_flags);
	nl_attr(o, IFA_CACHEINFO, &c, sizeof(c));
}

static void put4(struct nl_out *o, const struct netif *n)
{
	uint32_t ip = netif_ip4_addr(n)->addr, mask = netif_ip4_netmask(n)->addr;
	uint32_t all = ip | ~mask;
	unsigned prefix = uc_net_prefix4(n);
	struct ifaddrmsg *m;
	char name[UC_IFNAMSIZ];

	if (!ip)
		return;
	m = begin(o, n, UC_AF_INET, (uint8_t)prefix, scope4(ip));
	if (!m)
		return;
	uc_netif_name(n, name);
	nl_attr(o, IFA_ADDRESS, &ip, 4);
	nl_attr(o, IFA_LOCAL, &ip, 4);
	if (!uc_netif_is_loop(n) && prefix < 31)
		nl_attr(o, IFA_BROADCAST, &all, 4);
	nl_attr_text(o, IFA_LABEL, name);
	put_lifetime(o, m, UINT32_MAX, UINT32_MAX);
}

static void put6(struct nl_out *o, const struct netif *n, s8_t i)
{
	const ip6_addr_t *a = netif_ip6_addr(n, i);
	u8_t state = netif_ip6_addr_state(n, i);
	uint32_t valid = netif_ip6_addr_valid_life(n, i), pref = netif_ip6_addr_pref_life(n, i);
	struct ifaddrmsg *m;

	if (ip6_addr_isinvalid(state))
		return;
	m = begin(o, n, UC_AF_INET6, (uint8_t)uc_net_prefix6(n, (unsigned)i), scope6(a));
	if (!m)
		return;
	nl_attr(o, IFA_ADDRESS, a->addr, 16);
	if (valid)
		m->ifa_flags = 0;
	if (ip6_addr_istentative(state))
		m->ifa_flags |= IFA_F_TENTATIVE;
	put_lifetime(o, m, valid ? valid : UINT32_MAX, valid ? pref : UINT32_MAX);
}

/* Wide scopes first, of one the newest first. */
static void put_all6(struct nl_out *o, const struct netif *n)
{
	static const uint8_t scopes[] = { RT_SCOPE_UNIVERSE, RT_SCOPE_LINK, RT_SCOPE_HOST };

	for (unsigned s = 0; s < UC_ARRAY_SIZE(scopes); s++)
		for (s8_t i = LWIP_IPV6_NUM_ADDRESSES - 1; i >= 0; i--)
			if (scope6(netif_ip6_addr(n, i)) == scopes[s])
				put6(o, n, i);
}

int nl_get_addr(struct nl_request *r, struct nl_out *o)
{
	uint8_t family = ((const struct rtgenmsg *)r->body)->rtgen_family;
	const struct ifaddrmsg *m = r->body;
	bool header = r->body_len >= sizeof(*m);
	int only = header && o->to->strict ? (int)m->ifa_index : 0;

	if (!r->dump)
		return uc_unsupported(-EOPNOTSUPP, "RTM_GETADDR of one address");
	if (family != UC_AF_INET6)
		for (struct netif *n = uc_netif_next(NULL); n; n = uc_netif_next(n))
			if (!only || uc_netif_index(n) == only)
				put4(o, n);
	if (family == UC_AF_INET)
		return 0;
	for (struct netif *n = uc_netif_next(NULL); n; n = uc_netif_next(n))
		if (!only || uc_netif_index(n) == only)
			put_all6(o, n);
	return 0;
}

/* The address a request is about; NULL: none. */
static const void *address(const struct nl_request *r, size_t n)
{
	const void *local = nl_get(r, IFA_LOCAL, n);

	return local ? local : nl_get(r, IFA_ADDRESS, n);
}

static int change(struct nl_request *r, int (*fn)(struct netif *, bool, const void *, unsigned))
{
	const struct ifaddrmsg *m = r->body;
	const void *a;
	struct netif *n;
	bool v6;

	if (nl_parse(r, sizeof(*m)) < 0)
		return -EINVAL;
	v6 = m->ifa_family == UC_AF_INET6;
	if (!v6 && m->ifa_family != UC_AF_INET)
		return -EAFNOSUPPORT;
	n = nl_netif((int)m->ifa_index);
	if (!n)
		return -ENODEV;
	a = address(r, v6 ? 16 : 4);
	if (!a || m->ifa_prefixlen > (v6 ? 128 : 32))
		return -EINVAL;
	return fn(n, v6, a, m->ifa_prefixlen);
}

/* Tells who listens what the interface has now. */
static void announce(const struct nl_request *r)
{
	const struct ifaddrmsg *m = r->body;
	struct nl_out o = { .flags = 0 };

	if (m->ifa_family != UC_AF_INET)
		return;
	put4(&o, nl_netif((int)m->ifa_index));
	nl_multicast(RTNLGRP_IPV4_IFADDR, o.cur);
}

int nl_new_addr(struct nl_request *r)
{
	int e = change(r, uc_net_add_address);

	if (e == 0)
		announce(r);
	return e;
}

int nl_del_addr(struct nl_request *r)
{
	return change(r, uc_net_del_address);
}
