// SPDX-License-Identifier: BSD-3-Clause
/* A manifest among the sources: merged into the build. What the command line says wins. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/msg.h>

#include "internal.h"

bool uc_is_manifest(const char *source)
{
	return !strchr(source, ':') &&
	       (uc_has_suffix(source, ".yaml") || uc_has_suffix(source, ".yml"));
}

int uc_manifest_load(const char *path, struct uc_manifest *m)
{
	struct uc_manifest_error err;
	struct uc_buf b;
	char *what;
	int rc = uc_file_read(path, 1 << 20, &b);

	if (rc) return uc_fail_os(UC_ST_NOINPUT, path, NULL, -rc, "cannot read the manifest");
	rc = uc_manifest_parse(b.p, b.n, m, &err);
	uc_buf_free(&b);
	if (!rc) return 0;
	what = uc_xasprintf("%s:%u:%u", path, err.line, err.column);
	rc = uc_fail(UC_ST_DATA, what, err.fix[0] ? err.fix : NULL, "%s", err.why);
	free(what);
	return rc;
}

/* Paths in a manifest are relative to it, whatever the current folder is. */
static char *beside(const char *manifest, const char *path)
{
	char *dir, *joined;

	if (path[0] == '/') return uc_xstrdup(path);
	dir = uc_path_dir(manifest);
	joined = uc_xasprintf("%s/%s", dir, path);
	free(dir);
	return joined;
}

static void make_beside(const char *manifest, char **path)
{
	char *abs = *path ? beside(manifest, *path) : NULL;

	free(*path);
	*path = abs;
}

static char *source_beside(const char *manifest, const char *source)
{
	static const char *const kinds[] = { "dir:", "oci:" };
	char *path, *out;

	if (uc_has_prefix(source, "deb:")) return uc_xstrdup(source);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (!uc_has_prefix(source, kinds[i])) continue;
		path = beside(manifest, source + 4);
		out = uc_xasprintf("%s%s", kinds[i], path);
		free(path);
		return out;
	}
	return beside(manifest, source);
}

static void copy_front(struct uc_vec *to, const struct uc_vec *from)
{
	struct uc_vec all = { 0 };

	/* Later settings win, so those of the manifest come first. */
	for (size_t i = 0; i < from->n; i++) uc_vec_add(&all, from->v[i]);
	for (size_t i = 0; i < to->n; i++) uc_vec_add(&all, to->v[i]);
	uc_vec_free(to);
	*to = all;
}

static void default_to(const char **field, const char *value)
{
	if (!*field) *field = value;
}

void uc_manifest_apply(struct uc_build *b, const char *path, struct uc_manifest *m)
{
	struct uc_vec sources = { 0 };

	for (size_t i = 0; i < b->sources.n; i++) {
		if (strcmp(b->sources.v[i], path)) {
			uc_vec_add(&sources, b->sources.v[i]);
			continue;
		}
		for (size_t k = 0; k < m->sources.n; k++)
			uc_vec_take(&sources, source_beside(path, m->sources.v[k]));
	}
	uc_vec_free(&b->sources);
	b->sources = sources;
	make_beside(path, &m->root);
	if (m->calls_file && !uc_calls_policy(m->calls_file)) make_beside(path, &m->calls_file);
	default_to(&b->name, m->name);
	default_to(&b->exec, m->exec);
	default_to(&b->argv0, m->argv0);
	default_to(&b->cwd, m->cwd);
	default_to(&b->user, m->user);
	default_to(&b->hostname, m->hostname);
	default_to(&b->root, m->root);
	default_to(&b->calls, m->calls_file);
	if (!b->has_args && m->has_args) {
		copy_front(&b->args, &m->args);
		b->has_args = true;
	}
	copy_front(&b->env, &m->env);
	copy_front(&b->choose, &m->choose);
	copy_front(&b->with, &m->with);
	copy_front(&b->without, &m->without);
	if (b->loglevel < 0) b->loglevel = m->loglevel;
	if (!b->memory) b->memory = m->memory;
	b->allow_missing |= m->allow_missing;
}

int uc_manifest_files(struct uc_tree *t, const char *path, const struct uc_manifest *m)
{
	int rc = 0;

	for (size_t i = 0; i < m->nfiles && !rc; i++) {
		const struct uc_manifest_file *f = &m->files[i];
		char *what = uc_xasprintf("%s:%u", path, f->line), *host;

		if (f->text) {
			uc_tree_because(t, "added by %s", what);
			rc = uc_tree_text(t, f->to, f->text, f->len,
					  f->mode < 0 ? 0644 : (mode_t)f->mode);
			if (rc) rc = uc_fail_os(UC_ST_DATA, what, NULL, -rc, "cannot add the file");
		} else {
			host = beside(path, f->from);
			rc = uc_add_host(t, host, f->to, f->mode, what);
			free(host);
		}
		free(what);
	}
	return rc;
}
