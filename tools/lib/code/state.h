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
void uc_state_entry(struct state *s);                           /* as a caller enters */
void uc_state_unknown(struct state *s);                         /* nothing is known */
bool uc_state_join(struct state *to, const struct state *from); /* true: to has grown */
/* The comparison `i` found equality. */
void uc_state_equal(struct state *s, const struct insn *i);
void uc_state_step(const struct uc_code *c, struct state *s, const struct insn *i);
/* What the function that is called or jumped to by i finds in `want`, or what want names at i.
 * i NULL: behind the last instruction. */
void uc_state_read(const struct uc_code *c, const struct state *s, const struct insn *i,
		   const struct uc_atom *want, struct uc_value *out);
bool uc_value_join(struct uc_value *to, const struct uc_value *from);
#endif
