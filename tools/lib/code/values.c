// SPDX-License-Identifier: BSD-3-Clause
/*
 * Values at an instruction: a fixed point over the basic blocks of a function and of the other
 * parts that it jumps to (a function may be split into a hot and a cold part with unwind entries of
 * their own). Computed jumps may lead to every block that a table names or nothing else leads to.
 */
#include <stdlib.h>
#include <string.h>

#include "state.h"

#define PARTS_MAX  8
#define INSNS_MAX  20000u
#define ROUNDS_MAX 64u

struct block {
	size_t first, n; /* instructions */
	struct state *in;
	bool computed, pad, queued, direct; /* direct: a jump or the block before leads here */
	unsigned rounds;
};
struct unit {
	struct uc_code *c;
	struct uc_code_range part[PARTS_MAX];
	unsigned nparts;
	size_t begins[PARTS_MAX], first[PARTS_MAX]; /* of each part: instruction, block */
	struct insn *insns;                         /* by address within each part */
	size_t n;
	struct uc_code_vec leaders, tables, pads;
	struct block *blocks;
	size_t nblocks;
	uint64_t wanted;
	bool beyond; /* it is where the function goes on into the next */
	const struct uc_atom *want;
	struct uc_value *out;
};

/* ---- the parts ---- */

static bool has_part(const struct unit *u, uint64_t v)
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
	for (size_t i = 0; i < u->n && u->nparts < PARTS_MAX; i++) {
		bool conditional = u->insns[i].z.meta.category == ZYDIS_CATEGORY_COND_BR;
		struct uc_code_range r;
		uint64_t to;

		if (!uc_insn_is_jump(&u->insns[i]) || !uc_insn_target(&u->insns[i], &to) ||
		    has_part(u, to) || !uc_code_function(u->c, to, &r))
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
	for (unsigned k = 0; i->z.mnemonic == ZYDIS_MNEMONIC_LEA && k < 4096; k++) {
		const uint8_t *p = uc_code_at(u->c, base + 4 * (uint64_t)k, 4);
		uint64_t to = p ? base + (uint64_t)(int32_t)uc_code_word(p, 4) : 0;

		if (!p || !has_part(u, to))
			break;
		uc_code_add(&u->tables, to);
	}
	for (unsigned k = 0; indexed && k < 4096; k++) {
		const uint8_t *p = uc_code_at(u->c, base + 8 * (uint64_t)k, 8);

		if (!p || !has_part(u, uc_code_word(p, 8)))
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
	for (size_t i = 0; i < u->pads.n; i++)
		uc_code_add(&u->leaders, u->pads.v[i]);
	uc_code_sort(&u->leaders);
	uc_code_sort(&u->tables);
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
		if (part < u->nparts && i == u->begins[part])
			u->first[part++] = u->nblocks;
		bool start = !i || in_vec(&u->leaders, u->insns[i].at) ||
			     u->insns[i - 1].next != u->insns[i].at;

		if (start) {
			u->blocks = uc_room(u->blocks, u->nblocks, sizeof(*u->blocks));
			u->blocks[u->nblocks++] = (struct block){
				.first = i,
				.computed = in_vec(&u->tables, u->insns[i].at),
				.pad = in_vec(&u->pads, u->insns[i].at),
			};
		}
		u->blocks[u->nblocks - 1].n++;
	}
}

/* Blocks are in order of addresses within each part. */
static struct block *block_at(const struct unit *u, uint64_t v)
{
	for (unsigned k = 0; k < u->nparts; k++) {
		size_t lo = u->first[k], hi = k + 1 < u->nparts ? u->first[k + 1] : u->nblocks;

		if (v < u->part[k].start || v >= u->part[k].end)
			continue;
		while (lo < hi) {
			size_t mid = (lo + hi) / 2;

			if (u->insns[u->blocks[mid].first].at < v)
				lo = mid + 1;
			else
				hi = mid;
		}
		if (lo < u->nblocks && u->insns[u->blocks[lo].first].at == v)
			return &u->blocks[lo];
	}
	return NULL;
}

static const struct insn *last_of(const struct unit *u, const struct block *b)
{
	return &u->insns[b->first + b->n - 1];
}

