// SPDX-License-Identifier: BSD-3-Clause
/* ChaCha20 block function, RFC 8439 sections 2.1 to 2.3. */
#include "chacha20.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "words are used as the RFC's bytes");

static inline uint32_t rotl(uint32_t v, unsigned n)
{
	return v << n | v >> (32 - n);
}

static inline void quarter_round(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
	*a += *b; *d = rotl(*d ^ *a, 16);
	*c += *d; *b = rotl(*b ^ *c, 12);
	*a += *b; *d = rotl(*d ^ *a, 8);
	*c += *d; *b = rotl(*b ^ *c, 7);
}

void chacha20_block(uint32_t out[16], const uint32_t key[8], uint32_t counter,
		    const uint32_t nonce[3])
{
	uint32_t in[16] = { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574,
		key[0], key[1], key[2], key[3], key[4], key[5], key[6], key[7],
		counter, nonce[0], nonce[1], nonce[2] };
	uint32_t x[16];
	for (int i = 0; i < 16; i++)
		x[i] = in[i];
	for (int i = 0; i < 10; i++) {
		for (int c = 0; c < 4; c++)
			quarter_round(&x[c], &x[4 + c], &x[8 + c], &x[12 + c]);
		for (int c = 0; c < 4; c++)
			quarter_round(&x[c], &x[4 + (c + 1) % 4], &x[8 + (c + 2) % 4],
				      &x[12 + (c + 3) % 4]);
	}
	for (int i = 0; i < 16; i++)
		out[i] = x[i] + in[i];
}
