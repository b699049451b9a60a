// SPDX-License-Identifier: BSD-3-Clause
/* The effect of one instruction on what is known about registers and stack slots. */
#include "state.h"

#include <string.h>

static const struct uc_value any = { .n = UC_VALUE_ANY };

static struct uc_value atom(enum uc_atom_kind kind, int32_t where, int64_t off)
{
	return (struct uc_value){ .n = 1, .v = { { kind, where, off } } };
}

/* ---- states ---- */

void uc_state_entry(struct state *s)
{
	*s = (struct state){ .reached = true, .escaped = INT64_MAX };
	for (int i = 0; i < 16; i++)
		s->reg[i] = atom(UC_ATOM_ARG, i, 0);
	s->reg[REG_RSP] = atom(UC_ATOM_STACK, 0, 0);
}

void uc_state_unknown(struct state *s)
{
	*s = (struct state){ .reached = true, .escaped = INT64_MIN };
	for (int i = 0; i < 16; i++)
		s->reg[i] = any;
}

static struct slot *slot_of(const struct state *s, int64_t off)
{
	for (unsigned i = 0; i < s->nslots; i++)
		if (s->slot[i].off == off)
			return (struct slot *)&s->slot[i];
	return NULL;
}

static struct uc_value slot_value(const struct state *s, int64_t off)
{
	const struct slot *k = slot_of(s, off);

	if (k)
		return k->v;
	if (off >= 8 && off < 1 << 16 && off % 8 == 0 && s->escaped > off)
		return atom(UC_ATOM_ARG, (int32_t)(UC_WHERE_STACK + off), 0);
	return any;
}

static bool join(struct uc_value *to, const struct uc_value *from, bool widen)
{
	bool grown = uc_value_join(to, from);

	if (grown && widen)
		*to = any;
	return grown;
}

bool uc_state_join(struct state *to, const struct state *from, bool widen)
{
	bool grown = false;

	if (!to->reached) {
		*to = *from;
		return true;
	}
	for (int i = 0; i < 16; i++)
		grown |= join(&to->reg[i], &from->reg[i], widen);
	if (from->escaped < to->escaped) {
		to->escaped = from->escaped;
		grown = true;
	}
	for (unsigned i = 0; i < to->nslots; i++) {
		struct uc_value v = slot_value(from, to->slot[i].off);

		grown |= join(&to->slot[i].v, &v, widen);
	}
	for (unsigned i = 0; i < from->nslots; i++) {
		struct uc_value v = slot_value(to, from->slot[i].off);

		if (slot_of(to, from->slot[i].off) || v.n == UC_VALUE_ANY)
			continue;
		uc_value_join(&v, &from->slot[i].v);
		if (to->nslots == SLOTS_MAX) {
			to->escaped = INT64_MIN;
			continue;
		}
		to->slot[to->nslots++] = (struct slot){ from->slot[i].off, v };
		grown = true;
	}
	return grown;
}

/* ---- memory ---- */

/* Anything may have been written where others know the address of. */
static void forget_escaped(struct state *s)
{
	for (unsigned i = 0; i < s->nslots; i++)
		if (s->slot[i].off >= s->escaped)
			s->slot[i].v = any;
}

static void store(struct state *s, int64_t off, const struct uc_value *v, unsigned bytes)
{
	struct slot *k;

	for (unsigned i = 0; i < s->nslots; i++)
		if (s->slot[i].off != off && s->slot[i].off < off + bytes &&
		    s->slot[i].off + 8 > off)
			s->slot[i].v = any;
	k = slot_of(s, off);
	if (!k && s->nslots < SLOTS_MAX) {
		k = &s->slot[s->nslots++];
		k->off = off;
	}
	if (k)
		k->v = bytes == 4 || bytes == 8 ? *v : any;
	else if (off >= 8)
		s->escaped = off < s->escaped ? off : s->escaped;
}

static struct uc_value plus(const struct uc_value *v, int64_t off)
{
	struct uc_value out = { 0 };

	if (v->n == UC_VALUE_ANY)
		return any;
	for (unsigned i = 0; i < v->n; i++) {
		struct uc_atom a = v->v[i];

		if (a.kind != UC_ATOM_CONST && a.kind != UC_ATOM_STACK && off)
			return any;
		a.off = (int64_t)((uint64_t)a.off + (uint64_t)off);
		uc_value_add(&out, &a);
	}
	return out;
}

