// SPDX-License-Identifier: BSD-3-Clause
/*
 * Addresses of code that are only compared with others ("is the program counter between these
 * two?"): nothing can be called by them. What is not certain counts as another use.
 */
#include "decode.h"

#define STEPS_MAX 16

struct use {
	struct uc_code *c;
	const struct uc_code_range *f;
	ZydisRegister reg; /* 64 bits */
	unsigned steps;
};

static ZydisRegister whole(ZydisRegister r)
{
	return ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, r);
}

enum effect { NOTHING, READ, WRITTEN };

/* What the instruction does with the register. */
static enum effect effect_of(const struct insn *i, ZydisRegister reg)
{
	ZydisDecodedOperand o[ZYDIS_MAX_OPERAND_COUNT];
	enum effect e = NOTHING;

	if (!uc_insn_operands(i, o))
		return READ;
	for (unsigned n = 0; n < i->z.operand_count; n++) {
		if (o[n].type == ZYDIS_OPERAND_TYPE_MEMORY &&
		    (whole(o[n].mem.base) == reg || whole(o[n].mem.index) == reg))
			return READ;
		if (o[n].type != ZYDIS_OPERAND_TYPE_REGISTER || whole(o[n].reg.value) != reg)
			continue;
		if (o[n].actions & ZYDIS_OPERAND_ACTION_MASK_READ || o[n].size < 32)
			return READ;
		e = WRITTEN;
	}
	return e;
}

static bool writes(const struct insn *i, ZydisRegister reg)
{
	ZydisDecodedOperand o[ZYDIS_MAX_OPERAND_COUNT];

	if (!uc_insn_operands(i, o))
		return true;
	for (unsigned n = 0; n < i->z.operand_count; n++)
		if (o[n].type == ZYDIS_OPERAND_TYPE_REGISTER && whole(o[n].reg.value) == reg &&
		    o[n].actions & ZYDIS_OPERAND_ACTION_MASK_WRITE)
			return true;
	return false;
}

bool uc_insns_keep(const struct insn *i, const struct insn *end)
{
	ZydisDecodedOperand o[ZYDIS_MAX_OPERAND_COUNT];

	if (i + 1 == end)
		return true;
	if (!uc_insn_operands(i, o))
		return false;
	for (unsigned n = 0; n < i->z.operand_count_visible; n++)
		for (const struct insn *k = i + 1; k < end; k++)
			if (o[n].type == ZYDIS_OPERAND_TYPE_REGISTER &&
			    writes(k, whole(o[n].reg.value)))
				return false;
	return true;
}

/* Every path from v forgets the register before it reads it. */
static bool forgotten(struct use *u, uint64_t v)
{
	struct insn i;
	uint64_t to;

	for (;; v = i.next) {
		if (!u->steps || v < u->f->start || !uc_code_decode(u->c, v, u->f->end, &i))
			return false;
		u->steps--;
		if (i.z.meta.category == ZYDIS_CATEGORY_RET)
			return u->reg != ZYDIS_REGISTER_RAX && u->reg != ZYDIS_REGISTER_RDX;
		if (uc_insn_is_call(&i))
			return false;
		switch (effect_of(&i, u->reg)) {
		case READ:
			return i.z.mnemonic == ZYDIS_MNEMONIC_CMP && forgotten(u, i.next);
		case WRITTEN:
			return true;
		case NOTHING:
			break;
		}
		if (!uc_insn_is_jump(&i))
			continue;
		if (!uc_insn_target(&i, &to) || to >= u->f->end || !forgotten(u, to))
			return false;
		if (uc_insn_ends(&i))
			return true;
	}
}

bool uc_code_only_compared(struct uc_code *c, const struct uc_code_range *f, const struct insn *lea)
{
	static const ZydisRegister regs[] = {
		ZYDIS_REGISTER_RAX, ZYDIS_REGISTER_RCX, ZYDIS_REGISTER_RDX, ZYDIS_REGISTER_RBX,
		ZYDIS_REGISTER_RSP, ZYDIS_REGISTER_RBP, ZYDIS_REGISTER_RSI, ZYDIS_REGISTER_RDI,
		ZYDIS_REGISTER_R8,  ZYDIS_REGISTER_R9,  ZYDIS_REGISTER_R10, ZYDIS_REGISTER_R11,
		ZYDIS_REGISTER_R12, ZYDIS_REGISTER_R13, ZYDIS_REGISTER_R14, ZYDIS_REGISTER_R15,
	};
	struct use u = { .c = c, .f = f, .steps = STEPS_MAX };
	struct insn next;
	bool indexed;
	uint64_t to;

	if (!uc_insn_memory(c, lea, &to, &indexed) || !uc_code_is_text(c, to))
		return false;
	if (!uc_code_decode(c, lea->next, f->end, &next) || next.z.mnemonic != ZYDIS_MNEMONIC_CMP)
		return false;
	u.reg = regs[lea->z.raw.modrm.reg | lea->z.raw.rex.R << 3];
	return effect_of(&next, u.reg) == READ && forgotten(&u, next.next);
}
