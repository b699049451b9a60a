// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_CHACHA20_H
#define UC_CHACHA20_H
/* The ChaCha20 block function, RFC 8439 section 2.3. Context: any. */
#include <stdint.h>

/* One 64-byte block of key stream (words in host order; a little-endian host has the RFC's
 * bytes). */
void chacha20_block(uint32_t out[16], const uint32_t key[8], uint32_t counter,
		    const uint32_t nonce[3]);
#endif
