// SPDX-License-Identifier: BSD-3-Clause
/* Random numbers at first use, and addresses over boots. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define SAMPLE_MAX 4096

/* Bytes of the line "random NAME HEX". */
static size_t sample(const struct secure_boot *b, const char *name, uint8_t out[SAMPLE_MAX])
{
	char *key = uc_xasprintf("random %s", name);
	const char *s = secure_line(&b->lines, key, 0);
	size_t n = 0;

	free(key);
	for (; s && n < SAMPLE_MAX && s[0] && s[1]; s += 2) {
		const char digits[] = { s[0], s[1], 0 };

		out[n++] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return n;
}

static const char *const sources[] = { "getrandom", "urandom", "auxv" };
#define NSOURCES (sizeof(sources) / sizeof(sources[0]))

enum secure_verdict secure_judge_bias(const struct secure_case *c, struct uc_buf *why)
{
	uint8_t p[SAMPLE_MAX];
	size_t total = 0;

	for (size_t i = 0; i < c->nboots; i++)
		for (size_t k = 0; k < NSOURCES; k++) {
			size_t n = sample(&c->boot[i], sources[k], p);
			const char *bad = n > 16 ? secure_bias(p, n) : NULL;

			total += n;
			if (bad) {
				uc_buf_printf(why, "%s: %s", sources[k], bad);
				return SECURE_FAIL;
			}
		}
	uc_buf_printf(why, "%zu bytes: frequency, runs, bytes, repetitions", total);
	return total ? SECURE_PASS : SECURE_FAIL;
}

static bool alike(const uint8_t *a, const uint8_t *b, size_t n)
{
	for (size_t i = 0; i + 8 <= n; i += 8)
		if (!memcmp(a + i, b + i, 8))
			return true;
	return false;
}

enum secure_verdict secure_judge_repeat(const struct secure_case *c, struct uc_buf *why)
{
	uint8_t a[SAMPLE_MAX], b[SAMPLE_MAX];

	for (size_t i = 1; i < c->nboots; i++)
		for (size_t j = 0; j < i; j++)
			for (size_t k = 0; k < NSOURCES; k++) {
				size_t n = sample(&c->boot[i], sources[k], a);
				size_t m = sample(&c->boot[j], sources[k], b);

				if (n != m || (n && alike(a, b, n))) {
					uc_buf_printf(why, "%s repeats in another boot",
						      sources[k]);
					return SECURE_FAIL;
				}
			}
	uc_buf_printf(why, "no eight bytes are the same in %zu boots", c->nboots);
	return SECURE_PASS;
}

static bool same_word(const struct secure_boot *a, const struct secure_boot *b, const char *name)
{
	uint64_t v = 0, w = 0;

	return secure_word(a, name, &v) && secure_word(b, name, &w) && v == w;
}

/* Two boots of their own, which have the host's bytes and jitter only. */
enum secure_verdict secure_judge_sources(const struct secure_case *c, struct uc_buf *why)
{
	struct secure_boot boots[2] = { 0 };
	struct secure_case bare = *c;
	enum secure_verdict v = SECURE_FAIL;

	bare.bare = true;
	bare.boot = boots;
	bare.nboots = 2;
	if (secure_report(&bare, &boots[0]) || secure_report(&bare, &boots[1]))
		uc_buf_str(why, "it does not run");
	else if (same_word(&boots[0], &boots[1], "canary") ||
		 same_word(&boots[0], &boots[1], "entry"))
		uc_buf_str(why, "canary or kernel's place repeat");
	else
		v = secure_judge_repeat(&bare, why);
	for (size_t i = 0; i < 2; i++)
		secure_boot_free(&boots[i]);
	return v;
}

/* How many bits are wanted, and how many of them so few boots can show. */
static double wanted(const char *what, size_t nboots)
{
	double most = (double)nboots - 1, want = uc_has_prefix(what, "kernel") ? 16 : 28;

	if (most > 10)
		most = most > 22 ? most - 12 : 10;
	return most < want ? most : want;
}

enum secure_verdict secure_judge_aslr(const struct secure_case *c, const char *what,
				      struct uc_buf *why)
{
	uint64_t *v = uc_xmalloc(c->nboots * sizeof(*v));
	char *key = uc_xasprintf("at %s", what);
	size_t n = 0;

	for (; n < c->nboots && secure_word(&c->boot[n], key, &v[n]) && v[n]; n++)
		;
	double bits = secure_entropy(v, n);

	free(v);
	free(key);
	if (n < c->nboots) {
		uc_buf_str(why, "the image has none");
		return SECURE_NONE;
	}
	uc_buf_printf(why, "%.1f bits seen in %zu boots (wanted: %.0f)", bits, n, wanted(what, n));
	return bits >= wanted(what, n) - 0.5 ? SECURE_PASS : SECURE_FAIL;
}
