// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_NETDEV_H
#define UC_NETDEV_H
/*
 * Network devices. Packets are Ethernet frames without checksum trailer; they move in bursts
 * through numbered queues. Above a device sits one user: a TCP/IP stack, or a network function.
 * Context: thread or deferred work; nothing here blocks. The caller serialises calls on one queue.
 */
#include <uc/list.h>
#include <uc/types.h>

/* Offload of one packet. Sent: what the device shall still do. Received: what it has done. */
enum {
	UC_PKT_CSUM_PARTIAL =
		1,            /* the sum from csum_start to the end goes to csum_start+csum_offset,
				  * where the pseudo-header's sum is */
	UC_PKT_CSUM_GOOD = 2, /* received: transport checksum verified, or never left this host */
	UC_PKT_TSO4 = 4,
	UC_PKT_TSO6 = 8, /* TCP, to be cut into segments of gso_size; received: made of such */
};

/*
 * A segment of a packet. The first one describes the packet. Memory before `data` (headroom bytes)
 * may be written by who has the only reference. The last unref calls release.
 */
struct uc_pktbuf {
	struct uc_pktbuf *next; /* rest of the packet */
	uint8_t *data;          /* in the direct map: contiguous for the device */
	uint32_t len, headroom;
	uint32_t total; /* bytes of the packet, in its first segment */
	uint32_t refs;
	uint16_t flags; /* UC_PKT_* */
	uint16_t csum_start, csum_offset, gso_size, hdr_len;
	void (*release)(struct uc_pktbuf *b);
	void *owner;      /* of release */
	uint64_t room[6]; /* the user's, while it holds the buffer */
};
static inline void uc_pktbuf_ref(struct uc_pktbuf *b)
{
	b->refs++;
}
/* One segment. */
static inline void uc_pktbuf_unref(struct uc_pktbuf *b)
{
	if (--b->refs == 0)
		b->release(b);
}
/* All segments of a packet. */
void uc_pkt_unref(struct uc_pktbuf *b);

/* What a device can do. */
enum {
	UC_NETDEV_TX_CSUM = 1,
	UC_NETDEV_RX_CSUM = 2,
	UC_NETDEV_TSO4 = 4,
	UC_NETDEV_TSO6 = 8,
};

/* Most segments of a packet that is sent. */
#define UC_NETDEV_SEGS 64u

struct uc_netdev;
struct uc_netdev_ops {
	/* Up to n received packets, referenced for the caller. Buffers are given back to the
	 * device by this call. */
	unsigned (*rx_burst)(struct uc_netdev *d, unsigned queue, struct uc_pktbuf **out,
			     unsigned n);
	/* Sends up to n packets; takes over the caller's reference of those it accepted, which
	 * are the first ones. Fewer: the queue is full; `ready` is called when there is room. */
	unsigned (*tx_burst)(struct uc_netdev *d, unsigned queue, struct uc_pktbuf *const *in,
			     unsigned n);
	/* Gives back buffers of packets that were sent. tx_burst does, too. */
	void (*tx_reclaim)(struct uc_netdev *d, unsigned queue);
};
struct uc_netdev {
	struct uc_list link;
	const struct uc_netdev_ops *ops;
	const char *driver;
	uint8_t mac[6];
	uint16_t mtu;      /* largest IP packet */
	uint16_t queues;   /* pairs */
	unsigned features; /* UC_NETDEV_* */
	bool up;           /* link */
	/* Set by the user. Deferred work: packets came in, or room to send after a full queue. */
	void (*ready)(struct uc_netdev *d, unsigned queue);
	void *user;
	struct {
		uint64_t rx_packets, rx_bytes, rx_dropped, tx_packets, tx_bytes, tx_dropped;
	} st;
};
/* Called by a driver when the device works. */
void uc_netdev_add(struct uc_netdev *d);
/* The device after prev, in the order they were found (NULL: the first). NULL: no more. */
struct uc_netdev *uc_netdev_next(struct uc_netdev *prev);
#endif
