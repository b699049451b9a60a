// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <lwip/netif.h>
#include <uc/netconf.h>
#include <uc/netif.h>
#include "net_internal.h"

#define PREFIX6 64u

unsigned uc_net_prefix4(const struct netif *n)
{
	uint32_t holes = ~lwip_ntohl(netif_ip4_netmask(n)->addr);

	return holes ? (unsigned)__builtin_clz(holes) : 32;
}

unsigned uc_net_prefix6(const struct netif *n, unsigned i)
{
	return uc_netif_is_loop(n) ? 128 : PREFIX6;
}

bool uc_net_is_own4(uint32_t addr)
{
	ip4_addr_t a = { addr };
	struct netif *n;

	if (ip4_addr_isloopback(&a))
		return true;
	NETIF_FOREACH(n)
	if (addr && netif_ip4_addr(n)->addr == addr)
		return true;
	return false;
}

static int add4(struct netif *n, const void *addr, unsigned prefix)
{
	ip4_addr_t ip, mask = { net_mask4(prefix) };

	memcpy(&ip.addr, addr, 4);
	if (!ip.addr || ip4_addr_ismulticast(&ip))
		return -EINVAL;
	if (netif_ip4_addr(n)->addr == ip.addr && netif_ip4_netmask(n)->addr == mask.addr)
		return -EEXIST;
	if (netif_ip4_addr(n)->addr && netif_ip4_addr(n)->addr != ip.addr)
		return -EOPNOTSUPP;
	netif_set_addr(n, &ip, &mask, netif_ip4_gw(n));
	return 0;
}

static int add6(struct netif *n, const void *addr, unsigned prefix)
{
	ip6_addr_t ip = { 0 };
	s8_t i;

	memcpy(ip.addr, addr, 16);
	ip6_addr_assign_zone(&ip, IP6_UNICAST, n);
	if (ip6_addr_isany(&ip) || ip6_addr_ismulticast(&ip))
		return -EINVAL;
	if (netif_get_ip6_addr_match(n, &ip) >= 0)
		return -EEXIST;
	if (prefix != PREFIX6 && prefix != 128)
		return -EOPNOTSUPP;
	if (netif_add_ip6_address(n, &ip, &i) != ERR_OK)
		return -ENOBUFS;
	netif_ip6_addr_set_state(n, i, IP6_ADDR_PREFERRED);
	return 0;
}

int uc_net_add_address(struct netif *n, bool v6, const void *addr, unsigned prefix)
{
	return v6 ? add6(n, addr, prefix) : add4(n, addr, prefix);
}

int uc_net_del_address(struct netif *n, bool v6, const void *addr, unsigned prefix)
{
	ip6_addr_t ip = { 0 };
	s8_t i;

	if (!v6) {
		if (memcmp(netif_ip4_addr(n), addr, 4))
			return -EADDRNOTAVAIL;
		netif_set_addr(n, IP4_ADDR_ANY4, IP4_ADDR_ANY4, IP4_ADDR_ANY4);
		return 0;
	}
	memcpy(ip.addr, addr, 16);
	ip6_addr_assign_zone(&ip, IP6_UNICAST, n);
	i = netif_get_ip6_addr_match(n, &ip);
	if (i < 0)
		return -EADDRNOTAVAIL;
	netif_ip6_addr_set_state(n, i, IP6_ADDR_INVALID);
	return 0;
}
