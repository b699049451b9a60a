// SPDX-License-Identifier: BSD-3-Clause
/*
 * Functions and what they refer to. A function is taken whole: all its bytes are decoded one
 * instruction behind the other, so that jump tables inside it need not be understood.
 */
#include <stdlib.h>

#include "live.h"
#include "passed.h"

#define STUB_MAX  32
#define TABLE_MAX 4096

/* ---- which function ---- */

static bool in_stubs(const struct uc_code *c, uint64_t v, struct uc_code_range *out)
{
	for (size_t i = 0; i < c->nstubs; i++) {
		if (v < c->stubs[i].start || v >= c->stubs[i].end)
			continue;
		*out = (struct uc_code_range){ v, c->stubs[i].end };
		if (out->end - v > STUB_MAX)
			out->end = v + STUB_MAX;
		return true;
	}
	return false;
}

/* Between unwind entries: from the address, which something leads to, to the next known start. */
static void in_gap(const struct uc_code *c, uint64_t v, struct uc_code_range *out)
{
	size_t lo = 0, hi = c->nfdes, s = uc_code_lower(&c->starts, v + 1);

	for (size_t i = 0; i < c->nsegments; i++)
		if (v >= c->segments[i].vaddr && v - c->segments[i].vaddr < c->segments[i].filesz)
			*out = (struct uc_code_range){ v, c->segments[i].vaddr +
								  c->segments[i].filesz };
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (c->fdes[mid].range.start <= v)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (lo < c->nfdes && c->fdes[lo].range.start < out->end)
		out->end = c->fdes[lo].range.start;
	if (s < c->starts.n && c->starts.v[s] < out->end)
		out->end = c->starts.v[s];
}

bool uc_code_function(const struct uc_code *c, uint64_t v, struct uc_code_range *out)
{
	const struct uc_code_fde *f;

	if (!uc_code_is_text(c, v))
		return false;
	if (in_stubs(c, v, out))
		return true;
	if ((f = uc_code_fde_of(c, v)))
		*out = f->range;
	else
		in_gap(c, v, out);
	return true;
}

/* ---- references ---- */

struct scan {
	struct uc_code *c;
	const struct uc_code_range *f;
	struct uc_refs *out;
	struct uc_passed passed;
	struct uc_live live;
	bool stub, table_jump, own_start; /* own_start: takes the address of the file's entry */
};

static void add_ref(struct uc_refs *r, enum uc_ref_kind kind, uint64_t at, uint64_t to,
		    uint32_t size)
{
	bool call = kind == UC_REF_CALL || kind == UC_REF_SLOT; /* each may pass other arguments */

	if (!call && r->n && r->v[r->n - 1].kind == kind && r->v[r->n - 1].to == to)
		return;
	r->v = uc_room(r->v, r->n, sizeof(*r->v));
	r->v[r->n++] = (struct uc_ref){ kind, size, at, to, 0 };
}

static void add_address(struct scan *s, uint64_t at, uint64_t to)
{
	s->own_start |= to == s->c->entry;
	if (uc_code_is_text(s->c, to))
		add_ref(s->out, UC_REF_TAKE, at, to, 0);
	else if (uc_code_is_data(s->c, to))
		add_ref(s->out, UC_REF_DATA, at, to, 0);
}

static uint32_t access_size(const struct insn *i)
{
	bool plain = i->z.mnemonic == ZYDIS_MNEMONIC_MOV || uc_insn_is_call(i) ||
		     uc_insn_is_jump(i) || i->z.mnemonic == ZYDIS_MNEMONIC_CMP ||
		     i->z.mnemonic == ZYDIS_MNEMONIC_MOVQ;

	return plain ? 8 : 64; /* a vector at the most */
}

static void scan_memory(struct scan *s, const struct insn *i)
{
	bool indexed;
	uint64_t to;

	if (i->z.mnemonic == ZYDIS_MNEMONIC_NOP || !uc_insn_memory(s->c, i, &to, &indexed))
		return;
	if (i->z.mnemonic == ZYDIS_MNEMONIC_LEA && uc_code_only_compared(s->c, s->f, i))
		return;
	if (i->z.mnemonic == ZYDIS_MNEMONIC_LEA || indexed)
		add_address(s, i->at, to);
	else if (uc_code_is_data(s->c, to))
		add_ref(s->out, UC_REF_SLOT, i->at, to, access_size(i));
}

