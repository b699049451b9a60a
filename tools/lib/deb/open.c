// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <unicore/deb.h>
#include <unicore/msg.h>
#include <unicore/rootfs.h>

/* Names as in the specs, without those that come again; programs: what goes with each, or "". */
static int split_specs(const struct uc_vec *specs, struct uc_vec *names, struct uc_vec *programs)
{
	for (size_t i = 0; i < specs->n; i++) {
		const char *colon = strchr(specs->v[i], ':');
		char *name = colon ? uc_xstrndup(specs->v[i], (size_t)(colon - specs->v[i]))
				   : uc_xstrdup(specs->v[i]);
		bool ok = uc_deb_valid_name(name) && (!colon || colon[1]);

		if (ok && uc_vec_add_once(names, name))
			uc_vec_add(programs, colon ? colon + 1 : "");
		free(name);
		if (!ok)
			return uc_fail(UC_ST_USAGE, specs->v[i],
				       "write deb:PACKAGE or deb:PACKAGE:BINARY",
				       "not a package name");
	}
	return 0;
}

/* A package that only holds data gives no program; --exec may name one. */
static bool has_no_program(const struct uc_debs *debs, const char *package)
{
	for (size_t i = 0; i < debs->n; i++) {
		const struct uc_deb *d = &debs->v[i];

		if (strcmp(d->name, package)) continue;
		for (size_t k = 0; k < d->paths.n; k++)
			if (uc_deb_is_program_path(d->paths.v[k])) return false;
		return d->paths.n > 0;
	}
	return false;
}

/* The first source that names a program gives it, else the first that has any. */
static int find_program(struct uc_debs *debs, const struct uc_vec *names,
			const struct uc_vec *programs, struct uc_input *in)
{
	for (size_t i = 0; i < names->n; i++)
		if (programs->v[i][0])
			return uc_deb_program(debs, names->v[i], programs->v[i], in);
	for (size_t i = 0; i < names->n; i++)
		if (!has_no_program(debs, names->v[i]))
			return uc_deb_program(debs, names->v[i], NULL, in);
	return 0;
}

static int open_names(const char *cache, const struct uc_vec *names, const struct uc_vec *programs,
		      bool essential, struct uc_input *in)
{
	struct uc_debs debs = { 0 };
	int rc = uc_deb_resolve(cache, names, essential, &debs);

	if (!rc) rc = uc_deb_fetch(cache, &debs);
	if (!rc) rc = uc_deb_unpack(cache, &debs, in);
	if (!rc) rc = find_program(&debs, names, programs, in);
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
	struct uc_vec names = { 0 }, programs = { 0 };
	const char *spec = in->spec;
	int rc = split_specs(specs, &names, &programs);

	if (!rc) rc = open_names(cache, &names, &programs, false, in);
	if (!rc && needs_essentials(in)) {
		uc_input_free(in);
		in->spec = spec;
		rc = open_names(cache, &names, &programs, true, in);
	}
	uc_vec_free(&names);
	uc_vec_free(&programs);
	return rc;
}
