// SPDX-License-Identifier: BSD-3-Clause
/*
 * Values at an instruction: a fixed point over the basic blocks of a function and of the other
 * parts that it jumps to (a function may be split into a hot and a cold part with unwind entries of
 * their own). Computed jumps may lead to every block that a table names or nothing else leads to.
 */
#include <stdlib.h>
#include <string.h>

#include "flow.h"

#define INSNS_MAX  20000u
#define ROUNDS     32u /* that a block's values may grow one by one */
#define ROUNDS_MAX 256u

/* ---- the parts ---- */

bool uc_unit_holds(const struct unit *u, uint64_t v)
{
	for (unsigned i = 0; i < u->nparts; i++)
		if (v >= u->part[i].start && v < u->part[i].end)
			return true;
	return false;
}

static bool add_part(struct unit *u, const struct uc_code_range *r)
{
	u->begins[u->nparts] = u->n;
	for (uint64_t v = r->start; v < r->end;) {
		if (u->n == INSNS_MAX)
			return false;
		u->insns = uc_room(u->insns, u->n, sizeof(*u->insns));
		if (!uc_code_decode(u->c, v, r->end, &u->insns[u->n])) {
			if (!u->c->budget)
				return false;
			v++;
			continue;
		}
		v = u->insns[u->n++].next;
	}
	u->part[u->nparts++] = *r;
	return true;
}

/* Does the code there jump into the middle of a part? Then it is one, too. */
static bool jumps_back(struct unit *u, const struct uc_code_range *r)
{
	struct insn i;
	uint64_t to;

	for (uint64_t v = r->start; v < r->end; v = i.next) {
		if (!uc_code_decode(u->c, v, r->end, &i))
			return false;
		if (!uc_insn_is_jump(&i) || !uc_insn_target(&i, &to))
			continue;
		for (unsigned k = 0; k < u->nparts; k++)
			if (to > u->part[k].start && to < u->part[k].end)
				return true;
	}
	return false;
}

static bool find_parts(struct unit *u, const struct uc_code_range *f)
{
	if (!add_part(u, f))
		return false;
	for (size_t i = 0; !u->others && i < u->n && u->nparts < PARTS_MAX; i++) {
		bool conditional = u->insns[i].z.meta.category == ZYDIS_CATEGORY_COND_BR;
		struct uc_code_range r;
		uint64_t to;

		if (!uc_insn_is_jump(&u->insns[i]) || !uc_insn_target(&u->insns[i], &to) ||
		    uc_unit_holds(u, to) || !uc_code_function(u->c, to, &r))
			continue;
		if ((conditional || jumps_back(u, &r)) && !add_part(u, &r))
			return false;
	}
	return true;
}

/* ---- blocks ---- */

static void find_tables(struct unit *u, const struct insn *i)
{
	bool indexed;
	uint64_t base;

	if (!uc_insn_memory(u->c, i, &base, &indexed) || !uc_code_is_data(u->c, base))
		return;
	if (i->z.mnemonic == ZYDIS_MNEMONIC_LEA)
		uc_code_add(&u->bases, base);
	for (unsigned k = 0; i->z.mnemonic == ZYDIS_MNEMONIC_LEA && k < 4096; k++) {
		const uint8_t *p = uc_code_at(u->c, base + 4 * (uint64_t)k, 4);
		uint64_t to = p ? base + (uint64_t)(int32_t)uc_code_word(p, 4) : 0;

		/* A case of a switch may be in a part that is not looked at. */
		if (!p || !(u->others ? uc_code_is_text(u->c, to) : uc_unit_holds(u, to)))
			break;
		if (uc_unit_holds(u, to))
			uc_code_add(&u->tables, to);
	}
	for (unsigned k = 0; indexed && k < 4096; k++) {
		const uint8_t *p = uc_code_at(u->c, base + 8 * (uint64_t)k, 8);

		if (!p || !uc_unit_holds(u, uc_code_word(p, 8)))
			break;
		uc_code_add(&u->tables, uc_code_word(p, 8));
	}
}

static void find_leaders(struct unit *u)
{
	for (unsigned k = 0; k < u->nparts; k++) {
		const struct uc_code_fde *f = uc_code_fde_of(u->c, u->part[k].start);

		uc_code_add(&u->leaders, u->part[k].start);
		if (f && f->lsda)
			uc_code_landing_pads(u->c, f, &u->pads);
	}
	for (size_t i = 0; i < u->n; i++) {
		uint64_t to;

		if (uc_insn_is_jump(&u->insns[i])) {
			uc_code_add(&u->leaders, u->insns[i].next);
			if (uc_insn_target(&u->insns[i], &to))
				uc_code_add(&u->leaders, to);
		} else if (uc_insn_ends(&u->insns[i])) {
			uc_code_add(&u->leaders, u->insns[i].next);
		}
		find_tables(u, &u->insns[i]);
	}
	for (size_t i = 0; i < u->tables.n; i++)
		uc_code_add(&u->leaders, u->tables.v[i]);
	for (size_t i = 0; u->others && i < u->others->n; i++)
		uc_code_add(&u->leaders, u->others->v[i]);
	for (size_t i = 0; i < u->pads.n; i++)
		uc_code_add(&u->leaders, u->pads.v[i]);
	uc_code_sort(&u->leaders);
	uc_code_sort(&u->tables);
	uc_code_sort(&u->bases);
	uc_code_sort(&u->pads);
}