/* In a program at fixed addresses any number may be one. */
static void scan_immediate(struct scan *s, const struct insn *i)
{
	const struct ZydisDecodedInstructionRawImm_ *m = &i->z.raw.imm[0];

	if (!m->is_relative && m->size >= 32 && (!s->c->pic || m->size == 64))
		add_address(s, i->at, m->value.u);
}

static void scan_branch(struct scan *s, const struct insn *i)
{
	uint64_t to;

	if (uc_insn_target(i, &to)) {
		if ((to < s->f->start || to >= s->f->end) && uc_code_is_text(s->c, to))
			add_ref(s->out, UC_REF_CALL, i->at, to, 0);
		else if (to == s->f->start && uc_insn_is_call(i))
			add_ref(s->out, UC_REF_CALL, i->at, to, 0);
	} else if (i->z.meta.category == ZYDIS_CATEGORY_UNCOND_BR) {
		s->table_jump = true;
	}
}

static void scan_system(struct scan *s, const struct insn *i)
{
	if (i->z.mnemonic == ZYDIS_MNEMONIC_SYSCALL) {
		s->out->sites = uc_room(s->out->sites, s->out->nsites, sizeof(*s->out->sites));
		s->out->sites[s->out->nsites++] = i->at;
	} else if (i->z.mnemonic == ZYDIS_MNEMONIC_SYSENTER ||
		   (i->z.mnemonic == ZYDIS_MNEMONIC_INT && i->z.raw.imm[0].value.u == 0x80)) {
		s->out->legacy = i->at;
	}
}

/* Tables of 32-bit distances, as switches and computed gotos make them: their targets may lie in
 * other parts of the function, which have unwind entries of their own. Returns how many lie in
 * this one. */
static size_t scan_tables(struct scan *s)
{
	size_t n = s->out->n, inside = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t base = s->out->v[i].to, at = s->out->v[i].at;

		if (s->out->v[i].kind != UC_REF_DATA)
			continue;
		for (unsigned k = 0; k < TABLE_MAX; k++) {
			const uint8_t *p = uc_code_at(s->c, base + 4 * (uint64_t)k, 4);
			uint64_t to = p ? base + (uint64_t)(int32_t)uc_code_word(p, 4) : 0;

			s->c->budget -= s->c->budget > 0;
			if (!p || !uc_code_is_text(s->c, to) ||
			    (k && uc_code_extent(s->c, base + 4 * (uint64_t)k).start != base))
				break;
			if (to < s->f->start || to >= s->f->end) {
				add_ref(s->out, UC_REF_CALL, at, to, 0);
			} else {
				uc_code_add(&s->passed.leaders, to);
				inside++;
			}
		}
	}
	return inside;
}

static void scan_exceptions(struct scan *s)
{
	const struct uc_code_fde *f = uc_code_fde_of(s->c, s->f->start);
	struct uc_code_vec pads = { 0 };

	if (!f || !f->lsda || !s->c->budget)
		return;
	uc_code_landing_pads(s->c, f, &pads);
	s->c->budget -= s->c->budget < pads.n ? s->c->budget : pads.n;
	for (size_t i = 0; i < pads.n; i++)
		uc_code_add(&s->passed.leaders, pads.v[i]);
	for (size_t i = 0; i < pads.n; i++)
		if (pads.v[i] < s->f->start || pads.v[i] >= s->f->end)
			add_ref(s->out, UC_REF_CALL, s->f->start, pads.v[i], 0);
	free(pads.v);
	if (uc_code_is_text(s->c, f->personality))
		add_ref(s->out, UC_REF_TAKE, s->f->start, f->personality, 0);
	else if (f->personality)
		add_ref(s->out, UC_REF_SLOT, s->f->start, f->personality, 8);
}

/* The bytes behind the last instruction are the next function's: where it is gone on to is the
 * place of the reference. With unwind entries a call at the
 * end is one that does not return. */
