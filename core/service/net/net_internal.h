// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_NET_INTERNAL_H
#define UC_NET_INTERNAL_H
#include <lwip/netif.h>
#include <uc/net.h>
#include <uc/netdev.h>

#define NET_NAME_SERVERS 3

/* What one net= record says; strings are addresses as text. */
struct net_config {
	ip4_addr_t ip, mask, gateway;
	ip6_addr_t ip6;
	bool have_ip, have_gateway, have_ip6, dhcp;
	uint8_t prefix, prefix6;
	uint16_t mtu;
	ip_addr_t dns[NET_NAME_SERVERS];
	unsigned ndns;
};
/* "dhcp,ip=A/N,gw=A,ip6=A/N,mtu=N,dns=A,dns=A": 0 or -EINVAL. */
int net_config_parse(struct net_config *c, const char *text);

/* Network mask of a prefix length, in network order. */
static inline uint32_t net_mask4(unsigned prefix)
{
	return prefix ? lwip_htonl(UINT32_MAX << (32 - prefix)) : 0;
}

/* ethif.c: an interface on a device. NULL: no memory. */
struct netif *net_eth_add(struct uc_netdev *d, const struct net_config *c);
bool net_eth_any(void);
/* Packets that wait, sent ones given back. */
void net_eth_service(void);

/* Sends a frame as it is. */
err_t net_eth_send(struct netif *n, struct pbuf *p);
/* UC_NETDEV_* of its device; 0: it is none of ours. */
unsigned net_eth_features(const struct netif *n);

/* train.c: bytes of data in each segment that the device shall make of a packet; 0: it is one. */
uint16_t net_train_size(const struct pbuf *p);

/* tap.c: shows a frame to who watches; only while uc_nettap is set. */
void net_tap_packet(struct netif *n, const struct uc_pktbuf *b, bool out);

/* timers.c */
void net_timers_start(void);

/* resolver.c */
void net_name_server(const ip_addr_t *a);
void net_write_etc(void);
#endif
