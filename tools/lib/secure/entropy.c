// SPDX-License-Identifier: BSD-3-Clause
/* What can be said about randomness from samples. All bounds are far enough out that good
 * generators meet one by chance less than once in ten million samples. */
#include <math.h>
#include <string.h>

#include "internal.h"

#define SIGMAS 5.5

/* Dimension of the space that the differences to the first value span, over the field of two
 * elements. */
static unsigned rank(const uint64_t *v, size_t n)
{
	uint64_t basis[64] = { 0 };
	unsigned r = 0;

	for (size_t i = 1; i < n; i++) {
		uint64_t d = v[i] ^ v[0];

		while (d) {
			unsigned top = 63 - (unsigned)__builtin_clzll(d);

			if (!basis[top]) {
				basis[top] = d;
				r++;
				break;
			}
			d ^= basis[top];
		}
	}
	return r;
}

static double bit_entropy(const uint64_t *v, size_t n, unsigned bit)
{
	size_t ones = 0;

	for (size_t i = 0; i < n; i++)
		ones += v[i] >> bit & 1;
	if (!ones || ones == n)
		return 0;
	double p = (double)ones / (double)n;
	double h = -p * log2(p) - (1 - p) * log2(1 - p) + 1 / (2 * (double)n * M_LN2);

	return h < 1 ? h : 1;
}

double secure_entropy(const uint64_t *v, size_t n)
{
	double sum = 0, most = rank(v, n);

	for (unsigned bit = 0; bit < 64; bit++)
		sum += bit_entropy(v, n, bit);
	return sum < most ? sum : most;
}

static bool far_off(double got, double mean, double variance)
{
	return fabs(got - mean) > SIGMAS * sqrt(variance);
}

static unsigned bit_at(const uint8_t *p, size_t i)
{
	return p[i / 8] >> (i % 8) & 1;
}

/* NIST SP 800-22, 2.1 (frequency) and 2.3 (runs), and chi-squared of bytes. */
const char *secure_bias(const uint8_t *p, size_t n)
{
	size_t bits = n * 8, ones = 0, runs = 1, count[256] = { 0 };
	double chi = 0, expected = (double)n / 256;

	for (size_t i = 0; i < bits; i++) {
		ones += bit_at(p, i);
		runs += i && bit_at(p, i) != bit_at(p, i - 1);
	}
	for (size_t i = 0; i < n; i++)
		count[p[i]]++;
	for (unsigned i = 0; i < 256; i++)
		chi += ((double)count[i] - expected) * ((double)count[i] - expected) / expected;
	if (far_off((double)ones, (double)bits / 2, (double)bits / 4))
		return "ones and zeros are not equally frequent";
	if (far_off((double)runs, (double)bits / 2, (double)bits / 4))
		return "bits depend on the bit before";
	if (expected >= 5 && (chi < 140 || chi > 400))
		return "bytes are not equally frequent";
	for (size_t i = 8; i + 8 <= n; i += 8)
		if (memmem(p, i, p + i, 8))
			return "eight bytes come twice";
	return NULL;
}
