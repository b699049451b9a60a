// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <fcntl.h>
#include <unistd.h>

#include <unicore/link.h>

char *uc_libdir(void)
{
	const char *env = getenv("UNICORE_LIBDIR");
	char *exe, *bin, *up, *dir;

	if (env && *env) return uc_xstrdup(env);
	exe = uc_readlink_dup(AT_FDCWD, "/proc/self/exe");
	if (!exe) exe = uc_xstrdup("/usr/bin/unicore");
	bin = uc_path_dir(exe);
	up = uc_path_dir(bin);
	if (!strcmp(uc_path_base(exe), UC_TOOLS_PROGRAM)) dir = uc_xstrdup(bin);
	else dir = uc_path_join(up, "lib/unicore");
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

char *uc_libfile(const char *libdir, const char *name)
{
	char *own = libdir ? NULL : uc_libdir_arch("x86_64");
	char *path = uc_path_join(libdir ? libdir : own, name);

	free(own);
	return path;
}
