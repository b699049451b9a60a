// SPDX-License-Identifier: BSD-3-Clause
/* Groups: memberships, which end with the socket, and where packets to groups go. */
#include "inet_private.h"
#include <linux/in.h>
#include <linux/in6.h>
#include <lwip/igmp.h>
#include <lwip/mld6.h>
#include <lwip/netif.h>
#include <uc/heap.h>
#include <uc/netif.h>
#include <uc/string.h>

#define GROUPS_MAX 20u /* net.ipv4.igmp_max_memberships */

struct membership {
	struct uc_list link;
	struct netif *netif;
	ip_addr_t group;
};
struct netif *inet_multicast_netif(const struct inet *i)
{
	return i->mcast_device ? netif_get_by_index(i->mcast_device) : NULL;
}

static struct netif *netif_of(uint32_t addr, int index)
{
	struct netif *n;

	if (index)
		return uc_netif_by_index(index);
	NETIF_FOREACH(n)
	if (addr && netif_ip4_addr(n)->addr == addr)
		return n;
	return addr ? NULL : netif_default;
}

static struct membership *find(const struct inet *i, const struct netif *n, const ip_addr_t *group)
{
	UC_LIST_FOREACH(it, &i->groups) {
		struct membership *m = UC_LIST_ENTRY(it, struct membership, link);

		if (m->netif == n && ip_addr_cmp(&m->group, group))
			return m;
	}
	return NULL;
}

static int join(struct inet *i, struct netif *n, const ip_addr_t *group)
{
	struct membership *m;
	err_t e;

	if (find(i, n, group))
		return -EADDRINUSE;
	if (uc_list_length(&i->groups) >= GROUPS_MAX)
		return -ENOBUFS;
	m = uc_heap_alloc(sizeof(*m));
	if (!m)
		return -ENOMEM;
	e = IP_IS_V6(group) ? mld6_joingroup_netif(n, ip_2_ip6(group))
			    : igmp_joingroup_netif(n, ip_2_ip4(group));
	if (e != ERR_OK) {
		uc_heap_free(m);
		return e == ERR_MEM ? -ENOBUFS : -EADDRNOTAVAIL;
	}
	*m = (struct membership){ .netif = n, .group = *group };
	uc_list_push_back(&i->groups, &m->link);
	return 0;
}

static void leave(struct membership *m)
{
	if (IP_IS_V6(&m->group))
		mld6_leavegroup_netif(m->netif, ip_2_ip6(&m->group));
	else
		igmp_leavegroup_netif(m->netif, ip_2_ip4(&m->group));
	uc_list_remove(&m->link);
	uc_heap_free(m);
}

void inet_leave_groups(struct inet *i)
{
	while (!uc_list_empty(&i->groups))
		leave(UC_LIST_ENTRY(i->groups.next, struct membership, link));
}

static int change(struct inet *i, struct netif *n, ip_addr_t *group, bool in)
{
	struct membership *m;

	if (!ip_addr_ismulticast(group))
		return -EINVAL;
	if (!n)
		return -ENODEV;
	if (IP_IS_V6(group))
		ip6_addr_assign_zone(ip_2_ip6(group), IP6_MULTICAST, n);
	if (in)
		return join(i, n, group);
	m = find(i, n, group);
	if (!m)
		return -EADDRNOTAVAIL;
	leave(m);
	return 0;
}

static int change4(struct inet *i, const void *buf, unsigned len, bool in)
{
	struct ip_mreqn m = { .imr_ifindex = 0 };
	ip_addr_t group;

	if (len < sizeof(struct ip_mreq))
		return -EINVAL;
	memcpy(&m, buf, UC_MIN(len, (unsigned)sizeof(m)));
	ip_addr_set_ip4_u32_val(group, m.imr_multiaddr.s_addr);
	return change(i, netif_of(m.imr_address.s_addr, m.imr_ifindex), &group, in);
}

static int change6(struct inet *i, const void *buf, unsigned len, bool in)
{
	struct ipv6_mreq m;
	ip_addr_t group;

	if (len < sizeof(m))
		return -EINVAL;
	memcpy(&m, buf, sizeof(m));
	memset(&group, 0, sizeof(group));
	IP_SET_TYPE_VAL(group, IPADDR_TYPE_V6);
	memcpy(ip_2_ip6(&group)->addr, &m.ipv6mr_multiaddr, 16);
	return change(i, netif_of(0, m.ipv6mr_ifindex), &group, in);
}

