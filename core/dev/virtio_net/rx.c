// SPDX-License-Identifier: BSD-3-Clause
/* Receiving. In a buffer: the device's header, data. */
#include <asm/errno.h>
#include <uc/arch.h>
#include "vnet.h"

void vnet_rx_fill(struct vnet *v)
{
	bool any = false;

	while (uc_virtq_free(v->rxq)) {
		struct uc_pktbuf *b = uc_pktpool_take(&v->pool);
		struct uc_vq_buf q;

		if (!b)
			break;
		q = (struct uc_vq_buf){ uc_virt_to_phys(uc_pktpool_room(b)), UC_PKTPOOL_ROOM };
		if (uc_virtq_add(v->rxq, &q, 0, 1, b)) {
			uc_pktpool_put(&v->pool, b);
			break;
		}
		any = true;
	}
	if (any)
		uc_virtq_kick(v->rxq);
}

int vnet_hdr_decode(const struct vnet_hdr *h, bool mergeable, struct uc_pktbuf *b,
		    unsigned *buffers)
{
	*buffers = mergeable ? h->num_buffers : 1;
	if (!*buffers || *buffers > VNET_QUEUE)
		return -EIO;
	b->flags = h->flags & (VNET_HDR_NEEDS_CSUM | VNET_HDR_DATA_VALID) ? UC_PKT_CSUM_GOOD : 0;
	if (h->gso_type == VNET_GSO_NONE)
		return 0;
	if (!mergeable || (h->gso_type != VNET_GSO_TCPV4 && h->gso_type != VNET_GSO_TCPV6))
		return -EIO;
	b->flags |= h->gso_type == VNET_GSO_TCPV4 ? UC_PKT_TSO4 : UC_PKT_TSO6;
	b->gso_size = h->gso_size;
	return 0;
}

static struct uc_pktbuf *next_buf(struct vnet *v, uint32_t skip)
{
	uint32_t n;
	struct uc_pktbuf *b = uc_virtq_take(v->rxq, &n);

	if (b)
		uc_pktpool_fill(b, skip, n > skip ? n - skip : 0);
	return b;
}

/* The rest of a packet that the device spread over several buffers. */
static bool join(struct vnet *v, struct uc_pktbuf *first, unsigned buffers)
{
	struct uc_pktbuf *last = first;

	while (--buffers) {
		struct uc_pktbuf *b = next_buf(v, 0);

		if (!b)
			return false;
		last->next = b;
		last = b;
		first->total += b->len;
	}
	return true;
}

static struct uc_pktbuf *packet(struct vnet *v, bool *end)
{
	struct uc_pktbuf *b = next_buf(v, sizeof(struct vnet_hdr));
	unsigned buffers;

	*end = !b;
	if (!b)
		return NULL;
	if (b->len &&
	    vnet_hdr_decode((struct vnet_hdr *)uc_pktpool_room(b), v->mergeable, b, &buffers) ==
		    0 &&
	    join(v, b, buffers))
		return b;
	v->dev.st.rx_dropped++;
	uc_pkt_unref(b);
	return NULL;
}

unsigned vnet_rx_burst(struct uc_netdev *d, unsigned queue, struct uc_pktbuf **out, unsigned n)
{
	struct vnet *v = UC_CONTAINER(d, struct vnet, dev);
	unsigned got = 0;
	bool end = false;

	while (got < n && !end) {
		struct uc_pktbuf *b = packet(v, &end);

		if (!b)
			continue;
		d->st.rx_packets++;
		d->st.rx_bytes += b->total;
		out[got++] = b;
	}
	vnet_rx_fill(v);
	return got;
}
