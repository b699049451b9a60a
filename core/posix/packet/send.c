// SPDX-License-Identifier: BSD-3-Clause
#include <uc/heap.h>
#include <uc/proc.h>
#include <uc/string.h>
#include "packet_private.h"

#define VLAN_HEADER 4u

/* Where a message goes: as it says, or as the socket is bound. */
static int destination(const struct packet_sock *s, const struct uc_msg *m, struct sockaddr_ll *to)
{
	const size_t addr = offsetof(struct sockaddr_ll, sll_addr);

	*to = (struct sockaddr_ll){ .sll_ifindex = s->ifindex,
				    .sll_protocol = __builtin_bswap16(s->protocol) };
	if (!m->name)
		return s->s.type == UC_SOCK_DGRAM ? -EINVAL : 0;
	if (m->name_len < sizeof(*to) || m->name->family != UC_AF_PACKET)
		return -EINVAL;
	memcpy(to, m->name, sizeof(*to));
	return m->name_len < addr + to->sll_halen ? -EINVAL : 0;
}

static int check(const struct packet_sock *s, const struct netif *n, size_t len)
{
	bool raw = s->s.type == UC_SOCK_RAW;
	size_t max = uc_netif_mtu(n) + (raw ? UC_ETH_HEADER + VLAN_HEADER : 0);

	if (!(uc_netif_flags(n) & UC_IFF_UP))
		return -ENETDOWN;
	if (len > UC_MIN(max, (size_t)UINT16_MAX))
		return -EMSGSIZE;
	return raw && len < UC_ETH_HEADER ? -EINVAL : 0;
}

static void put_header(uint8_t *h, const struct netif *n, const struct sockaddr_ll *to)
{
	memcpy(h, to->sll_addr, ETH_ALEN);
	uc_netif_mac(n, h + ETH_ALEN);
	memcpy(h + 2ul * ETH_ALEN, &to->sll_protocol, sizeof(to->sll_protocol));
}

ssize_t packet_sendmsg(struct uc_sock *sock, struct uc_msg *m)
{
	struct packet_sock *s = packet_of(sock);
	size_t n = m->it.left, header = sock->type == UC_SOCK_DGRAM ? UC_ETH_HEADER : 0;
	struct sockaddr_ll to;
	struct netif *netif;
	uint8_t *frame;
	int r = destination(s, m, &to);

	if (r < 0)
		return r;
	netif = uc_netif_by_index(to.sll_ifindex);
	if (!netif)
		return -ENXIO;
	r = check(s, netif, n);
	if (r < 0)
		return r;
	frame = uc_heap_alloc(header + n);
	if (!frame)
		return -ENOBUFS;
	if (header)
		put_header(frame, netif, &to);
	if (n && uc_iter_get(&m->it, frame + header, n) != (ssize_t)n) {
		r = -EFAULT;
	} else {
		packet_sending(s);
		r = uc_nettap_send(netif, frame, (uint32_t)(header + n));
		packet_sending(NULL);
	}
	uc_heap_free(frame);
	return r < 0 ? r : (ssize_t)n;
}
