// SPDX-License-Identifier: BSD-3-Clause
#include <uc/log.h>

/* Called by the compiler when a stack canary was overwritten. */
UC_NORETURN void __stack_chk_fail(void);
void __stack_chk_fail(void)
{
	uc_panic("stack canary overwritten, called from %p", __builtin_return_address(0));
}
