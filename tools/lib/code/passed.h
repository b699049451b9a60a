// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_CODE_PASSED_H
#define UNICORE_CODE_PASSED_H
#include "decode.h"

/* Constants in registers, as far as straight code tells. Zeroed to begin with. */
struct uc_passed {
	struct {
		bool known;
		int64_t v;
		uint64_t since; /* address of the instruction that put it there */
	} reg[16];
	struct uc_code_vec leaders; /* where other code may lead; complete only at the end */
	struct uc_passed_note {
		size_t ref;
		uint64_t at, since[UC_ARGS];
		struct uc_code_args args;
	} * v;
	size_t n;
};
void uc_passed_step(struct uc_passed *p, const struct insn *i);
/* The arguments at i belong to reference number `ref`. */
void uc_passed_note(struct uc_passed *p, const struct insn *i, size_t ref);
/* Gives the references what is passed, where nothing leads in between. */
void uc_passed_finish(struct uc_passed *p, struct uc_refs *refs);
void uc_passed_free(struct uc_passed *p);
/* Adds arguments to a reference. */
void uc_refs_pass(struct uc_refs *r, size_t ref, const struct uc_code_args *a);
#endif
