// SPDX-License-Identifier: BSD-3-Clause
/* SHA-256 as in FIPS 180-4. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <unicore/util.h>

static const uint32_t K[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static uint32_t ror(uint32_t x, int n) { return x >> n | x << (32 - n); }

/* One round; the caller renames the variables instead of moving them. */
static inline __attribute__((always_inline)) void round1(uint32_t a, uint32_t b, uint32_t c,
							 uint32_t *d, uint32_t e, uint32_t f,
							 uint32_t g, uint32_t *h, uint32_t kw)
{
	uint32_t t = *h + (ror(e, 6) ^ ror(e, 11) ^ ror(e, 25)) + (g ^ (e & (f ^ g))) + kw;

	*d += t;
	*h = t + (ror(a, 2) ^ ror(a, 13) ^ ror(a, 22)) + ((a & b) | (c & (a | b)));
}

static void schedule(uint32_t w[64], const uint8_t *p)
{
	for (int i = 0; i < 16; i++, p += 4)
		w[i] = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	for (int i = 16; i < 64; i++) {
		uint32_t x = w[i - 15], y = w[i - 2];

		w[i] = w[i - 16] + (ror(x, 7) ^ ror(x, 18) ^ x >> 3) + w[i - 7] +
		       (ror(y, 17) ^ ror(y, 19) ^ y >> 10);
	}
}

static void compress(uint32_t s[8], const uint8_t *p)
{
	uint32_t a = s[0], b = s[1], c = s[2], d = s[3], e = s[4], f = s[5], g = s[6], h = s[7],
		 w[64];

	schedule(w, p);
	for (int i = 0; i < 64; i += 8) {
		round1(a, b, c, &d, e, f, g, &h, K[i] + w[i]);
		round1(h, a, b, &c, d, e, f, &g, K[i + 1] + w[i + 1]);
		round1(g, h, a, &b, c, d, e, &f, K[i + 2] + w[i + 2]);
		round1(f, g, h, &a, b, c, d, &e, K[i + 3] + w[i + 3]);
		round1(e, f, g, &h, a, b, c, &d, K[i + 4] + w[i + 4]);
		round1(d, e, f, &g, h, a, b, &c, K[i + 5] + w[i + 5]);
		round1(c, d, e, &f, g, h, a, &b, K[i + 6] + w[i + 6]);
		round1(b, c, d, &e, f, g, h, &a, K[i + 7] + w[i + 7]);
	}
	s[0] += a;
	s[1] += b;
	s[2] += c;
	s[3] += d;
	s[4] += e;
	s[5] += f;
	s[6] += g;
	s[7] += h;
}

void uc_sha256_init(struct uc_sha256 *s)
{
	static const uint32_t start[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

	memcpy(s->h, start, sizeof(start));
	s->len = 0;
}

void uc_sha256_add(struct uc_sha256 *s, const void *data, size_t n)
{
	const uint8_t *p = data;
	size_t held = s->len & 63;

	s->len += n;
	while (n) {
		size_t part = 64 - held < n ? 64 - held : n;

		if (!held && part == 64) {
			compress(s->h, p);
		} else {
			memcpy(s->block + held, p, part);
			held += part;
			if (held == 64) compress(s->h, s->block);
			held &= 63;
		}
		p += part;
		n -= part;
	}
}

void uc_sha256_end(struct uc_sha256 *s, uint8_t out[32])
{
	uint64_t bits = s->len * 8;
	uint8_t pad[72] = { 0x80 };
	size_t n = 64 - ((s->len + 8) & 63);

	for (int i = 0; i < 8; i++) pad[n + (size_t)i] = (uint8_t)(bits >> (56 - 8 * i));
	uc_sha256_add(s, pad, n + 8);
	for (int i = 0; i < 32; i++) out[i] = (uint8_t)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

void uc_sha256_hex(struct uc_sha256 *s, char hex[65])
{
	uint8_t d[32];

	uc_sha256_end(s, d);
	for (int i = 0; i < 32; i++) snprintf(hex + 2 * i, 3, "%02x", d[i]);
}

int uc_file_sha256(const char *path, char hex[65])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc = 0;
	struct uc_sha256 s;
	char chunk[65536];
	ssize_t got;

	if (fd < 0) return -errno;
	uc_sha256_init(&s);
	while ((got = read(fd, chunk, sizeof(chunk))) != 0) {
		if (got > 0) {
			uc_sha256_add(&s, chunk, (size_t)got);
		} else if (errno != EINTR) {
			rc = -errno;
			break;
		}
	}
	close(fd);
	uc_sha256_hex(&s, hex);
	return rc;
}