/* Every sum of a base and a scaled index, if all are constants. */
static struct uc_value indexed(const struct uc_value *base, const struct uc_value *index,
			       unsigned scale)
{
	struct uc_value out = { 0 };

	if (!uc_value_constant(base) || !uc_value_constant(index))
		return any;
	for (unsigned i = 0; i < base->n; i++)
		for (unsigned k = 0; k < index->n; k++) {
			uint64_t sum = (uint64_t)base->v[i].off + (uint64_t)index->v[k].off * scale;
			struct uc_atom a = { UC_ATOM_CONST, 0, (int64_t)sum };

			uc_value_add(&out, &a);
		}
	return out;
}

/* The operand's base (and index) as a value, and what is added to it; false: a segment, or an index
 * that is not known. */
static bool address(const struct state *s, const struct insn *i, const ZydisDecodedOperand *o,
		    struct uc_value *base, int64_t *disp)
{
	int r = uc_insn_register(o->mem.base);

	*disp = o->mem.disp.has_displacement ? o->mem.disp.value : 0;
	if (o->mem.segment == ZYDIS_REGISTER_FS || o->mem.segment == ZYDIS_REGISTER_GS)
		return false;
	if (o->mem.base == ZYDIS_REGISTER_RIP)
		*base = atom(UC_ATOM_CONST, 0, (int64_t)i->next);
	else if (o->mem.base == ZYDIS_REGISTER_NONE) {
		*base = atom(UC_ATOM_CONST, 0, *disp);
		*disp = 0;
	} else if (r < 0)
		return false;
	else
		*base = s->reg[r];
	if (o->mem.index == ZYDIS_REGISTER_NONE)
		return true;
	r = uc_insn_register(o->mem.index);
	if (r >= 0)
		*base = indexed(base, &s->reg[r], o->mem.scale);
	return r >= 0 && base->n != UC_VALUE_ANY;
}

static struct uc_value load_constant(const struct uc_code *c, uint64_t at, unsigned bytes)
{
	const uint8_t *p = uc_code_at(c, at, bytes);

	for (size_t i = 0; p && i < c->nsegments; i++)
		if (!c->segments[i].write && at >= c->segments[i].vaddr &&
		    at - c->segments[i].vaddr < c->segments[i].filesz)
			return atom(UC_ATOM_CONST, 0, (int64_t)uc_code_word(p, bytes));
	return atom(UC_ATOM_GLOBAL, 0, (int64_t)at);
}

/* What memory at (a + off) holds. */
static struct uc_value load_atom(const struct uc_code *c, const struct state *s,
				 const struct uc_atom *a, int64_t off, unsigned bytes)
{
	switch (a->kind) {
	case UC_ATOM_STACK:
		return slot_value(s, a->off + off);
	case UC_ATOM_CONST:
		if (!a->off)
			return (struct uc_value){ .n = 0 }; /* no memory: a fault */
		return load_constant(c, (uint64_t)(a->off + off), bytes);
	case UC_ATOM_ARG:
		return atom(UC_ATOM_LOAD, a->where, off);
	case UC_ATOM_GLOBAL:
		return atom(UC_ATOM_BEHIND, (int32_t)off, a->off);
	default:
		return any;
	}
}

static struct uc_value load(const struct uc_code *c, const struct state *s,
			    const struct uc_value *base, int64_t off, unsigned bytes)
{
	struct uc_value out = { 0 };

	if (base->n == UC_VALUE_ANY || (bytes != 4 && bytes != 8))
		return any;
	for (unsigned i = 0; i < base->n; i++) {
		struct uc_value v = load_atom(c, s, &base->v[i], off, bytes);

		uc_value_join(&out, &v);
	}
	return out;
}

static void escape(struct state *s, const struct uc_value *v)
{
	for (unsigned i = 0; v->n != UC_VALUE_ANY && i < v->n; i++)
		if (v->v[i].kind == UC_ATOM_STACK && v->v[i].off < s->escaped)
			s->escaped = v->v[i].off;
}

/* ---- operands ---- */

struct step {
	const struct uc_code *c;
	struct state *s;
	const struct insn *i;
	ZydisDecodedOperand o[ZYDIS_MAX_OPERAND_COUNT];
};

