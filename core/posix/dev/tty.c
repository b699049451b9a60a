// SPDX-License-Identifier: BSD-3-Clause
/* An image with this µlib has /dev: the registration links devfs, which mounts it. /dev/tty is
 * always there, as on Linux; without a terminal of the host opening it gives ENXIO. */
#include <uc/console.h>
#include <uc/init.h>
#include <uc/stdio.h>

static int dev_start(void)
{
	bool terminal = uc_console_streams();
	int r = uc_devfs_register("tty", 0666, 5, 0, terminal ? &uc_tty_file_ops : NULL, NULL);

	return r < 0 || !terminal
		       ? r
		       : uc_devfs_register("console", 0600, 5, 1, &uc_tty_file_ops, NULL);
}
UC_INITCALL(UC_STAGE_FS, dev_start);
