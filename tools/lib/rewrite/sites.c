// SPDX-License-Identifier: BSD-3-Clause
/*
 * Finds sites and builds stubs. A site is rewritten when the instructions right before it, at least
 * five bytes of them, can be moved: the jump that replaces them must not be entered in its middle.
 * One instruction of five bytes is always safe, for nothing jumps into an instruction. Several are
 * safe if no direct branch of the file targets an inner boundary and the function has no computed
 * jump. The two bytes of the site itself are never changed, so a path that enters there still
 * traps.
 *
 * Where only two to four bytes can be moved (`xor %eax,%eax` before a read), a short jump leads to
 * an island: five bytes of padding nearby, which nothing executes, that hold the long jump. Padding
 * is what consists of no-operations behind an instruction that does not go on to the next, is no
 * target of a direct branch, and lies in a function without computed jumps.
 */
#include <Zydis/Zydis.h>
#include <stdlib.h>
#include <string.h>

#include <uc/abi/rewrite.h>

#include "rewrite.h"

#define MAX_PREFIX 6
#define JMP_LEN    5
#define SHORT_LEN  2
#define SHORT_BACK 128 /* reach of a short jump, from its end */
#define SHORT_ON   127
#define GAP_MAX    16  /* pages */
#define MAX_SWEEP  (8u << 20) /* bytes of text that are decoded for branch targets */

struct insn {
	uint64_t at;
	uint8_t len;
	bool movable;
};

/* How far the function that is being looked at has been decoded; last: newest instruction first. */
struct walk {
	const struct rw_text *text;
	uint64_t start, end, pos;
	struct insn last[MAX_PREFIX];
	unsigned n;
	bool computed;
};

struct job {
	struct walk walk;
	struct rw_elf elf;
	ZydisDecoder dec;
	struct uc_rw_result *out;
	uint64_t *targets; /* sorted direct branch targets of all text; built when first needed */
	size_t ntargets;
	bool swept, sweep_failed;
	uint64_t *islands; /* in use */
	size_t nislands;
};

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static bool is_branch(const ZydisDecodedInstruction *i)
{
	switch (i->meta.category) {
	case ZYDIS_CATEGORY_CALL:
	case ZYDIS_CATEGORY_COND_BR:
	case ZYDIS_CATEGORY_UNCOND_BR:
	case ZYDIS_CATEGORY_RET:
	case ZYDIS_CATEGORY_SYSCALL:
	case ZYDIS_CATEGORY_SYSRET:
	case ZYDIS_CATEGORY_INTERRUPT:
	case ZYDIS_CATEGORY_SYSTEM: return true;
	default: return false;
	}
}

/* A conditional jump without prefixes: 7x rel8 or 0f 8x rel32. */
static bool is_jcc(const uint8_t *p, size_t len)
{
	return (len == 2 && (p[0] & 0xf0) == 0x70) ||
	       (len == 6 && p[0] == 0x0f && (p[1] & 0xf0) == 0x80);
}

/* Fits a stub as it is, with its RIP-relative displacement corrected, or as a longer jump. */
static bool movable(const ZydisDecodedInstruction *i, const uint8_t *p)
{
	bool relative = i->attributes & ZYDIS_ATTRIB_IS_RELATIVE;
	if (is_jcc(p, i->length)) return true;
	return !is_branch(i) &&
	       (!relative || (i->raw.disp.size == 32 && !i->raw.imm[0].is_relative)) &&
	       i->mnemonic != ZYDIS_MNEMONIC_NOP && !(i->attributes & ZYDIS_ATTRIB_HAS_LOCK);
}

static bool computed_jump(const ZydisDecodedInstruction *i)
{
	return i->meta.category == ZYDIS_CATEGORY_UNCOND_BR && !i->raw.imm[0].is_relative;
}

static void sweep_text(struct job *j, const struct rw_text *t)
{
	size_t cap = j->ntargets;
	for (uint64_t v = t->vaddr, end = t->vaddr + t->size; v < end;) {
		ZydisDecodedInstruction i;
		const uint8_t *p = rw_elf_at(&j->elf, t, v, 1);
		if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&j->dec, NULL, p, end - v, &i))) {
			v++;
			continue;
		}
		if (i.raw.imm[0].is_relative) {
			if (j->ntargets == cap)
				j->targets = uc_xrealloc(j->targets, (cap = cap ? cap * 2 : 1024) *
									     sizeof(*j->targets));
			j->targets[j->ntargets++] = v + i.length + (uint64_t)i.raw.imm[0].value.s;
		}
		v += i.length;
	}
}