static struct uc_value narrow(struct uc_value v, unsigned bits)
{
	for (unsigned i = 0; bits == 32 && v.n != UC_VALUE_ANY && i < v.n; i++) {
		if (v.v[i].kind == UC_ATOM_CONST)
			v.v[i].off = (uint32_t)v.v[i].off;
		else if (v.v[i].kind == UC_ATOM_STACK)
			return any;
	}
	return v;
}

/* The low bits of constants; nothing else has a meaning in part. */
static struct uc_value low_bits(const struct uc_value *v, unsigned bits)
{
	struct uc_value out = { 0 };

	if (v->n == UC_VALUE_ANY)
		return any;
	for (unsigned i = 0; i < v->n; i++) {
		struct uc_atom a = v->v[i];

		if (a.kind != UC_ATOM_CONST)
			return any;
		a.off &= (1 << bits) - 1;
		uc_value_add(&out, &a);
	}
	return out;
}

static struct uc_value get(struct step *t, unsigned n)
{
	const ZydisDecodedOperand *o = &t->o[n];
	struct uc_value base;
	int64_t disp;
	int r;

	switch (o->type) {
	case ZYDIS_OPERAND_TYPE_REGISTER:
		r = uc_insn_register(o->reg.value);
		if (r < 0 || ZydisRegisterGetClass(o->reg.value) == ZYDIS_REGCLASS_INVALID)
			return any;
		if (o->size < 32)
			return low_bits(&t->s->reg[r], o->size);
		return narrow(t->s->reg[r], o->size);
	case ZYDIS_OPERAND_TYPE_IMMEDIATE:
		return narrow(atom(UC_ATOM_CONST, 0, o->imm.value.s), t->i->z.operand_width);
	case ZYDIS_OPERAND_TYPE_MEMORY:
		if (!address(t->s, t->i, o, &base, &disp))
			return any;
		return load(t->c, t->s, &base, disp, o->size / 8);
	default:
		return any;
	}
}

static bool is_high_byte(ZydisRegister r)
{
	return r == ZYDIS_REGISTER_AH || r == ZYDIS_REGISTER_BH || r == ZYDIS_REGISTER_CH ||
	       r == ZYDIS_REGISTER_DH;
}

static void set_register(struct step *t, ZydisRegister name, unsigned bits,
			 const struct uc_value *v)
{
	int r = uc_insn_register(name);
	struct uc_value *to;

	if (r < 0)
		return;
	to = &t->s->reg[r];
	if (bits >= 32) {
		*to = narrow(*v, bits);
		if (r != REG_RSP && r != REG_RBP)
			escape(t->s, to);
	} else if (!is_high_byte(name) && to->n == 1 && v->n == 1 &&
		   to->v[0].kind == UC_ATOM_CONST && v->v[0].kind == UC_ATOM_CONST) {
		int64_t mask = (1 << bits) - 1;

		to->v[0].off = (to->v[0].off & ~mask) | (v->v[0].off & mask);
	} else {
		*to = any;
	}
}

static void set_memory(struct step *t, const ZydisDecodedOperand *o, const struct uc_value *v)
{
	struct uc_value base;
	int64_t disp;

	escape(t->s, v);
	if (!address(t->s, t->i, o, &base, &disp) || base.n == UC_VALUE_ANY) {
		forget_escaped(t->s);
		return;
	}
	for (unsigned i = 0; i < base.n; i++) {
		if (base.v[i].kind == UC_ATOM_STACK)
			store(t->s, base.v[i].off + disp, base.n == 1 ? v : &any, o->size / 8);
		else if (base.v[i].kind != UC_ATOM_CONST)
			forget_escaped(t->s);
	}
}

static void set(struct step *t, unsigned n, const struct uc_value *v)
{
	const ZydisDecodedOperand *o = &t->o[n];

	if (o->type == ZYDIS_OPERAND_TYPE_REGISTER)
		set_register(t, o->reg.value, o->size, v);
	else if (o->type == ZYDIS_OPERAND_TYPE_MEMORY)
		set_memory(t, o, v);
}

/* ---- instructions ---- */

static bool constants(const struct uc_value *v)
{
	for (unsigned i = 0; v->n != UC_VALUE_ANY && i < v->n; i++)
		if (v->v[i].kind != UC_ATOM_CONST)
			return false;
	return v->n != UC_VALUE_ANY;
}

