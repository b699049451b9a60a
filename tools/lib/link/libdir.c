// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>

#include <fcntl.h>
#include <unistd.h>

#include <unicore/link.h>

char *uc_libdir(void)
{
	const char *env = getenv("UNICORE_LIBDIR");
	char *exe, *bin, *up, *dir;

	if (env && *env) return uc_xstrdup(env);
	exe = uc_readlink_dup(AT_FDCWD, "/proc/self/exe");
	bin = uc_path_dir(exe ? exe : "/usr/bin/unicore");
	up = uc_path_dir(bin);
	dir = uc_path_join(up, "lib/unicore");
	free(exe);
	free(bin);
	free(up);
	return dir;
}

char *uc_libdir_arch(const char *arch)
{
	char *dir = uc_libdir(), *sub = uc_path_join(dir, arch);

	free(dir);
	return sub;
}
