// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_MUX_CODEC_H
#define UC_MUX_CODEC_H
/* Decoder of uc/abi/mux.h frames (all but STATS, whose length is free) from an untrusted byte
 * stream.
 * Pure: no allocation, no blocking. */
#include <uc/abi/mux.h>
#include <uc/types.h>

struct uc_mux_ops {
	uint32_t types;    /* bit n set: frames of type n are allowed in this direction */
	uint32_t streams;  /* bit n set: DATA, EOF and CREDIT of stream n are allowed */
	/* Bytes of a DATA frame, as they come; total payload so far may end anywhere. */
	void (*data)(void *arg, unsigned stream, const uint8_t *p, size_t n);
	/* A complete frame of another type; its length has been checked against the type. */
	void (*control)(void *arg, unsigned type, unsigned stream, const uint8_t *p, size_t n);
	void *arg;
};
struct uc_mux_decoder {
	uint8_t hdr[sizeof(struct uc_mux_hdr)];
	uint8_t body[44];  /* of a control frame: the longest is TERMIOS */
	uint8_t have;      /* bytes of hdr */
	bool broken;
	uint32_t left, got; /* payload bytes still to come, and already here */
};
/* Feeds n bytes. 0, or -EPROTO: malformed, now and for every later call. Zero-initialise d first.
 * */
int uc_mux_decode(struct uc_mux_decoder *d, const struct uc_mux_ops *ops, const uint8_t *p,
		  size_t n);
#endif