static uint64_t fold(ZydisMnemonic m, uint64_t a, uint64_t b)
{
	switch (m) {
	case ZYDIS_MNEMONIC_ADD:
		return a + b;
	case ZYDIS_MNEMONIC_SUB:
		return a - b;
	case ZYDIS_MNEMONIC_OR:
		return a | b;
	case ZYDIS_MNEMONIC_AND:
		return a & b;
	default:
		return a ^ b;
	}
}

static struct uc_value arithmetic(struct step *t)
{
	ZydisMnemonic m = t->i->z.mnemonic;
	struct uc_value a, b, out = { 0 };

	if ((m == ZYDIS_MNEMONIC_XOR || m == ZYDIS_MNEMONIC_SUB) &&
	    t->o[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
	    t->o[1].type == ZYDIS_OPERAND_TYPE_REGISTER && t->o[0].reg.value == t->o[1].reg.value)
		return atom(UC_ATOM_CONST, 0, 0);
	b = get(t, 1);
	if (m == ZYDIS_MNEMONIC_OR && b.n == 1 && b.v[0].kind == UC_ATOM_CONST && b.v[0].off == -1)
		return b;
	a = get(t, 0);
	if (m == ZYDIS_MNEMONIC_ADD && b.n == 1 && b.v[0].kind == UC_ATOM_CONST)
		return plus(&a, b.v[0].off);
	if (m == ZYDIS_MNEMONIC_SUB && b.n == 1 && b.v[0].kind == UC_ATOM_CONST)
		return plus(&a, -b.v[0].off);
	/* Rounding the stack pointer down: where slots are is not known any more. */
	if (!constants(&a) || !constants(&b))
		return any;
	for (unsigned i = 0; i < a.n; i++)
		for (unsigned k = 0; k < b.n; k++) {
			struct uc_atom r = { UC_ATOM_CONST, 0,
					     (int64_t)fold(m, (uint64_t)a.v[i].off,
							   (uint64_t)b.v[k].off) };

			uc_value_add(&out, &r);
		}
	return out;
}

static struct uc_value effective_address(struct step *t)
{
	struct uc_value base;
	int64_t disp;

	if (!address(t->s, t->i, &t->o[1], &base, &disp))
		return any;
	return plus(&base, disp);
}

static void move_rsp(struct state *s, int64_t by)
{
	s->reg[REG_RSP] = plus(&s->reg[REG_RSP], by);
}

static void push(struct step *t, const struct uc_value *v)
{
	move_rsp(t->s, -8);
	escape(t->s, v);
	if (t->s->reg[REG_RSP].n == 1 && t->s->reg[REG_RSP].v[0].kind == UC_ATOM_STACK)
		store(t->s, t->s->reg[REG_RSP].v[0].off, v, 8);
}

static struct uc_value pop(struct step *t)
{
	struct uc_value v = load(t->c, t->s, &t->s->reg[REG_RSP], 0, 8);

