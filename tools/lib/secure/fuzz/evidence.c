// SPDX-License-Identifier: BSD-3-Clause
// sources: ../evidence.c ../judge_memory.c ../judge_random.c ../judge_state.c ../entropy.c
// sources: ../../util/mem.c ../../util/vec.c ../../util/path.c ../../cli/msg.c
// sources: ../../cli/progress.c ../../cli/value.c
// libs: -lm -ljansson
/* What a guest prints, and all judgements of it. */
#include <stdlib.h>
#include <string.h>

#include "../internal.h"

bool secure_sabotaged(const struct secure_case *c, const char *name)
{
	(void)c;
	(void)name;
	return false;
}

int secure_report(const struct secure_case *c, struct secure_boot *out)
{
	(void)c;
	(void)out;
	return -1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static enum secure_verdict (*const judges[])(const struct secure_case *,
						     struct uc_buf *) = {
		secure_judge_wx,         secure_judge_alias,      secure_judge_text_alias,
		secure_judge_constants,  secure_judge_null,       secure_judge_kernel_stack,
		secure_judge_boot_stack, secure_judge_trap_stack, secure_judge_canary,
		secure_judge_supervisor, secure_judge_leak_proc,  secure_judge_calls,
		secure_judge_bias,       secure_judge_repeat,
	};
	struct secure_boot b[2] = { 0 };
	struct secure_case c = { .boot = b, .nboots = 2 };

	c.kernel.text_len = 0x3000;
	c.kernel.constants_page = 0x3000;
	c.kernel.constants_end = 0x5000;
	c.kernel.have_stacks = true;
	for (size_t i = 0; i < 2; i++)
		secure_boot_parse(&b[i], uc_xstrndup((const char *)data, size));
	for (size_t i = 0; i < sizeof(judges) / sizeof(judges[0]); i++) {
		struct uc_buf why = { 0 };

		judges[i](&c, &why);
		uc_buf_free(&why);
	}
	for (size_t i = 0; i < 2; i++)
		secure_boot_free(&b[i]);
	return 0;
}
