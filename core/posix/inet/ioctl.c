// SPDX-License-Identifier: BSD-3-Clause
/* The requests of netdevice(7) that look at interfaces, and those about queues. */
#include "inet_private.h"
#include <asm/ioctls.h>
#include <asm/sockios.h>
#include <linux/sockios.h>
#include <lwip/netif.h>
#include <uc/fmt.h>
#include <uc/net.h>
#include <uc/string.h>
#include <uc/user.h>

/* Layouts of struct ifreq and struct ifconf. */
struct user_ifreq {
	char name[16];
	union {
		uint8_t addr[24];
		int32_t number;
		int16_t flags;
	} u;
};
struct user_ifconf {
	int32_t len, pad;
	uint64_t buf;
};
struct in4 {
	uint16_t family, port;
	uint32_t addr;
};
enum { IF_UP = 1, IF_BROADCAST = 2, IF_LOOPBACK = 8, IF_RUNNING = 64, IF_MULTICAST = 4096 };
enum { HW_ETHER = 1, HW_LOOPBACK = 772 };

static bool is_loop(const struct netif *n)
{
	return n->name[0] == 'l';
}

/* As Linux names them: lo, eth0, eth1 … */
static void name_of(const struct netif *n, char *name)
{
	memset(name, 0, 16);
	if (is_loop(n))
		memcpy(name, "lo", 3);
	else
		uc_snprintf(name, 16, "eth%u", n->num);
}

static struct netif *find(const char *name)
{
	char own[16];
	struct netif *n;

	NETIF_FOREACH(n)
	{
		name_of(n, own);
		if (!strncmp(own, name, 16))
			return n;
	}
	return NULL;
}

static void put4(struct user_ifreq *r, uint32_t addr)
{
	struct in4 a = { .family = UC_AF_INET, .addr = addr };

	memset(&r->u, 0, sizeof(r->u));
	memcpy(&r->u, &a, sizeof(a));
}

static int16_t flags_of(const struct netif *n)
{
	return (int16_t)((netif_is_up(n) ? IF_UP : 0) |
			 (netif_is_up(n) && (is_loop(n) || netif_is_link_up(n)) ? IF_RUNNING : 0) |
			 (is_loop(n) ? IF_LOOPBACK : IF_BROADCAST | IF_MULTICAST));
}

static long of_netif(struct user_ifreq *r, unsigned cmd, const struct netif *n)
{
	uint32_t ip = netif_ip4_addr(n)->addr, mask = netif_ip4_netmask(n)->addr;
	uint16_t type = is_loop(n) ? HW_LOOPBACK : HW_ETHER;

	switch (cmd) {
	case SIOCGIFINDEX:
		r->u.number = netif_get_index(n);
		return 0;
	case SIOCGIFFLAGS:
		r->u.flags = flags_of(n);
		return 0;
	case SIOCGIFMTU:
		r->u.number = n->mtu;
		return 0;
	case SIOCGIFMETRIC:
		r->u.number = 0;
		return 0;
	case SIOCGIFTXQLEN:
		r->u.number = 1000;
		return 0;
	case SIOCGIFADDR:
		put4(r, ip);
		return ip ? 0 : -EADDRNOTAVAIL;
	case SIOCGIFNETMASK:
		put4(r, mask);
		return ip ? 0 : -EADDRNOTAVAIL;
	case SIOCGIFBRDADDR:
		put4(r, is_loop(n) ? 0 : ip | ~mask);
		return ip ? 0 : -EADDRNOTAVAIL;
	case SIOCGIFHWADDR:
		memset(&r->u, 0, sizeof(r->u));
		memcpy(r->u.addr, &type, sizeof(type));
		memcpy(r->u.addr + 2, n->hwaddr, UC_MIN(n->hwaddr_len, 6));
		return 0;
	default:
		return -ENOTTY;
	}
}

static long interface(unsigned cmd, uc_uptr arg)
{
	struct user_ifreq r;
	struct netif *n;
	long e;

	if (uc_user_read(&r, arg, sizeof(r)) < 0)
		return -EFAULT;
	r.name[15] = 0;
	if (cmd == SIOCGIFNAME) {
		n = r.u.number > 0 && r.u.number < 256 ? netif_get_by_index((u8_t)r.u.number)
						       : NULL;
		if (n)
			name_of(n, r.name);
		e = n ? 0 : -ENODEV;
	} else {
		n = find(r.name);
		e = n ? of_netif(&r, cmd, n) : -ENODEV;
	}
	if (e < 0)
		return e;
	return uc_user_write(arg, &r, sizeof(r)) < 0 ? -EFAULT : 0;
}

static long list(uc_uptr arg)
{
	struct user_ifconf c;
	struct user_ifreq r;
	struct netif *n;
	int32_t at = 0;

	if (uc_user_read(&c, arg, sizeof(c)) < 0)
		return -EFAULT;
	NETIF_FOREACH(n)
	{
		if (!netif_ip4_addr(n)->addr)
			continue;
		if (c.buf) {
			if (c.len - at < (int32_t)sizeof(r))
				break;
			memset(&r, 0, sizeof(r));
			name_of(n, r.name);
			put4(&r, netif_ip4_addr(n)->addr);
			if (uc_user_write(c.buf + (uint32_t)at, &r, sizeof(r)) < 0)
				return -EFAULT;
		}
		at += (int32_t)sizeof(r);
	}
	return uc_user_store32(arg, (uint32_t)at) < 0 ? -EFAULT : 0;
}

static uint32_t readable(const struct inet *i)
{
	if (inet_is_tcp(i))
		return i->rx_bytes;
	return uc_list_empty(&i->dgrams)
		       ? 0
		       : UC_LIST_ENTRY(i->dgrams.next, struct inet_dgram, link)->p->tot_len;
}

static uint32_t unsent(const struct inet *i)
{
	if (!i->tcp || i->state != INET_CONNECTED)
		return 0;
	return TCP_SND_BUF - i->tcp->snd_buf;
}

long uc_upcall_netdevice_ioctl(unsigned cmd, uc_uptr arg)
{
	if ((cmd & ~0xffu) != (SIOCGIFCONF & ~0xffu))
		return -ENOTTY;
	uc_net_start();
	switch (cmd) {
	case SIOCGIFCONF:
		return list(arg);
	case SIOCGIFNAME:
	case SIOCGIFINDEX:
	case SIOCGIFFLAGS:
	case SIOCGIFMTU:
	case SIOCGIFADDR:
	case SIOCGIFNETMASK:
	case SIOCGIFBRDADDR:
	case SIOCGIFHWADDR:
	case SIOCGIFMETRIC:
	case SIOCGIFTXQLEN:
		return interface(cmd, arg);
	default:
		return uc_unsupported(-ENOTTY, "ioctl 0x%x on a socket", cmd);
	}
}

long inet_ioctl(struct uc_sock *s, unsigned cmd, uc_uptr arg)
{
	struct inet *i = inet_of(s);

	switch (cmd) {
	case FIONREAD: /* = SIOCINQ */
		if (i->state == INET_LISTEN)
			return -EINVAL;
		return uc_user_store32(arg, readable(i));
	case TIOCOUTQ: /* = SIOCOUTQ */
		return i->state == INET_LISTEN ? -EINVAL : uc_user_store32(arg, unsent(i));
	case SIOCATMARK:
		return uc_user_store32(arg, 0);
	default:
		return -ENOTTY;
	}
}