	move_rsp(t->s, 8);
	return v;
}

static void call(struct state *s)
{
	for (unsigned i = 0; i < UC_CLOBBERED; i++)
		s->reg[uc_code_clobbered[i]] = any;
	forget_escaped(s);
}

/* What is not known better: everything written gets any value. */
static void clobber(struct step *t)
{
	for (unsigned n = 0; n < t->i->z.operand_count; n++)
		if (t->o[n].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) {
			if (t->o[n].type == ZYDIS_OPERAND_TYPE_REGISTER && t->o[n].size < 32) {
				int r = uc_insn_register(t->o[n].reg.value);

				if (r >= 0)
					t->s->reg[r] = any;
			} else {
				set(t, n, &any);
			}
		}
}

static void conditional_move(struct step *t)
{
	struct uc_value a = get(t, 0), b = get(t, 1);

	uc_value_join(&a, &b);
	set(t, 0, &a);
}

static void exchange(struct step *t)
{
	struct uc_value a = get(t, 0), b = get(t, 1);

	set(t, 0, &b);
	set(t, 1, &a);
}

/* Constants with their sign; else a number of less than 2^31 is the number. */
static void widen(struct step *t)
{
	bool sign = t->i->z.mnemonic != ZYDIS_MNEMONIC_MOVZX;
	struct uc_value v = get(t, 1);
	unsigned up = 64 - t->o[1].size;

	for (unsigned i = 0; sign && v.n != UC_VALUE_ANY && i < v.n; i++)
		if (v.v[i].kind == UC_ATOM_CONST)
			v.v[i].off = (int64_t)((uint64_t)v.v[i].off << up) >> up;
	set(t, 0, &v);
}

static void step_move(struct step *t)
{
	struct uc_value v;

	switch (t->i->z.mnemonic) {
	case ZYDIS_MNEMONIC_MOV:
		v = get(t, 1);
		break;
	case ZYDIS_MNEMONIC_LEA:
		v = effective_address(t);
		break;
	case ZYDIS_MNEMONIC_POP:
		v = pop(t);
		break;
	default:
		v = arithmetic(t);
		break;
	}
	set(t, 0, &v);
}

static void step_leave(struct step *t)
{
	t->s->reg[REG_RSP] = t->s->reg[REG_RBP];
	t->s->reg[REG_RBP] = pop(t);
}

static void step_count(struct step *t)
{
	struct uc_value v = get(t, 0);

	v = plus(&v, t->i->z.mnemonic == ZYDIS_MNEMONIC_INC ? 1 : -1);
	set(t, 0, &v);
}

void uc_state_step(const struct uc_code *c, struct state *s, const struct insn *i)
{
	struct step t = { .c = c, .s = s, .i = i };
	struct uc_value v;

	if (!uc_insn_operands(i, t.o)) {
		uc_state_unknown(s);
		return;
	}
	if (i->z.meta.category == ZYDIS_CATEGORY_CMOV) {
		conditional_move(&t);
		return;
	}
	switch (i->z.mnemonic) {
	case ZYDIS_MNEMONIC_MOV:
	case ZYDIS_MNEMONIC_LEA:
	case ZYDIS_MNEMONIC_POP:
	case ZYDIS_MNEMONIC_ADD:
	case ZYDIS_MNEMONIC_SUB:
	case ZYDIS_MNEMONIC_OR:
	case ZYDIS_MNEMONIC_AND:
	case ZYDIS_MNEMONIC_XOR:
		step_move(&t);
		break;
	case ZYDIS_MNEMONIC_MOVZX:
	case ZYDIS_MNEMONIC_MOVSX:
	case ZYDIS_MNEMONIC_MOVSXD:
		widen(&t);
		break;
	case ZYDIS_MNEMONIC_INC:
	case ZYDIS_MNEMONIC_DEC:
		step_count(&t);
		break;
	case ZYDIS_MNEMONIC_PUSH:
		v = get(&t, 0);
		push(&t, &v);
		break;
	case ZYDIS_MNEMONIC_LEAVE:
		step_leave(&t);
		break;
	case ZYDIS_MNEMONIC_XCHG:
		exchange(&t);
		break;
	case ZYDIS_MNEMONIC_CALL:
		call(s);
		break;
	case ZYDIS_MNEMONIC_SYSCALL:
		s->reg[0] = s->reg[1] = s->reg[11] = any;
		forget_escaped(s);
		break;
	default:
		clobber(&t);
		break;
	}
}

void uc_state_equal(struct state *s, const struct insn *i)
{
	ZydisDecodedOperand o[ZYDIS_MAX_OPERAND_COUNT];
	int64_t value = 0;
	int r;

	if ((i->z.mnemonic != ZYDIS_MNEMONIC_TEST && i->z.mnemonic != ZYDIS_MNEMONIC_CMP) ||
	    !uc_insn_operands(i, o) || o[0].type != ZYDIS_OPERAND_TYPE_REGISTER || o[0].size < 32)
		return;
	r = uc_insn_register(o[0].reg.value);
	if (i->z.mnemonic == ZYDIS_MNEMONIC_TEST) {
		if (o[1].type != ZYDIS_OPERAND_TYPE_REGISTER || o[1].reg.value != o[0].reg.value)
			return;
	} else if (o[1].type == ZYDIS_OPERAND_TYPE_IMMEDIATE) {
		value = o[1].imm.value.s;
	} else {
		return;
	}
	if (r >= 0 && s->reg[r].n == UC_VALUE_ANY)
		s->reg[r] = atom(UC_ATOM_CONST, 0, o[0].size == 32 ? (uint32_t)value : value);
}

bool uc_state_operands(const struct uc_code *c, const struct state *s, const struct insn *i,
		       struct uc_value *a, struct uc_value *b, unsigned *bits)
{
	struct step t = { .c = c, .s = (struct state *)s, .i = i };

