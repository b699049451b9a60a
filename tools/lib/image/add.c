// SPDX-License-Identifier: BSD-3-Clause
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/msg.h>

#include "internal.h"

static int add_path(struct uc_tree *t, const char *host, const char *guest, int depth);

static int add_folder(struct uc_tree *t, const char *host, const char *guest, mode_t mode,
		      int depth)
{
	DIR *d = opendir(host);
	struct dirent *e;
	int rc = d ? 0 : -errno;

	if (!rc && !uc_tree_get(t, guest)) rc = uc_tree_dir(t, guest, mode, 0, 0);
	while (!rc && (e = readdir(d))) {
		char *from, *to;

		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
		from = uc_path_join(host, e->d_name);
		to = uc_path_join(guest, e->d_name);
		rc = add_path(t, from, to, depth + 1);
		free(from);
		free(to);
	}
	if (d) closedir(d);
	return rc;
}

static int add_path(struct uc_tree *t, const char *host, const char *guest, int depth)
{
	struct stat st;
	char *target;
	int rc;

	/* The path the user gives is followed; links inside a folder stay links. */
	if (depth ? lstat(host, &st) : stat(host, &st)) return -errno;
	if (S_ISDIR(st.st_mode))
		return depth > 64 ? -ELOOP : add_folder(t, host, guest, st.st_mode, depth);
	if (S_ISREG(st.st_mode)) return uc_tree_file(t, guest, host, st.st_mode, 0, 0);
	if (!S_ISLNK(st.st_mode)) return 0;
	target = uc_readlink_dup(AT_FDCWD, host);
	rc = target ? uc_tree_link(t, guest, target, 0, 0) : -errno;
	free(target);
	return rc;
}

int uc_add_host(struct uc_tree *t, const char *host, const char *guest, int mode, const char *what)
{
	char *real = realpath(host, NULL), *to;
	struct uc_node *n;
	int rc;

	if (!real) return uc_fail_os(UC_ST_NOINPUT, what, NULL, errno, host);
	to = uc_path_clean(guest ? guest : real);
	uc_tree_because(t, "added by %s", what);
	rc = add_path(t, real, to, 0);
	if (rc)
		rc = uc_fail_os(rc == -ENOENT || rc == -EACCES ? UC_ST_NOINPUT : UC_ST_DATA, what,
				NULL, -rc, "cannot add it");
	n = rc || mode < 0 ? NULL : uc_tree_get(t, to);
	if (n) n->mode = (mode_t)mode;
	free(to);
	free(real);
	return rc;
}

int uc_add_spec(struct uc_tree *t, const char *spec)
{
	const char *colon = strrchr(spec, ':');
	char *host = colon ? uc_xstrndup(spec, (size_t)(colon - spec)) : uc_xstrdup(spec);
	int rc;

	if (colon && colon[1] != '/')
		rc = uc_fail(UC_ST_USAGE, spec, "write HOST:/path/in/the/image",
			     "the path in the image must be absolute");
	else rc = uc_add_host(t, host, colon ? colon + 1 : NULL, -1, spec);
	free(host);
	return rc;
}