static int change_any(struct inet *i, const void *buf, unsigned len, bool in)
{
	struct group_req g;
	struct uc_sockaddr a;
	uint16_t port;
	ip_addr_t group;
	int r;

	if (len < sizeof(g))
		return -EINVAL;
	memcpy(&g, buf, sizeof(g));
	memcpy(&a, &g.gr_group, sizeof(a));
	r = inet_addr_get(i, &a, sizeof(a), &group, &port);
	return r < 0 ? r : change(i, netif_of(0, (int)g.gr_interface), &group, in);
}

/* ---- where to ---- */
static int set_device(struct inet *i, const void *buf, unsigned len)
{
	struct ip_mreqn m = { .imr_ifindex = 0 };
	const struct netif *n;

	if (len < sizeof(m.imr_address))
		return -EINVAL;
	if (len >= sizeof(struct ip_mreq))
		memcpy(&m, buf, UC_MIN(len, (unsigned)sizeof(m)));
	else
		memcpy(&m.imr_address, buf, sizeof(m.imr_address));
	i->mcast_device = 0;
	i->mcast_addr = m.imr_address.s_addr;
	if (!m.imr_address.s_addr && !m.imr_ifindex)
		return 0;
	n = netif_of(m.imr_address.s_addr, m.imr_ifindex);
	if (!n)
		return -EADDRNOTAVAIL;
	i->mcast_device = (uint8_t)uc_netif_index(n);
	return 0;
}

static int set_device6(struct inet *i, int index)
{
	if (index && !uc_netif_by_index(index))
		return -ENODEV;
	i->mcast_device = (uint8_t)index;
	return 0;
}

static int set_number(struct inet *i, bool v6, int name, int v)
{
	if (name == (v6 ? IPV6_MULTICAST_LOOP : IP_MULTICAST_LOOP)) {
		if (v6 && v != 0 && v != 1)
			return -EINVAL;
		i->mcast_noloop = !v;
		return 0;
	}
	if (name == (v6 ? IPV6_MULTICAST_HOPS : IP_MULTICAST_TTL)) {
		if (i->s.type == UC_SOCK_STREAM)
			return v6 ? -ENOPROTOOPT : -EINVAL;
		if (v < -1 || v > 255)
			return -EINVAL;
		i->mcast_ttl = (uint8_t)(v == -1 ? 1 : v);
		return 0;
	}
	if (v6 && name == IPV6_MULTICAST_IF)
		return set_device6(i, v);
	return -ENOPROTOOPT;
}

int inet_set_multicast(struct inet *i, int level, int name, const void *buf, unsigned len)
{
	bool v6 = level == IPPROTO_IPV6;
	int v;

	if (name == (v6 ? IPV6_ADD_MEMBERSHIP : IP_ADD_MEMBERSHIP))
		return v6 ? change6(i, buf, len, true) : change4(i, buf, len, true);
	if (name == (v6 ? IPV6_DROP_MEMBERSHIP : IP_DROP_MEMBERSHIP))
		return v6 ? change6(i, buf, len, false) : change4(i, buf, len, false);
	if (name == MCAST_JOIN_GROUP || name == MCAST_LEAVE_GROUP)
		return change_any(i, buf, len, name == MCAST_JOIN_GROUP);
	if (!v6 && name == IP_MULTICAST_IF)
		return set_device(i, buf, len);
	if (len < (v6 ? sizeof(v) : 1))
		return -ENOPROTOOPT; /* the others say what is wrong */
	if (len >= sizeof(v))
		memcpy(&v, buf, sizeof(v));
	else
		v = *(const uint8_t *)buf;
	return set_number(i, v6, name, v);
}

int inet_get_multicast(struct inet *i, int level, int name, void *buf, unsigned *len)
{
	bool v6 = level == IPPROTO_IPV6;
	int v;

	if (name == (v6 ? IPV6_MULTICAST_LOOP : IP_MULTICAST_LOOP))
		v = !i->mcast_noloop;
	else if (name == (v6 ? IPV6_MULTICAST_HOPS : IP_MULTICAST_TTL))
		v = i->mcast_ttl;
	else if (name == (v6 ? IPV6_MULTICAST_IF : IP_MULTICAST_IF))
		v = v6 ? i->mcast_device : (int)i->mcast_addr;
	else
		return -ENOPROTOOPT;
	*len = UC_MIN(*len, (unsigned)sizeof(v));
	memcpy(buf, &v, *len);
	return 0;
}
