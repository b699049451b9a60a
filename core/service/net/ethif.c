// SPDX-License-Identifier: BSD-3-Clause
/* lwIP interfaces on network devices. Received buffers are lent to lwIP, small packets copied so
 * that they do not hold a whole one; sent ones are lent to the device until it has read them. */
#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/inet_chksum.h>
#include <lwip/ip6.h>
#include <lwip/prot/ieee.h>
#include <lwip/prot/ip4.h>
#include <lwip/prot/tcp.h>
#include <uc/heap.h>
#include <uc/nettap.h>
#include <uc/sched.h>
#include "net_internal.h"

#define COPY_MAX    256u
#define BURST       32u
#define WAITING_MAX 2048u /* packets, when the device is slower than we are */
#define SPARE_MAX   512u

struct ethif {
	struct netif netif;
	struct uc_netdev *dev;
	struct uc_pktbuf *waiting, *waiting_last; /* packets by room[0] of their first segment */
	unsigned nwaiting;
	struct ethif *next;
};
static struct ethif *interfaces;
static struct uc_pktbuf *spare; /* descriptions of sent segments, by `next` */
static unsigned nspare;

bool net_eth_any(void)
{
	return interfaces;
}

/* ---- receiving ---- */
static void give_back(struct pbuf *p)
{
	struct uc_pktbuf *b = UC_CONTAINER((uint64_t *)(void *)p, struct uc_pktbuf, room[0]);

	uc_pktbuf_unref(b);
}

static struct pbuf *lend(struct uc_pktbuf *b)
{
	struct pbuf_custom *c = (struct pbuf_custom *)b->room;

	_Static_assert(sizeof(*c) <= sizeof(b->room), "lwIP's buffer description fits");
	c->custom_free_function = give_back;
	return pbuf_alloced_custom(PBUF_RAW, (u16_t)b->len, PBUF_REF, c, b->data, (u16_t)b->len);
}

static struct pbuf *copy(struct uc_pktbuf *b)
{
	struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t)b->len, PBUF_RAM);

	if (p)
		memcpy(p->payload, b->data, b->len);
	uc_pktbuf_unref(b);
	return p;
}

static struct pbuf *to_pbuf(struct uc_pktbuf *b)
{
	struct pbuf *head = NULL;

	if (!b->next && b->len <= COPY_MAX)
		return copy(b);
	while (b) {
		struct uc_pktbuf *next = b->next;
		struct pbuf *p = lend(b);

		if (head)
			pbuf_cat(head, p);
		else
			head = p;
		b = next;
	}
	return head;
}

static void receive(struct ethif *e, struct uc_pktbuf *b)
{
	const uint16_t transport = NETIF_CHECKSUM_CHECK_TCP | NETIF_CHECKSUM_CHECK_UDP;
	uint16_t rest = e->netif.chksum_flags;
	bool good = b->flags & UC_PKT_CSUM_GOOD;
	struct pbuf *p;

	if (uc_nettap)
		net_tap_packet(&e->netif, b, false);
	if (b->total > UINT16_MAX) {
		uc_pkt_unref(b);
		return;
	}
	p = to_pbuf(b);
	if (!p)
		return;
	if (!good)
		e->netif.chksum_flags = rest | transport;
	if (e->netif.input(p, &e->netif) != ERR_OK)
		pbuf_free(p);
	e->netif.chksum_flags = rest;
}

static void receive_all(struct ethif *e)
{
	struct uc_pktbuf *b[BURST];
	unsigned n;

	do {
		n = e->dev->ops->rx_burst(e->dev, 0, b, BURST);
		for (unsigned i = 0; i < n; i++)
			receive(e, b[i]);
	} while (n == BURST);
}

/* ---- sending ---- */
static void sent(struct uc_pktbuf *b)
{
	if (b->owner)
		pbuf_free(b->owner);
	if (nspare >= SPARE_MAX) {
		uc_heap_free(b);
		return;
	}
	b->next = spare;
	spare = b;
	nspare++;
}

