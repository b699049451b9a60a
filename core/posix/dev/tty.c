// SPDX-License-Identifier: BSD-3-Clause
/* An image with this µlib has /dev: the registration links devfs, which mounts it. /dev/tty is
 * always there, as on Linux; without a terminal of the host opening it gives ENXIO. */
#include <asm/errno.h>
#include <uc/console.h>
#include <uc/init.h>
#include <uc/pty.h>
#include <uc/stdio.h>
#include <uc/ttyjob.h>

/* /dev/tty is the controlling terminal of who opens it. */
static int tty_open(struct uc_file *f)
{
	int ctty = uc_proc_current()->ctty;

	if (ctty == UC_CTTY_CONSOLE && uc_console_streams()) {
		f->ops = &uc_tty_file_ops;
		return 0;
	}
	return ctty > UC_CTTY_CONSOLE && uc_pty_open_ctty ? uc_pty_open_ctty(f) : -ENXIO;
}

static int dev_start(void)
{
	int r = uc_devfs_register("tty", 0666, 5, 0, NULL, NULL);

	if (r == 0)
		r = uc_devfs_on_open(5, 0, tty_open);
	return r < 0 || !uc_console_streams()
		       ? r
		       : uc_devfs_register("console", 0600, 5, 1, &uc_tty_file_ops, NULL);
}
UC_INITCALL(UC_STAGE_FS, dev_start);
