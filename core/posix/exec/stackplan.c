// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include "stackplan.h"

#define GAP_MASK 0x1fffull
#define SLACK 65536ull /* gap, alignment and fixed items: generous upper bound */

static bool fits(const struct uc_stackplan *p, uint64_t limit)
{
	uint64_t parts[] = { p->execfn_len, p->env_len, p->arg_len, p->platform_len, SLACK };
	uint64_t words, total;

	if (p->argc > limit || p->envc > limit || p->aux_words > limit)
		return false;
	words = p->argc + p->envc + p->aux_words + 3;
	if (__builtin_mul_overflow(words, 8, &total))
		return false;
	for (unsigned i = 0; i < UC_ARRAY_SIZE(parts); i++) {
		if (__builtin_add_overflow(total, parts[i], &total))
			return false;
	}
	return total <= limit && total < p->top;
}

int uc_stackplan(struct uc_stackplan *p, uint64_t limit)
{
	uint64_t at = p->top - sizeof(uint64_t);

	if (!fits(p, limit))
		return -E2BIG;
	p->execfn = at -= p->execfn_len;
	p->env = at -= p->env_len;
	p->arg = at -= p->arg_len;
	at = (at - (p->random & GAP_MASK)) & ~15ull;
	p->platform = at -= p->platform_len;
	p->rand = at = (at & ~15ull) - 16;
	p->sp = (at - 8 * (p->argc + p->envc + p->aux_words + 3)) & ~15ull;
	return 0;
}
