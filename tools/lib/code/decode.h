// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_CODE_DECODE_H
#define UNICORE_CODE_DECODE_H
#include <Zydis/Zydis.h>

#include "internal.h"

struct insn { /* one instruction, without its operands */
	ZydisDecodedInstruction z;
	ZydisDecoderContext ctx;
	const uint8_t *p;
	uint64_t at, next;
};
const ZydisDecoder *uc_code_decoder(void);
/* false: no instruction there. Uses one unit of the budget. */
bool uc_code_decode(struct uc_code *c, uint64_t at, uint64_t end, struct insn *out);
/* Target of a direct branch or call. */
bool uc_insn_target(const struct insn *i, uint64_t *to);
/* The address of its memory operand, if it has no register but the instruction pointer. */
bool uc_insn_memory(const struct uc_code *c, const struct insn *i, uint64_t *to, bool *indexed);
/* Execution never goes on to the next instruction. */
bool uc_insn_ends(const struct insn *i);
bool uc_insn_is_call(const struct insn *i);
bool uc_insn_is_jump(const struct insn *i); /* unconditional or conditional */
/* false: they make no sense. o: ZYDIS_MAX_OPERAND_COUNT. */
bool uc_insn_operands(const struct insn *i, ZydisDecodedOperand *o);
/* 0..15: the general register that r is (a part of); -1: another. */
int uc_insn_register(ZydisRegister r);
bool uc_insn_writes_flags(const struct insn *i);
/* Do the instructions behind i, up to end, keep the registers that i names? */
bool uc_insns_keep(const struct insn *i, const struct insn *end);
/* A call of a function of this object that does not return. */
bool uc_insn_never_returns(struct uc_code *c, const struct insn *i);
/* Can the bytes of a range that nothing else vouches for be code that begins at its start? */
bool uc_code_plausible(struct uc_code *c, const struct uc_code_range *f);
/* An address that `lea` puts in a register which is compared with something and then forgotten. */
bool uc_code_only_compared(struct uc_code *c, const struct uc_code_range *f,
			   const struct insn *lea);
/* Registers of the arguments in order, and those that a call may change. */
extern const uint8_t uc_code_arguments[UC_ARGS];
#define UC_CLOBBERED 9
extern const uint8_t uc_code_clobbered[UC_CLOBBERED];
#endif
