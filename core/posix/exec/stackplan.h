// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_EXEC_STACKPLAN_H
#define UC_EXEC_STACKPLAN_H
/*
 * Where things go on the initial stack (System V ABI, AMD64 supplement 3.4.1, and what Linux
 * does above the vectors): from the top a null word, the file name, the environment strings, the
 * argument strings, a random gap, the platform name, 16 random bytes, then the auxiliary vector,
 * the environment and argument pointers and argc at the 16-byte aligned stack pointer. Pure.
 */
#include <uc/types.h>
struct uc_stackplan {
	/* in */
	uint64_t top;                        /* page aligned end of the stack */
	uint64_t execfn_len, env_len, arg_len, platform_len; /* bytes with NULs */
	uint64_t argc, envc, aux_words;
	uint64_t random;                     /* for the gap */
	/* out: addresses */
	uint64_t execfn, env, arg, platform, rand, sp;
};
/* 0, or -E2BIG: needs more than `limit` bytes. */
int uc_stackplan(struct uc_stackplan *p, uint64_t limit);
#endif
