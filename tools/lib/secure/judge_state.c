// SPDX-License-Identifier: BSD-3-Clause
/* Registers, the canary, what leaks, and which calls there are. */
#include <string.h>

#include "internal.h"

#define CR0_WP   (1u << 16)
#define CR0_PG   (1u << 31)
#define EFER_NXE (1u << 11)

enum secure_verdict secure_judge_canary(const struct secure_case *c, struct uc_buf *why)
{
	for (size_t i = 0; i < c->nboots; i++) {
		uint64_t v = 0, w = 0;

		if (!secure_word(&c->boot[i], "canary", &v) || !(v >> 8) || v & 0xff) {
			uc_buf_printf(why, "it is %llx", (unsigned long long)v);
			return SECURE_FAIL;
		}
		if (i && secure_word(&c->boot[i - 1], "canary", &w) && v == w) {
			uc_buf_str(why, "two boots have the same");
			return SECURE_FAIL;
		}
	}
	uc_buf_printf(why, "56 bits, a zero first; different in %zu boots", c->nboots);
	return SECURE_PASS;
}

enum secure_verdict secure_judge_write_protect(const struct secure_case *c, struct uc_buf *why)
{
	uint64_t cr0 = 0, efer = 0;

	secure_word(secure_last_boot(c), "cr0", &cr0);
	secure_word(secure_last_boot(c), "efer", &efer);
	uc_buf_printf(why, "CR0.WP %d, EFER.NXE %d", !!(cr0 & CR0_WP), !!(efer & EFER_NXE));
	return cr0 & CR0_WP && cr0 & CR0_PG && efer & EFER_NXE ? SECURE_PASS : SECURE_FAIL;
}

/* On if the processor has them. Program and kernel share a privilege level, so they matter only
 * for pages that are marked as a user's, of which there are none. */
enum secure_verdict secure_judge_supervisor(const struct secure_case *c, struct uc_buf *why)
{
	static const struct {
		const char *name;
		const char *leaf;
		unsigned has, bit;
	} bits[] = { { "SMEP", "cpuid7b", 7, 20 },
		     { "SMAP", "cpuid7b", 20, 21 },
		     { "UMIP", "cpuid7c", 2, 11 } };
	const struct secure_boot *b = secure_last_boot(c);
	enum secure_verdict v = SECURE_PASS;
	uint64_t cr4 = 0;

	secure_word(b, "cr4", &cr4);
	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
		uint64_t leaf = 0;
		bool has = secure_word(b, bits[i].leaf, &leaf) && leaf >> bits[i].has & 1;
		bool on = cr4 >> bits[i].bit & 1;

		uc_buf_printf(why, "%s%s %s", i ? ", " : "", bits[i].name,
			      on    ? "on"
			      : has ? "off"
				    : "missing");
		if (has && !on)
			v = SECURE_FAIL;
	}
	for (size_t i = 0; i < b->nregions; i++)
		if (b->regions[i].user) {
			uc_buf_str(why, "; a page is a user's");
			return SECURE_FAIL;
		}
	return v;
}

enum secure_verdict secure_judge_dma(const struct secure_case *c, struct uc_buf *why)
{
	const struct secure_boot *b = secure_last_boot(c);
	const char *wrong = secure_line(&b->lines, "dma-wrong", 0);
	uint64_t rings = 0, chains = 0, descriptors = 0;

	secure_word(b, "dma-rings", &rings);
	secure_word(b, "dma-chains", &chains);
	secure_word(b, "dma-descriptors", &descriptors);
	uc_buf_printf(why, "%s%s%llu descriptors in %llu chains of %llu rings", wrong ? wrong : "",
		      wrong ? "; " : "", (unsigned long long)descriptors,
		      (unsigned long long)chains, (unsigned long long)rings);
	return wrong ? SECURE_FAIL : chains ? SECURE_PASS : SECURE_NONE;
}

static enum secure_verdict judge_leak(const struct secure_case *c, const char *where,
				      struct uc_buf *why)
{
	for (size_t i = 0; i < c->nboots; i++) {
		const char *l;

		for (size_t n = 0; (l = secure_line(&c->boot[i].lines, "leak", n)); n++)
			if (uc_has_prefix(l, where)) {
				uc_buf_printf(why, "%s", l);
				return SECURE_FAIL;
			}
	}
	uc_buf_str(why, "no address of the kernel");
	return SECURE_PASS;
}

enum secure_verdict secure_judge_leak_registers(const struct secure_case *c, struct uc_buf *why)
{
	return judge_leak(c, "registers", why);
}

enum secure_verdict secure_judge_leak_stack(const struct secure_case *c, struct uc_buf *why)
{
	return judge_leak(c, "stack", why);
}

enum secure_verdict secure_judge_leak_proc(const struct secure_case *c, struct uc_buf *why)
{
	return judge_leak(c, "proc", why);
}

enum secure_verdict secure_judge_clear(const struct secure_case *c, struct uc_buf *why)
{
	uint64_t dirty;

	if (!secure_word(secure_last_boot(c), "dirty", &dirty)) {
		uc_buf_str(why, "the image has no call that makes memory");
		return SECURE_NONE;
	}
	uc_buf_str(why, dirty ? "new memory has old contents"
			      : "memory that was used comes back as zeros");
	return dirty ? SECURE_FAIL : SECURE_PASS;
}

enum secure_verdict secure_judge_calls(const struct secure_case *c, struct uc_buf *why)
{
	const char *extra = secure_line(&secure_last_boot(c)->lines, "call", 0);
	uint64_t tried = 0;

	if (!secure_word(secure_last_boot(c), "tried", &tried) || extra) {
		uc_buf_printf(why, "call number %s (hexadecimal) is answered", extra ? extra : "?");
		return SECURE_FAIL;
	}
	uc_buf_printf(why, "%llu numbers that the image does not list are refused",
		      (unsigned long long)tried);
	return SECURE_PASS;
}
