// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_NETCONF_H
#define UC_NETCONF_H
/*
 * Addresses and routes of interfaces, to look at and to change while the machine runs. Addresses
 * are in network order. Context: thread; nothing here blocks.
 */
#include <uc/types.h>

struct netif;
unsigned uc_net_prefix4(const struct netif *n);
/* Of its i-th IPv6 address: 128 on loopback, else 64, which is all that lwIP has. */
unsigned uc_net_prefix6(const struct netif *n, unsigned i);
bool uc_net_is_own4(uint32_t addr);

/* addr: 4 bytes, or 16 if v6. An interface has one IPv4 address. 0, -EEXIST, -EADDRNOTAVAIL (not
 * there), -ENOBUFS (no room), -EINVAL, -EOPNOTSUPP (a prefix, or a second IPv4 address). */
int uc_net_add_address(struct netif *n, bool v6, const void *addr, unsigned prefix);
int uc_net_del_address(struct netif *n, bool v6, const void *addr, unsigned prefix);

/* IPv4 routes besides those that come with addresses. prefix 0 is the default route. */
struct uc_net_route {
	uint32_t dst, gateway; /* gateway 0: on the link */
	uint8_t prefix;
	struct netif *netif; /* NULL when asked for: where the gateway is */
};
/* 0, -EEXIST, -EINVAL (bits beyond the prefix), -ENETUNREACH (gateway on no link), -ENETDOWN,
 * -ENOMEM, -ENODEV. */
int uc_net_route_add(const struct uc_net_route *r, bool replace);
/* Fields that are 0 match any. 0, -ESRCH. */
int uc_net_route_del(const struct uc_net_route *r);
/* The i-th route that was added, the default ones not among them; false: no more. */
bool uc_net_route_at(unsigned i, struct uc_net_route *out);
/* Where packets to dst go on interface n; 0: to dst itself. */
uint32_t uc_net_gateway4(const struct netif *n, uint32_t dst);
#endif
