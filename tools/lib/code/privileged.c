// SPDX-License-Identifier: BSD-3-Clause
/*
 * Code that only a program with other rights than its user's executes. The kernel tells by the
 * auxiliary vector (getauxval(3)): user and effective user are the same there, the groups, too, and
 * AT_SECURE is 0, unless the program was executed with a set-user-ID or set-group-ID bit, or by
 * somebody who had changed its identity. A C library copies the vector, pairs of a kind and a
 * value, to a table on its stack by kind; this finds the copying and the comparisons of entries.
 */
#include <elf.h>
#include <stdlib.h>

#include "flow.h"

#define KINDS_MAX 64 /* of a table */

struct table {
	int64_t at; /* from the entry's rsp */
	bool found;
};

struct place { /* a memory operand: base register, index register (-1: none), displacement */
	int base, index;
	int64_t disp;
	unsigned scale;
};

static bool place_of(const ZydisDecodedOperand *o, struct place *p)
{
	if (o->type != ZYDIS_OPERAND_TYPE_MEMORY || o->size != 64 ||
	    o->mem.segment == ZYDIS_REGISTER_FS || o->mem.segment == ZYDIS_REGISTER_GS)
		return false;
	*p = (struct place){ .base = uc_insn_register(o->mem.base),
			     .index = o->mem.index == ZYDIS_REGISTER_NONE
					      ? -1
					      : uc_insn_register(o->mem.index),
			     .disp = o->mem.disp.has_displacement ? o->mem.disp.value : 0,
			     .scale = o->mem.scale };
	return p->base >= 0;
}

/* mov PLACE,register: the register; -1: another instruction. */
static int loads(const struct insn *i, struct place *p)
{
	ZydisDecodedOperand o[ZYDIS_MAX_OPERAND_COUNT];

	if (i->z.mnemonic != ZYDIS_MNEMONIC_MOV || !uc_insn_operands(i, o) ||
	    o[0].type != ZYDIS_OPERAND_TYPE_REGISTER || !place_of(&o[1], p))
		return -1;
	return uc_insn_register(o[0].reg.value);
}

/* mov register,TABLE(,kind,8): the register. */
static int fills(const struct insn *i, struct place *p)
{
	ZydisDecodedOperand o[ZYDIS_MAX_OPERAND_COUNT];

	if (i->z.mnemonic != ZYDIS_MNEMONIC_MOV || !uc_insn_operands(i, o) ||
	    o[1].type != ZYDIS_OPERAND_TYPE_REGISTER || !place_of(&o[0], p) || p->index < 0 ||
	    p->scale != 8)
		return -1;
	return uc_insn_register(o[1].reg.value);
}

static bool has_constant(const struct insn *i, ZydisMnemonic m, int reg, int64_t *v)
{
	ZydisDecodedOperand o[ZYDIS_MAX_OPERAND_COUNT];

	if (i->z.mnemonic != m || !uc_insn_operands(i, o) ||
	    o[0].type != ZYDIS_OPERAND_TYPE_REGISTER || o[0].size != 64 ||
	    o[1].type != ZYDIS_OPERAND_TYPE_IMMEDIATE || uc_insn_register(o[0].reg.value) != reg)
		return false;
	*v = o[1].imm.value.s;
	return true;
}

/*
 * The loop around the store insns[at]: the kind is compared with the table's size, the value comes
 * from where the pointer leads, the next kind from behind it, and the pointer goes on by a pair.
 */
static bool copies_pairs(const struct unit *u, size_t at, int value, int kind)
{
	struct place from, next;
	bool bounded = false, goes_on = false;
	int64_t v;

	if (!at || loads(&u->insns[at - 1], &from) != value || from.index >= 0 || from.disp)
		return false;
	for (size_t i = at - 1; i > 0 && i + 5 > at && !bounded; i--)
		bounded = has_constant(&u->insns[i - 1], ZYDIS_MNEMONIC_CMP, kind, &v) && v > 0 &&
			  v < KINDS_MAX;
	if (!bounded || at + 2 >= u->n || loads(&u->insns[at + 1], &next) != kind ||
	    next.base != from.base || next.index >= 0 || next.disp != 8)
		return false;
	goes_on = has_constant(&u->insns[at + 2], ZYDIS_MNEMONIC_ADD, from.base, &v) && v == 16;
	return goes_on;
}

static bool stack_place(const struct state *s, const struct place *p, int64_t *at)
{
	const struct uc_value *v = &s->reg[p->base];

	if (v->n != 1 || v->v[0].kind != UC_ATOM_STACK)
		return false;
	*at = v->v[0].off + p->disp;
	return true;
}

/* The state before an instruction of a block. */
static void state_at(const struct unit *u, const struct block *b, size_t i, struct state *s)
{
	*s = *b->in;
	for (size_t k = b->first; k < i; k++)
		uc_state_step(u->c, s, &u->insns[k]);
}

static struct table find_table(const struct unit *u)
{
	struct table t = { .found = false };
	struct state *s = uc_xmalloc(sizeof(*s));

	for (size_t k = 0; k < u->nblocks && !t.found; k++) {
		const struct block *b = &u->blocks[k];

		for (size_t i = b->first; b->in && i < b->first + b->n && !t.found; i++) {
			struct place p;
			int value = fills(&u->insns[i], &p);

			if (value < 0 || !copies_pairs(u, i, value, p.index))
				continue;
			state_at(u, b, i, s);
			t.found = stack_place(s, &p, &t.at);
		}
	}
	free(s);
	return t;
}

