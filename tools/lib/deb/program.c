// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <unicore/deb.h>
#include <unicore/msg.h>

static struct uc_deb *deb_by_name(struct uc_debs *debs, const char *name)
{
	for (size_t i = 0; i < debs->n; i++)
		if (!strcmp(debs->v[i].name, name)) return &debs->v[i];
	return NULL;
}

/* A program of d called name, or with prefix: whose name goes on after it with a non-letter. */
static const char *program_in(const struct uc_deb *d, const char *name, bool prefix)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < d->paths.n; i++) {
		const char *path = d->paths.v[i], *base = uc_path_base(path);

		if (!uc_deb_is_program_path(path) || strncmp(base, name, n)) continue;
		if (!base[n] || (prefix && strchr("-.0123456789", base[n]))) return path;
	}
	return NULL;
}

/* The package's own program; then that of any package; then one whose name begins so. */
static const char *search(struct uc_debs *debs, struct uc_deb *own, const char *name)
{
	const char *path = program_in(own, name, false);

	for (size_t i = 0; i < debs->n && !path; i++) path = program_in(&debs->v[i], name, false);
	return path ? path : program_in(own, name, true);
}

/* deb:PACKAGE without BINARY: a program with the package's name, or the only one. */
static const char *only_program(const struct uc_deb *d)
{
	const char *found = NULL;

	for (size_t i = 0; i < d->paths.n; i++) {
		if (!uc_deb_is_program_path(d->paths.v[i])) continue;
		if (found) return NULL;
		found = d->paths.v[i];
	}
	return found;
}

static bool is_executable(const struct uc_root *root, const char *path)
{
	struct stat st;
	char *canon;

	if (uc_root_lookup(root, path, false, NULL, &canon, &st)) return false;
	free(canon);
	return S_ISREG(st.st_mode) && st.st_mode & 0111;
}

/* An executable file of the package in a folder that is not searched for programs. */
static const char *elsewhere(const struct uc_deb *own, const struct uc_root *root, const char *name)
{
	for (size_t i = 0; i < own->paths.n; i++)
		if (!strcmp(uc_path_base(own->paths.v[i]), name) &&
		    is_executable(root, own->paths.v[i]))
			return own->paths.v[i];
	return NULL;
}

static int no_program(const struct uc_deb *own, const char *binary)
{
	struct uc_buf b = { 0 };
	size_t n = 0;
	int rc;

	for (size_t i = 0; i < own->paths.n && n < 40; i++)
		if (uc_deb_is_program_path(own->paths.v[i]))
			uc_buf_printf(&b, "%s%s", n++ ? ", " : "", uc_path_base(own->paths.v[i]));
	if (n == 40) uc_buf_str(&b, " ...");
	rc = uc_fail(UC_ST_NOINPUT, own->name, "write deb:PACKAGE:BINARY",
		     binary ? "it has no program `%s`; there are: %s"
			    : "%s says no program to start; there are: %s",
		     binary ? binary : "the name", b.n ? b.p : "none");
	uc_buf_free(&b);
	return rc;
}

/* The package whose file the program really is counts as wanted, too. */
static void want_owner(struct uc_debs *debs, const char *path, struct uc_input *in)
{
	char *canon;

	if (uc_root_lookup(&in->root, path, false, NULL, &canon, NULL)) return;
	for (size_t i = 0; i < debs->n; i++)
		if (!debs->v[i].wanted && uc_vec_has(&debs->v[i].paths, canon))
			debs->v[i].wanted = true;
	free(canon);
}

int uc_deb_program(struct uc_debs *debs, const char *package, const char *binary,
		   struct uc_input *in)
{
	struct uc_deb *own = deb_by_name(debs, package);
	const char *path = NULL, *argv0 = binary;

	if (!own)
		return uc_fail(UC_ST_NOINPUT, package, "name the package itself",
			       "it is provided by another package");
	if (binary && binary[0] == '/') path = uc_root_has(&in->root, binary) ? binary : NULL;
	else if (binary) path = search(debs, own, binary);
	else if (!(path = search(debs, own, package))) path = only_program(own);
	if (!path && binary) argv0 = path = elsewhere(own, &in->root, binary);
	if (!path) return no_program(own, binary);
	in->exec = uc_xstrdup(path);
	uc_vec_add(&in->argv, argv0 ? argv0 : uc_path_base(path));
	want_owner(debs, path, in);
	return 0;
}