static bool have_targets(struct job *j)
{
	uint64_t total = 0;
	if (j->swept) return !j->sweep_failed;
	j->swept = true;
	for (size_t i = 0; i < j->elf.ntexts; i++) total += j->elf.texts[i].size;
	if ((j->sweep_failed = total > MAX_SWEEP)) return false;
	for (size_t i = 0; i < j->elf.ntexts; i++) sweep_text(j, &j->elf.texts[i]);
	if (j->ntargets) qsort(j->targets, j->ntargets, sizeof(*j->targets), by_value);
	return true;
}

static bool is_target(const struct job *j, uint64_t v)
{
	return j->ntargets && bsearch(&v, j->targets, j->ntargets, sizeof(v), by_value);
}

/* Starts on another function: notes whether it holds a computed jump. */
static void enter_function(struct job *j, const struct rw_text *t, uint64_t start, uint64_t end)
{
	struct walk *w = &j->walk;
	*w = (struct walk){ .text = t, .start = start, .end = end, .pos = start };
	for (uint64_t v = start; v < end && !w->computed;) {
		ZydisDecodedInstruction i;
		if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(
			    &j->dec, NULL, rw_elf_at(&j->elf, t, v, 1), end - v, &i)))
			break;
		w->computed = computed_jump(&i);
		v += i.length;
	}
}

/* Decodes the function around `site` from its start, or on from an earlier site. False if the
 * decoding does not arrive exactly at the site. */
static bool decode_to(struct job *j, const struct rw_text *t, uint64_t site)
{
	struct walk *w = &j->walk;
	uint64_t start, end;
	rw_elf_function(&j->elf, t, site, &start, &end);
	if (w->text != t || w->start != start) enter_function(j, t, start, end);
	while (w->pos <= site) {
		ZydisDecodedInstruction i;
		uint64_t v = w->pos;
		const uint8_t *p = rw_elf_at(&j->elf, t, v, 1);
		if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&j->dec, NULL, p, end - v, &i)))
			return false;
		if (v == site) return i.mnemonic == ZYDIS_MNEMONIC_SYSCALL;
		memmove(w->last + 1, w->last, (MAX_PREFIX - 1) * sizeof(*w->last));
		w->last[0] = (struct insn){ v, i.length, movable(&i, p) };
		w->n += w->n < MAX_PREFIX;
		w->pos += i.length;
	}
	return false;
}

/* mov $15,%rax ; syscall: unwinders know signal trampolines by these bytes. Its unwind entry also
 * starts a byte early, so that decoding from there would go wrong. */
static bool is_sigreturn(struct job *j, const struct rw_text *t, uint64_t site)
{
	static const uint8_t code[] = { 0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05 };
	return site - t->vaddr >= 7 &&
	       memcmp(rw_elf_at(&j->elf, t, site - 7, sizeof(code)), code, sizeof(code)) == 0;
}

/* ---- islands ---- */

/* Execution does not go on to the next instruction. */
static bool ends_flow(const ZydisDecodedInstruction *i)
{
	return i->meta.category == ZYDIS_CATEGORY_RET ||
	       i->meta.category == ZYDIS_CATEGORY_UNCOND_BR;
}

/* A place for a long jump in the padding [from, to), within reach of a short jump that ends at
 * `near`. 0: there is none. */
static uint64_t place_in(const struct job *j, uint64_t from, uint64_t to, uint64_t near)
{
	for (uint64_t v = from; v < to; v++)
		if (is_target(j, v)) return 0;
	for (uint64_t v = from; v + JMP_LEN <= to; v += JMP_LEN) {
		bool used = v + SHORT_BACK < near || v > near + SHORT_ON;
		for (size_t i = 0; i < j->nislands; i++) used |= j->islands[i] == v;
		if (!used) return v;
	}
	return 0;
}

/* Looks through the function of the walk. */
static uint64_t find_island(struct job *j, const struct rw_text *t, uint64_t near)
{
	const struct walk *w = &j->walk;
	uint64_t pad = 0; /* start of the padding that is being passed */
	bool ended = false;
	if (w->computed || !have_targets(j)) return 0;
	for (uint64_t v = w->start; v < w->end;) {
		ZydisDecodedInstruction i;
		if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(
			    &j->dec, NULL, rw_elf_at(&j->elf, t, v, 1), w->end - v, &i)))
			return 0;
		bool nop = i.mnemonic == ZYDIS_MNEMONIC_NOP;
		if (nop && ended && !pad) pad = v;
		if (!nop) ended = ends_flow(&i);
		uint64_t next = v + i.length;
		if (pad && (!nop || next >= w->end)) {
			uint64_t at = place_in(j, pad, nop ? next : v, near);
			if (at) return at;
			pad = 0;
		}
		v = next;
	}
	return 0;
}

