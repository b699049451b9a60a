// SPDX-License-Identifier: BSD-3-Clause
/* Interfaces: RTM_GETLINK, RTM_SETLINK. */
#include <linux/if_link.h>
#include <uc/netdev.h>
#include <uc/proc.h>
#include <uc/string.h>
#include "netlink_private.h"

enum { OPER_UNKNOWN = 0, OPER_DOWN = 2, OPER_UP = 6 }; /* RFC 2863 */
#define ETHER_MTU_MIN 68u

static void put_counters(struct nl_out *o, const struct netif *n)
{
	struct rtnl_link_stats64 s = { 0 };
	struct rtnl_link_stats s32 = { 0 };
	struct uc_netif_counters c;

	uc_netif_counters(n, &c);
	s32.rx_packets = (uint32_t)(s.rx_packets = c.rx_packets);
	s32.tx_packets = (uint32_t)(s.tx_packets = c.tx_packets);
	s32.rx_bytes = (uint32_t)(s.rx_bytes = c.rx_bytes);
	s32.tx_bytes = (uint32_t)(s.tx_bytes = c.tx_bytes);
	s32.rx_dropped = (uint32_t)(s.rx_dropped = c.rx_dropped);
	s32.tx_dropped = (uint32_t)(s.tx_dropped = c.tx_dropped);
	nl_attr(o, IFLA_STATS64, &s, sizeof(s));
	nl_attr(o, IFLA_STATS, &s32, sizeof(s32));
}

static void put_addresses(struct nl_out *o, const struct netif *n)
{
	uint8_t mac[6], all[6];

	uc_netif_mac(n, mac);
	memset(all, uc_netif_is_loop(n) ? 0 : 0xff, sizeof(all));
	nl_attr(o, IFLA_ADDRESS, mac, sizeof(mac));
	nl_attr(o, IFLA_BROADCAST, all, sizeof(all));
}

/* What the family's own code says (AF_INET6) is less. */
static void put_link(struct nl_out *o, const struct netif *n, uint8_t family)
{
	struct ifinfomsg *m = nl_begin(o, RTM_NEWLINK, sizeof(*m));
	unsigned flags = uc_netif_flags(n);
	const struct uc_netdev *d = uc_netif_device(n);
	bool loop = uc_netif_is_loop(n);
	char name[UC_IFNAMSIZ];

	if (!m)
		return;
	m->ifi_family = family;
	m->ifi_type = loop ? UC_ARPHRD_LOOPBACK : UC_ARPHRD_ETHER;
	m->ifi_index = uc_netif_index(n);
	m->ifi_flags = flags;
	uc_netif_name(n, name);
	nl_attr_text(o, IFLA_IFNAME, name);
	nl_attr_u8(o, IFLA_OPERSTATE,
		   loop                      ? OPER_UNKNOWN
		   : flags & UC_IFF_LOWER_UP ? OPER_UP
					     : OPER_DOWN);
	nl_attr_u32(o, IFLA_MTU, uc_netif_mtu(n));
	put_addresses(o, n);
	if (family == UC_AF_INET6)
		return;
	nl_attr_u8(o, IFLA_LINKMODE, 0);
	nl_attr_u32(o, IFLA_TXQLEN, 1000);
	nl_attr_u32(o, IFLA_MIN_MTU, loop ? 0 : ETHER_MTU_MIN);
	nl_attr_u32(o, IFLA_MAX_MTU, d ? d->mtu : 0);
	nl_attr_u32(o, IFLA_GROUP, 0);
	nl_attr_u32(o, IFLA_PROMISCUITY, 0);
	nl_attr_u32(o, IFLA_NUM_TX_QUEUES, d ? d->queues : 1);
	nl_attr_u32(o, IFLA_NUM_RX_QUEUES, d ? d->queues : 1);
	nl_attr_u8(o, IFLA_CARRIER, flags & UC_IFF_LOWER_UP ? 1 : 0);
	nl_attr_text(o, IFLA_QDISC, "noqueue");
	put_counters(o, n);
}

static struct netif *named(const struct nl_request *r)
{
	const struct ifinfomsg *m = r->body;
	unsigned by = r->attr[IFLA_IFNAME] ? IFLA_IFNAME : IFLA_ALT_IFNAME;
	char name[UC_IFNAMSIZ] = "";

	if (m->ifi_index)
		return nl_netif(m->ifi_index);
	if (!r->attr[by])
		return NULL;
	memcpy(name, nl_data(r->attr[by]), UC_MIN(nl_len(r->attr[by]), sizeof(name) - 1));
	return uc_netif_find(name);
}

int nl_get_link(struct nl_request *r, struct nl_out *o)
{
	struct netif *n;

	if (r->dump) { /* by old programs with a header of one byte */
		for (n = uc_netif_next(NULL); n; n = uc_netif_next(n))
			put_link(o, n,
				 ((const struct rtgenmsg *)r->body)->rtgen_family == UC_AF_INET6
					 ? UC_AF_INET6
					 : 0);
		return 0;
	}
	if (nl_parse(r, sizeof(struct ifinfomsg)) < 0)
		return -EINVAL;
	n = named(r);
	if (!n)
		return ((const struct ifinfomsg *)r->body)->ifi_index || r->attr[IFLA_IFNAME] ||
				       r->attr[IFLA_ALT_IFNAME]
			       ? -ENODEV
			       : -EINVAL;
	put_link(o, n, 0);
	return 0;
}

/* What else could be set: names, addresses, queues. */
static int refuse_others(const struct nl_request *r, const struct netif *n)
{
	uint8_t mac[6];
	const void *p = nl_get(r, IFLA_ADDRESS, sizeof(mac));

	uc_netif_mac(n, mac);
	if ((p && memcmp(p, mac, sizeof(mac))) || r->attr[IFLA_MASTER] ||
	    r->attr[IFLA_NET_NS_PID] || r->attr[IFLA_NET_NS_FD])
		return uc_unsupported(-EOPNOTSUPP, "changing an interface's address or place");
	return 0;
}

int nl_set_link(struct nl_request *r)
{
	const struct ifinfomsg *m = r->body;
	struct netif *n;
	struct nl_out o = { .flags = 0 };
	int e;

	if (nl_parse(r, sizeof(*m)) < 0)
		return -EINVAL;
	n = named(r);
	if (!n)
		return r->attr[IFLA_LINKINFO] ? uc_unsupported(-EOPNOTSUPP, "new interfaces")
					      : -ENODEV;
	e = refuse_others(r, n);
	if (e == 0 && r->attr[IFLA_MTU])
		e = uc_netif_set_mtu(n, nl_get_u32(r, IFLA_MTU, 0));
	if (e < 0)
		return e;
	if ((m->ifi_change ? m->ifi_change : UINT32_MAX) & UC_IFF_UP &&
	    (m->ifi_change || m->ifi_flags))
		uc_netif_set_up(n, m->ifi_flags & UC_IFF_UP);
	put_link(&o, n, 0);
	nl_multicast(RTNLGRP_LINK, o.cur);
	return 0;
}