static struct uc_pktbuf *description(void)
{
	struct uc_pktbuf *b = spare;

	if (!b)
		return uc_heap_alloc(sizeof(*b));
	spare = b->next;
	nspare--;
	return b;
}

static struct uc_pktbuf *describe(struct pbuf *p)
{
	struct uc_pktbuf *head = NULL, **link = &head;

	for (struct pbuf *q = p; q; q = q->next) {
		struct uc_pktbuf *b = description();

		if (!b) {
			uc_pkt_unref(head);
			return NULL;
		}
		b->next = NULL;
		b->data = q->payload;
		b->len = b->total = q->len;
		b->headroom = 0;
		b->refs = 1;
		b->flags = 0;
		b->release = sent;
		b->owner = NULL;
		*link = b;
		link = &b->next;
	}
	head->total = p->tot_len;
	return head;
}

/* TCP's checksum is the device's: the sum of the pseudo-header goes where it belongs. size: of the
 * segments to be made of it, or 0. */
static void offload(struct uc_pktbuf *b, const uint8_t *f, uint16_t size)
{
	uint16_t type = (uint16_t)(f[12] << 8 | f[13]);
	const uint8_t *ip = f + SIZEOF_ETH_HDR;
	unsigned hlen, plen;
	uint32_t sum = IP_PROTO_TCP;
	uint8_t *field;

	if (type == ETHTYPE_IP && ip[9] == IP_PROTO_TCP) {
		hlen = (ip[0] & 15u) * 4u;
		plen = (unsigned)(ip[2] << 8 | ip[3]) - hlen;
		for (unsigned i = 12; i < 20; i += 2)
			sum += (uint32_t)(ip[i] << 8 | ip[i + 1]);
	} else if (type == ETHTYPE_IPV6 && ip[6] == IP_PROTO_TCP) {
		hlen = 40;
		plen = (unsigned)(ip[4] << 8 | ip[5]);
		for (unsigned i = 8; i < 40; i += 2)
			sum += (uint32_t)(ip[i] << 8 | ip[i + 1]);
	} else {
		return;
	}
	if (b->len < SIZEOF_ETH_HDR + hlen + TCP_HLEN)
		return;
	sum += plen;
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	b->csum_start = (uint16_t)(SIZEOF_ETH_HDR + hlen);
	b->csum_offset = 16;
	field = b->data + b->csum_start + b->csum_offset;
	field[0] = (uint8_t)(sum >> 8);
	field[1] = (uint8_t)sum;
	b->flags = UC_PKT_CSUM_PARTIAL;
	if (!size)
		return;
	b->flags |= type == ETHTYPE_IP ? UC_PKT_TSO4 : UC_PKT_TSO6;
	b->gso_size = size;
	b->hdr_len = (uint16_t)(b->csum_start + (f[b->csum_start + 12] >> 4) * 4u);
}

static void send_waiting(struct ethif *e)
{
	while (e->waiting) {
		struct uc_pktbuf *b = e->waiting, *next = (struct uc_pktbuf *)b->room[0];

		if (!e->dev->ops->tx_burst(e->dev, 0, &b, 1))
			return;
		e->waiting = next;
		e->nwaiting--;
	}
}

static err_t enqueue(struct ethif *e, struct uc_pktbuf *b)
{
	if (e->nwaiting >= WAITING_MAX) {
		e->dev->st.tx_dropped++;
		uc_pkt_unref(b);
		return ERR_MEM;
	}
	b->room[0] = 0;
	if (e->waiting)
		e->waiting_last->room[0] = (uintptr_t)b;
	else
		e->waiting = b;
	e->waiting_last = b;
	e->nwaiting++;
	return ERR_OK;
}

