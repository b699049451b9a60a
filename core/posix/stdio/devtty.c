// SPDX-License-Identifier: BSD-3-Clause
/* The terminal's names in /dev, if there is a terminal. Linked with /dev only. */
#include "stdio_private.h"
#include <uc/init.h>

char uc_link_devtty; /* referenced by an image that has /dev */

static int devtty_start(void)
{
	int r;

	if (!uc_console_streams())
		return 0;
	r = uc_devfs_register("tty", 0666, 5, 0, &uc_tty_file_ops, NULL);
	return r < 0 ? r : uc_devfs_register("console", 0600, 5, 1, &uc_tty_file_ops, NULL);
}
UC_INITCALL(UC_STAGE_FS, devtty_start);
