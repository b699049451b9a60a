// SPDX-License-Identifier: BSD-3-Clause
#include "decode.h"

const uint8_t uc_code_arguments[UC_ARGS] = { 7, 6, 2, 1, 8, 9 };
const uint8_t uc_code_clobbered[UC_CLOBBERED] = { 0, 1, 2, 6, 7, 8, 9, 10, 11 };

const ZydisDecoder *uc_code_decoder(void)
{
	static ZydisDecoder d;
	static bool ready;

	if (!ready)
		ZydisDecoderInit(&d, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	ready = true;
	return &d;
}

bool uc_code_decode(struct uc_code *c, uint64_t at, uint64_t end, struct insn *i)
{
	uint64_t n = end > at ? end - at : 0;

	if (n > ZYDIS_MAX_INSTRUCTION_LENGTH)
		n = ZYDIS_MAX_INSTRUCTION_LENGTH;
	if (!n || !c->budget || !(i->p = uc_code_at(c, at, n)))
		return false;
	c->budget--;
	if (!ZYAN_SUCCESS(
		    ZydisDecoderDecodeInstruction(uc_code_decoder(), &i->ctx, i->p, n, &i->z)))
		return false;
	i->at = at;
	i->next = at + i->z.length;
	return true;
}

bool uc_insn_target(const struct insn *i, uint64_t *to)
{
	if (!i->z.raw.imm[0].is_relative)
		return false;
	*to = i->next + (uint64_t)i->z.raw.imm[0].value.s;
	return true;
}

bool uc_insn_memory(const struct uc_code *c, const struct insn *i, uint64_t *to, bool *indexed)
{
	const struct ZydisDecodedInstructionRaw_ *r = &i->z.raw;

	if (!(i->z.attributes & ZYDIS_ATTRIB_HAS_MODRM) || r->modrm.mod == 3)
		return false;
	*indexed = false;
	if (r->modrm.mod == 0 && r->modrm.rm == 5) {
		*to = i->next + (uint64_t)r->disp.value;
		return true;
	}
	if (c->pic || r->disp.size != 32)
		return false;
	/* An absolute address, alone or with registers added. */
	*to = (uint64_t)r->disp.value;
	*indexed =
		!(r->modrm.mod == 0 && r->modrm.rm == 4 && r->sib.base == 5 && r->sib.index == 4);
	return true;
}

bool uc_insn_is_call(const struct insn *i)
{
	return i->z.meta.category == ZYDIS_CATEGORY_CALL;
}

bool uc_insn_is_jump(const struct insn *i)
{
	return i->z.meta.category == ZYDIS_CATEGORY_UNCOND_BR ||
	       i->z.meta.category == ZYDIS_CATEGORY_COND_BR;
}

bool uc_insn_operands(const struct insn *i, ZydisDecodedOperand *o)
{
	return ZYAN_SUCCESS(ZydisDecoderDecodeOperands(uc_code_decoder(), &i->ctx, &i->z, o,
						       i->z.operand_count));
}

int uc_insn_register(ZydisRegister r)
{
	ZydisRegister big = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, r);

	return ZydisRegisterGetClass(big) == ZYDIS_REGCLASS_GPR64 ? ZydisRegisterGetId(big) : -1;
}

bool uc_insn_writes_flags(const struct insn *i)
{
	const ZydisAccessedFlags *f = i->z.cpu_flags;

	return f && (f->modified | f->set_0 | f->set_1 | f->undefined);
}

bool uc_insn_ends(const struct insn *i)
{
	return i->z.meta.category == ZYDIS_CATEGORY_UNCOND_BR ||
	       i->z.meta.category == ZYDIS_CATEGORY_RET || i->z.mnemonic == ZYDIS_MNEMONIC_UD2 ||
	       i->z.mnemonic == ZYDIS_MNEMONIC_HLT;
}

bool uc_code_transfers(const struct uc_code *c, uint64_t at)
{
	ZydisDecodedInstruction z;
	uint64_t n = ZYDIS_MAX_INSTRUCTION_LENGTH;
	const uint8_t *p = NULL;

	while (n && !(p = uc_code_at(c, at, n)))
		n--;
	return p &&
	       ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(uc_code_decoder(), NULL, p, n, &z)) &&
	       (z.meta.category == ZYDIS_CATEGORY_CALL ||
		z.meta.category == ZYDIS_CATEGORY_UNCOND_BR);
}
