// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_VIRTIO_NET_VNET_H
#define UC_VIRTIO_NET_VNET_H
/* Virtio network device (Virtio 1.2, 5.1), one queue pair. */
#include <uc/bus.h>
#include <uc/pktpool.h>

#define VNET_QUEUE 256u
#define VNET_BURST 64u

struct vnet_hdr { /* 5.1.6; little-endian, as are all machines the Core runs on */
	uint8_t flags, gso_type;
	uint16_t hdr_len, gso_size, csum_start, csum_offset, num_buffers;
};
enum { VNET_HDR_NEEDS_CSUM = 1, VNET_HDR_DATA_VALID = 2 };
enum { VNET_GSO_NONE = 0, VNET_GSO_TCPV4 = 1, VNET_GSO_TCPV6 = 4 };

struct vnet {
	struct uc_netdev dev;
	struct uc_virtio_dev *vdev;
	struct uc_virtq *rxq, *txq;
	struct uc_pktpool pool; /* of receive buffers */
	bool mergeable, tx_full;
	struct vnet_hdr plain; /* zero: of packets without headroom */
};

/* rx.c */
void vnet_rx_fill(struct vnet *v);
unsigned vnet_rx_burst(struct uc_netdev *d, unsigned queue, struct uc_pktbuf **out, unsigned n);
/* Decodes a header that the device wrote: sets flags of the packet and how many buffers it has.
 * 0 or -EIO (it cannot be right). */
int vnet_hdr_decode(const struct vnet_hdr *h, bool mergeable, struct uc_pktbuf *b,
		    unsigned *buffers);
/* tx.c */
unsigned vnet_tx_burst(struct uc_netdev *d, unsigned queue, struct uc_pktbuf *const *in,
		       unsigned n);
void vnet_tx_reclaim(struct uc_netdev *d, unsigned queue);
#endif
