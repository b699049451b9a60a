// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_CODE_FLOW_H
#define UNICORE_CODE_FLOW_H
#include "state.h"

#define PARTS_MAX 8

struct block {
	uint64_t at;
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
	struct uc_code_vec leaders, tables, pads, bases; /* bases: addresses of data it takes */
	struct block *blocks;
	size_t nblocks;
	uint64_t wanted;
	bool beyond; /* it is where the function goes on into the next */
	/* NULL, or other places than the start that something leads to: one part, in which what no
	 * path leads to is told from what one may lead to. */
	const struct uc_code_vec *others;
	const struct uc_atom *want;
	struct uc_value *out;
};

/* Decodes a function and divides it into blocks. false: too large, or the budget ended. */
bool uc_unit_make(struct unit *u, const struct uc_code_range *f);
bool uc_unit_holds(const struct unit *u, uint64_t v);          /* is the address in a part? */
struct block *uc_unit_block(const struct unit *u, uint64_t v); /* that begins there, or NULL */
/* s can be what the block begins with. */
void uc_unit_enter(struct block *to, const struct state *s);
/* From the queued blocks and landing pads to the fixed point. */
void uc_unit_run(struct unit *u);
void uc_unit_free(struct unit *u);
#endif
