// SPDX-License-Identifier: BSD-3-Clause
/* /sys/class/net: a link for each interface to its folder below /sys/devices/virtual/net. The tag
 * of these entries is Linux's index of the interface; the stack starts when somebody looks. */
#include <asm/errno.h>
#include <uc/heap.h>
#include <uc/net.h>
#include <uc/netdev.h>
#include <uc/string.h>
#include <uc/sysfs.h>
#include "netfiles.h"

#pragma weak uc_sysfs /* an image need not have /sys */

struct place {
	struct uc_pseudo_entry link, folder, statistics;
	char name[UC_IFNAMSIZ];
};

static const struct netif *netif_of(const struct uc_pseudo_key *k)
{
	uc_net_start();
	return uc_netif_by_index(k->fd);
}

static ssize_t put_number(char *buf, size_t cap, const char *fmt, uint64_t v)
{
	struct uc_text t = { buf, cap, 0 };

	uc_text_printf(&t, *fmt == 'x' ? "0x%lx\n" : "%lu\n", v);
	return (ssize_t)t.len;
}

static ssize_t put_mac(char *buf, size_t cap, const uint8_t m[6])
{
	struct uc_text t = { buf, cap, 0 };

	uc_text_printf(&t, "%02x:%02x:%02x:%02x:%02x:%02x\n", m[0], m[1], m[2], m[3], m[4], m[5]);
	return (ssize_t)t.len;
}

