// SPDX-License-Identifier: BSD-3-Clause
/* A packet for each call of the host. */
#include <asm/errno.h>
#include <asm/poll.h>
#include <uc/string.h>
#include "hnet.h"

/* Buffers for a packet of any size; those it does not need stay for the next. */
static bool prepare(struct hnet *h)
{
	h->iov[0] = (struct uc_hostfd_iov){ &h->hdr, sizeof(h->hdr) };
	for (unsigned i = 0; i < HNET_SEGS; i++) {
		if (h->at[i])
			continue;
		h->at[i] = uc_pktpool_take(&h->pool);
		if (!h->at[i])
			return false;
		h->iov[1 + i] =
			(struct uc_hostfd_iov){ uc_pktpool_room(h->at[i]), UC_PKTPOOL_ROOM };
	}
	return true;
}

static struct uc_pktbuf *chain(struct hnet *h, uint32_t left)
{
	struct uc_pktbuf *head = NULL, **link = &head;
	uint32_t total = left;

	for (unsigned i = 0; left; i++) {
		struct uc_pktbuf *b = h->at[i];

		h->at[i] = NULL;
		uc_pktpool_fill(b, 0, UC_MIN(left, UC_PKTPOOL_ROOM));
		left -= b->len;
		*link = b;
		link = &b->next;
	}
	if (head)
		head->total = total;
	return head;
}

static void describe(struct uc_pktbuf *b, const struct virtio_net_hdr *h)
{
	if (h->flags & (VIRTIO_NET_HDR_F_NEEDS_CSUM | VIRTIO_NET_HDR_F_DATA_VALID))
		b->flags |= UC_PKT_CSUM_GOOD;
	if (h->gso_type == VIRTIO_NET_HDR_GSO_TCPV4 || h->gso_type == VIRTIO_NET_HDR_GSO_TCPV6) {
		b->flags |= h->gso_type == VIRTIO_NET_HDR_GSO_TCPV4 ? UC_PKT_TSO4 : UC_PKT_TSO6;
		b->gso_size = h->gso_size;
	}
}

unsigned hnet_packet_rx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf **out, unsigned n)
{
	struct hnet *h = UC_CONTAINER(d, struct hnet, dev);
	unsigned got = 0;

	while (got < n && prepare(h)) {
		int64_t r = uc_hostfd_readv(h->fd, h->iov, 1 + HNET_SEGS);

		if (r == -EAGAIN)
			break;
		if (r <= 0) { /* the interface is gone, or down for now */
			if (r != -ENETDOWN)
				hnet_down(h);
			break;
		}
		if (r < (int64_t)(sizeof(h->hdr) + HNET_FRAME_MIN)) {
			d->st.rx_dropped++;
			continue;
		}
		out[got] = chain(h, (uint32_t)r - sizeof(h->hdr));
		describe(out[got], &h->hdr);
		d->st.rx_packets++;
		d->st.rx_bytes += out[got++]->total;
	}
	return got;
}

static int64_t send(struct hnet *h, const struct uc_pktbuf *b)
{
	struct virtio_net_hdr hdr = { 0 };
	struct uc_hostfd_iov v[1 + UC_NETDEV_SEGS] = { { &hdr, sizeof(hdr) } };
	unsigned segs = hnet_gather(b, v);

	if (!segs)
		return -EINVAL;
	if (b->flags & UC_PKT_CSUM_PARTIAL) {
		hdr.flags = VIRTIO_NET_HDR_F_NEEDS_CSUM;
		hdr.csum_start = b->csum_start;
		hdr.csum_offset = b->csum_offset;
	}
	if (b->flags & (UC_PKT_TSO4 | UC_PKT_TSO6)) {
		hdr.gso_type = b->flags & UC_PKT_TSO4 ? VIRTIO_NET_HDR_GSO_TCPV4
						      : VIRTIO_NET_HDR_GSO_TCPV6;
		hdr.gso_size = b->gso_size;
		hdr.hdr_len = b->hdr_len;
	}
	return uc_hostfd_writev(h->fd, v, segs);
}

unsigned hnet_packet_tx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf *const *in,
			unsigned n)
{
	struct hnet *h = UC_CONTAINER(d, struct hnet, dev);

	for (unsigned i = 0; i < n; i++) {
		int64_t r = d->up ? send(h, in[i]) : -ENETDOWN;

		if (r == -EAGAIN) {
			h->tx_full = true;
			uc_hostfd_watch_events(&h->watch, POLLIN | POLLOUT);
			return i;
		}
		hnet_sent(h, in[i], r > 0);
	}
	return n;
}
