// SPDX-License-Identifier: BSD-3-Clause
/*
 * Which constants a call passes, found while a function is decoded one instruction behind the
 * other. A constant counts if nothing leads to the code between where it was put in a register and
 * the call.
 */
#include "passed.h"

#include <stdlib.h>

static void put(struct uc_passed *p, const struct insn *i, unsigned reg, int64_t v)
{
	p->reg[reg].known = true;
	p->reg[reg].v = i->z.operand_width == 32 ? (int64_t)(uint32_t)v : v;
	p->reg[reg].since = i->at;
}

static void forget_written(struct uc_passed *p, const struct insn *i)
{
	ZydisDecodedOperand o[ZYDIS_MAX_OPERAND_COUNT];
	bool any = false;

	for (unsigned r = 0; r < 16; r++)
		any |= p->reg[r].known;
	if (!any)
		return;
	if (!uc_insn_operands(i, o)) {
		for (unsigned r = 0; r < 16; r++)
			p->reg[r].known = false;
		return;
	}
	for (unsigned n = 0; n < i->z.operand_count; n++) {
		int r = -1;

		if (o[n].type == ZYDIS_OPERAND_TYPE_REGISTER &&
		    o[n].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
			r = uc_insn_register(o[n].reg.value);
		if (r >= 0)
			p->reg[r].known = false;
	}
}

static void forget_call(struct uc_passed *p)
{
	for (unsigned i = 0; i < UC_CLOBBERED; i++)
		p->reg[uc_code_clobbered[i]].known = false;
}

/* Between registers. */
static bool moves(struct uc_passed *p, const struct insn *i)
{
	unsigned reg = i->z.raw.modrm.reg | i->z.raw.rex.R << 3;
	unsigned rm = i->z.raw.modrm.rm | i->z.raw.rex.B << 3;
	bool load = i->z.opcode == 0x8b || i->z.opcode == 0x33;

	if (!(i->z.attributes & ZYDIS_ATTRIB_HAS_MODRM) || i->z.raw.modrm.mod != 3)
		return false;
	if ((i->z.opcode == 0x31 || i->z.opcode == 0x33) && reg == rm) {
		put(p, i, rm, 0);
		return true;
	}
	if (i->z.opcode == 0x89 || i->z.opcode == 0x8b) {
		unsigned to = load ? reg : rm, from = load ? rm : reg;
		uint64_t since = p->reg[from].since;

		if (!p->reg[from].known)
			return false;
		put(p, i, to, p->reg[from].v);
		p->reg[to].since = since;
		return true;
	}
	if (i->z.opcode == 0xc7 && !i->z.raw.modrm.reg) {
		put(p, i, rm, i->z.raw.imm[0].value.s);
		return true;
	}
	return false;
}

void uc_passed_step(struct uc_passed *p, const struct insn *i)
{
	bool plain = i->z.opcode_map == ZYDIS_OPCODE_MAP_DEFAULT && i->z.operand_width >= 32 &&
		     i->z.encoding == ZYDIS_INSTRUCTION_ENCODING_LEGACY;
	uint64_t to;

	if (uc_insn_is_jump(i) && uc_insn_target(i, &to))
		uc_code_add(&p->leaders, to);
	if (uc_insn_ends(i)) {
		for (unsigned r = 0; r < 16; r++)
			p->reg[r].known = false;
	} else if (uc_insn_is_call(i)) {
		forget_call(p);
	} else if (plain && i->z.opcode >= 0xb8 && i->z.opcode <= 0xbf) {
		put(p, i, (i->z.opcode & 7) | i->z.raw.rex.B << 3, i->z.raw.imm[0].value.s);
	} else if (!plain || !moves(p, i)) {
		forget_written(p, i);
	}
}

void uc_passed_note(struct uc_passed *p, const struct insn *i, size_t ref)
{
	struct uc_passed_note n = { .ref = ref, .at = i->at };
	bool any = false;

	for (unsigned k = 0; k < UC_ARGS; k++) {
		unsigned r = uc_code_arguments[k];

		n.args.reg[k].n = p->reg[r].known ? 1 : UC_VALUE_ANY;
		n.args.reg[k].v[0] = p->reg[r].v;
		n.since[k] = p->reg[r].since;
		any |= p->reg[r].known;
	}
	if (!any)
		return;
	p->v = uc_room(p->v, p->n, sizeof(*p->v));
	p->v[p->n++] = n;
}

void uc_refs_pass(struct uc_refs *r, size_t ref, const struct uc_code_args *a)
{
	r->args = uc_room(r->args, r->nargs, sizeof(*r->args));
	r->args[r->nargs++] = *a;
	r->v[ref].args = (uint32_t)r->nargs;
}

void uc_passed_finish(struct uc_passed *p, struct uc_refs *refs)
{
	uc_code_sort(&p->leaders);
	for (size_t i = 0; i < p->n; i++) {
		struct uc_passed_note *n = &p->v[i];

		for (unsigned k = 0; k < UC_ARGS; k++) {
			size_t next = uc_code_lower(&p->leaders, n->since[k] + 1);

			if (next < p->leaders.n && p->leaders.v[next] <= n->at)
				n->args.reg[k].n = UC_VALUE_ANY;
		}
		if (uc_code_args_known(&n->args))
			uc_refs_pass(refs, n->ref, &n->args);
	}
}

void uc_passed_free(struct uc_passed *p)
{
	free(p->leaders.v);
	free(p->v);
}
