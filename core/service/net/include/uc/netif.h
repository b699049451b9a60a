// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_NETIF_H
#define UC_NETIF_H
/*
 * Interfaces of the TCP/IP stack as Linux shows them: names, flags, counters. `struct netif` is
 * lwIP's; pointers stay valid for ever. Context: thread; nothing here blocks.
 */
#include <uc/types.h>

struct netif;
struct uc_netdev;
#define UC_IFNAMSIZ 16

enum { UC_ARPHRD_ETHER = 1, UC_ARPHRD_LOOPBACK = 772 };
/* Flags of netdevice(7). */
enum {
	UC_IFF_UP = 1,
	UC_IFF_BROADCAST = 2,
	UC_IFF_LOOPBACK = 8,
	UC_IFF_RUNNING = 0x40,
	UC_IFF_MULTICAST = 0x1000,
	UC_IFF_LOWER_UP = 0x10000
};
struct uc_netif_counters {
	uint64_t rx_packets, rx_bytes, rx_dropped, tx_packets, tx_bytes, tx_dropped;
};
/* The interface after prev by index (NULL: the first). NULL: no more. */
struct netif *uc_netif_next(const struct netif *prev);
struct netif *uc_netif_find(const char *name);
/* By Linux's index, 1 is loopback. NULL: none. */
struct netif *uc_netif_by_index(int index);
int uc_netif_index(const struct netif *n);
bool uc_netif_is_loop(const struct netif *n);
/* lo, eth0, eth1 …; the rest of the array is cleared. */
void uc_netif_name(const struct netif *n, char name[UC_IFNAMSIZ]);
void uc_netif_index_name(int index, char name[UC_IFNAMSIZ]);
unsigned uc_netif_flags(const struct netif *n);
uint32_t uc_netif_mtu(const struct netif *n);
/* Ethernet address, zero for loopback. */
void uc_netif_mac(const struct netif *n, uint8_t mac[6]);
void uc_netif_counters(const struct netif *n, struct uc_netif_counters *c);
/* Its device; NULL: loopback. */
struct uc_netdev *uc_netif_device(const struct netif *n);
/* 0, -EINVAL (what the device cannot do). */
int uc_netif_set_mtu(struct netif *n, uint32_t mtu);
void uc_netif_set_up(struct netif *n, bool up);
#endif
