// SPDX-License-Identifier: BSD-3-Clause
/* Interfaces, addresses and routes: dev, if_inet6, route, arp. */
#include <lwip/etharp.h>
#include <uc/fmt.h>
#include <uc/net.h>
#include <uc/netconf.h>
#include <uc/string.h>
#include "netfiles.h"

static NETFILES_SHOW(show_dev)
{
	struct uc_text t = { buf, cap, 0 };

	uc_net_start();
	uc_text_printf(
		&t, "Inter-|   Receive                                                |  Transmit\n"
		    " face |bytes    packets errs drop fifo frame compressed multicast|bytes "
		    "   packets errs drop fifo colls carrier compressed\n");
	for (struct netif *n = uc_netif_next(NULL); n; n = uc_netif_next(n)) {
		struct uc_netif_counters c;
		char name[UC_IFNAMSIZ];

		uc_netif_counters(n, &c);
		uc_netif_name(n, name);
		uc_text_printf(
			&t,
			"%6s: %7lu %7lu %4u %4lu %4u %5u %10u %9u %8lu %7lu %4u %4lu %4u %5u "
			"%7u %10u\n",
			name, c.rx_bytes, c.rx_packets, 0u, c.rx_dropped, 0u, 0u, 0u, 0u,
			c.tx_bytes, c.tx_packets, 0u, c.tx_dropped, 0u, 0u, 0u, 0u);
	}
	return (ssize_t)t.len;
}

static NETFILES_SHOW(show_if_inet6)
{
	struct uc_text t = { buf, cap, 0 };
	char name[UC_IFNAMSIZ];

	uc_net_start();
	for (struct netif *n = uc_netif_next(NULL); n; n = uc_netif_next(n))
		for (s8_t i = 0; i < LWIP_IPV6_NUM_ADDRESSES; i++) {
			const ip6_addr_t *a = netif_ip6_addr(n, i);

			if (ip6_addr_isinvalid(netif_ip6_addr_state(n, i)))
				continue;
			uc_netif_name(n, name);
			uc_text_printf(&t, "%08x%08x%08x%08x %02x %02x %02x %02x %8s\n",
				       lwip_ntohl(a->addr[0]), lwip_ntohl(a->addr[1]),
				       lwip_ntohl(a->addr[2]), lwip_ntohl(a->addr[3]),
				       uc_netif_index(n), uc_net_prefix6(n, (unsigned)i),
				       ip6_addr_isloopback(a)    ? 0x10
				       : ip6_addr_islinklocal(a) ? 0x20
								 : 0,
				       0x80, name);
		}
	return (ssize_t)t.len;
}

#define ROUTE_WIDTH 127

static void put_route(struct uc_text *t, const struct netif *n, uint32_t dst, uint32_t gateway,
		      uint32_t mask)
{
	enum { UP = 1, GATEWAY = 2, HOST = 4 };
	char name[UC_IFNAMSIZ], line[ROUTE_WIDTH + 1];
	unsigned flags = UP | (gateway ? GATEWAY : 0) | (mask == UINT32_MAX ? HOST : 0);

	uc_netif_name(n, name);
	uc_snprintf(line, sizeof(line), "%s\t%08X\t%08X\t%04X\t%d\t%u\t%d\t%08X\t%d\t%u\t%u", name,
		    dst, gateway, flags, 0, 0u, 0, mask, 0, 0u, 0u);
	uc_text_printf(t, "%-127s\n", line);
}

static NETFILES_SHOW(show_route)
{
	struct uc_text t = { buf, cap, 0 };
	struct uc_net_route r;
	struct netif *n;

	uc_net_start();
	uc_text_printf(&t, "%-127s\n",
		       "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask"
		       "\t\tMTU\tWindow\tIRTT");
	for (n = uc_netif_next(NULL); n; n = uc_netif_next(n))
		if (!uc_netif_is_loop(n) && netif_ip4_gw(n)->addr)
			put_route(&t, n, 0, netif_ip4_gw(n)->addr, 0);
	for (n = uc_netif_next(NULL); n; n = uc_netif_next(n)) {
		uint32_t ip = netif_ip4_addr(n)->addr, mask = netif_ip4_netmask(n)->addr;

		if (!uc_netif_is_loop(n) && ip && mask != UINT32_MAX)
			put_route(&t, n, ip & mask, 0, mask);
	}
	for (unsigned i = 0; uc_net_route_at(i, &r); i++)
		put_route(&t, r.netif, r.dst, r.gateway,
			  r.prefix ? lwip_htonl(UINT32_MAX << (32 - r.prefix)) : 0);
	return (ssize_t)t.len;
}

static NETFILES_SHOW(show_arp)
{
	struct uc_text t = { buf, cap, 0 };
	char name[UC_IFNAMSIZ], ip_text[IP4ADDR_STRLEN_MAX];
	struct eth_addr *mac;
	struct netif *n;
	ip4_addr_t *ip;

	uc_text_printf(&t,
		       "IP address       HW type     Flags       HW address            Mask     "
		       "Device\n");
	for (size_t i = 0; i < ARP_TABLE_SIZE; i++) {
		if (!etharp_get_entry(i, &ip, &n, &mac))
			continue;
		uc_netif_name(n, name);
		ip4addr_ntoa_r(ip, ip_text, sizeof(ip_text));
		uc_text_printf(
			&t, "%-16s 0x%-10x0x%-10x%02x:%02x:%02x:%02x:%02x:%02x     *        %s\n",
			ip_text, 1, 2, mac->addr[0], mac->addr[1], mac->addr[2], mac->addr[3],
			mac->addr[4], mac->addr[5], name);
	}
	return (ssize_t)t.len;
}

int netfiles_add_links(void)
{
	static struct uc_pseudo_entry e[] = {
		NETFILES_ENTRY("dev", show_dev),
		NETFILES_ENTRY("if_inet6", show_if_inet6),
		NETFILES_ENTRY("route", show_route),
		NETFILES_ENTRY("arp", show_arp),
	};

	return uc_procfs_add("net", e, UC_ARRAY_SIZE(e));
}
