// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_ABI_MEMIF_H
#define UC_ABI_MEMIF_H
/*
 * memif, version 2.0: packets in memory that two processes share, as DPDK, VPP and libmemif have
 * it. The client makes memory and rings, the server maps them. A packet takes one descriptor or
 * several; indices run freely modulo 65536. In the ring to the server the client puts packets at
 * the head and the server takes them at the tail; in the ring to the client the client puts empty
 * buffers at the head and the server fills them at the tail. Source: DPDK's documentation of the
 * memif poll mode driver.
 */
#include <stdint.h>

#define UC_MEMIF_COOKIE   0x3e31f20u
#define UC_MEMIF_LOG2_MAX 14u
#define UC_MEMIF_REGIONS  8u

#define UC_MEMIF_DESC_NEXT 1u /* the packet goes on in the next descriptor */
struct uc_memif_desc {
	uint16_t flags, region;
	uint32_t length; /* of the packet's part; of an empty buffer: its room */
	uint32_t offset, metadata;
};

#define UC_MEMIF_RING_MASK_INT 1u /* who takes packets out of the ring looks by itself */
struct uc_memif_ring {
	uint32_t cookie;
	uint16_t flags, head;
	uint8_t pad0[56];
	uint16_t tail;
	uint8_t pad1[62];
	struct uc_memif_desc desc[];
};
#define UC_MEMIF_RING_BYTES(log2) \
	(sizeof(struct uc_memif_ring) + (sizeof(struct uc_memif_desc) << (log2)))

/*
 * What the kernel as a process finds (netdev=memif, uc/abi/bootparam.h): descriptor N to read,
 * which has bytes whenever the peer has put packets into a ring, and ends with the peer; N+1 to
 * write eight bytes to when the peer is to look; N+2, which has this structure to read; from N+3
 * on the regions, memory files that nobody can shorten.
 */
#define UC_MEMIF_FD_LAYOUT 2
#define UC_MEMIF_FD_REGION 3
struct uc_memif_layout {
	uint8_t client;   /* we made the memory */
	uint8_t nregions; /* 1 to UC_MEMIF_REGIONS */
	uint8_t pad[6];
	struct uc_memif_place {
		uint32_t offset;
		uint16_t region;
		uint8_t log2, pad;
	} ring[2]; /* UC_MEMIF_TO_SERVER, UC_MEMIF_TO_CLIENT */
};
enum { UC_MEMIF_TO_SERVER, UC_MEMIF_TO_CLIENT };
/* Room of each buffer in memory that we make. */
#define UC_MEMIF_BUFFER 2048u

#endif
