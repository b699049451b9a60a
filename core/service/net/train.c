// SPDX-License-Identifier: BSD-3-Clause
/* Trains: consecutive segments of a connection that go to the device as one packet, which cuts it
 * again. lwIP's queues keep the segments, each with a header of its own, so what comes after (ACKs,
 * retransmission, windows) does not know of trains. A packet is a copy of the first header and
 * references to the data, which keep the segments busy until the device has read them. */
#include <lwip/nd6.h>
#include <lwip/prot/ip4.h>
#include <lwip/prot/ip6.h>
#include <lwip/stats.h>
#include <lwip/priv/tcp_priv.h>
#include <uc/heap.h>
#include <uc/neturgent.h>
#include "net_internal.h"

#define SIZE_MIN  256u /* smaller segments are not worth it */
#define BYTES_MAX (UINT16_MAX - ROOM)
#define ROOM      (LWIP_MEM_ALIGN_SIZE(PBUF_IP) + TCP_HLEN + 40u)

struct train {
	uint16_t size; /* of a segment */
	uint16_t live; /* parts */
	struct part {
		struct pbuf_custom c; /* first member */
		struct train *train;
		struct pbuf *held; /* a segment's, or NULL */
	} parts[];                 /* the first one's memory is behind the last */
};

static void release(struct pbuf *p)
{
	struct part *part = (struct part *)p;
	struct train *t = part->train;

	if (part->held)
		pbuf_free(part->held);
	if (--t->live == 0)
		uc_heap_free(t);
}

uint16_t net_train_size(const struct pbuf *p)
{
	return p->flags & PBUF_FLAG_TRAIN ? ((const struct part *)p)->train->size : 0;
}

/* Whether the device can cut what begins with this segment. */
static bool may_lead(const struct tcp_pcb *pcb, const struct tcp_seg *seg, struct netif *netif)
{
	bool v6 = IP_IS_V6(&pcb->remote_ip);
	unsigned mtu, hlen = v6 ? IP6_HLEN : IP_HLEN;

	if (!seg->next || seg->len < SIZE_MIN || uc_net_urgent_pending(pcb) ||
	    !(net_eth_features(netif) & (v6 ? UC_NETDEV_TSO6 : UC_NETDEV_TSO4)))
		return false;
	mtu = v6 ? nd6_get_destination_mtu(ip_2_ip6(&pcb->remote_ip), netif) : netif->mtu;
	return seg->p->tot_len + hlen <= mtu && !(TCPH_FLAGS(seg->tcphdr) & (TCP_SYN | TCP_FIN));
}

/* Whether a segment can follow prev: of the size of all others, or the last one. */
static bool may_follow(const struct tcp_pcb *pcb, const struct tcp_seg *prev,
		       const struct tcp_seg *seg, uint16_t size, uint32_t wnd)
{
	const uint8_t at_once = TF_NODELAY | TF_INFR | TF_NAGLEMEMERR | TF_FIN;
	uint32_t seq = lwip_ntohl(seg->tcphdr->seqno);

	return prev->len == size && seg->len && seg->len <= size && seg->flags == prev->flags &&
	       seq == lwip_ntohl(prev->tcphdr->seqno) + prev->len &&
	       seq - pcb->lastack + seg->len <= wnd && seg->p->ref == 1 &&
	       !(TCPH_FLAGS(seg->tcphdr) & (TCP_SYN | TCP_FIN)) &&
	       (seg->len == size || seg->next || pcb->flags & at_once);
}

struct plan {
	uint16_t along; /* segments behind the first */
	unsigned parts; /* buffers of data */
	uint32_t bytes; /* of data */
};

static struct plan plan(const struct tcp_pcb *pcb, const struct tcp_seg *seg, uint32_t wnd)
{
	const uint16_t size = seg->len;
	struct plan next = { 0, pbuf_clen(seg->p), size }, p = { 0 };

	while (seg->next && may_follow(pcb, seg, seg->next, size, wnd)) {
		seg = seg->next;
		next.along++;
		next.parts += pbuf_clen(seg->p);
		next.bytes += seg->len;
		if (next.bytes > BYTES_MAX || next.parts >= UC_NETDEV_SEGS)
			break;
		p = next;
	}
	return p;
}

/* Adds the data of a segment, which is behind the headers in its first buffer. */
static struct part *append(struct part *last, const struct tcp_seg *seg)
{
	const uint8_t *data = (uint8_t *)seg->tcphdr + TCPH_HDRLEN_BYTES(seg->tcphdr);
	struct train *t = last->train;

	for (struct pbuf *q = seg->p; q; q = q->next) {
		struct part *part = &t->parts[t->live++];
		struct pbuf *p = &part->c.pbuf;
		u16_t len;

		if (q != seg->p)
			data = q->payload;
		len = (u16_t)((uint8_t *)q->payload + q->len - data);
		part->train = t;
		part->held = q == seg->p ? q : NULL;
		part->c.custom_free_function = release;
		pbuf_alloced_custom(PBUF_RAW, len, PBUF_ROM, &part->c, (void *)data, len);
		p->tot_len = (u16_t)(last->c.pbuf.tot_len - last->c.pbuf.len);
		last->c.pbuf.next = p;
		last = part;
	}
	pbuf_ref(seg->p);
	return last;
}

static struct train *new_train(const struct plan *plan, const struct tcp_seg *seg)
{
	struct train *t =
		uc_heap_alloc(sizeof(*t) + (1 + plan->parts) * sizeof(t->parts[0]) + ROOM);
	uint16_t hlen = TCPH_HDRLEN_BYTES(seg->tcphdr);
	struct part *head;

	if (!t)
		return NULL;
	head = t->parts;
	t->size = seg->len;
	t->live = 1;
	head->train = t;
	head->held = NULL;
	head->c.custom_free_function = release;
	pbuf_alloced_custom(PBUF_IP, hlen, PBUF_RAM, &head->c, head + 1 + plan->parts, ROOM);
	head->c.pbuf.flags |= PBUF_FLAG_TRAIN;
	head->c.pbuf.tot_len = (u16_t)(hlen + plan->bytes);
	memcpy(head->c.pbuf.payload, seg->tcphdr, hlen);
	return t;
}

struct pbuf *uc_lwip_train(struct tcp_pcb *pcb, struct tcp_seg *seg, struct netif *netif,
			   uint32_t wnd, uint16_t *along)
{
	const struct tcp_seg *member = seg;
	struct plan p = { 0 };
	struct train *t = NULL;
	struct part *last;

	if (may_lead(pcb, seg, netif))
		p = plan(pcb, seg, wnd);
	if (p.along)
		t = new_train(&p, seg);
	if (!t)
		return seg->p;
	last = append(t->parts, seg);
	for (uint16_t i = 0; i < p.along; i++) {
		member = member->next;
		last = append(last, member);
		MIB2_STATS_INC(mib2.tcpoutsegs);
	}
	if (TCPH_FLAGS(member->tcphdr) & TCP_PSH)
		TCPH_SET_FLAG((struct tcp_hdr *)t->parts[0].c.pbuf.payload, TCP_PSH);
	*along = p.along;
	return &t->parts[0].c.pbuf;
}
