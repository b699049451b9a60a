// SPDX-License-Identifier: BSD-3-Clause
/*
 * What is mapped: on a machine the page tables as a walk from CR3 found them, as a process the
 * mappings that the host has for it. The last boot is looked at.
 */
#include <stdlib.h>

#include "internal.h"

#define NULL_END    0x10000u
#define KSTACK_SIZE (4 * SECURE_PAGE)
#define TRAP_SIZE   (8 * SECURE_PAGE) /* at most, of a stack of traps */

static enum secure_verdict nothing_seen(struct uc_buf *why)
{
	uc_buf_str(why, "the host does not show the mappings of this process");
	return SECURE_NONE;
}

static void tell(struct uc_buf *why, const char *what, uint64_t va)
{
	uc_buf_printf(why, "%s at %llx", what, (unsigned long long)va);
}

enum secure_verdict secure_judge_wx(const struct secure_case *c, struct uc_buf *why)
{
	const struct secure_boot *b = secure_last_boot(c);

	if (!b->nregions)
		return nothing_seen(why);
	for (size_t i = 0; i < b->nregions; i++)
		if (b->regions[i].w && b->regions[i].x) {
			tell(why, "writable and executable", b->regions[i].start);
			return SECURE_FAIL;
		}
	uc_buf_printf(why, "%zu regions", b->nregions);
	return SECURE_PASS;
}

static bool same_memory(const struct secure_region *a, const struct secure_region *b)
{
	return a->file && a->file == b->file && a->off < b->off + (b->end - b->start) &&
	       b->off < a->off + (a->end - a->start);
}

enum secure_verdict secure_judge_alias(const struct secure_case *c, struct uc_buf *why)
{
	const struct secure_boot *b = secure_last_boot(c);

	if (!b->nregions)
		return nothing_seen(why);
	for (size_t i = 0; i < b->nregions; i++)
		for (size_t j = 0; j < b->nregions && b->regions[i].x; j++)
			if (b->regions[j].w && same_memory(&b->regions[i], &b->regions[j])) {
				tell(why, "executable", b->regions[i].start);
				tell(why, ", the same memory writable", b->regions[j].start);
				return SECURE_FAIL;
			}
	uc_buf_str(why, "no memory is writable in one place and executable in another");
	return SECURE_PASS;
}

/* First address of the kernel's image. */
static bool image_start(const struct secure_boot *b, uint64_t *va)
{
	uint64_t entry = 0;
	const struct secure_region *r =
		secure_word(b, "entry", &entry) ? secure_region_at(b, entry) : NULL;

	if (!r || !r->x)
		return false;
	*va = r->start;
	return true;
}

/* Is memory of [va, va + len) writable anywhere? */
static bool writable(const struct secure_boot *b, uint64_t va, uint64_t len, uint64_t *where)
{
	for (uint64_t at = va; at < va + len; at += SECURE_PAGE) {
		const struct secure_region *r = secure_region_at(b, at);
		struct secure_region page;

		if (!r)
			continue;
		page = *r;
		page.start = at;
		page.end = at + SECURE_PAGE;
		page.off += at - r->start;
		for (size_t i = 0; i < b->nregions; i++)
			if (b->regions[i].w &&
			    (same_memory(&page, &b->regions[i]) || &b->regions[i] == r)) {
				*where = b->regions[i].start;
				return true;
			}
	}
	return false;
}

static enum secure_verdict judge_written(const struct secure_case *c, uint64_t from, uint64_t to,
					 const char *what, struct uc_buf *why)
{
	const struct secure_boot *b = secure_last_boot(c);
	uint64_t base, where;

	if (!b->nregions)
		return nothing_seen(why);
	if (!image_start(b, &base)) {
		uc_buf_str(why, "the kernel's text is not where its entry is");
		return SECURE_FAIL;
	}
	if (writable(b, base + from, to - from, &where)) {
		uc_buf_printf(why, "%s", what);
		tell(why, " can be written", where);
		return SECURE_FAIL;
	}
	uc_buf_printf(why, "%llu KiB of %s", (unsigned long long)(to - from) >> 10, what);
	return SECURE_PASS;
}

