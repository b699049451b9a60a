// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_CODE_LIVE_H
#define UNICORE_CODE_LIVE_H
#include "internal.h"

struct uc_live { /* what is executed of a function */
	uint64_t start;
	uint8_t *bits; /* one for each byte, set where an instruction begins; NULL: all */
	struct uc_live_call {
		uint64_t at;
		struct uc_code_args args;
	} * calls; /* calls and jumps, by address */
	size_t n;
};
/* false: it is not understood, all of it is taken. Free in any case. */
bool uc_code_live(struct uc_code *c, const struct uc_code_range *f, const struct uc_entry *e,
		  struct uc_live *out);
void uc_live_free(struct uc_live *l);
bool uc_live_at(const struct uc_live *l, uint64_t at);
/* What is passed there; NULL: not known. */
const struct uc_code_args *uc_live_args(const struct uc_live *l, uint64_t at);
#endif
