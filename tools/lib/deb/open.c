// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <unicore/deb.h>
#include <unicore/msg.h>
#include <unicore/rootfs.h>

static int split_specs(const struct uc_vec *specs, struct uc_vec *names, const char **binary)
{
	*binary = NULL;
	for (size_t i = 0; i < specs->n; i++) {
		const char *colon = strchr(specs->v[i], ':');
		char *name = colon ? uc_xstrndup(specs->v[i], (size_t)(colon - specs->v[i]))
				   : uc_xstrdup(specs->v[i]);
		bool ok = uc_deb_valid_name(name) && (!colon || colon[1]);

		if (ok) uc_vec_add_once(names, name);
		free(name);
		if (!ok)
			return uc_fail(UC_ST_USAGE, specs->v[i],
				       "write deb:PACKAGE or deb:PACKAGE:BINARY",
				       "not a package name");
		if (!i && colon) *binary = colon + 1;
	}
	return 0;
}

/* A package that only holds data may be the first source, when --exec names the program. */
static bool has_no_program(const struct uc_debs *debs, const char *package)
{
	for (size_t i = 0; i < debs->n; i++) {
		if (strcmp(debs->v[i].name, package)) continue;
		for (size_t k = 0; k < debs->v[i].paths.n; k++)
			if (uc_deb_is_program_path(debs->v[i].paths.v[k])) return false;
		return debs->v[i].paths.n > 0;
	}
	return false;
}

static int open_names(const char *cache, const struct uc_vec *names, const char *binary,
		      bool essential, struct uc_input *in)
{
	struct uc_debs debs = { 0 };
	int rc = uc_deb_resolve(cache, names, essential, &debs);

	if (!rc) rc = uc_deb_fetch(cache, &debs);
	if (!rc) rc = uc_deb_unpack(cache, &debs, in);
	if (!rc && (binary || !has_no_program(&debs, names->v[0])))
		rc = uc_deb_program(&debs, names->v[0], binary, in);
	if (!rc) uc_deb_select(&debs, in);
	uc_debs_free(&debs);
	return rc;
}

/* Does the program need tools that packages do not depend on because every system has them? */
static bool needs_essentials(const struct uc_input *in)
{
	char *canon, *line;
	bool yes;

	if (!in->exec || uc_root_lookup(&in->root, in->exec, false, NULL, &canon, NULL))
		return false;
	line = uc_script_line(&in->root, canon);
	free(canon);
	if (!line) return false;
	yes = uc_script_is_shell(line);
	line[strcspn(line, " \t")] = 0;
	yes |= !uc_root_has(&in->root, line);
	free(line);
	return yes;
}

int uc_deb_open(const char *cache, const struct uc_vec *specs, struct uc_input *in)
{
	const char *spec = in->spec, *binary;
	struct uc_vec names = { 0 };
	int rc = split_specs(specs, &names, &binary);

	if (!rc) rc = open_names(cache, &names, binary, false, in);
	if (!rc && needs_essentials(in)) {
		uc_input_free(in);
		in->spec = spec;
		rc = open_names(cache, &names, binary, true, in);
	}
	uc_vec_free(&names);
	return rc;
}