enum secure_verdict secure_judge_text_alias(const struct secure_case *c, struct uc_buf *why)
{
	return judge_written(c, 0, c->kernel.text_len, "text", why);
}

enum secure_verdict secure_judge_constants(const struct secure_case *c, struct uc_buf *why)
{
	return judge_written(c, c->kernel.constants_page, c->kernel.constants_end,
			     "constants and relocated data", why);
}

enum secure_verdict secure_judge_null(const struct secure_case *c, struct uc_buf *why)
{
	const struct secure_boot *b = secure_last_boot(c);
	uint64_t first = UINT64_MAX;

	if (!b->nregions)
		return nothing_seen(why);
	for (size_t i = 0; i < b->nregions; i++)
		if (b->regions[i].start < first)
			first = b->regions[i].start;
	if (secure_sabotaged(c, "null-page"))
		first = 0;
	tell(why, "the first mapping is", first);
	return first < NULL_END ? SECURE_FAIL : SECURE_PASS;
}

/* Below at most `most` bytes of a stack there must be a page without access. */
static enum secure_verdict judge_stack(const struct secure_case *c, uint64_t top, uint64_t most,
				       struct uc_buf *why)
{
	const struct secure_boot *b = secure_last_boot(c);
	uint64_t va = (top - 1) & -SECURE_PAGE;
	const struct secure_region *r;

	for (; va + most >= top - SECURE_PAGE; va -= SECURE_PAGE) {
		r = secure_region_at(b, va);
		if (!r || (!r->r && !r->w && !r->x)) {
			uc_buf_printf(why, "%llu KiB, then nothing",
				      (unsigned long long)(top - va - SECURE_PAGE) >> 10);
			return va + SECURE_PAGE < top ? SECURE_PASS : SECURE_FAIL;
		}
	}
	tell(why, "no guard below the stack that ends", top);
	return SECURE_FAIL;
}

enum secure_verdict secure_judge_kernel_stack(const struct secure_case *c, struct uc_buf *why)
{
	uint64_t top;

	if (!secure_last_boot(c)->nregions)
		return nothing_seen(why);
	if (!secure_word(secure_last_boot(c), "kstack", &top))
		return SECURE_FAIL;
	return judge_stack(c, top, KSTACK_SIZE, why);
}

enum secure_verdict secure_judge_boot_stack(const struct secure_case *c, struct uc_buf *why)
{
	uint64_t entry;

	if (!secure_last_boot(c)->nregions)
		return nothing_seen(why);
	if (!c->kernel.have_stacks) {
		uc_buf_str(why, "the image has no kernel.debug that tells where the stack is");
		return SECURE_NONE;
	}
	if (!secure_word(secure_last_boot(c), "entry", &entry))
		return SECURE_FAIL;
	return judge_stack(c, entry + (uint64_t)c->kernel.boot_stack, KSTACK_SIZE, why);
}

static enum secure_verdict judge_ist(const struct secure_case *c, struct uc_buf *why)
{
	const char *text;
	size_t n = 0;

	for (; (text = secure_line(&secure_last_boot(c)->lines, "ist", n)); n++) {
		uint64_t top = strtoull(text, NULL, 16);

		if (n)
			uc_buf_str(why, "; ");
		if (judge_stack(c, top, TRAP_SIZE, why) != SECURE_PASS)
			return SECURE_FAIL;
	}
	return n ? SECURE_PASS : SECURE_FAIL;
}

enum secure_verdict secure_judge_trap_stack(const struct secure_case *c, struct uc_buf *why)
{
	uint64_t entry;

	if (!secure_last_boot(c)->nregions)
		return nothing_seen(why);
	if (!c->process)
		return judge_ist(c, why);
	if (!c->kernel.trap_stack || !secure_word(secure_last_boot(c), "entry", &entry)) {
		uc_buf_str(why, "the image has no kernel.debug that tells where the stack is");
		return SECURE_NONE;
	}
	return judge_stack(c, entry + (uint64_t)c->kernel.trap_stack, TRAP_SIZE, why);
}
