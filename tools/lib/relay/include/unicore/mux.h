// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_MUX_H
#define UNICORE_MUX_H
/*
 * Codec of uc/abi/mux.h, without any I/O. The decoder takes a byte stream in pieces of any size;
 * bytes of DATA frames are handed on as they come (no copy), other frames when they are complete.
 */
#include <stddef.h>
#include <stdint.h>

#include <uc/abi/mux.h>

#define UC_MUX_HDR_LEN 8u

struct uc_muxdec_ops {
	/* Bytes of stdout, stderr or log. */
	void (*data)(void *arg, enum uc_mux_stream stream, const uint8_t *p, size_t n);
	/* A complete control frame whose type, stream and length are valid in this direction. The
	 * payload is NUL-terminated for convenience (len does not count the NUL). */
	void (*control)(void *arg, const struct uc_mux_hdr *h, const uint8_t *payload);
};

struct uc_muxdec {
	const struct uc_muxdec_ops *ops;
	void *arg;
	struct uc_mux_hdr h;
	uint8_t raw[UC_MUX_HDR_LEN];
	uint32_t have; /* header bytes, then payload bytes */
	int in_payload;
	const char *error; /* set once: the stream cannot be trusted any more */
	uint8_t payload[UC_MUX_MAX_PAYLOAD + 1];
};

void uc_muxdec_init(struct uc_muxdec *d, const struct uc_muxdec_ops *ops, void *arg);
/* Decodes n bytes that a guest sent. NULL, or why the stream is invalid (then and ever after). */
const char *uc_muxdec_feed(struct uc_muxdec *d, const uint8_t *p, size_t n);
/* Non-zero in the middle of a frame. */
int uc_muxdec_partial(const struct uc_muxdec *d);

/* Writes the 8 header bytes of a frame. */
void uc_mux_header(uint8_t out[UC_MUX_HDR_LEN], enum uc_mux_type type, unsigned stream,
		   uint32_t len);

#endif