static void use_island(struct job *j, uint64_t at)
{
	j->islands = uc_xrealloc(j->islands, (j->nislands + 1) * sizeof(*j->islands));
	j->islands[j->nislands++] = at;
}

/* ---- sites ---- */

/* The k instructions before the site can be replaced together. */
static bool movable_together(struct job *j, unsigned k)
{
	const struct insn *last = j->walk.last;
	if (k == 1) return true;
	if (j->walk.computed || !have_targets(j)) return false;
	for (unsigned i = 0; i + 1 < k; i++)
		if (is_target(j, last[i].at)) return false;
	return true;
}

/* The fewest instructions before the site with `want` bytes. 0: there are none that can be
 * moved. */
static unsigned prefix(struct job *j, unsigned want)
{
	const struct insn *last = j->walk.last;
	unsigned k = 0, len = 0;
	while (len < want) {
		if (k == j->walk.n || !last[k].movable) return 0;
		len += last[k++].len;
	}
	return movable_together(j, k) ? k : 0;
}

static bool choose(struct job *j, const struct rw_text *t, uint64_t site, struct rw_site *s)
{
	uint64_t island = 0;
	if (is_sigreturn(j, t, site) || !decode_to(j, t, site)) return false;
	unsigned k = prefix(j, JMP_LEN);
	if (!k) {
		k = prefix(j, SHORT_LEN);
		island = k ? find_island(j, t, j->walk.last[k - 1].at + SHORT_LEN) : 0;
		if (!island) return false;
	}
	*s = (struct rw_site){ site, j->walk.last[k - 1].at, k, island };
	return true;
}

static void copy_page(const struct job *j, uint32_t pgoff, struct uc_rw_out_page *to)
{
	uint64_t base = (uint64_t)pgoff << 12, left = j->elf.n - base;
	to->pgoff = pgoff;
	memset(to->data, 0, sizeof(to->data));
	memcpy(to->data, j->elf.data + base, left < sizeof(to->data) ? left : sizeof(to->data));
}

/* Pages before the i-th replaced one that are worth replacing as well. */
static unsigned gap_before(const struct uc_rw_result *r, size_t i)
{
	uint32_t gap = i ? r->pages[i].pgoff - r->pages[i - 1].pgoff - 1 : 0;
	return gap <= GAP_MAX ? gap : 0;
}

static uint8_t *page_of(struct uc_rw_result *r, const struct job *j, uint64_t offset)
{
	uint32_t pg = (uint32_t)(offset >> 12);
	size_t at = r->npages;
	while (at && r->pages[at - 1].pgoff >= pg) at--;
	if (at < r->npages && r->pages[at].pgoff == pg) return r->pages[at].data;
	r->pages = uc_xrealloc(r->pages, (r->npages + 1) * sizeof(*r->pages));
	memmove(r->pages + at + 1, r->pages + at, (r->npages - at) * sizeof(*r->pages));
	r->npages++;
	copy_page(j, pg, &r->pages[at]);
	return r->pages[at].data;
}

static void put_byte(struct job *j, const struct rw_text *t, uint64_t vaddr, uint8_t b)
{
	uint64_t off = t->offset + (vaddr - t->vaddr);
	page_of(j->out, j, off)[off & 4095] = b;
}

/* Adds the conditional jump at p to the stubs, with the same target. */
static bool put_jcc(struct job *j, const uint8_t *p, size_t len, uint64_t target)
{
	struct uc_buf *b = &j->out->stubs;
	uint8_t code[6] = { 0x0f, (uint8_t)(0x80 | (p[len == 2 ? 0 : 1] & 15)) };
	int64_t d = (int64_t)(target - (j->out->stub_vaddr + b->n + sizeof(code)));
	int32_t d32 = (int32_t)d;
	if (d != d32) return false;
	memcpy(code + 2, &d32, 4);
	uc_buf_add(b, (const char *)code, sizeof(code));
	return true;
}

/* Copies the instructions of [s->from, s->site) to the end of the stubs. */
static bool move_prefix(struct job *j, const struct rw_text *t, const struct rw_site *s)
{
	struct uc_buf *b = &j->out->stubs;
	for (uint64_t v = s->from; v < s->site;) {
		ZydisDecodedInstruction i;
		const uint8_t *p = rw_elf_at(&j->elf, t, v, 1);
		uint8_t copy[16];
		if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&j->dec, NULL, p, s->site - v, &i)))
			return false;
		if (is_jcc(p, i.length)) {
			if (!put_jcc(j, p, i.length, v + i.length + (uint64_t)i.raw.imm[0].value.s))
				return false;
			v += i.length;
			continue;
		}
		memcpy(copy, p, i.length);
		if (i.attributes & ZYDIS_ATTRIB_IS_RELATIVE) {
			int64_t d = i.raw.disp.value + (int64_t)(v - (j->out->stub_vaddr + b->n));
			if (d != (int32_t)d) return false;
			int32_t d32 = (int32_t)d;
			memcpy(copy + i.raw.disp.offset, &d32, 4);
		}
		uc_buf_add(b, copy, i.length);
		v += i.length;
	}
	return true;
}