static bool in_vec(const struct uc_code_vec *v, uint64_t a)
{
	size_t k = uc_code_lower(v, a);

	return k < v->n && v->v[k] == a;
}

static void make_blocks(struct unit *u)
{
	unsigned part = 0;

	for (size_t i = 0; i < u->n; i++) {
		while (part < u->nparts && i == u->begins[part]) /* parts may be empty */
			u->first[part++] = u->nblocks;
		bool start = !i || in_vec(&u->leaders, u->insns[i].at) ||
			     u->insns[i - 1].next != u->insns[i].at;

		if (start) {
			u->blocks = uc_room(u->blocks, u->nblocks, sizeof(*u->blocks));
			u->blocks[u->nblocks++] = (struct block){
				.at = u->insns[i].at,
				.first = i,
				.computed = in_vec(&u->tables, u->insns[i].at),
				.pad = in_vec(&u->pads, u->insns[i].at),
			};
		}
		u->blocks[u->nblocks - 1].n++;
	}
	while (part < u->nparts)
		u->first[part++] = u->nblocks;
}

static bool block_before(const void *entry, const void *at)
{
	return ((const struct block *)entry)->at < *(const uint64_t *)at;
}

/* Blocks are in order of addresses within each part. */
struct block *uc_unit_block(const struct unit *u, uint64_t v)
{
	for (unsigned k = 0; k < u->nparts; k++) {
		size_t end = k + 1 < u->nparts ? u->first[k + 1] : u->nblocks;
		struct block *b = &u->blocks[u->first[k]];

		if (v < u->part[k].start || v >= u->part[k].end)
			continue;
		b += uc_lower_bound(b, end - u->first[k], sizeof(*b), block_before, &v);
		if (b < u->blocks + u->nblocks && b->at == v)
			return b;
	}
	return NULL;
}

static const struct insn *last_of(const struct unit *u, const struct block *b)
{
	return &u->insns[b->first + b->n - 1];
}

static bool is_padding(const struct unit *u, const struct block *b)
{
	for (size_t i = b->first; i < b->first + b->n; i++)
		if (u->insns[i].z.mnemonic != ZYDIS_MNEMONIC_NOP)
			return false;
	return true;
}

/* Blocks that nothing leads to but, perhaps, a computed jump. */
static void find_orphans(struct unit *u)
{
	for (size_t i = 0; i < u->nblocks; i++) {
		const struct insn *l = last_of(u, &u->blocks[i]);
		struct block *b;
		uint64_t to;

		if (uc_insn_is_jump(l) && uc_insn_target(l, &to) && (b = uc_unit_block(u, to)))
			b->direct = true;
		if (!uc_insn_ends(l) && i + 1 < u->nblocks && u->blocks[i + 1].at == l->next)
			u->blocks[i + 1].direct = true;
	}
	for (size_t i = 1; i < u->nblocks; i++)
		if (!u->blocks[i].direct && !u->blocks[i].pad && !is_padding(u, &u->blocks[i]))
			u->blocks[i].computed = true;
}

/* ---- the fixed point ---- */

void uc_unit_enter(struct block *to, const struct state *s)
{
	if (!to)
		return;
	if (!to->in)
		to->in = uc_xzalloc(sizeof(*to->in));
	if (!uc_state_join(to->in, s, to->rounds > ROUNDS))
		return;
	/* What does not settle is not known. */
	if (++to->rounds > ROUNDS_MAX)
		uc_state_unknown(to->in);
	if (to->rounds <= ROUNDS_MAX + 1)
		to->queued = true;
}

static void read_wanted(struct unit *u, const struct state *s, const struct insn *i)
{
	struct uc_value v;

	uc_state_read(u->c, s, i, u->want, &v);
	uc_value_join(u->out, &v);
}

/* The comparison that the jump at the end of a block asks about: the last that sets the flags, if
 * what it compared is not written behind it. */
static const struct insn *compared(const struct unit *u, const struct block *b)
{
	const struct insn *i = last_of(u, b);

	while (i > &u->insns[b->first]) {
		i--;
		if (i->z.mnemonic == ZYDIS_MNEMONIC_CMP || i->z.mnemonic == ZYDIS_MNEMONIC_TEST)
			return uc_insns_keep(i, last_of(u, b)) ? i : NULL;
		if (uc_insn_writes_flags(i) || uc_insn_is_call(i))
			return NULL;
	}
	return NULL;
}

static void branch(struct unit *u, const struct block *b, const struct state *s, bool taken,
		   struct block *to)
{
	const struct insn *cmp = compared(u, b), *jump = last_of(u, b);
	ZydisMnemonic equal = taken ? ZYDIS_MNEMONIC_JZ : ZYDIS_MNEMONIC_JNZ;
	struct state t;

