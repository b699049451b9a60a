// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PACKET_BPF_H
#define UC_PACKET_BPF_H
/* Classic BPF (McCanne, Jacobson: The BSD Packet Filter, 1993; extensions of linux/filter.h). Pure
 * functions: any context, nothing blocks. */
#include <linux/filter.h>
#include <uc/types.h>

/* A packet as a filter sees it. */
struct bpf_packet {
	const uint8_t *data, *frame; /* where loads begin; the frame, at or before data */
	uint32_t len, net;           /* from data; of the frame's link header */
	uint16_t protocol, hatype;   /* host order */
	uint8_t pkttype;
	int ifindex;
};
/* Whether a program of n instructions may be run: known instructions, jumps inside, a return at the
 * end. 0 or -EINVAL. */
int bpf_check(const struct sock_filter *f, size_t n);
/* Runs a checked program: bytes of the packet to keep; 0: none. */
uint32_t bpf_run(const struct sock_filter *f, const struct bpf_packet *p);
#endif
