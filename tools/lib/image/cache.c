// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>

#include <unicore/build.h>
#include <unicore/msg.h>

static char *default_dir(void)
{
	const char *xdg = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");

	if (xdg && xdg[0] == '/') return uc_path_join(xdg, "unicore");
	if (home && home[0] == '/') return uc_path_join(home, ".cache/unicore");
	return NULL;
}

char *uc_build_cache_dir(const char *given)
{
	char *dir = given ? realpath(given, NULL) : default_dir();
	int rc;

	if (given && !dir) dir = uc_xstrdup(given);
	if (!dir) {
		uc_fail(UC_ST_USAGE, "cache", "use --cache DIR",
			"neither XDG_CACHE_HOME nor HOME is set");
		return NULL;
	}
	rc = uc_mkdirs(dir, 0777);
	if (!rc) {
		char *real = realpath(dir, NULL);

		free(dir);
		return real;
	}
	uc_fail_os(UC_ST_CANTCREAT, dir, "use --cache DIR", -rc, "cannot create it");
	free(dir);
	return NULL;
}