static bool rewrite_site(struct job *j, const struct rw_text *t, const struct rw_site *s)
{
	struct uc_buf *b = &j->out->stubs;
	size_t mark = b->n;
	while (b->n & 15) uc_buf_add(b, "\xcc", 1);
	uint64_t stub = j->out->stub_vaddr + b->n, at = s->island ? s->island : s->from;
	int64_t jmp = (int64_t)(stub - (at + JMP_LEN));
	if (jmp != (int32_t)jmp || !move_prefix(j, t, s)) {
		b->n = mark;
		return false;
	}
	/* lea return(%rip),%rcx ; jmp *%gs:UC_RW_GS_ENTRY */
	int32_t back = (int32_t)((int64_t)(s->site + 2) - (int64_t)(j->out->stub_vaddr + b->n + 7)),
		slot = UC_RW_GS_ENTRY;
	uc_buf_add(b, "\x48\x8d\x0d", 3);
	uc_buf_add(b, &back, 4);
	uc_buf_add(b, "\x65\xff\x24\x25", 4);
	uc_buf_add(b, &slot, 4);
	int32_t rel = (int32_t)jmp;
	for (uint64_t v = s->from; v < s->site; v++) put_byte(j, t, v, 0xcc);
	if (s->island) {
		put_byte(j, t, s->from, 0xeb);
		put_byte(j, t, s->from + 1, (uint8_t)(s->island - (s->from + SHORT_LEN)));
		use_island(j, s->island);
	}
	put_byte(j, t, at, 0xe9);
	for (unsigned i = 0; i < 4; i++)
		put_byte(j, t, at + 1 + i, (uint8_t)((uint32_t)rel >> (i * 8)));
	return true;
}

static void scan_text(struct job *j, const struct rw_text *t)
{
	const uint8_t *p = j->elf.data + t->offset, *end = p + t->size - 1;
	uint64_t floor = 0; /* instructions before an earlier site are not moved twice */
	for (const uint8_t *q = p; q < end && (q = memchr(q, 0x0f, (size_t)(end - q))); q++) {
		if (q[1] != 0x05) continue;
		struct rw_site s;
		uint64_t site = t->vaddr + (uint64_t)(q - p);
		if (choose(j, t, site, &s) && s.from >= floor && rewrite_site(j, t, &s)) {
			j->out->sites++;
			floor = site + 2;
		} else {
			j->out->sites_left++;
		}
	}
}

/* Short stretches between replaced pages are replaced, too, by what they are: the guest maps fewer
 * pieces. */
static void fill_gaps(struct job *j)
{
	struct uc_rw_result *r = j->out, all = { 0 };
	size_t n = 0;
	for (size_t i = 0; i < r->npages; i++) n += 1 + gap_before(r, i);
	all.pages = uc_xmalloc((n + 1) * sizeof(*all.pages));
	for (size_t i = 0; i < r->npages; i++) {
		for (unsigned k = gap_before(r, i); k; k--)
			copy_page(j, r->pages[i].pgoff - k, &all.pages[all.npages++]);
		all.pages[all.npages++] = r->pages[i];
	}
	free(r->pages);
	r->pages = all.pages;
	r->npages = all.npages;
}

bool uc_rewrite_elf(const uint8_t *data, size_t n, struct uc_rw_result *out)
{
	struct job j = { .out = out };
	memset(out, 0, sizeof(*out));
	if (rw_elf_open(&j.elf, data, n)) {
		ZydisDecoderInit(&j.dec, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
		out->stub_vaddr = (j.elf.high_vaddr + 4095) & ~4095ull;
		for (size_t i = 0; i < j.elf.ntexts; i++) scan_text(&j, &j.elf.texts[i]);
		fill_gaps(&j);
	}
	rw_elf_close(&j.elf);
	free(j.targets);
	free(j.islands);
	if (!out->sites) uc_rewrite_free(out);
	return out->sites > 0;
}

void uc_rewrite_free(struct uc_rw_result *r)
{
	free(r->pages);
	uc_buf_free(&r->stubs);
	r->pages = NULL;
	r->npages = 0;
}