	if (i->z.operand_count_visible != 2 || !uc_insn_operands(i, t.o))
		return false;
	*bits = t.o[0].size;
	*a = t.o[0].type == ZYDIS_OPERAND_TYPE_MEMORY ? any : get(&t, 0);
	*b = t.o[1].type == ZYDIS_OPERAND_TYPE_MEMORY ? any : get(&t, 1);
	return true;
}

void uc_state_learn(struct state *s, const struct insn *i, const struct uc_value *v)
{
	ZydisDecodedOperand o[ZYDIS_MAX_OPERAND_COUNT];

	if (uc_insn_operands(i, o) && o[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
	    uc_insn_register(o[0].reg.value) >= 0)
		s->reg[uc_insn_register(o[0].reg.value)] = *v;
}

struct uc_value uc_state_target(const struct uc_code *c, const struct state *s,
				const struct insn *i)
{
	struct step t = { .c = c, .s = (struct state *)s, .i = i };

	if (!uc_insn_operands(i, t.o))
		return any;
	return get(&t, 0);
}

static bool two_registers(const struct insn *i, ZydisDecodedOperand *o, int *a, int *b)
{
	if (!uc_insn_operands(i, o) || o[0].type != ZYDIS_OPERAND_TYPE_REGISTER ||
	    o[1].type != ZYDIS_OPERAND_TYPE_REGISTER)
		return false;
	*a = uc_insn_register(o[0].reg.value);
	*b = uc_insn_register(o[1].reg.value);
	return *a >= 0 && *b >= 0;
}

/* movslq (base,index,4),reg; add base,reg; jmp *reg */
bool uc_state_table(const struct state *s, const struct insn *i, const struct insn *first,
		    uint64_t *base)
{
	const struct insn *add = i - 1, *load = i - 2;
	ZydisDecodedOperand o[ZYDIS_MAX_OPERAND_COUNT];
	int jump, to, from, b;

	if (i < first + 2 || add->next != i->at || load->next != add->at ||
	    add->z.mnemonic != ZYDIS_MNEMONIC_ADD || load->z.mnemonic != ZYDIS_MNEMONIC_MOVSXD ||
	    i->z.raw.modrm.mod != 3 || !two_registers(add, o, &to, &from))
		return false;
	jump = i->z.raw.modrm.rm | i->z.raw.rex.B << 3;
	if (jump != to || from == to || s->reg[from].n != 1 ||
	    s->reg[from].v[0].kind != UC_ATOM_CONST || !uc_insn_operands(load, o))
		return false;
	b = uc_insn_register(o[1].mem.base);
	*base = (uint64_t)s->reg[from].v[0].off;
	return o[1].type == ZYDIS_OPERAND_TYPE_MEMORY && o[1].mem.scale == 4 && b == from &&
	       uc_insn_register(o[0].reg.value) == to;
}

/* What the instruction stores in memory; nothing if it does not. */
static struct uc_value stored(const struct uc_code *c, const struct state *s, const struct insn *i)
{
	struct state copy = *s;
	struct step t = { .c = c, .s = &copy, .i = i };

	uc_insn_operands(i, t.o);
	for (unsigned n = 0; n < i->z.operand_count; n++)
		if (t.o[n].type == ZYDIS_OPERAND_TYPE_MEMORY &&
		    t.o[n].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
			return i->z.mnemonic == ZYDIS_MNEMONIC_MOV ? get(&t, 1) : any;
	return (struct uc_value){ .n = 0 };
}

void uc_state_read(const struct uc_code *c, const struct state *s, const struct insn *i,
		   const struct uc_atom *want, struct uc_value *out)
{
	bool pushes = i && uc_insn_is_call(i);
	struct uc_value base;

	if (i && (want->kind == UC_ATOM_GLOBAL || want->kind == UC_ATOM_BEHIND)) {
		base = stored(c, s, i);
		*out = want->kind == UC_ATOM_GLOBAL ? base : load(c, s, &base, want->where, 4);
		return;
	}
	if (want->where >= UC_WHERE_STACK) {
		base = plus(&s->reg[REG_RSP], want->where - UC_WHERE_STACK - (pushes ? 8 : 0));
		*out = load(c, s, &base, 0, 8);
	} else {
		*out = s->reg[want->where & 15];
	}
	if (want->kind != UC_ATOM_LOAD)
		return;
	base = *out;
	*out = load(c, s, &base, want->off, 4);
}
