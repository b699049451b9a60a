// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/deb.h>
#include <unicore/msg.h>
#include <unicore/oci.h>

#include "internal.h"

/* PATH: a program in the host's file system, or in the one below --root. */
static int open_path(const struct uc_build *b, const char *path, struct uc_input *in)
{
	if (!b->root) {
		char *dir = uc_path_dir(path), *real = realpath(dir, NULL);

		free(dir);
		if (!real)
			return uc_fail_os(UC_ST_NOINPUT, path,
					  "sources are PATH, deb:PACKAGE, dir:FOLDER, oci:LAYOUT",
					  errno, "no such program");
		in->root.dir = uc_xstrdup("");
		in->exec = path[0] == '/' ? uc_path_clean(path)
					  : uc_path_join(real, uc_path_base(path));
		free(real);
	} else {
		char *real = realpath(b->root, NULL);

		if (!real)
			return uc_fail_os(UC_ST_NOINPUT, b->root, NULL, errno,
					  "cannot use it as a root");
		in->root.dir = strcmp(real, "/") ? real : uc_xstrdup("");
		in->exec = uc_path_clean(path);
	}
	uc_vec_add(&in->argv, path);
	return 0;
}

/* dir:ROOTFS: everything in a folder. */
static int open_dir(const char *dir, struct uc_input *in)
{
	char *real = realpath(dir, NULL);
	struct stat st;

	if (!real || stat(real, &st)) {
		int err = errno;

		free(real);
		return uc_fail_os(UC_ST_NOINPUT, dir, NULL, err,
				  "cannot use it as a root file system");
	}
	if (!S_ISDIR(st.st_mode)) {
		free(real);
		return uc_fail(UC_ST_DATA, dir, NULL, "it is not a folder");
	}
	in->root.dir = strcmp(real, "/") ? real : uc_xstrdup("");
	in->root.keep_owner = true;
	in->whole = true;
	return 0;
}

/* deb: sources are opened together with the first of them: their dependencies overlap. */
static int open_debs(const struct uc_build *b, const struct uc_packages *locked, const char *spec,
		     struct uc_input *in)
{
	struct uc_vec specs = { 0 };
	char *cache;
	int rc;

	for (size_t i = 0; i < b->sources.n; i++) {
		if (!uc_has_prefix(b->sources.v[i], "deb:")) continue;
		if (!specs.n && b->sources.v[i] != spec) return 0;
		uc_vec_add(&specs, b->sources.v[i] + 4);
	}
	cache = uc_build_cache_dir(b->cache);
	rc = cache ? uc_deb_open(cache, &specs, locked, in) : UC_ST_CANTCREAT;
	free(cache);
	uc_vec_free(&specs);
	return rc;
}

static int open_oci(const struct uc_build *b, const char *layout, struct uc_input *in)
{
	char *cache = uc_build_cache_dir(b->cache);
	int rc = cache ? uc_oci_open(cache, layout, in) : UC_ST_CANTCREAT;

	free(cache);
	return rc;
}

int uc_source_open(const struct uc_build *b, const struct uc_packages *locked, const char *spec,
		   struct uc_input *in)
{
	*in = (struct uc_input){ .spec = spec };
	if (uc_has_prefix(spec, "dir:")) return open_dir(spec + 4, in);
	if (uc_has_prefix(spec, "oci:")) return open_oci(b, spec + 4, in);
	if (uc_has_prefix(spec, "deb:")) return open_debs(b, locked, spec, in);
	return open_path(b, spec, in);
}
