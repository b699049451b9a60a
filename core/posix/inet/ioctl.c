// SPDX-License-Identifier: BSD-3-Clause
/* The requests of netdevice(7), and those about queues. */
#include "inet_private.h"
#include <asm/ioctls.h>
#include <asm/sockios.h>
#include <linux/sockios.h>
#include <lwip/netif.h>
#include <uc/fmt.h>
#include <uc/net.h>
#include <uc/netconf.h>
#include <uc/netif.h>
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
static void put4(struct user_ifreq *r, uint32_t addr)
{
	struct in4 a = { .family = UC_AF_INET, .addr = addr };

	memset(&r->u, 0, sizeof(r->u));
	memcpy(&r->u, &a, sizeof(a));
}

static long of_netif(struct user_ifreq *r, unsigned cmd, const struct netif *n)
{
	uint32_t ip = netif_ip4_addr(n)->addr, mask = netif_ip4_netmask(n)->addr;
	uint16_t type = uc_netif_is_loop(n) ? UC_ARPHRD_LOOPBACK : UC_ARPHRD_ETHER;

	switch (cmd) {
	case SIOCGIFINDEX:
		r->u.number = uc_netif_index(n);
		return 0;
	case SIOCGIFFLAGS:
		r->u.flags = (int16_t)uc_netif_flags(n);
		return 0;
	case SIOCGIFMTU:
		r->u.number = (int32_t)uc_netif_mtu(n);
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
		put4(r, uc_netif_is_loop(n) ? 0 : ip | ~mask);
		return ip ? 0 : -EADDRNOTAVAIL;
	case SIOCGIFHWADDR:
		memset(&r->u, 0, sizeof(r->u));
		memcpy(r->u.addr, &type, sizeof(type));
		uc_netif_mac(n, r->u.addr + 2);
		return 0;
	default:
		return -ENOTTY;
	}
}

/* ---- changes: as by rtnetlink ---- */
static long set_flags(struct netif *n, unsigned flags)
{
	unsigned changed = (flags ^ uc_netif_flags(n)) & UINT16_MAX;

	if (changed & ~(unsigned)(UC_IFF_UP | UC_IFF_RUNNING))
		return uc_unsupported(-EINVAL, "SIOCSIFFLAGS 0x%x", changed);
	if (changed & UC_IFF_UP)
		uc_netif_set_up(n, flags & UC_IFF_UP);
	return 0;
}

/* The network that an address has if nobody says (RFC 791). */
static unsigned class_prefix(uint32_t addr)
{
	uint32_t a = lwip_ntohl(addr);

	return a >> 31 == 0 ? 8 : a >> 30 == 2 ? 16 : a >> 29 == 6 ? 24 : 32;
}

/* Instead of the address that it has; 0: none. */
static long set_address(struct netif *n, uint32_t addr, unsigned prefix)
{
	uint32_t old = netif_ip4_addr(n)->addr;
	unsigned old_prefix = uc_net_prefix4(n);
	int r;

	if (old && (r = uc_net_del_address(n, false, &old, old_prefix)) < 0)
		return r;
	if (!addr)
		return 0;
	r = uc_net_add_address(n, false, &addr, prefix);
	if (r < 0 && old)
		uc_net_add_address(n, false, &old, old_prefix);
	if (r == 0)
		uc_netif_set_up(n, true);
	return r;
}

static long set_mask(struct netif *n, uint32_t mask)
{
	uint32_t holes = ~lwip_ntohl(mask), addr = netif_ip4_addr(n)->addr;

	if (!addr)
		return -EADDRNOTAVAIL;
	if (holes & (holes + 1))
		return -EINVAL;
	return set_address(n, addr, holes ? (unsigned)__builtin_clz(holes) : 32);
}

static long change(unsigned cmd, uc_uptr arg)
{
	struct user_ifreq r;
	struct netif *n;
	struct in4 a;

	if (uc_user_read(&r, arg, sizeof(r)) < 0)
		return -EFAULT;
	if (uc_proc_current()->euid)
		return -EPERM;
	r.name[sizeof(r.name) - 1] = 0;
	n = uc_netif_find(r.name);
	if (!n)
		return -ENODEV;
	memcpy(&a, &r.u, sizeof(a));
	if (cmd == SIOCSIFFLAGS)
		return set_flags(n, (uint16_t)r.u.flags);
	if (cmd == SIOCSIFMTU)
		return r.u.number < 0 ? -EINVAL : uc_netif_set_mtu(n, (uint32_t)r.u.number);
	if (a.family != UC_AF_INET)
		return -EINVAL;
	return cmd == SIOCSIFADDR ? set_address(n, a.addr, class_prefix(a.addr))
				  : set_mask(n, a.addr);
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
		n = uc_netif_by_index(r.u.number);
		if (n)
			uc_netif_name(n, r.name);
		e = n ? 0 : -ENODEV;
	} else {
		n = uc_netif_find(r.name);
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
	int32_t at = 0;

	if (uc_user_read(&c, arg, sizeof(c)) < 0)
		return -EFAULT;
	for (struct netif *n = uc_netif_next(NULL); n; n = uc_netif_next(n)) {
		if (!netif_ip4_addr(n)->addr)
			continue;
		if (c.buf) {
			if (c.len - at < (int32_t)sizeof(r))
				break;
			memset(&r, 0, sizeof(r));
			uc_netif_name(n, r.name);
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
		return inet_urgent_queued(i);
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

void inet_queued(struct uc_sock *s, uint32_t *in, uint32_t *out)
{
	const struct inet *i = inet_of(s);

	/* The end of a stream counts as a byte until it has been read. */
	*in = inet_is_tcp(i) ? i->rx_bytes + (i->tcp && i->fin && !i->fin_read) : readable(i);
	*out = unsent(inet_of(s));
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
	case SIOCSIFFLAGS:
	case SIOCSIFMTU:
	case SIOCSIFADDR:
	case SIOCSIFNETMASK:
		return change(cmd, arg);
	case SIOCETHTOOL: /* as a driver that has none of it */
		return uc_unsupported(-EOPNOTSUPP, "ioctl SIOCETHTOOL");
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
		return inet_is_tcp(i) ? uc_user_store32(arg, inet_urgent_at_mark(i)) : -ENOTTY;
	default:
		return -ENOTTY;
	}
}
