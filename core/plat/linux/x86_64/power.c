// SPDX-License-Identifier: BSD-3-Clause
#include <asm/unistd.h>
#include <uc/abi/mux.h>
#include <uc/boothooks.h>
#include <uc/plat.h>
#include "info.h"

void uc_plat_set_debug_exit(uint16_t port)
{
}

void uc_plat_early_write(const char *s, size_t n)
{
	while (n) {
		long r = UC_HOST3(__NR_write, UC_PROCFD_TEXT, s, n);
		if (r <= 0)
			return;
		s += r;
		n -= (size_t)r;
	}
}

/* Whoever started the process learns the reason from the console; its status is a shadow. */
void uc_plat_poweroff(unsigned kind, unsigned value)
{
	for (;;)
		UC_HOST1(__NR_exit_group, kind == UC_EXIT_NORMAL ? value & 0xff : 1);
}