static err_t transmit(struct ethif *e, struct pbuf *p, bool may_offload)
{
	uint8_t *frame = p->payload;
	struct uc_pktbuf *b = describe(p);

	if (!b)
		return ERR_MEM;
	pbuf_ref(p);
	b->owner = p;
	if (pbuf_add_header(p, PBUF_LINK_ENCAPSULATION_HLEN) == 0) {
		pbuf_remove_header(p, PBUF_LINK_ENCAPSULATION_HLEN);
		b->headroom = PBUF_LINK_ENCAPSULATION_HLEN;
		if (may_offload && e->dev->features & UC_NETDEV_TX_CSUM)
			offload(b, frame, net_train_size(p));
	}
	if (uc_nettap)
		net_tap_packet(&e->netif, b, true);
	if (!e->waiting && e->dev->ops->tx_burst(e->dev, 0, &b, 1))
		return ERR_OK;
	return enqueue(e, b);
}

static err_t output(struct netif *netif, struct pbuf *p)
{
	return transmit(netif->state, p, true);
}

err_t net_eth_send(struct netif *n, struct pbuf *p)
{
	return transmit(n->state, p, false);
}

static void ready(struct uc_netdev *d, unsigned queue)
{
	struct ethif *e = d->user;

	send_waiting(e);
	receive_all(e);
}

void net_eth_service(void)
{
	for (struct ethif *e = interfaces; e; e = e->next) {
		e->dev->ops->tx_reclaim(e->dev, 0);
		send_waiting(e);
		/* A device that got no buffers for want of memory will not ask by itself. */
		receive_all(e);
	}
}

unsigned net_eth_features(const struct netif *n)
{
	return n->linkoutput == output ? ((struct ethif *)n->state)->dev->features : 0;
}

/* ---- setting up ---- */
static err_t init(struct netif *n)
{
	struct ethif *e = n->state;

	n->name[0] = 'e';
	n->name[1] = 'n';
	n->mtu = e->dev->mtu;
	n->hwaddr_len = 6;
	memcpy(n->hwaddr, e->dev->mac, 6);
	n->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET |
		   NETIF_FLAG_IGMP | NETIF_FLAG_MLD6;
	n->output = etharp_output;
	n->output_ip6 = ethip6_output;
	n->linkoutput = output;
	/* What comes from a device is checked per packet (receive); what comes from ourselves has
	 * no sum. */
	n->chksum_flags &= (uint16_t) ~(NETIF_CHECKSUM_CHECK_TCP | NETIF_CHECKSUM_CHECK_UDP);
	if (e->dev->features & UC_NETDEV_TX_CSUM)
		n->chksum_flags &= (uint16_t)~NETIF_CHECKSUM_GEN_TCP;
	return ERR_OK;
}

struct netif *net_eth_add(struct uc_netdev *d, const struct net_config *c)
{
	struct ethif *e = uc_heap_zalloc(sizeof(*e));
	const ip4_addr_t *any = IP4_ADDR_ANY4;

	if (!e)
		return NULL;
	e->dev = d;
	if (c->mtu && c->mtu < d->mtu)
		d->mtu = c->mtu;
	if (!netif_add(&e->netif, c->have_ip ? &c->ip : any, c->have_ip ? &c->mask : any,
		       c->have_gateway ? &c->gateway : any, e, init, netif_input)) {
		uc_heap_free(e);
		return NULL;
	}
	d->user = e;
	d->ready = ready;
	e->next = interfaces;
	interfaces = e;
	netif_create_ip6_linklocal_address(&e->netif, 1);
	netif_set_ip6_autoconfig_enabled(&e->netif, 1);
	if (c->have_ip6) {
		netif_ip6_addr_set(&e->netif, 1, &c->ip6);
		netif_ip6_addr_set_state(&e->netif, 1, IP6_ADDR_PREFERRED);
	}
	if (!netif_default)
		netif_set_default(&e->netif);
	netif_set_up(&e->netif);
	if (d->up)
		netif_set_link_up(&e->netif);
	ready(d, 0);
	if (c->dhcp)
		dhcp_start(&e->netif);
	return &e->netif;
}
