// SPDX-License-Identifier: BSD-3-Clause
/* usrsctp's side: interfaces, their addresses and routes. */
#include "port.h"
#include <netinet/sctputil.h>
#include <uc/netif.h>
#include <uc/sctp.h>

void sctp_to_sockaddr(union sctp_sockstore *a, const struct sctp_ip *ip, uint16_t port)
{
	memset(a, 0, sizeof(*a));
	if (!ip->v6) {
		a->sin.sin_family = AF_INET;
		a->sin.sin_port = port;
		memcpy(&a->sin.sin_addr, ip->bytes, sizeof(a->sin.sin_addr));
		return;
	}
	a->sin6.sin6_family = AF_INET6;
	a->sin6.sin6_port = port;
	a->sin6.sin6_scope_id = ip->scope;
	memcpy(&a->sin6.sin6_addr, ip->bytes, sizeof(a->sin6.sin6_addr));
}

static void from_sockaddr(struct sctp_ip *ip, const struct sockaddr *a)
{
	const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *)a;

	*ip = (struct sctp_ip){ .v6 = a->sa_family == AF_INET6 };
	if (!ip->v6) {
		memcpy(ip->bytes, &((const struct sockaddr_in *)a)->sin_addr, 4);
		return;
	}
	memcpy(ip->bytes, &in6->sin6_addr, 16);
	ip->scope = in6->sin6_scope_id;
}

/* ---- addresses ---- */
static void add(struct netif *n, const struct sctp_ip *ip)
{
	union sctp_sockstore a;
	struct sctp_ifa *ifa;
	char name[UC_IFNAMSIZ];

	sctp_to_sockaddr(&a, ip, 0);
	if (sctp_find_ifa_by_addr(&a.sa, SCTP_DEFAULT_VRFID, SCTP_ADDR_NOT_LOCKED))
		return;
	uc_netif_name(n, name);
	ifa = sctp_add_addr_to_vrf(SCTP_DEFAULT_VRFID, n, (uint32_t)uc_netif_index(n), 0, name,
				   NULL, &a.sa, 0, 0);
	if (ifa)
		ifa->localifa_flags &= ~(unsigned)SCTP_ADDR_DEFER_USE;
}

static bool is_there(const struct sctp_ifa *ifa)
{
	struct sctp_ip old, ip;
	void *netif;

	from_sockaddr(&old, &ifa->address.sa);
	for (unsigned i = 0; sctp_ip_address(i, &ip, &netif); i++)
		if (ip.v6 == old.v6 && !memcmp(ip.bytes, old.bytes, sizeof(ip.bytes)))
			return true;
	return false;
}

static void forget_old(void)
{
	struct sctp_vrf *vrf = sctp_find_vrf(SCTP_DEFAULT_VRFID);
	struct sctp_ifn *ifn, *after;
	struct sctp_ifa *ifa, *next;

	LIST_FOREACH_SAFE(ifn, &vrf->ifnlist, next_ifn, after)
	LIST_FOREACH_SAFE(ifa, &ifn->ifalist, next_ifa, next)
	if (!is_there(ifa))
		sctp_del_addr_from_vrf(SCTP_DEFAULT_VRFID, &ifa->address.sa, ifn->ifn_index,
				       ifn->ifn_name);
}

void uc_sctp_addresses(void)
{
	struct sctp_ip ip;
	void *netif;

	forget_old();
	for (unsigned i = 0; sctp_ip_address(i, &ip, &netif); i++)
		add(netif, &ip);
}

/* ---- routes ---- */
void uc_sctp_route(sctp_route_t *ro)
{
	struct sctp_ip dst;
	void *netif;

	if (ro->ro_rt) {
		ro->ro_rt->rt_refcnt++;
		return;
	}
	from_sockaddr(&dst, &ro->ro_dst);
	netif = sctp_ip_route(&dst);
	if (!netif)
		return;
	ro->ro_rt = uc_heap_zalloc(sizeof(*ro->ro_rt));
	if (!ro->ro_rt)
		return;
	ro->ro_rt->rt_refcnt = 1;
	ro->ro_rt->rt_ifp = netif;
	ro->ro_rt->rt_rmx.rmx_mtu = UC_MIN(uc_netif_mtu(netif), (uint32_t)UINT16_MAX);
}

uint32_t uc_sctp_index_of(const void *ifn)
{
	return ifn ? (uint32_t)uc_netif_index(ifn) : 0;
}

int sctp_userspace_get_mtu_from_ifn(uint32_t if_index, int af)
{
	const struct netif *n = uc_netif_by_index((int)if_index);

	return n ? (int)uc_netif_mtu(n) : 0;
}
