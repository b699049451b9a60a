// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_MEMIF_WIRE_H
#define UNICORE_MEMIF_WIRE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uc/abi/memif.h>

#define MEMIF_VERSION 0x200u

enum memif_type {
	MEMIF_ACK = 1,
	MEMIF_HELLO,
	MEMIF_INIT,
	MEMIF_ADD_REGION,
	MEMIF_ADD_RING,
	MEMIF_CONNECT,
	MEMIF_CONNECTED,
	MEMIF_DISCONNECT,
};
#define MEMIF_ETHERNET       0
#define MEMIF_RING_TO_SERVER 1 /* flag of an added ring */

struct __attribute__((packed)) memif_msg {
	uint16_t type;
	union __attribute__((packed)) {
		struct __attribute__((packed)) {
			char name[32];
			uint16_t min_version, max_version;
			uint16_t max_region, max_ring_to_client, max_ring_to_server;
			uint8_t max_log2;
		} hello;
		struct __attribute__((packed)) {
			uint16_t version;
			uint32_t id;
			uint8_t mode;
			char secret[24], name[32];
		} init;
		struct __attribute__((packed)) {
			uint16_t index;
			uint64_t size;
		} region;
		struct __attribute__((packed)) {
			uint16_t flags, index, region;
			uint32_t offset;
			uint8_t log2;
			uint16_t private_header;
		} ring;
		char name[32]; /* of connect and connected */
		struct __attribute__((packed)) {
			uint32_t code;
			char text[96];
		} disconnect;
		uint8_t bytes[126];
	};
};
_Static_assert(sizeof(struct memif_msg) == 128, "size on the wire");

/* ---- io.c ---- */
#define MEMIF_SECOND  1000000000ull
#define MEMIF_FOREVER UINT64_MAX
/* Waits until fd has something to read; false: not before the deadline (uc_now_ns). */
bool memif_wait(int fd, uint64_t deadline);
/* fd: goes along; -1: none. False: the peer is gone. */
bool memif_send(int socket, const struct memif_msg *m, int fd);
/* The descriptor that came along through *fd, ours, or -1. NULL, or why it cannot be used. */
const char *memif_receive(int socket, struct memif_msg *m, int *fd, uint64_t deadline);

/* ---- server.c: what a client offers ---- */
struct memif_offer {
	unsigned said; /* bits by memif_type */
	struct uc_memif_layout layout;
	int region[UC_MEMIF_REGIONS];
	uint64_t bytes[UC_MEMIF_REGIONS];
	int bell[2]; /* of the rings, by their order in the layout */
};
void memif_offer_init(struct memif_offer *o);
void memif_offer_close(struct memif_offer *o);
/* Takes a message into account, and ownership of fd. NULL, or why the peer is refused. After
 * MEMIF_CONNECT all that the layout says is true of the memory. */
const char *memif_offer_take(struct memif_offer *o, uint32_t id, const struct memif_msg *m, int fd);

/* ---- client.c ---- */
/* Memory with two rings of 1 << log2 buffers; its descriptor or -errno. */
int memif_make_memory(unsigned log2, struct uc_memif_layout *l);
#endif