/* Blocks that nothing leads to but, perhaps, a computed jump. */
static void find_orphans(struct unit *u)
{
	for (size_t i = 0; i < u->nblocks; i++) {
		const struct insn *l = last_of(u, &u->blocks[i]);
		struct block *b;
		uint64_t to;

		if (uc_insn_is_jump(l) && uc_insn_target(l, &to) && (b = block_at(u, to)))
			b->direct = true;
		if (!uc_insn_ends(l) && i + 1 < u->nblocks &&
		    u->insns[u->blocks[i + 1].first].at == l->next)
			u->blocks[i + 1].direct = true;
	}
	for (size_t i = 1; i < u->nblocks; i++)
		if (!u->blocks[i].direct && !u->blocks[i].pad)
			u->blocks[i].computed = true;
}

/* ---- the fixed point ---- */

static void flow(struct block *to, const struct state *s)
{
	if (!to)
		return;
	if (!to->in)
		to->in = uc_xzalloc(sizeof(*to->in));
	if (!uc_state_join(to->in, s))
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

/* On the equal side of `test r,r` or `cmp $n,r` the register is known. */
static void refine(const struct unit *u, const struct block *b, bool taken, struct state *s)
{
	const struct insn *jump = last_of(u, b);
	ZydisMnemonic equal = taken ? ZYDIS_MNEMONIC_JZ : ZYDIS_MNEMONIC_JNZ;

	if (b->n >= 2 && jump->z.mnemonic == equal)
		uc_state_equal(s, jump - 1);
}

static void run_block(struct unit *u, struct block *b)
{
	const struct insn *l = last_of(u, b);
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
	if (uc_insn_is_jump(l) && uc_insn_target(l, &to)) {
		struct state t = s;

		refine(u, b, true, &t);
		flow(block_at(u, to), &t);
		refine(u, b, false, &s);
	} else if (l->z.meta.category == ZYDIS_CATEGORY_UNCOND_BR)
		for (size_t i = 0; i < u->nblocks; i++)
			if (u->blocks[i].computed)
				flow(&u->blocks[i], &s);
	if (!uc_insn_ends(l) && b + 1 < u->blocks + u->nblocks &&
	    u->insns[b[1].first].at == l->next)
		flow(b + 1, &s);
}

static bool next_queued(struct unit *u, size_t *at)
{
	if (!u->c->budget) {
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

static void run(struct unit *u)
{
	struct state *s = uc_xmalloc(sizeof(*s));
	size_t at = 0;

	uc_state_entry(s);
	flow(&u->blocks[0], s);
	uc_state_unknown(s);
	for (size_t i = 0; i < u->nblocks; i++)
		if (u->blocks[i].pad)
			flow(&u->blocks[i], s);
	free(s);
	while (next_queued(u, &at)) {
		u->blocks[at].queued = false;
		run_block(u, &u->blocks[at]);
	}
}

/* Code that no path was found to may have one all the same (a handler that the runtime enters). */
static void run_unreached(struct unit *u)
{
	for (size_t i = 0; i < u->nblocks && !u->out->n; i++) {
		struct state *s;

		if (u->blocks[i].in || !u->blocks[i].computed)
			continue;
		s = uc_xmalloc(sizeof(*s));
		uc_state_unknown(s);
		flow(&u->blocks[i], s);
		free(s);
		for (size_t at = i; next_queued(u, &at);) {
			u->blocks[at].queued = false;
			run_block(u, &u->blocks[at]);
		}
	}
}

static void release(struct unit *u)
{
	for (size_t i = 0; i < u->nblocks; i++)
		free(u->blocks[i].in);
	free(u->blocks);
	free(u->insns);
	free(u->leaders.v);
	free(u->tables.v);
	free(u->pads.v);
}

void uc_code_values(struct uc_code *c, const struct uc_code_range *f, uint64_t at,
		    const struct uc_atom *want, struct uc_value *out)
{
	struct unit u = { .c = c, .wanted = at, .want = want, .out = out };

	*out = (struct uc_value){ 0 };
	if (find_parts(&u, f) && u.n) {
		u.beyond = !has_part(&u, at);
		find_leaders(&u);
		make_blocks(&u);
		find_orphans(&u);
		run(&u);
		if (!out->n)
			run_unreached(&u);
	} else {
		out->n = UC_VALUE_ANY;
	}
	release(&u);
}