/* Which kind's entry the memory operand of i is; -1: none. */
static int kind_at(const struct unit *u, const struct block *b, size_t i, const struct place *p,
		   const struct table *t)
{
	struct state *s = uc_xmalloc(sizeof(*s));
	int64_t at;
	bool known;

	state_at(u, b, i, s);
	known = p->index < 0 && stack_place(s, p, &at);
	free(s);
	if (!known || at < t->at || (at - t->at) % 8 || at - t->at >= KINDS_MAX * 8)
		return -1;
	return (int)((at - t->at) / 8);
}

/* The entry that a register holds at insns[i]. */
static int kind_in(const struct unit *u, const struct block *b, size_t i, int reg,
		   const struct table *t)
{
	ZydisDecodedOperand o[ZYDIS_MAX_OPERAND_COUNT];
	struct place p;

	while (i-- > b->first) {
		const struct insn *in = &u->insns[i];

		if (loads(in, &p) == reg)
			return kind_at(u, b, i, &p, t);
		if (uc_insn_is_call(in) || !uc_insn_operands(in, o))
			return -1;
		for (unsigned k = 0; k < in->z.operand_count; k++)
			if (o[k].type == ZYDIS_OPERAND_TYPE_REGISTER &&
			    o[k].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE &&
			    uc_insn_register(o[k].reg.value) == reg)
				return -1;
	}
	return -1;
}

static bool are_same(int a, int b)
{
	return (a == AT_UID && b == AT_EUID) || (a == AT_EUID && b == AT_UID) ||
	       (a == AT_GID && b == AT_EGID) || (a == AT_EGID && b == AT_GID);
}

/* Does the instruction before the jump at a block's end compare what is the same? */
static bool compares_same(const struct unit *u, const struct block *b, const struct table *t)
{
	size_t at = b->first + b->n - 1;
	const struct insn *cmp = &u->insns[at - 1];
	ZydisDecodedOperand o[ZYDIS_MAX_OPERAND_COUNT];
	struct place p;
	int k;

	if (b->n < 2 || cmp->z.mnemonic != ZYDIS_MNEMONIC_CMP || !uc_insn_operands(cmp, o))
		return false;
	k = place_of(&o[0], &p) ? 1 : 0;
	if (!k && !place_of(&o[1], &p))
		return false;
	if (o[k].type == ZYDIS_OPERAND_TYPE_IMMEDIATE)
		return !o[k].imm.value.s && kind_at(u, b, at - 1, &p, t) == AT_SECURE;
	return o[k].type == ZYDIS_OPERAND_TYPE_REGISTER &&
	       are_same(kind_at(u, b, at - 1, &p, t),
			kind_in(u, b, at - 1, uc_insn_register(o[k].reg.value), t));
}

/* Marks (in `queued`) the blocks that are executed when all comparisons find what is the same. */
static void spread(struct unit *u, const struct table *t)
{
	struct block **todo = uc_xmalloc((u->nblocks + 1) * sizeof(struct block *));
	size_t n = 0;

	for (size_t i = 0; i < u->nblocks; i++) {
		u->blocks[i].queued = !i || u->blocks[i].computed || u->blocks[i].pad;
		if (u->blocks[i].queued)
			todo[n++] = &u->blocks[i];
	}
	while (n) {
		struct block *b = todo[--n], *to[2] = { NULL, NULL };
		const struct insn *l = &u->insns[b->first + b->n - 1];
		uint64_t target;

		if (uc_insn_is_jump(l) && uc_insn_target(l, &target))
			to[0] = uc_unit_block(u, target);
		if (!uc_insn_ends(l) && b + 1 < u->blocks + u->nblocks && b[1].at == l->next)
			to[1] = b + 1;
		if (b->in && to[0] && to[1] && compares_same(u, b, t)) {
			if (l->z.mnemonic == ZYDIS_MNEMONIC_JZ)
				to[1] = NULL;
			else if (l->z.mnemonic == ZYDIS_MNEMONIC_JNZ)
				to[0] = NULL;
		}
		for (unsigned k = 0; k < 2; k++)
			if (to[k] && !to[k]->queued) {
				to[k]->queued = true;
				todo[n++] = to[k];
			}
	}
	free(todo);
}

static bool is_left_out(const struct unit *u, uint64_t at)
{
	for (size_t k = 0; k < u->nblocks; k++) {
		const struct block *b = &u->blocks[k];

		if (at >= b->at && at < u->insns[b->first + b->n - 1].next)
			return b->in && !b->queued;
	}
	return false;
}

bool uc_code_privileged(struct uc_code *c, const struct uc_code_range *f, uint64_t at)
{
	const struct uc_atom none = { UC_ATOM_ARG, 0, 0 };
	struct uc_value ignored = { 0 };
	struct unit u = { .c = c, .wanted = UINT64_MAX, .want = &none, .out = &ignored };
	struct state *s = uc_xmalloc(sizeof(*s));
	struct table t;
	bool yes = false;

	if (uc_unit_make(&u, f)) {
		uc_state_entry(s);
		uc_unit_enter(&u.blocks[0], s);
		uc_unit_run(&u);
		t = find_table(&u);
		if (t.found) {
			spread(&u, &t);
			yes = is_left_out(&u, at);
		}
	}
	free(s);
	uc_unit_free(&u);
	return yes;
}