/* A file with one number, which is `value` of interface n. */
#define NUMBER(name, fmt, value) \
	static NETFILES_SHOW(show_##name) \
	{ \
		const struct netif *n = netif_of(k); \
		return n ? put_number(buf, cap, fmt, (uint64_t)(value)) : -ENODEV; \
	}
NUMBER(ifindex, "u", uc_netif_index(n))
NUMBER(iflink, "u", uc_netif_index(n))
NUMBER(mtu, "u", uc_netif_mtu(n))
NUMBER(flags, "x", uc_netif_flags(n) & ~(unsigned)(UC_IFF_RUNNING | UC_IFF_LOWER_UP))
NUMBER(type, "u", uc_netif_is_loop(n) ? UC_ARPHRD_LOOPBACK : UC_ARPHRD_ETHER)
NUMBER(addr_len, "u", n ? 6 : 0)
NUMBER(tx_queue_len, "u", n ? 1000 : 0)
NUMBER(carrier, "u", (uc_netif_flags(n) & UC_IFF_LOWER_UP) != 0)
NUMBER(zero, "u", n ? 0 : 1)

static NETFILES_SHOW(show_address)
{
	const struct netif *n = netif_of(k);
	uint8_t mac[6];

	if (!n)
		return -ENODEV;
	uc_netif_mac(n, mac);
	return put_mac(buf, cap, mac);
}

static NETFILES_SHOW(show_broadcast)
{
	static const uint8_t none[6], all[6] = { 255, 255, 255, 255, 255, 255 };
	const struct netif *n = netif_of(k);

	return n ? put_mac(buf, cap, uc_netif_is_loop(n) ? none : all) : -ENODEV;
}

static NETFILES_SHOW(show_operstate)
{
	const struct netif *n = netif_of(k);
	struct uc_text t = { buf, cap, 0 };

	if (!n)
		return -ENODEV;
	uc_text_printf(&t, "%s\n",
		       uc_netif_is_loop(n)                   ? "unknown"
		       : uc_netif_flags(n) & UC_IFF_LOWER_UP ? "up"
							     : "down");
	return (ssize_t)t.len;
}

static NETFILES_SHOW(show_uevent)
{
	const struct netif *n = netif_of(k);
	struct uc_text t = { buf, cap, 0 };
	char name[UC_IFNAMSIZ];

	if (!n)
		return -ENODEV;
	uc_netif_name(n, name);
	uc_text_printf(&t, "INTERFACE=%s\nIFINDEX=%d\n", name, uc_netif_index(n));
	return (ssize_t)t.len;
}

#define COUNTER(field) \
	static NETFILES_SHOW(show_##field) \
	{ \
		const struct netif *n = netif_of(k); \
		struct uc_netif_counters c; \
		if (!n) \
			return -ENODEV; \
		uc_netif_counters(n, &c); \
		return put_number(buf, cap, "u", c.field); \
	}
COUNTER(rx_packets)
COUNTER(rx_bytes)
COUNTER(rx_dropped)
COUNTER(tx_packets)
COUNTER(tx_bytes)
COUNTER(tx_dropped)

static const struct uc_pseudo_entry files[] = {
	NETFILES_ENTRY("addr_len", show_addr_len),
	NETFILES_ENTRY("address", show_address),
	NETFILES_ENTRY("broadcast", show_broadcast),
	NETFILES_ENTRY("carrier", show_carrier),
	NETFILES_ENTRY("dev_id", show_zero),
	NETFILES_ENTRY("dormant", show_zero),
	NETFILES_ENTRY("flags", show_flags),
	NETFILES_ENTRY("ifindex", show_ifindex),
	NETFILES_ENTRY("iflink", show_iflink),
	NETFILES_ENTRY("link_mode", show_zero),
	NETFILES_ENTRY("mtu", show_mtu),
	NETFILES_ENTRY("operstate", show_operstate),
	NETFILES_ENTRY("tx_queue_len", show_tx_queue_len),
	NETFILES_ENTRY("type", show_type),
	NETFILES_ENTRY("uevent", show_uevent),
};
static const struct uc_pseudo_entry statistics[] = {
	NETFILES_ENTRY("collisions", show_zero),   NETFILES_ENTRY("multicast", show_zero),
	NETFILES_ENTRY("rx_bytes", show_rx_bytes), NETFILES_ENTRY("rx_dropped", show_rx_dropped),
	NETFILES_ENTRY("rx_errors", show_zero),    NETFILES_ENTRY("rx_packets", show_rx_packets),
	NETFILES_ENTRY("tx_bytes", show_tx_bytes), NETFILES_ENTRY("tx_dropped", show_tx_dropped),
	NETFILES_ENTRY("tx_errors", show_zero),    NETFILES_ENTRY("tx_packets", show_tx_packets),
};

static ssize_t link_target(char *buf, size_t cap, const struct uc_pseudo_key *k)
{
	struct uc_text t = { buf, cap, 0 };
	char name[UC_IFNAMSIZ];

	uc_netif_index_name(k->fd, name);
	uc_text_printf(&t, "../../devices/virtual/net/%s", name);
	return (ssize_t)t.len;
}

/* An entry is in one folder only, so every folder has copies. */
static int add_copies(struct uc_pseudo_entry *to, const struct uc_pseudo_entry *from, unsigned n)
{
	struct uc_pseudo_entry *e = uc_heap_zalloc(n * sizeof(*e));
	int r = e ? 0 : -ENOMEM;

	for (unsigned i = 0; i < n && r == 0; i++) {
		e[i] = from[i];
		r = uc_pseudo_add_to(to, "", &e[i]);
	}
	return r;
}

static int add_interface(int index)
{
	struct place *p = uc_heap_zalloc(sizeof(*p));
	int r;

	if (!p)
		return -ENOMEM;
	uc_netif_index_name(index, p->name);
	p->link = (struct uc_pseudo_entry){
		.name = p->name, .mode = S_IFLNK | 0777, .target = link_target, .tag = index
	};
	p->folder =
		(struct uc_pseudo_entry){ .name = p->name, .mode = S_IFDIR | 0755, .tag = index };
	p->statistics = (struct uc_pseudo_entry){ .name = "statistics", .mode = S_IFDIR | 0755 };
	r = uc_pseudo_add(&uc_sysfs, "class/net", &p->link);
	if (r == 0)
		r = uc_pseudo_add(&uc_sysfs, "devices/virtual/net", &p->folder);
	if (r == 0)
		r = uc_pseudo_add_to(&p->folder, "", &p->statistics);
	if (r == 0)
		r = add_copies(&p->folder, files, UC_ARRAY_SIZE(files));
	return r < 0 ? r : add_copies(&p->statistics, statistics, UC_ARRAY_SIZE(statistics));
}

int netfiles_add_class(void)
{
	struct uc_netdev *d = NULL;
	if (!&uc_sysfs)
		return 0;
	int index = 1, r = add_interface(index);

	while (r == 0 && (d = uc_netdev_next(d)))
		r = add_interface(++index);
	return r;
}
