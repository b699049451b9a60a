// SPDX-License-Identifier: BSD-3-Clause
/* Where objects of data begin, and functions that have no unwind entry. */
#include <stdlib.h>
#include <string.h>

#include "decode.h"

static void take_address(struct uc_code *c, uint64_t to)
{
	if (uc_code_is_text(c, to)) {
		if (!uc_code_fde_of(c, to))
			uc_code_add(&c->starts, to);
	} else if (uc_code_is_data(c, to)) {
		uc_code_add(&c->cuts, to);
	}
}

/* Where no unwind entry tells, what is jumped to may be a function that is called last: if it is
 * aligned and the code before it does not go on there. */
struct survey {
	struct uc_code_vec jumps, fresh;
	bool ended;
};

static void survey_insn(struct uc_code *c, struct survey *s, const struct insn *i)
{
	const struct ZydisDecodedInstructionRawImm_ *m = &i->z.raw.imm[0];
	bool indexed;
	uint64_t to;

	if (uc_insn_is_call(i) && uc_insn_target(i, &to))
		take_address(c, to);
	else if (i->z.mnemonic == ZYDIS_MNEMONIC_JMP && uc_insn_target(i, &to) && to % 16 == 0 &&
		 !uc_code_fde_of(c, to))
		uc_code_add(&s->jumps, to);
	else if (uc_insn_memory(c, i, &to, &indexed) &&
		 (indexed || i->z.mnemonic == ZYDIS_MNEMONIC_LEA))
		take_address(c, to);
	if (!c->pic && !m->is_relative && m->size >= 32)
		take_address(c, m->value.u);
}

static void survey_range(struct uc_code *c, struct survey *s, uint64_t start, uint64_t end)
{
	struct insn i;

	for (uint64_t v = start; v < end && c->budget;) {
		if (!uc_code_decode(c, v, end, &i)) {
			v++;
			continue;
		}
		if (s->ended && i.z.mnemonic != ZYDIS_MNEMONIC_NOP) {
			s->ended = false;
			if (v % 16 == 0 && !uc_code_fde_of(c, v))
				uc_code_add(&s->fresh, v);
		}
		survey_insn(c, s, &i);
		s->ended |= uc_insn_ends(&i) || uc_insn_is_call(&i);
		v = i.next;
	}
}

static uint64_t distance(const uint8_t *p)
{
	int32_t v;

	memcpy(&v, p, sizeof(v));
	return (uint64_t)(int64_t)v;
}

static void take_call(struct uc_code *c, uint64_t to)
{
	if (uc_code_is_text(c, to) && !uc_code_fde_of(c, to))
		uc_code_add(&c->starts, to);
}

/* In a function with an unwind entry only addresses of data matter, which are taken by
 * `lea disp(%rip),reg`, and calls of functions without one: the bytes of both are looked for, which
 * costs a tenth of decoding. */
static void survey_addresses(struct uc_code *c, uint64_t start, uint64_t end)
{
	const uint8_t *p = uc_code_at(c, start, end - start);
	uint64_t n = p ? end - start : 0;

	for (uint64_t i = 0; i + 7 <= n; i++) {
		/* More starts than there are do no harm: code goes on from one to the next. */
		if (p[i] == 0xe8)
			take_call(c, start + i + 5 + distance(p + i + 1));
		else if (p[i + 1] == 0x8d && (p[i] & 0xfb) == 0x48 && (p[i + 2] & 0xc7) == 0x05)
			take_address(c, start + i + 7 + distance(p + i + 3));
	}
}

static void last_calls(struct uc_code *c, struct survey *s)
{
	uc_code_sort(&s->jumps);
	uc_code_sort(&s->fresh);
	for (size_t i = 0; i < s->jumps.n; i++) {
		size_t k = uc_code_lower(&s->fresh, s->jumps.v[i]);

		if (k < s->fresh.n && s->fresh.v[k] == s->jumps.v[i])
			uc_code_add(&c->starts, s->jumps.v[i]);
	}
	free(s->jumps.v);
	free(s->fresh.v);
}

static void survey_text(struct uc_code *c)
{
	struct survey sv = { .ended = false };

	for (size_t i = 0; i < c->nsegments; i++) {
		const struct uc_code_segment *s = &c->segments[i];
		uint64_t at = s->vaddr, end = s->vaddr + s->filesz;

		if (!s->exec)
			continue;
		/* Unwind entries keep the decoding in step. */
		for (size_t k = 0; k < c->nfdes; k++) {
			const struct uc_code_range *r = &c->fdes[k].range;

			if (r->start < at || r->start >= end)
				continue;
			survey_range(c, &sv, at, r->start);
			if (c->pic && uc_code_sections(c))
				survey_addresses(c, r->start, r->end);
			else
				survey_range(c, &sv, r->start, r->end);
			at = r->end;
		}
		survey_range(c, &sv, at, end);
	}
	last_calls(c, &sv);
}

static void cut_at_symbols(struct uc_code *c)
{
	for (size_t i = 0; i < c->nsymbols; i++)
		if (c->symbols[i].defined && uc_code_is_data(c, c->symbols[i].value)) {
			uc_code_add(&c->cuts, c->symbols[i].value);
			uc_code_add(&c->cuts, c->symbols[i].value + c->symbols[i].size);
		}
	for (size_t i = 0; i < c->nrelocs; i++)
		if (c->relocs[i].kind == UC_RELOC_ADDRESS)
			take_address(c, c->relocs[i].value);
}

void uc_code_cuts(struct uc_code *c)
{
	const uint64_t budget = c->budget;
	uint64_t text = 0;

	for (size_t i = 0; i < c->nsegments; i++)
		if (c->segments[i].exec)
			text += c->segments[i].filesz;
	for (size_t i = 0; i < c->init.n; i++)
		take_address(c, c->init.v[i]);
	take_address(c, c->entry);
	if (text < budget / 2) {
		survey_text(c);
		c->surveyed = true;
		cut_at_symbols(c);
	}
	for (unsigned i = 0; i < uc_code_sections(c); i++) {
		const char *name;
		Elf64_Shdr sh;

		if (uc_code_section(c, i, &sh, &name) && uc_code_is_text(c, sh.sh_addr))
			uc_code_add(&c->starts, sh.sh_addr);
		else if (uc_code_is_data(c, sh.sh_addr)) {
			uc_code_add(&c->cuts, sh.sh_addr);
			uc_code_add(&c->cuts, sh.sh_addr + sh.sh_size);
		}
	}
	uc_code_sort(&c->cuts);
	uc_code_sort(&c->starts);
}

struct uc_code_range uc_code_extent(const struct uc_code *c, uint64_t v)
{
	struct uc_code_range r = { v, v + 1 };
	size_t k = uc_code_lower(&c->cuts, v + 1);

	for (size_t i = 0; i < c->nsegments; i++)
		if (v >= c->segments[i].vaddr && v - c->segments[i].vaddr < c->segments[i].memsz)
			r = (struct uc_code_range){ c->segments[i].vaddr,
						    c->segments[i].vaddr + c->segments[i].memsz };
	if (k && c->cuts.v[k - 1] > r.start)
		r.start = c->cuts.v[k - 1];
	if (k < c->cuts.n && c->cuts.v[k] < r.end)
		r.end = c->cuts.v[k];
	return r;
}

bool uc_code_taken(const struct uc_code *c, uint64_t v)
{
	size_t k = uc_code_lower(&c->cuts, v);

	return !c->surveyed || (k < c->cuts.n && c->cuts.v[k] == v);
}
