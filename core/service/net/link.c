// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <lwip/netif.h>
#include <uc/fmt.h>
#include <uc/netif.h>
#include "net_internal.h"

#define LOOP_MTU_LINUX 65536u /* lwIP's own is one less: it has 16 bits */
#define MTU_MIN        68u    /* RFC 791 */

struct netif *uc_netif_by_index(int index)
{
	return index > 0 && index <= UINT8_MAX ? netif_get_by_index((u8_t)index) : NULL;
}

int uc_netif_index(const struct netif *n)
{
	return netif_get_index(n);
}

struct netif *uc_netif_next(const struct netif *prev)
{
	int from = prev ? uc_netif_index(prev) : 0;
	struct netif *n, *best = NULL;

	NETIF_FOREACH(n)
	if (uc_netif_index(n) > from && (!best || uc_netif_index(n) < uc_netif_index(best)))
		best = n;
	return best;
}

bool uc_netif_is_loop(const struct netif *n)
{
	return n->name[0] == 'l';
}

void uc_netif_index_name(int index, char name[UC_IFNAMSIZ])
{
	memset(name, 0, UC_IFNAMSIZ);
	if (index == 1)
		memcpy(name, "lo", 3);
	else
		uc_snprintf(name, UC_IFNAMSIZ, "eth%d", index - 2);
}

void uc_netif_name(const struct netif *n, char name[UC_IFNAMSIZ])
{
	uc_netif_index_name(uc_netif_index(n), name);
}

struct netif *uc_netif_find(const char *name)
{
	char own[UC_IFNAMSIZ];
	struct netif *n;

	NETIF_FOREACH(n)
	{
		uc_netif_name(n, own);
		if (!strncmp(own, name, UC_IFNAMSIZ))
			return n;
	}
	return NULL;
}

unsigned uc_netif_flags(const struct netif *n)
{
	bool loop = uc_netif_is_loop(n);
	unsigned f = loop ? UC_IFF_LOOPBACK : UC_IFF_BROADCAST | UC_IFF_MULTICAST;

	if (!netif_is_up(n))
		return f;
	f |= UC_IFF_UP;
	if (loop || netif_is_link_up(n))
		f |= UC_IFF_RUNNING | UC_IFF_LOWER_UP;
	return f;
}

uint32_t uc_netif_mtu(const struct netif *n)
{
	return uc_netif_is_loop(n) && n->mtu == UINT16_MAX ? LOOP_MTU_LINUX : n->mtu;
}

void uc_netif_mac(const struct netif *n, uint8_t mac[6])
{
	memset(mac, 0, 6);
	if (n->hwaddr_len == 6)
		memcpy(mac, n->hwaddr, 6);
}

struct uc_netdev *uc_netif_device(const struct netif *n)
{
	struct uc_netdev *d = NULL;

	while ((d = uc_netdev_next(d)))
		if (d->user == n->state && !uc_netif_is_loop(n))
			return d;
	return NULL;
}

void uc_netif_counters(const struct netif *n, struct uc_netif_counters *c)
{
	const struct uc_netdev *d = uc_netif_device(n);

	if (d)
		*c = (struct uc_netif_counters){ .rx_packets = d->st.rx_packets,
						 .rx_bytes = d->st.rx_bytes,
						 .rx_dropped = d->st.rx_dropped,
						 .tx_packets = d->st.tx_packets,
						 .tx_bytes = d->st.tx_bytes,
						 .tx_dropped = d->st.tx_dropped };
	else
		*c = (struct uc_netif_counters){ .rx_packets = n->mib2_counters.ifinucastpkts,
						 .rx_bytes = n->mib2_counters.ifinoctets,
						 .tx_packets = n->mib2_counters.ifoutucastpkts,
						 .tx_bytes = n->mib2_counters.ifoutoctets };
}

int uc_netif_set_mtu(struct netif *n, uint32_t mtu)
{
	const struct uc_netdev *d = uc_netif_device(n);

	if (!d && mtu == LOOP_MTU_LINUX)
		mtu = UINT16_MAX;
	if (mtu < MTU_MIN || mtu > (d ? d->mtu : UINT16_MAX))
		return -EINVAL;
	n->mtu = (u16_t)mtu;
	n->mtu6 = (u16_t)mtu;
	return 0;
}

void uc_netif_set_up(struct netif *n, bool up)
{
	if (up)
		netif_set_up(n);
	else
		netif_set_down(n);
}
