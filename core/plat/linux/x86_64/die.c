// SPDX-License-Identifier: BSD-3-Clause
#include <asm/unistd.h>
#include "info.h"

/* Also called before relocation, without a stack guard. */
__attribute__((no_stack_protector)) void linux_die(const char *why)
{
	size_t n = 0;
	while (why[n])
		n++;
	UC_HOST3(__NR_write, UC_PROCFD_TEXT, "unicore: the process ", 21);
	UC_HOST3(__NR_write, UC_PROCFD_TEXT, why, n);
	UC_HOST3(__NR_write, UC_PROCFD_TEXT, "\n", 1);
	for (;;)
		UC_HOST1(__NR_exit_group, 1);
}
