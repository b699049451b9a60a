// SPDX-License-Identifier: BSD-3-Clause
/* Neighbours: RTM_GETNEIGH. */
#include <linux/neighbour.h>
#include <lwip/etharp.h>
#include <lwip/priv/nd6_priv.h>
#include <uc/proc.h>
#include "netlink_private.h"

static void put(struct nl_out *o, uint8_t family, const struct netif *n, uint16_t state,
		const void *ip, const void *mac)
{
	struct ndmsg *m = nl_begin(o, RTM_NEWNEIGH, sizeof(*m));

	if (!m)
		return;
	m->ndm_family = family;
	m->ndm_ifindex = uc_netif_index(n);
	m->ndm_state = state;
	m->ndm_type = RTN_UNICAST;
	nl_attr(o, NDA_DST, ip, family == UC_AF_INET6 ? 16 : 4);
	if (state != NUD_INCOMPLETE)
		nl_attr(o, NDA_LLADDR, mac, 6);
}

static void dump4(struct nl_out *o)
{
	struct eth_addr *mac;
	ip4_addr_t *ip;
	struct netif *n;

	for (size_t i = 0; i < ARP_TABLE_SIZE; i++)
		if (etharp_get_entry(i, &ip, &n, &mac))
			put(o, UC_AF_INET, n, NUD_REACHABLE, &ip->addr, mac->addr);
}

static void dump6(struct nl_out *o)
{
	static const uint16_t states[] = { 0,         NUD_INCOMPLETE, NUD_REACHABLE,
					   NUD_STALE, NUD_DELAY,      NUD_PROBE };

	for (unsigned i = 0; i < LWIP_ND6_NUM_NEIGHBORS; i++) {
		const struct nd6_neighbor_cache_entry *e = &neighbor_cache[i];

		if (e->state != ND6_NO_ENTRY && e->state < UC_ARRAY_SIZE(states))
			put(o, UC_AF_INET6, e->netif, states[e->state], e->next_hop_address.addr,
			    e->lladdr);
	}
}

int nl_get_neigh(struct nl_request *r, struct nl_out *o)
{
	uint8_t family = ((const struct rtgenmsg *)r->body)->rtgen_family;

	if (!r->dump)
		return uc_unsupported(-EOPNOTSUPP, "RTM_GETNEIGH of one neighbour");
	if (family != UC_AF_INET6)
		dump4(o);
	if (family != UC_AF_INET)
		dump6(o);
	return 0;
}
