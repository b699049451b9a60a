// SPDX-License-Identifier: BSD-3-Clause
/* An image with this µlib has /dev: the registration links devfs, which mounts it. The terminal's
 * names are there if the host has given the image a terminal. */
#include <uc/console.h>
#include <uc/init.h>
#include <uc/stdio.h>

static int dev_start(void)
{
	int r;

	if (!uc_console_streams())
		return 0;
	r = uc_devfs_register("tty", 0666, 5, 0, &uc_tty_file_ops, NULL);
	return r < 0 ? r : uc_devfs_register("console", 0600, 5, 1, &uc_tty_file_ops, NULL);
}
UC_INITCALL(UC_STAGE_FS, dev_start);
