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

static int check_sums(const struct uc_debs *debs, const struct uc_packages *locked)
{
	for (size_t i = 0; i < debs->n; i++)
		for (size_t k = 0; k < locked->n; k++)
			if (!strcmp(debs->v[i].name, locked->v[k].name) &&
			    (!debs->v[i].sha256 ||
			     strcmp(debs->v[i].sha256, locked->v[k].sha256)))
				return uc_fail(UC_ST_DATA, debs->v[i].file,
					       "`unicore update` locks what there is now",
					       "its content is not the one that was locked");
	return 0;
}

struct wanted {
	const char *cache;
	const struct uc_vec *names, *programs;
	const struct uc_packages *locked; /* or NULL */
};

static int open_names(const struct wanted *w, bool essential, struct uc_input *in)
{
	struct uc_debs debs = { 0 };
	int rc = 0;

	if (w->locked) uc_deb_locked(w->locked, w->names, &debs);
	else rc = uc_deb_resolve(w->cache, w->names, essential, &debs);
	if (!rc) rc = uc_deb_fetch(w->cache, &debs);
	if (!rc) rc = uc_deb_unpack(w->cache, &debs, in);
	if (!rc && w->locked) rc = check_sums(&debs, w->locked);
	if (!rc) rc = find_program(&debs, w->names, w->programs, in);
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

int uc_deb_open(const char *cache, const struct uc_vec *specs, const struct uc_packages *locked,
		struct uc_input *in)
{
	struct uc_vec names = { 0 }, programs = { 0 };
	const struct wanted w = { cache, &names, &programs, locked };
	const char *spec = in->spec;
	int rc = split_specs(specs, &names, &programs);

	if (!rc) rc = open_names(&w, false, in);
	/* A lock has what was needed. */
	if (!rc && !locked && needs_essentials(in)) {
		uc_input_free(in);
		in->spec = spec;
		rc = open_names(&w, true, in);
	}
	uc_vec_free(&names);
	uc_vec_free(&programs);
	return rc;
}
