// SPDX-License-Identifier: BSD-3-Clause
/*
 * The command that users call: statically linked and small, because `unicore run IMAGE` should cost
 * nothing to start. It runs images itself; everything else is in a program that needs more
 * libraries, LIBDIR/unicore-tools, which takes its place.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/link.h>
#include <unicore/msg.h>
#include <unicore/runimage.h>

#include "cmd/commands.h"

static char **arguments;

static int hand_over(void)
{
	char *dir = uc_libdir(), *path = uc_path_join(dir, UC_TOOLS_PROGRAM);

	execv(path, arguments);
	int status = uc_fail_os(UC_ST_UNAVAILABLE, path, "install unicore again", errno,
				"cannot start it");
	free(path);
	free(dir);
	return status;
}

/* In place of the functions that build: what is no image, or needs another kernel, is the other
 * program's, options and all. */
int uc_run_source(const char *source, const char *exec, bool rebuild, char **dir)
{
	(void)exec;
	(void)source;
	(void)rebuild;
	(void)dir;
	return hand_over();
}

int uc_run_link(const struct uc_run_image *img, const struct uc_run_kernel *want, const char *dir)
{
	(void)img;
	(void)want;
	(void)dir;
	return hand_over();
}

int main(int argc, char **argv)
{
	arguments = argv;
	if (argc > 1 && !strcmp(argv[1], "run"))
		return uc_cmd_run(argc - 1, argv + 1);
	return hand_over();
}
