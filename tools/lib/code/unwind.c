// SPDX-License-Identifier: BSD-3-Clause
/*
 * .eh_frame (Linux Standard Base, "DWARF Extensions"): where each function begins and ends, also in
 * stripped files, and where its exceptions continue (.gcc_except_table).
 */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define PE_OMIT     0xff
#define PE_INDIRECT 0x80
#define PE_PCREL    0x10
#define PE_DATAREL  0x30
#define MAX_PADS    65536u

struct cursor {
	const struct uc_code *c;
	uint64_t at, end, base; /* base: of PE_DATAREL */
	bool bad;
};
struct cie {
	uint64_t at, personality;
	uint8_t lsda_enc, ptr_enc;
	bool aug, signal; /* signal: of frames that the kernel makes */
};

static uint64_t take(struct cursor *k, unsigned bytes)
{
	const uint8_t *p =
		k->at <= k->end && bytes <= k->end - k->at ? uc_code_at(k->c, k->at, bytes) : NULL;

	k->bad |= !p;
	k->at += p ? bytes : 0;
	return p ? uc_code_word(p, bytes) : 0;
}

static uint64_t take_leb(struct cursor *k, bool is_signed)
{
	uint64_t v = 0;
	unsigned shift = 0;
	uint8_t b;

	do {
		b = (uint8_t)take(k, 1);
		if (shift < 64)
			v |= (uint64_t)(b & 0x7f) << shift;
		shift += 7;
	} while (b & 0x80 && !k->bad && shift < 140);
	if (is_signed && shift < 64 && b & 0x40)
		v |= ~0ull << shift;
	return v;
}

static uint64_t take_form(struct cursor *k, uint8_t enc)
{
	switch (enc & 0xf) {
	case 0:
	case 4:
	case 0xc:
		return take(k, 8);
	case 1:
		return take_leb(k, false);
	case 9:
		return take_leb(k, true);
	case 2:
		return take(k, 2);
	case 3:
		return take(k, 4);
	case 0xa:
		return (uint64_t)(int16_t)take(k, 2);
	case 0xb:
		return (uint64_t)(int32_t)take(k, 4);
	default:
		k->bad = true;
		return 0;
	}
}

/* An encoded pointer; of an indirect one the address of the slot. */
static uint64_t take_pointer(struct cursor *k, uint8_t enc)
{
	uint64_t at = k->at, v;

	if (enc == PE_OMIT)
		return 0;
	v = take_form(k, enc);
	if (!v)
		return 0;
	if ((enc & 0x70) == PE_PCREL)
		v += at;
	else if ((enc & 0x70) == PE_DATAREL)
		v += k->base;
	return v;
}

static bool read_cie(struct cursor k, struct cie *out)
{
	char aug[8] = "";
	unsigned n = 0;
	uint8_t version, ch;

	*out = (struct cie){ .at = k.at, .lsda_enc = PE_OMIT };
	if (take(&k, 4) == 0xffffffff)
		take(&k, 8);
	take(&k, 4);
	version = (uint8_t)take(&k, 1);
	while ((ch = (uint8_t)take(&k, 1)) && !k.bad)
		if (n + 1 < sizeof(aug))
			aug[n++] = (char)ch;
	take_leb(&k, false);
	take_leb(&k, true);
	if (version == 1)
		take(&k, 1);
	else
		take_leb(&k, false);
	out->aug = aug[0] == 'z';
	if (out->aug)
		take_leb(&k, false);
	for (unsigned i = 1; out->aug && i < n; i++) {
		if (aug[i] == 'L')
			out->lsda_enc = (uint8_t)take(&k, 1);
		else if (aug[i] == 'R')
			out->ptr_enc = (uint8_t)take(&k, 1);
		else if (aug[i] == 'S')
			out->signal = true;
		else if (aug[i] == 'P') {
			uint8_t enc = (uint8_t)take(&k, 1);

			out->personality = take_pointer(&k, enc);
		}
	}
	return !k.bad;
}

static void read_fde(struct uc_code *c, struct cursor k, const struct cie *cie)
{
	struct uc_code_fde f = { .personality = cie->personality };
	uint64_t size;

	f.range.start = take_pointer(&k, cie->ptr_enc);
	size = take_form(&k, cie->ptr_enc & 0xf);
	if (cie->aug)
		take_leb(&k, false);
	if (cie->aug)
		f.lsda = take_pointer(&k, cie->lsda_enc);
	if (k.bad || !size || size > c->size || !uc_code_at(c, f.range.start, size))
		return;
	f.range.end = f.range.start + size;
	/* Begins a byte early, so that unwinding from its first instruction finds it. */
	f.range.start += cie->signal;
	for (size_t i = 0; i < c->nstubs; i++)
		if (f.range.start < c->stubs[i].end && f.range.end > c->stubs[i].start)
			return;
	if (!uc_code_is_text(c, f.range.start))
		return;
	c->fdes = uc_room(c->fdes, c->nfdes, sizeof(*c->fdes));
	c->fdes[c->nfdes++] = f;
}

