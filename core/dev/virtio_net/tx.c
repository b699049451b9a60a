// SPDX-License-Identifier: BSD-3-Clause
/* Sending. The device's header goes into the headroom of the first segment if there is some. */
#include <uc/arch.h>
#include <uc/string.h>
#include "vnet.h"

#define SEGS_MAX (1 + UC_NETDEV_SEGS)

static void fill_hdr(struct vnet_hdr *h, const struct uc_pktbuf *b)
{
	memset(h, 0, sizeof(*h));
	if (b->flags & UC_PKT_CSUM_PARTIAL) {
		h->flags = VNET_HDR_NEEDS_CSUM;
		h->csum_start = b->csum_start;
		h->csum_offset = b->csum_offset;
	}
	if (b->flags & (UC_PKT_TSO4 | UC_PKT_TSO6)) {
		h->gso_type = b->flags & UC_PKT_TSO4 ? VNET_GSO_TCPV4 : VNET_GSO_TCPV6;
		h->gso_size = b->gso_size;
		h->hdr_len = b->hdr_len;
	}
}

/* Descriptors for a packet, or 0: it cannot be described. */
static unsigned describe(struct vnet *v, struct uc_pktbuf *b, struct uc_vq_buf *q)
{
	struct vnet_hdr *h = (struct vnet_hdr *)(b->data - sizeof(*h));
	unsigned n = 0;
	bool inside = b->headroom >= sizeof(*h);

	if (inside) {
		fill_hdr(h, b);
		q[n++] = (struct uc_vq_buf){ uc_virt_to_phys(h), b->len + (uint32_t)sizeof(*h) };
		b = b->next;
	} else {
		if (b->flags & UC_PKT_CSUM_PARTIAL)
			return 0;
		q[n++] = (struct uc_vq_buf){ uc_virt_to_phys(&v->plain), sizeof(v->plain) };
	}
	for (; b; b = b->next) {
		if (n == SEGS_MAX)
			return 0;
		if (b->len)
			q[n++] = (struct uc_vq_buf){ uc_virt_to_phys(b->data), b->len };
	}
	return n;
}

void vnet_tx_reclaim(struct uc_netdev *d, unsigned queue)
{
	struct vnet *v = UC_CONTAINER(d, struct vnet, dev);
	struct uc_pktbuf *b;
	uint32_t ignored;

	while (uc_virtq_pending(v->txq) && (b = uc_virtq_take(v->txq, &ignored)))
		uc_pkt_unref(b);
}

/* The queue is full: an interrupt is wanted when something was sent. False: something was. */
static bool wait_room(struct vnet *v)
{
	v->tx_full = true;
	if (!uc_virtq_irq(v->txq, true))
		return true;
	vnet_tx_reclaim(&v->dev, 0);
	return false;
}

unsigned vnet_tx_burst(struct uc_netdev *d, unsigned queue, struct uc_pktbuf *const *in, unsigned n)
{
	struct vnet *v = UC_CONTAINER(d, struct vnet, dev);
	struct uc_vq_buf q[SEGS_MAX];
	unsigned i = 0;

	vnet_tx_reclaim(d, queue);
	while (i < n) {
		unsigned segs = describe(v, in[i], q);

		if (!segs || uc_virtq_broken(v->txq)) {
			d->st.tx_dropped++;
			uc_pkt_unref(in[i++]);
			continue;
		}
		if (uc_virtq_add(v->txq, q, segs, 0, in[i])) {
			if (wait_room(v))
				break;
			continue;
		}
		d->st.tx_packets++;
		d->st.tx_bytes += in[i++]->total;
	}
	uc_virtq_kick(v->txq);
	if (i == n && v->tx_full) {
		v->tx_full = false;
		uc_virtq_irq(v->txq, false);
	}
	return i;
}
