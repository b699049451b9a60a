// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_SCTP_INTERNAL_H
#define UC_SCTP_INTERNAL_H
/* Between the files that see lwIP's headers (ip.c) and those that see usrsctp's: no file can see
 * both, as they define the same names. */
#include <uc/types.h>

struct mbuf;
struct sctp_ip {
	bool v6;
	uint8_t bytes[16]; /* the first 4 if IPv4 */
	uint32_t scope;    /* index of the interface of a link-local address, or 0 */
};

/* ---- packet.c ---- */
/* Room for a packet of n bytes without IP header; NULL: no memory. */
struct mbuf *sctp_packet_new(unsigned n);
void sctp_packet_fill(struct mbuf *m, unsigned at, const void *data, unsigned n);
/* Takes over m. udp: the port that it comes from in a UDP datagram, in network order, or 0. */
void sctp_packet_in(struct mbuf *m, unsigned n, const struct sctp_ip *src,
		    const struct sctp_ip *dst, uint8_t tos, uint16_t udp);
void sctp_packet_read(const struct mbuf *m, unsigned at, void *data, unsigned n);

/* ---- ip.c ---- */
bool sctp_ip_start(void); /* false: no memory */
/* Takes packets in UDP datagrams to this port and to no other; 0: none. 0, -ENOMEM, -EADDRINUSE. */
int sctp_ip_udp(uint16_t port);
struct sctp_ip_send {
	struct sctp_ip src, dst;
	uint8_t ttl, tos, protocol;
	void *netif; /* NULL: by the route */
};
/* Sends n bytes that begin at `at` of m. 0, EHOSTUNREACH, ENOBUFS. */
int sctp_ip_send(const struct sctp_ip_send *how, const struct mbuf *m, unsigned at, unsigned n);
/* The interface of the way to dst, or NULL. */
void *sctp_ip_route(const struct sctp_ip *dst);
/* The i-th address that interfaces have; false: no more. */
bool sctp_ip_address(unsigned i, struct sctp_ip *a, void **netif);
#endif