/* Entries one behind the other until one of length zero. */
static void read_frames(struct uc_code *c, uint64_t at, uint64_t end)
{
	struct cursor k = { .c = c, .at = at, .end = end };
	struct cie cie = { .at = 0 };

	while (!k.bad) {
		uint64_t len = take(&k, 4), body, id;

		if (len == 0xffffffff)
			len = take(&k, 8);
		body = k.at;
		if (!len || k.bad || len > end - body)
			return;
		struct cursor e = { .c = c, .at = body, .end = body + len };

		id = take(&e, 4);
		if (id) {
			struct cursor ck = { .c = c, .at = body - id, .end = end };

			if (body - id == cie.at || read_cie(ck, &cie))
				read_fde(c, e, &cie);
		}
		k.at = body + len;
	}
}

static int by_start(const void *a, const void *b)
{
	const struct uc_code_fde *x = a, *y = b;

	if (x->range.start != y->range.start)
		return x->range.start < y->range.start ? -1 : 1;
	return x->range.end < y->range.end ? 1 : -1;
}

static uint64_t segment_end(const struct uc_code *c, uint64_t at)
{
	for (size_t i = 0; i < c->nsegments; i++)
		if (at >= c->segments[i].vaddr && at - c->segments[i].vaddr < c->segments[i].filesz)
			return c->segments[i].vaddr + c->segments[i].filesz;
	return 0;
}

/* No two of the kept entries overlap: what is decoded is bounded by the text. */
static void tidy(struct uc_code *c)
{
	size_t kept = 0;

	if (!c->nfdes)
		return;
	qsort(c->fdes, c->nfdes, sizeof(*c->fdes), by_start);
	for (size_t i = 0; i < c->nfdes; i++) {
		if (kept && c->fdes[kept - 1].range.start == c->fdes[i].range.start)
			continue;
		if (kept && c->fdes[kept - 1].range.end > c->fdes[i].range.start)
			c->fdes[kept - 1].range.end = c->fdes[i].range.start;
		c->fdes[kept++] = c->fdes[i];
	}
	c->nfdes = kept;
}

void uc_code_read_unwind(struct uc_code *c, const Elf64_Phdr *ph)
{
	struct cursor k = { .c = c, .at = ph->p_vaddr, .end = ph->p_vaddr + 64 };

	if (ph->p_type == PT_GNU_EH_FRAME) {
		uint8_t version = (uint8_t)take(&k, 1), enc = (uint8_t)take(&k, 1);

		take(&k, 2);
		k.base = ph->p_vaddr;
		uint64_t frames = take_pointer(&k, enc);

		if (version == 1 && !k.bad)
			read_frames(c, frames, segment_end(c, frames));
	} else {
		for (unsigned i = 0; i < uc_code_sections(c); i++) {
			const char *name;
			Elf64_Shdr sh;

			if (uc_code_section(c, i, &sh, &name) && !strcmp(name, ".eh_frame"))
				read_frames(c, sh.sh_addr, segment_end(c, sh.sh_addr));
		}
	}
	tidy(c);
}

const struct uc_code_fde *uc_code_fde_of(const struct uc_code *c, uint64_t vaddr)
{
	size_t lo = 0, hi = c->nfdes;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (c->fdes[mid].range.start <= vaddr)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo && vaddr < c->fdes[lo - 1].range.end ? &c->fdes[lo - 1] : NULL;
}

void uc_code_landing_pads(const struct uc_code *c, const struct uc_code_fde *f,
			  struct uc_code_vec *out)
{
	struct cursor k = { .c = c, .at = f->lsda, .end = segment_end(c, f->lsda) };
	uint64_t base = f->range.start, stop;
	uint8_t enc = (uint8_t)take(&k, 1);

	if (enc != PE_OMIT)
		base = take_pointer(&k, enc);
	if ((uint8_t)take(&k, 1) != PE_OMIT)
		take_leb(&k, false);
	enc = (uint8_t)take(&k, 1);
	stop = take_leb(&k, false);
	if (k.bad || stop > k.end - k.at)
		return;
	stop += k.at;
	for (unsigned n = 0; k.at < stop && !k.bad && n < MAX_PADS; n++) {
		uint64_t pad;

		take_form(&k, enc);
		take_form(&k, enc);
		pad = take_form(&k, enc);
		take_leb(&k, false);
		if (pad && !k.bad && uc_code_is_text(c, base + pad))
			uc_code_add(out, base + pad);
	}
}
