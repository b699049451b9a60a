// SPDX-License-Identifier: BSD-3-Clause
/* The Internet checksum (RFC 1071), eight bytes at a time. */
#include <uc/string.h>
#include <uc/types.h>

uint16_t uc_lwip_chksum(const void *data, int n); /* of lwIP's port, arch/cc.h */

/* Of the last bytes, fewer than eight, which a word of zeros completes. */
static uint64_t rest(const uint8_t *p, unsigned n)
{
	uint64_t v = 0;

	for (unsigned i = 0; i < n; i++)
		v |= (uint64_t)p[i] << 8 * i;
	return v;
}

static uint64_t add(uint64_t a, uint64_t b)
{
	uint64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? sum + 1 : sum;
}

uint16_t uc_lwip_chksum(const void *data, int n)
{
	const uint8_t *p = data;
	uint64_t sum = 0, word;

	for (; n >= 8; p += 8, n -= 8) {
		memcpy(&word, p, sizeof(word));
		sum = add(sum, word);
	}
	if (n >= 4) {
		uint32_t half;

		memcpy(&half, p, sizeof(half));
		sum = add(sum, half);
		p += 4;
		n -= 4;
	}
	sum = add(sum, rest(p, (unsigned)n));
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffffffff) + (sum >> 32);
	sum = (sum & 0xffff) + (sum >> 16);
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)((sum & 0xffff) + (sum >> 16));
}
