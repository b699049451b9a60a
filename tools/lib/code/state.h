// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_CODE_STATE_H
#define UNICORE_CODE_STATE_H
#include "decode.h"

#define SLOTS_MAX 24
#define REG_RAX   0
#define REG_RSP   4
#define REG_RBP   5

/* What registers and stack slots can hold at one place. Slots that are not there hold what the
 * function was entered with (arguments) or anything. */
struct state {
	struct uc_value reg[16];
	struct slot {
		int64_t off; /* from the entry's rsp */
		struct uc_value v;
	} slot[SLOTS_MAX];
	uint8_t nslots;
	int64_t escaped; /* slots from here on others may know the address of */
	bool reached;
};
void uc_state_entry(struct state *s);   /* as a caller enters */
void uc_state_unknown(struct state *s); /* nothing is known */
/* true: to has grown; widen: what grows is any value from now on. */
bool uc_state_join(struct state *to, const struct state *from, bool widen);
/* The comparison `i` found equality. */
void uc_state_equal(struct state *s, const struct insn *i);
void uc_state_step(const struct uc_code *c, struct state *s, const struct insn *i);
/* What the function that is called or jumped to by i finds in `want`, or what want names at i.
 * i NULL: behind the last instruction. */
void uc_state_read(const struct uc_code *c, const struct state *s, const struct insn *i,
		   const struct uc_atom *want, struct uc_value *out);
/*
 * Can the conditional jump behind the comparison be taken, or not taken? s gets what is known then.
 */
bool uc_state_branch(const struct uc_code *c, struct state *s, const struct insn *cmp,
		     const struct insn *jump, bool taken);
/* What the first two operands of i hold; a memory operand: any. false: there are not two. */
bool uc_state_operands(const struct uc_code *c, const struct state *s, const struct insn *i,
		       struct uc_value *a, struct uc_value *b, unsigned *bits);
/* The first operand of i, if it is a register, holds one of these. */
void uc_state_learn(struct state *s, const struct insn *i, const struct uc_value *v);
/* Where a computed jump leads. */
struct uc_value uc_state_target(const struct uc_code *c, const struct state *s,
				const struct insn *i);
/* Does i jump to a sum of a constant and what was read from a table there (at most a few
 * instructions back, not before first)? */
bool uc_state_table(const struct state *s, const struct insn *i, const struct insn *first,
		    uint64_t *base);
bool uc_value_constant(const struct uc_value *v); /* one or more constants, nothing else */
bool uc_value_join(struct uc_value *to, const struct uc_value *from);
#endif
