// SPDX-License-Identifier: BSD-3-Clause
#include <uc/init.h>
#include "netfiles.h"

static int netfiles_start(void)
{
	int r = netfiles_add_links();

	if (r == 0)
		r = netfiles_add_sockets();
	if (r == 0)
		r = netfiles_add_counters();
	if (r == 0)
		r = netfiles_add_sysctl();
	return r < 0 ? r : netfiles_add_class();
}
UC_INITCALL(UC_STAGE_LATE, netfiles_start);
