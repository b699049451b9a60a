// SPDX-License-Identifier: BSD-3-Clause
/* struct sockaddr_in and sockaddr_in6. An IPv4 address on an IPv6 socket is ::ffff:a.b.c.d. */
#include <linux/in.h>
#include <linux/in6.h>
#include <lwip/netif.h>
#include <uc/netconf.h>
#include <uc/string.h>
#include "inet_private.h"

static void unmap(ip_addr_t *ip)
{
	const ip6_addr_t *v6 = ip_2_ip6(ip);

	if (ip6_addr_isipv4mappedipv6(v6)) {
		uint32_t v4 = v6->addr[3];

		ip_addr_set_ip4_u32_val(*ip, v4);
	}
}

static int get6(const struct inet *i, const struct uc_sockaddr *a, unsigned len, ip_addr_t *ip,
		uint16_t *port)
{
	struct sockaddr_in6 in6;

	if (len < 24) /* without the scope, RFC 2133 */
		return -EINVAL;
	memcpy(&in6, a, sizeof(in6));
	*port = lwip_ntohs(in6.sin6_port);
	memset(ip, 0, sizeof(*ip));
	IP_SET_TYPE_VAL(*ip, IPADDR_TYPE_V6);
	memcpy(ip_2_ip6(ip)->addr, &in6.sin6_addr, 16);
	if (ip6_addr_has_scope(ip_2_ip6(ip), IP6_UNKNOWN))
		ip6_addr_set_zone(ip_2_ip6(ip), (u8_t)in6.sin6_scope_id);
	if (!i->v6only)
		unmap(ip);
	return 0;
}

int inet_addr_get(const struct inet *i, const struct uc_sockaddr *a, unsigned len, ip_addr_t *ip,
		  uint16_t *port)
{
	struct sockaddr_in in;

	if (i->s.family == UC_AF_INET6) {
		if (len < 2 || a->family != UC_AF_INET6)
			return len < 2 ? -EINVAL : -EAFNOSUPPORT;
		return get6(i, a, len, ip, port);
	}
	if (len < sizeof(in))
		return -EINVAL;
	memcpy(&in, a, sizeof(in));
	if (in.sin_family != UC_AF_INET && (in.sin_family != UC_AF_UNSPEC || in.sin_addr.s_addr))
		return -EAFNOSUPPORT;
	ip_addr_set_ip4_u32_val(*ip, in.sin_addr.s_addr);
	*port = lwip_ntohs(in.sin_port);
	return 0;
}

unsigned inet_addr_put(const struct inet *i, const ip_addr_t *ip, uint16_t port,
		       struct uc_sockaddr *a)
{
	struct sockaddr_in in = { .sin_family = UC_AF_INET, .sin_port = lwip_htons(port) };
	struct sockaddr_in6 in6 = { .sin6_family = UC_AF_INET6, .sin6_port = lwip_htons(port) };

	if (i->s.family == UC_AF_INET) {
		in.sin_addr.s_addr = IP_IS_V4_VAL(*ip) ? ip_2_ip4(ip)->addr : 0;
		memcpy(a, &in, sizeof(in));
		return sizeof(in);
	}
	if (IP_IS_V4_VAL(*ip) && ip_2_ip4(ip)->addr) {
		uint32_t mapped[4] = { 0, 0, lwip_htonl(0xffff), ip_2_ip4(ip)->addr };

		memcpy(&in6.sin6_addr, mapped, 16);
	} else if (IP_IS_V6(ip)) {
		memcpy(&in6.sin6_addr, ip_2_ip6(ip)->addr, 16);
		in6.sin6_scope_id = ip6_addr_zone(ip_2_ip6(ip));
	}
	memcpy(a, &in6, sizeof(in6));
	return sizeof(in6);
}

static bool is_own6(const ip6_addr_t *a)
{
	struct netif *n;

	if (ip6_addr_isloopback(a))
		return true;
	NETIF_FOREACH(n)
	if (netif_get_ip6_addr_match(n, a) >= 0)
		return true;
	return false;
}

bool inet_addr_is_local(const ip_addr_t *ip)
{
	if (ip_addr_isany(ip) || ip_addr_ismulticast(ip))
		return true;
	return IP_IS_V4(ip) ? uc_net_is_own4(ip_2_ip4(ip)->addr) : is_own6(ip_2_ip6(ip));
}
