// SPDX-License-Identifier: BSD-3-Clause
/*
 * The generator: the key stream of each request first replaces the key, so that a later look at
 * memory reveals nothing that was handed out before (D. J. Bernstein, "Fast-key-erasure
 * random-number generators", 2017). Input is mixed by xor into fresh key stream that becomes the
 * key: whoever does not know the key cannot steer it, whatever the input. The key is used for
 * nothing but the next block, which diffuses what was mixed in last.
 */
#include <uc/arch.h>
#include <uc/log.h>
#include <uc/random.h>
#include <uc/string.h>
#include "chacha20.h"

enum {
	KEY_BYTES = 32,
	BLOCK_BYTES = 64,
	SEED_BITS = 256,
	RESEED_BYTES = 1 << 20, /* output after which CPU randomness is mixed in again */
	JITTER_ROUND = 64,      /* samples for each 32 bytes of jitter input */
	JITTER_LIMIT = 64,      /* rounds after which the clock is given up */
};

/* Small requests share a block: its second half is handed out once, each part wiped as it
 * leaves. */
static struct {
	uint32_t key[8];
	uint8_t pool[BLOCK_BYTES - KEY_BYTES];
} secret;
static size_t pool_left;
static bool mixed, begun;
static const uint64_t *host;
static unsigned credited;
static uint64_t since_reseed;
static const uint32_t no_nonce[3];

static void wipe(void *p, size_t n)
{
	memset(p, 0, n);
	__asm__ volatile("" : : "r"(p) : "memory");
}

static void mix_chunk(const uint8_t *data, size_t n)
{
	uint32_t block[16];
	if (!mixed) { /* the key stream of a key that everybody knows would hide nothing */
		mixed = true;
		memcpy(secret.key, data, n);
		return;
	}
	chacha20_block(block, secret.key, 0, no_nonce);
	uint8_t *b = (uint8_t *)block;
	for (size_t i = 0; i < n; i++)
		b[i] ^= data[i];
	memcpy(secret.key, block, KEY_BYTES);
	wipe(block, sizeof(block));
}

void uc_random_mix(const void *data, size_t n, unsigned entropy_bits)
{
	const uint8_t *p = data;
	while (n) {
		size_t part = UC_MIN(n, (size_t)KEY_BYTES);
		mix_chunk(p, part);
		p += part;
		n -= part;
	}
	entropy_bits = UC_MIN(entropy_bits, (unsigned)SEED_BITS);
	credited = UC_MIN(credited + entropy_bits, (unsigned)SEED_BITS);
}

void uc_random_follow(uint64_t n)
{
	begun = true;
	uc_random_mix(&n, sizeof(n), SEED_BITS);
}

void *uc_random_state(size_t *len)
{
	*len = sizeof(secret);
	return &secret;
}

bool uc_random_ready(void)
{
	return credited >= SEED_BITS;
}

void uc_random_host(const uint64_t seed[UC_RANDOM_HOST])
{
	host = seed;
}

/* Some processors return a constant after a suspend or a microcode fault: no credit for that. */
static void mix_cpu(void)
{
	uint64_t w[UC_RANDOM_HOST] = { 0 };
	unsigned bits = 0;
	for (unsigned i = 0; i < UC_ARRAY_SIZE(w); i++) {
		unsigned got = uc_arch_hwrandom(&w[i]);
		bool repeats = (i && w[i] == w[i - 1]) || w[i] == 0 || w[i] == UINT64_MAX;
		if (!repeats)
			bits += got * 8;
	}
	for (unsigned i = 0; i < UC_ARRAY_SIZE(w) && host; i++)
		w[i] ^= host[i];
	if (host)
		bits = SEED_BITS;
	host = NULL;
	uc_random_mix(w, sizeof(w), bits);
	wipe(w, sizeof(w));
}

/*
 * Times a walk over memory whose length depends on the last result. A sample counts one eighth of
 * a bit if its second difference is not zero: drift and a stuck clock give nothing.
 */
static unsigned mix_jitter(void)
{
	uint64_t acc[4] = { 0 }, last = uc_cycles(), delta = 0;
	volatile uint8_t walk[64] = { 0 };
	unsigned good = 0;
	for (unsigned i = 0; i < JITTER_ROUND; i++) {
		for (unsigned k = 0; k < 32 + (last & 31); k++)
			walk[(last + k * 7) & 63]++;
		uint64_t now = uc_cycles(), d = now - last;
		good += d != delta;
		delta = d;
		last = now;
		acc[i & 3] = (acc[i & 3] << 7 | acc[i & 3] >> 57) ^ now;
	}
	uc_random_mix(acc, sizeof(acc), good / 8);
	return good / 8;
}

/* At the first use: the processor's numbers come on top of what others gave, jitter where that
 * is too little. */
static void seed(void)
{
	begun = true;
	mix_cpu();
	for (unsigned i = 0; i < JITTER_LIMIT && !uc_random_ready(); i++)
		mix_jitter();
	if (!uc_random_ready())
		uc_panic("random: no source of randomness: the cycle counter shows no jitter");
}

static void prepare(size_t n)
{
	if (UC_UNLIKELY(!begun))
		seed();
	since_reseed += n;
	if (since_reseed > RESEED_BYTES) {
		since_reseed = 0;
		mix_cpu();
	}
}

/* Up to 2^31 bytes with the current key, which is replaced first. */
static void generate(uint8_t *out, size_t n)
{
	uint32_t block[16], k[8];
	memcpy(k, secret.key, sizeof(k));
	chacha20_block(block, k, 0, no_nonce);
	memcpy(secret.key, block, KEY_BYTES);
	size_t part = UC_MIN(n, (size_t)(BLOCK_BYTES - KEY_BYTES));
	memcpy(out, (uint8_t *)block + KEY_BYTES, part);
	for (uint32_t counter = 1; part < n; counter++) {
		out += part;
		n -= part;
		chacha20_block(block, k, counter, no_nonce);
		part = UC_MIN(n, (size_t)BLOCK_BYTES);
		memcpy(out, block, part);
	}
	wipe(block, sizeof(block));
	wipe(k, sizeof(k));
}

static bool from_pool(uint8_t *out, size_t n)
{
	if (n > sizeof(secret.pool) / 2)
		return false;
	if (pool_left < n) {
		generate(secret.pool, sizeof(secret.pool));
		pool_left = sizeof(secret.pool);
	}
	pool_left -= n;
	memcpy(out, secret.pool + pool_left, n);
	wipe(secret.pool + pool_left, n);
	return true;
}

void uc_random_bytes(void *buf, size_t n)
{
	uint8_t *p = buf;
	prepare(n);
	if (from_pool(p, n))
		return;
	while (n) {
		size_t part = UC_MIN(n, (size_t)1 << 30);
		generate(p, part);
		p += part;
		n -= part;
	}
}

uint64_t uc_random_u64(void)
{
	uint64_t v;
	uc_random_bytes(&v, sizeof(v));
	return v;
}

uint64_t uc_random_below(uint64_t bound)
{
	/* Values below 2^64 mod bound would make small results likelier. */
	uint64_t skip = -bound % bound, v;
	do
		v = uc_random_u64();
	while (v < skip);
	return v % bound;
}
