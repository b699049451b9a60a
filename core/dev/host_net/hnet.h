// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_HOST_NET_HNET_H
#define UC_HOST_NET_HNET_H
/*
 * A card that is a descriptor. Either each read and write is a packet behind a header of
 * linux/virtio_net.h (a tap with IFF_VNET_HDR, a packet socket with PACKET_VNET_HDR), or a stream
 * in which four bytes, the most significant first, say how long the frame after them is (passt(1)),
 * or wake-ups for packets that lie in memory shared with a peer (uc/abi/memif.h).
 */
#include <linux/virtio_net.h>
#include <uc/abi/memif.h>
#include <uc/hostfd.h>
#include <uc/pktpool.h>
#include <uc/time.h>

#define HNET_FRAME_MAX 65550u /* an IP packet of 64 KB behind an Ethernet header */
#define HNET_FRAME_MIN 14u
#define HNET_SEGS      (HNET_FRAME_MAX / UC_PKTPOOL_ROOM + 1)
#define HNET_LEN       4u /* of a length in the stream */
#define HNET_IN        (4u * HNET_FRAME_MAX)

#define HNET_MEMIF_SEGS 64u /* descriptors of a packet that is received */

enum hnet_kind { HNET_PACKET, HNET_STREAM, HNET_MEMIF };

/* at: the next descriptor of ours, not read from the memory. */
struct hnet_ring {
	struct uc_memif_ring *ring;
	uint16_t size, at;
};
struct hnet_memif {
	bool client;
	unsigned nregions;
	uint8_t *region[UC_MEMIF_REGIONS];
	uint64_t bytes[UC_MEMIF_REGIONS];
	struct hnet_ring rx, tx;
	struct uc_defer wake;
	struct uc_timer retry;
	uc_nsec pause; /* before the next look at a full ring */
};

struct hnet {
	struct uc_netdev dev;
	struct uc_hostfd_watch watch;
	struct uc_pktpool pool;
	int fd;
	enum hnet_kind kind;
	bool tx_full;
	/* packets: where the next one goes */
	struct virtio_net_hdr hdr;
	struct uc_pktbuf *at[HNET_SEGS];
	struct uc_hostfd_iov iov[1 + HNET_SEGS];
	/* stream: what was read of it, and the rest of a frame that it did not take at once */
	uint8_t *in, *out;
	uint32_t in_at, in_len, out_at, out_len;
	struct hnet_memif memif;
};

/* What netdev= says. */
struct hnet_config {
	int fd;
	enum hnet_kind kind;
	uint8_t mac[6];
	uint16_t mtu;
};
/* 0 or -EINVAL. */
int hnet_config_parse(struct hnet_config *c, const char *text);

/* packet.c, stream.c, memif.c: uc_netdev_ops; *_init 0 or -errno. */
int hnet_stream_init(struct hnet *h);
int hnet_memif_init(struct hnet *h);
unsigned hnet_packet_rx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf **out, unsigned n);
unsigned hnet_stream_rx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf **out, unsigned n);
unsigned hnet_memif_rx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf **out, unsigned n);
unsigned hnet_packet_tx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf *const *in,
			unsigned n);
unsigned hnet_stream_tx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf *const *in,
			unsigned n);
unsigned hnet_memif_tx(struct uc_netdev *d, unsigned queue, struct uc_pktbuf *const *in,
		       unsigned n);
/* Sends the rest of a frame. Whether there is none any more. */
bool hnet_stream_flush(struct hnet *h);
/* The peer has something to tell. Whether it is still there. */
bool hnet_memif_ready(struct hnet *h);

/* Segments of b behind v[0]; the number of all, or 0: too many. */
unsigned hnet_gather(const struct uc_pktbuf *b, struct uc_hostfd_iov *v);
/* A packet that came in, of the bytes in v (at least one): counted. NULL: no memory. */
struct uc_pktbuf *hnet_received(struct hnet *h, const struct uc_hostfd_iov *v, unsigned n);
/* A packet was sent (or cannot be): counted and given back. */
void hnet_sent(struct hnet *h, struct uc_pktbuf *b, bool ok);
/* The other side is gone. */
void hnet_down(struct hnet *h);
#endif