static void scan_end(struct scan *s, const struct insn *last, bool valid)
{
	bool fde = uc_code_fde_of(s->c, s->f->start) != NULL;

	if (!valid || uc_insn_ends(last) || (fde && uc_insn_is_call(last)) ||
	    uc_insn_never_returns(s->c, last))
		return;
	if (uc_code_is_text(s->c, s->f->end))
		add_ref(s->out, UC_REF_CALL, s->f->end, s->f->end, 0);
}

static void scan_insn(struct scan *s, const struct insn *i)
{
	size_t before = s->out->n;
	const struct uc_code_args *a;

	scan_memory(s, i);
	scan_immediate(s, i);
	if (uc_insn_is_call(i) || uc_insn_is_jump(i)) {
		scan_branch(s, i);
		a = s->live.bits ? uc_live_args(&s->live, i->at) : NULL;
		for (size_t r = before; r < s->out->n; r++)
			if (a && uc_code_args_known(a))
				uc_refs_pass(s->out, r, a);
			else if (!s->live.bits)
				uc_passed_note(&s->passed, i, r);
	}
	scan_system(s, i);
	if (!s->live.bits)
		uc_passed_step(&s->passed, i);
}

static void scan_body(struct scan *s)
{
	struct insn i, last = { .at = 0 };
	bool valid = false, live = true;

	for (uint64_t v = s->f->start; v < s->f->end;) {
		valid = uc_code_decode(s->c, v, s->f->end, &i);
		if (!valid) {
			if (!s->c->budget)
				break;
			v++;
			continue;
		}
		live = uc_live_at(&s->live, v);
		if (live)
			scan_insn(s, &i);
		if (s->stub && uc_insn_ends(&i))
			break;
		if (i.z.mnemonic != ZYDIS_MNEMONIC_NOP && i.z.mnemonic != ZYDIS_MNEMONIC_INT3)
			last = i;
		v = i.next;
	}
	/* Where a computed jump may lead is known only by its table. */
	if (s->table_jump && !s->stub && !scan_tables(s))
		s->passed.n = 0;
	scan_exceptions(s);
	s->out->partial = !s->c->budget;
	if (!s->stub && last.at && uc_live_at(&s->live, last.at))
		scan_end(s, &last, valid);
}

static void pass_through(struct uc_refs *r, const struct uc_code_args *a)
{
	for (size_t i = 0; a && i < r->n; i++)
		uc_refs_pass(r, i, a);
}

/* Of a function in which not only what is passed decides. */
#define ANYTHING \
	{ \
		.n = UC_VALUE_ANY \
	}
static const struct uc_code_args unknown = { .reg = { ANYTHING, ANYTHING, ANYTHING, ANYTHING,
						      ANYTHING, ANYTHING } };

static void release(struct scan *s)
{
	uc_live_free(&s->live);
	uc_passed_free(&s->passed);
}

void uc_code_refs(struct uc_code *c, const struct uc_code_range *f, const struct uc_entry *e,
		  struct uc_refs *out)
{
	struct scan s = { .c = c, .f = f, .out = out };
	bool fde = uc_code_fde_of(c, f->start) != NULL;
	struct uc_code_range r;

	*out = (struct uc_refs){ 0 };
	s.stub = in_stubs(c, f->start, &r);
	if (!s.stub && !fde && !uc_code_plausible(c, f))
		return;
	if (fde && !s.stub && e && e->args)
		uc_code_live(c, f, e, &s.live);
	for (size_t i = 0; e && i < e->others->n; i++)
		uc_code_add(&s.passed.leaders, e->others->v[i]);
	scan_body(&s);
	if (s.stub)
		pass_through(out, e ? e->args : NULL);
	else if (fde)
		uc_passed_finish(&s.passed, out);
	release(&s);
	if (c->loader && s.own_start && fde && e && !e->args) {
		const struct uc_entry again = { &unknown, e->others };

		uc_refs_free(out);
		uc_code_refs(c, f, &again, out);
	}
}

void uc_refs_free(struct uc_refs *r)
{
	free(r->v);
	free(r->sites);
	free(r->args);
	*r = (struct uc_refs){ 0 };
}
