// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_HOST_NET_HNET_H
#define UC_HOST_NET_HNET_H
/*
 * A card that is a descriptor. Either each read and write is a packet behind a header of
 * linux/virtio_net.h (a tap with IFF_VNET_HDR, a packet socket with PACKET_VNET_HDR), or a stream
 * in which four bytes, the most significant first, say how long the frame after them is (passt(1)).
 */
#include <linux/virtio_net.h>
#include <uc/hostfd.h>
#include <uc/pktpool.h>

#define HNET_FRAME_MAX 65550u /* an IP packet of 64 KB behind an Ethernet header */
#define HNET_FRAME_MIN 14u
#define HNET_SEGS      (HNET_FRAME_MAX / UC_PKTPOOL_ROOM + 1)
#define HNET_LEN       4u /* of a length in the stream */
#define HNET_IN        (4u * HNET_FRAME_MAX)

struct hnet {
	struct uc_netdev dev;
	struct uc_hostfd_watch watch;
	struct uc_pktpool pool;
	int fd;
	bool stream, tx_full;
	/* packets: where the next one goes */
	struct virtio_net_hdr hdr;
	struct uc_pktbuf *at[HNET_SEGS];
	struct uc_hostfd_iov iov[1 + HNET_SEGS];
	/* stream: what was read of it, and the rest of a frame that it did not take at once */
	uint8_t *in, *out;
	uint32_t in_at, in_len, out_at, out_len;
};

/* What netdev= says. */
struct hnet_config {
	int fd;
	bool stream;
	uint8_t mac[6];
	uint16_t mtu;
};
/* 0 or -EINVAL. */
int hnet_config_parse(struct hnet_config *c, const char *text);

/* packet.c, stream.c: uc_netdev_ops; *_init 0 or -ENOMEM. */
int hnet_stream_init(struct hnet *h);
unsigned hnet_packet_rx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf **out, unsigned n);
unsigned hnet_stream_rx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf **out, unsigned n);
unsigned hnet_packet_tx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf *const *in,
			unsigned n);
unsigned hnet_stream_tx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf *const *in,
			unsigned n);
/* Sends the rest of a frame. Whether there is none any more. */
bool hnet_stream_flush(struct hnet *h);

/* Segments of b behind v[0]; the number of all, or 0: too many. */
unsigned hnet_gather(const struct uc_pktbuf *b, struct uc_hostfd_iov *v);
/* A packet was sent (or cannot be): counted and given back. */
void hnet_sent(struct hnet *h, struct uc_pktbuf *b, bool ok);
/* The other side is gone. */
void hnet_down(struct hnet *h);
#endif
