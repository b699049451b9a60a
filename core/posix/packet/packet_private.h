// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PACKET_PRIVATE_H
#define UC_PACKET_PRIVATE_H
/*
 * Packet sockets, packet(7). Frames come by uc_nettap, once for all sockets, which share the copy.
 */
#include <asm/errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <uc/nettap.h>
#include <uc/socket.h>
#include "bpf.h"

#ifndef SOL_PACKET /* the C library's */
#define SOL_PACKET 263
#endif

/* PACKET_RX_RING with TPACKET_V2: memory that the program maps. */
struct packet_ring {
	struct uc_vmobj *obj; /* NULL: no ring */
	uint8_t **page;
	uint32_t npages, block_size, frame_size, frames, per_block, head;
};
struct packet_sock {
	struct uc_sock s; /* first member */
	struct uc_list link;
	struct uc_list rxq; /* struct packet_item */
	uint32_t rx_bytes;
	struct uc_waitq q;
	struct uc_mutex rlock;
	int ifindex;       /* 0: every interface */
	uint16_t protocol; /* host order; 0: none */
	bool auxdata, ignore_outgoing;
	struct sock_filter *filter;
	struct uc_list members;
	uint32_t packets, drops;
	uint32_t version, reserve;
	struct packet_ring ring;
};
static inline struct packet_sock *packet_of(struct uc_sock *s)
{
	return (struct packet_sock *)s;
}
/* A frame as one socket gets it. */
struct packet_item {
	struct uc_list link;
	struct uc_tapframe *f;
	uint32_t skip, len, snap; /* bytes before it, of it, wanted of it */
	uint16_t protocol;        /* host order */
	uint8_t pkttype;
	uc_nsec when;
};

/* packet.c */
struct sockaddr_ll packet_address(const struct uc_tapframe *f, const struct packet_item *it);
uint32_t packet_status(const struct uc_tapframe *f);

/* receive.c */
void packet_watch(struct packet_sock *s);   /* from now on it gets frames */
void packet_unwatch(struct packet_sock *s); /* and forgets those it has */
ssize_t packet_recvmsg(struct uc_sock *sock, struct uc_msg *m);
/* The socket whose packet leaves just now does not see it. */
void packet_sending(struct packet_sock *s);

/* send.c */
ssize_t packet_sendmsg(struct uc_sock *sock, struct uc_msg *m);

/* opt.c */
int packet_getsockopt(struct uc_sock *sock, int level, int name, void *buf, unsigned *len);
int packet_setsockopt(struct uc_sock *sock, int level, int name, const void *buf, unsigned len);
void packet_leave_all(struct packet_sock *s);

/* ring.c */
/* 0, -EINVAL, -EBUSY, -ENOMEM. */
int packet_ring_set(struct packet_sock *s, const struct tpacket_req *r);
void packet_ring_free(struct packet_sock *s);
bool packet_ring_put(struct packet_sock *s, const struct packet_item *it); /* false: full */
bool packet_ring_readable(const struct packet_sock *s);
struct uc_vmobj *packet_mmap(struct uc_sock *sock);
#endif