	if (!to)
		return;
	if (!cmp) {
		uc_unit_enter(to, s);
		return;
	}
	t = *s;
	if (!uc_state_branch(u->c, &t, cmp, jump, taken))
		return;
	if (cmp + 1 == jump && jump->z.mnemonic == equal)
		uc_state_equal(&t, cmp);
	uc_unit_enter(to, &t);
}

static void enter_all(struct unit *u)
{
	struct state *s = uc_xmalloc(sizeof(*s));

	uc_state_unknown(s);
	for (size_t i = 0; i < u->nblocks; i++)
		uc_unit_enter(&u->blocks[i], s);
	free(s);
}

/* Enters what a table of distances leads to, up to where the function takes another address. */
static void enter_table(struct unit *u, uint64_t base, const struct state *s)
{
	for (unsigned k = 0; k < 4096; k++) {
		const uint8_t *p = uc_code_at(u->c, base + 4 * (uint64_t)k, 4);
		uint64_t to = p ? base + (uint64_t)(int32_t)uc_code_word(p, 4) : 0;

		if (!p || !uc_code_is_text(u->c, to) ||
		    (k && in_vec(&u->bases, base + 4 * (uint64_t)k)))
			break;
		uc_unit_enter(uc_unit_block(u, to), s);
	}
}

/* A computed jump: where its value leads, or else where its table or any or nothing else leads. */
static void jump_somewhere(struct unit *u, const struct insn *i, const struct state *s)
{
	struct uc_value v = uc_state_target(u->c, s, i);
	uint64_t base;

	if (uc_value_constant(&v)) {
		for (unsigned k = 0; k < v.n; k++)
			uc_unit_enter(uc_unit_block(u, (uint64_t)v.v[k].off), s);
		return;
	}
	if (u->others && uc_state_table(s, i, u->insns, &base)) {
		enter_table(u, base, s);
		return;
	}
	/* Without a table it is not understood, unless it reads a slot of the linkage table. */
	if (u->others && !u->tables.n) {
		if (!(i->z.raw.modrm.mod == 0 && i->z.raw.modrm.rm == 5))
			enter_all(u);
		return;
	}
	for (size_t k = 0; k < u->nblocks; k++)
		if (u->blocks[k].computed)
			uc_unit_enter(&u->blocks[k], s);
}

static void run_block(struct unit *u, struct block *b)
{
	const struct insn *l = last_of(u, b);
	struct block *next = NULL;
	struct state s = *b->in;
	uint64_t to;

	u->c->budget -= u->c->budget < b->n ? u->c->budget : b->n;
	for (size_t i = b->first; i < b->first + b->n; i++) {
		if (u->insns[i].at == u->wanted)
			read_wanted(u, &s, &u->insns[i]);
		if (uc_insn_never_returns(u->c, &u->insns[i]))
			return;
		uc_state_step(u->c, &s, &u->insns[i]);
		if (u->insns[i].next == u->wanted && u->beyond)
			read_wanted(u, &s, NULL);
	}
	if (!uc_insn_ends(l) && b + 1 < u->blocks + u->nblocks && b[1].at == l->next)
		next = b + 1;
	if (uc_insn_is_jump(l) && uc_insn_target(l, &to)) {
		branch(u, b, &s, true, uc_unit_block(u, to));
		branch(u, b, &s, false, next);
	} else if (l->z.meta.category == ZYDIS_CATEGORY_UNCOND_BR) {
		jump_somewhere(u, l, &s);
	} else if (next) {
		uc_unit_enter(next, &s);
	}
}

static bool next_queued(struct unit *u, size_t *at)
{
	if (!u->c->budget) {
		if (u->out)
			u->out->n = UC_VALUE_ANY;
		return false;
	}
	for (size_t k = 0; k < u->nblocks; k++) {
		size_t i = (*at + k) % u->nblocks;

		if (!u->blocks[i].queued)
			continue;
		*at = i;
		return true;
	}
	return false;
}

void uc_unit_run(struct unit *u)
{
	struct state *s = uc_xmalloc(sizeof(*s));
	size_t at = 0;

	uc_state_unknown(s);
	for (size_t i = 0; i < u->nblocks; i++)
		if (u->blocks[i].pad)
			uc_unit_enter(&u->blocks[i], s);
	free(s);
	while (next_queued(u, &at)) {
		u->blocks[at].queued = false;
		run_block(u, &u->blocks[at]);
	}
}

bool uc_unit_make(struct unit *u, const struct uc_code_range *f)
{
	if (!find_parts(u, f) || !u->n)
		return false;
	find_leaders(u);
	make_blocks(u);
	find_orphans(u);
	return true;
}

void uc_unit_free(struct unit *u)
{
	for (size_t i = 0; i < u->nblocks; i++)
		free(u->blocks[i].in);
	free(u->blocks);
	free(u->insns);
	free(u->leaders.v);
	free(u->tables.v);
	free(u->bases.v);
	free(u->pads.v);
}
