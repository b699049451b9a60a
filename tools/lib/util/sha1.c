// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <unicore/util.h>

static uint32_t rol(uint32_t v, unsigned n)
{
	return v << n | v >> (32 - n);
}

static void block(uint32_t h[5], const uint8_t *p)
{
	uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];

	for (unsigned i = 0; i < 16; i++, p += 4)
		w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	for (unsigned i = 16; i < 80; i++)
		w[i] = rol(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
	for (unsigned i = 0; i < 80; i++) {
		uint32_t f = i < 20   ? (b & c) | (~b & d)
			     : i < 40 ? b ^ c ^ d
			     : i < 60 ? (b & c) | (b & d) | (c & d)
				      : b ^ c ^ d;
		uint32_t k = i < 20   ? 0x5a827999u
			     : i < 40 ? 0x6ed9eba1u
			     : i < 60 ? 0x8f1bbcdcu
				      : 0xca62c1d6u;
		uint32_t t = rol(a, 5) + f + e + k + w[i];

		e = d;
		d = c;
		c = rol(b, 30);
		b = a;
		a = t;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
}

void uc_sha1(const void *data, size_t n, char hex[41])
{
	uint32_t h[5] = { 0x67452301u, 0xefcdab89u, 0x98badcfeu, 0x10325476u, 0xc3d2e1f0u };
	const uint8_t *p = data;
	uint8_t last[128] = { 0 };
	size_t rest = n % 64, end = rest < 56 ? 64 : 128;

	for (size_t left = n; left >= 64; left -= 64, p += 64)
		block(h, p);
	if (rest)
		memcpy(last, p, rest);
	last[rest] = 0x80;
	for (unsigned i = 0; i < 8; i++)
		last[end - 1 - i] = (uint8_t)((uint64_t)n * 8 >> (8 * i));
	block(h, last);
	if (end == 128)
		block(h, last + 64);
	for (unsigned i = 0; i < 5; i++)
		snprintf(hex + 8 * i, 9, "%08x", h[i]);
}

int uc_file_sha1(const char *path, char hex[41])
{
	size_t n;
	char *map = uc_file_map(path, &n);

	if (!map && access(path, R_OK))
		return -errno;
	uc_sha1(map, map ? n : 0, hex);
	if (map)
		munmap(map, n);
	return 0;
}
