// SPDX-License-Identifier: BSD-3-Clause
/* ChaCha20 block function, RFC 8439 sections 2.1 to 2.3. */
#include "chacha20.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words are used as the RFC's bytes");

static inline uint32_t rotl(uint32_t v, unsigned n)
{
	return v << n | v >> (32 - n);
}

/* The state is in variables of its own, not in an array, so that most of it stays in registers. */
#define HALF(a, b, d, n) (a += b, d = rotl(d ^ a, n))
#define QUARTER(a, b, c, d) \
	(HALF(a, b, d, 16), HALF(c, d, b, 12), HALF(a, b, d, 8), HALF(c, d, b, 7))

void chacha20_block(uint32_t out[16], const uint32_t key[8], uint32_t counter,
		    const uint32_t nonce[3])
{
	const uint32_t in[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574,
		key[0], key[1], key[2], key[3], key[4], key[5], key[6], key[7],
		counter, nonce[0], nonce[1], nonce[2] };
	uint32_t a0 = in[0], a1 = in[1], a2 = in[2], a3 = in[3];
	uint32_t b0 = in[4], b1 = in[5], b2 = in[6], b3 = in[7];
	uint32_t c0 = in[8], c1 = in[9], c2 = in[10], c3 = in[11];
	uint32_t d0 = in[12], d1 = in[13], d2 = in[14], d3 = in[15];
	for (int i = 0; i < 10; i++) {
		QUARTER(a0, b0, c0, d0);
		QUARTER(a1, b1, c1, d1);
		QUARTER(a2, b2, c2, d2);
		QUARTER(a3, b3, c3, d3);
		QUARTER(a0, b1, c2, d3);
		QUARTER(a1, b2, c3, d0);
		QUARTER(a2, b3, c0, d1);
		QUARTER(a3, b0, c1, d2);
	}
	const uint32_t x[16] = { a0, a1, a2, a3, b0, b1, b2, b3, c0, c1, c2, c3, d0, d1, d2, d3 };
	for (int i = 0; i < 16; i++)
		out[i] = x[i] + in[i];
}
