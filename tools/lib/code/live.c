// SPDX-License-Identifier: BSD-3-Clause
/*
 * Which instructions of a function are executed when its arguments are among known constants: the
 * others are on no path from where something leads into it. What is not understood is executed.
 */
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "live.h"

#define SIZE_MAX_LIVE 65536u

static void enter_start(struct unit *u, const struct uc_code_args *args)
{
	struct state *s = uc_xmalloc(sizeof(*s));

	uc_state_entry(s);
	for (unsigned i = 0; i < UC_ARGS; i++) {
		if (args->reg[i].n == UC_VALUE_ANY)
			continue;
		s->reg[uc_code_arguments[i]].n = 0;
		for (unsigned k = 0; k < args->reg[i].n; k++)
			uc_value_add(&s->reg[uc_code_arguments[i]],
				     &(struct uc_atom){ UC_ATOM_CONST, 0, args->reg[i].v[k] });
	}
	uc_unit_enter(&u->blocks[0], s);
	free(s);
}

static bool enter_others(struct unit *u)
{
	struct state *s = uc_xmalloc(sizeof(*s));
	bool all = true;

	uc_state_unknown(s);
	for (size_t i = 0; i < u->others->n; i++) {
		struct block *b = uc_unit_block(u, u->others->v[i]);

		if (b)
			uc_unit_enter(b, s);
		else
			all = false;
	}
	free(s);
	return all;
}

static void note_args(struct uc_live *l, const struct state *s, uint64_t at)
{
	struct uc_live_call c = { .at = at };

	for (unsigned i = 0; i < UC_ARGS; i++) {
		const struct uc_value *v = &s->reg[uc_code_arguments[i]];

		c.args.reg[i].n = UC_VALUE_ANY;
		if (!uc_value_constant(v) || v->n > UC_ARG_MAX)
			continue;
		c.args.reg[i].n = v->n;
		for (unsigned k = 0; k < v->n; k++)
			c.args.reg[i].v[k] = v->v[k].off;
	}
	l->calls = uc_room(l->calls, l->n, sizeof(*l->calls));
	l->calls[l->n++] = c;
}

static void note_block(struct uc_live *l, const struct unit *u, const struct block *b)
{
	struct state *s = uc_xmalloc(sizeof(*s));

	*s = *b->in;
	for (size_t i = b->first; i < b->first + b->n; i++) {
		const struct insn *in = &u->insns[i];

		l->bits[(in->at - l->start) / 8] |= (uint8_t)(1 << (in->at - l->start) % 8);
		if (uc_insn_is_call(in) || uc_insn_is_jump(in))
			note_args(l, s, in->at);
		if (uc_insn_never_returns(u->c, in))
			break;
		uc_state_step(u->c, s, in);
	}
	free(s);
}

bool uc_code_live(struct uc_code *c, const struct uc_code_range *f, const struct uc_entry *e,
		  struct uc_live *out)
{
	struct unit u = { .c = c, .wanted = UINT64_MAX, .others = e->others };
	bool understood = f->end - f->start <= SIZE_MAX_LIVE && uc_unit_make(&u, f);

	*out = (struct uc_live){ .start = f->start };
	if (understood) {
		enter_start(&u, e->args);
		understood = enter_others(&u);
		uc_unit_run(&u);
		understood &= c->budget > 0;
	}
	if (understood) {
		out->bits = uc_xzalloc((f->end - f->start) / 8 + 1);
		for (size_t i = 0; i < u.nblocks; i++)
			if (u.blocks[i].in)
				note_block(out, &u, &u.blocks[i]);
	}
	uc_unit_free(&u);
	return understood;
}

void uc_live_free(struct uc_live *l)
{
	free(l->bits);
	free(l->calls);
	*l = (struct uc_live){ .bits = NULL };
}

bool uc_live_at(const struct uc_live *l, uint64_t at)
{
	return !l->bits || (l->bits[(at - l->start) / 8] >> (at - l->start) % 8 & 1);
}

static bool call_before(const void *entry, const void *at)
{
	return ((const struct uc_live_call *)entry)->at < *(const uint64_t *)at;
}

const struct uc_code_args *uc_live_args(const struct uc_live *l, uint64_t at)
{
	size_t k = uc_lower_bound(l->calls, l->n, sizeof(*l->calls), call_before, &at);

	return k < l->n && l->calls[k].at == at ? &l->calls[k].args : NULL;
}

/* ---- arguments ---- */

static bool arg_join(struct uc_code_arg *to, const struct uc_code_arg *from)
{
	uint8_t before = to->n;

	if (to->n == UC_VALUE_ANY)
		return false;
	for (unsigned i = 0; from->n != UC_VALUE_ANY && i < from->n; i++) {
		unsigned k = 0;

		while (k < to->n && to->v[k] != from->v[i])
			k++;
		if (k == to->n && to->n < UC_ARG_MAX)
			to->v[to->n++] = from->v[i];
		else if (k == to->n)
			to->n = UC_VALUE_ANY;
		if (to->n == UC_VALUE_ANY)
			return true;
	}
	if (from->n == UC_VALUE_ANY)
		to->n = UC_VALUE_ANY;
	return to->n != before;
}

bool uc_code_args_join(struct uc_code_args *to, const struct uc_code_args *from)
{
	bool grown = false;

	for (unsigned i = 0; i < UC_ARGS; i++)
		grown |= arg_join(&to->reg[i], &from->reg[i]);
	return grown;
}

bool uc_code_args_known(const struct uc_code_args *a)
{
	for (unsigned i = 0; i < UC_ARGS; i++)
		if (a->reg[i].n != UC_VALUE_ANY)
			return true;
	return false;
}
