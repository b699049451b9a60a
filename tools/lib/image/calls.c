// SPDX-License-Identifier: BSD-3-Clause
/* Which system calls an image gets: all, those that analysis finds or traced runs make, or a
 * list. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/depsview.h>
#include <unicore/msg.h>
#include <unicore/runimage.h>

#include "internal.h"

static const struct policy {
	const char *name;
	bool all, analysed, traced;
} policies[] = {
	{ "static", .analysed = true },
	{ "all", .all = true },
	{ "traced", .traced = true },
	{ "merged", .analysed = true, .traced = true },
};

/* Without a word: static. */
static const struct policy *policy_of(const char *word)
{
	if (!word)
		return policies;
	for (size_t i = 0; i < sizeof(policies) / sizeof(*policies); i++)
		if (!strcmp(policies[i].name, word))
			return &policies[i];
	return NULL;
}

bool uc_calls_policy(const char *word)
{
	return policy_of(word) != NULL;
}

static bool is_elf(const struct uc_node *n)
{
	char magic[4] = "";
	FILE *f;

	if (n->kind != UC_NODE_FILE || !n->host || !(f = fopen(n->host, "re")))
		return false;
	if (fread(magic, 1, 4, f) != 4)
		magic[0] = 0;
	fclose(f);
	return !memcmp(magic, "\177ELF", 4);
}

/* An ELF file of the image that the closure does not know: a program that may be executed, a
 * library that may be opened. */
static const char *stranger(const struct uc_deps *d, const struct uc_tree *tree)
{
	struct uc_map known = { 0 };
	const char *found = NULL;

	for (size_t i = 0; i < d->nfiles; i++)
		*uc_map_put(&known, d->files[i].path) = (void *)d;
	for (size_t i = 0; i < tree->nodes.n && !found; i++) {
		const struct uc_map_entry *e = &tree->nodes.e[i];

		if (!uc_map_get(&known, e->key) && is_elf(e->value))
			found = e->key;
	}
	uc_map_free(&known);
	return found;
}

/* A variable for the loader, which analysis does not follow. */
static const char *foreign_setting(const struct uc_vec *env)
{
	for (size_t i = 0; i < env->n; i++)
		if (uc_run_loads_code(env->v[i]))
			return env->v[i];
	return NULL;
}

/* Why the set may not be all. Allocated; NULL: it is. */
static char *doubt(const struct uc_calls_wanted *w, const json_t *report)
{
	const json_t *unknown = json_array_get(json_object_get(report, "unresolved"), 0);
	const char *path = foreign_setting(w->env);

	if (path)
		return uc_xasprintf("%s may lead to other libraries", path);
	if (unknown)
		return uc_xstrdup(json_string_value(json_object_get(unknown, "why")));
	if (!json_is_true(json_object_get(report, "complete")))
		return uc_xstrdup("the analysis was cut short");
	path = stranger(w->deps, w->tree);
	return path ? uc_xasprintf("%s was not analysed", path) : NULL;
}

/* The report of the analysis, which is kept by what the files hold. NULL after a message. */
static json_t *analyse(const struct uc_calls_wanted *w, const struct uc_systab *tab)
{
	struct uc_deps_cache *cache = w->cache ? uc_deps_cache_open(w->cache) : NULL;
	json_t *doc = uc_deps_cache_find(cache, w->deps);

	if (!doc && !uc_deps_analyse(w->deps)) {
		doc = uc_deps_report(w->deps, tab, w->sources);
		uc_deps_cache_put(cache, NULL, w->deps, doc);
	}
	uc_deps_cache_close(cache);
	return doc;
}

static int trace_one(const struct uc_calls_wanted *w, const struct uc_systab *tab,
		     const struct uc_vec *args, json_t *doc)
{
	struct uc_vec argv = { 0 };
	int rc;

	uc_vec_add(&argv, w->program);
	for (size_t i = 0; i < args->n; i++)
		uc_vec_add(&argv, args->v[i]);
	rc = uc_deps_trace(doc, tab, &argv, w->argv0, false);
	uc_vec_free(&argv);
	return rc;
}

static int trace(const struct uc_calls_wanted *w, const struct uc_systab *tab, json_t *doc)
{
	int rc = 0;

	if (!w->program)
		return uc_fail(UC_ST_USAGE, w->policy,
			       "name the program by its path, or use --calls static",
			       "only programs of this machine can be run here to trace them");
	for (size_t i = 0; i < w->nworkloads && !rc; i++)
		rc = trace_one(w, tab, &w->workloads[i], doc);
	return rc;
}

static void take_names(const json_t *doc, const char *which, struct uc_vec *out)
{
	json_t *o;
	size_t i;

	json_array_foreach(json_object_get(doc, "syscalls"), i, o)
	{
		const char *name = json_string_value(json_object_get(o, "name"));

		if (name && strcmp(name, "?") &&
		    (!which || json_is_true(json_object_get(o, which))))
			uc_vec_add_once(out, name);
	}
}

/* ---- what the arguments leave out ---- */

struct values {
	const json_t *doc;
	uint32_t *v;
};

static const json_t *named(const json_t *list, const char *name)
{
	json_t *o;
	size_t i;

	json_array_foreach(list, i, o)
	{
		if (!strcmp(json_string_value(json_object_get(o, "name")), name))
			return o;
	}
	return NULL;
}

/* uc_part_values from a report. */
static const uint32_t *values_of(void *arg, const char *call, const char *argument, size_t *n)
{
	struct values *from = arg;
	const json_t *c = named(json_object_get(from->doc, "syscalls"), call);
	const json_t *a = named(json_object_get(c, "arguments"), argument), *list;

	if (!json_is_true(json_object_get(a, "complete")))
		return NULL;
	list = json_object_get(a, "values");
	*n = json_array_size(list);
	from->v = uc_xrealloc(from->v, (*n + 1) * sizeof(*from->v));
	for (size_t i = 0; i < *n; i++)
		from->v[i] = (uint32_t)json_integer_value(json_array_get(list, i));
	return from->v;
}

static void exclude_parts(const json_t *doc, const struct uc_systab *tab, struct uc_vec *calls)
{
	struct values from = { .doc = doc };

	if (!json_is_true(json_object_get(doc, "complete")))
		return;
	uc_parts_exclude(tab, values_of, &from, calls);
	free(from.v);
}

/* Scripts are started by what executes programs, and at the start. */
static void exclude_scripts(const struct uc_calls_wanted *w, struct uc_vec *calls)
{
	const struct uc_node *n = uc_tree_get(w->tree, w->exec);

	if (n && is_elf(n) && !uc_vec_has(calls, "execve") && !uc_vec_has(calls, "execveat"))
		uc_vec_take(calls, uc_xasprintf("%c" UC_PART_SCRIPT, UC_NO_PART));
}

static int find_out(const struct uc_calls_wanted *w, const struct policy *p,
		    const struct uc_systab *tab, struct uc_calls_found *out)
{
	char *why = NULL;
	int rc = 0;

	out->report = p->analysed ? analyse(w, tab) : uc_deps_report(w->deps, tab, w->sources);
	if (!out->report)
		return UC_ST_INTERNAL;
	if (p->traced)
		rc = trace(w, tab, out->report);
	if (!rc && p->analysed)
		why = doubt(w, out->report);
	if (why && p->traced)
		uc_warn("--calls merged", "calls beside the traced ones may be missing, because %s",
			why);
	else if (why && w->policy)
		uc_warn("--calls static", "every system call is linked, because %s", why);
	out->all = why && !p->traced;
	if (!rc && !out->all)
		take_names(out->report, p->analysed ? NULL : "traced", &out->calls);
	if (!rc && !out->all && !why && p->analysed) {
		exclude_parts(out->report, tab, &out->calls);
		exclude_scripts(w, &out->calls);
	}
	if (out->all)
		out->why_all = why;
	else
		free(why);
	return rc;
}

static int reported(const char *path, const struct uc_systab *tab, struct uc_vec *out)
{
	json_t *doc = uc_deps_load(path);
	struct uc_vec names = { 0 };
	int rc;

	if (!doc)
		return UC_ST_DATA;
	if (!json_is_true(json_object_get(doc, "complete")))
		uc_warn(path, "the report is not complete: the program may make other calls, too");
	take_names(doc, NULL, &names);
	rc = uc_calls_check(path, &names, tab, out);
	if (!rc)
		exclude_parts(doc, tab, out);
	uc_vec_free(&names);
	json_decref(doc);
	return rc;
}

int uc_image_calls(const struct uc_calls_wanted *w, const struct uc_systab *tab,
		   struct uc_calls_found *out)
{
	const struct policy *p = policy_of(w->policy);

	*out = (struct uc_calls_found){ .policy = "listed" };
	if (w->listed)
		return uc_calls_check(w->list_path, w->listed, tab, &out->calls);
	if (p) {
		out->policy = p->name;
		out->all = p->all;
		return p->all ? 0 : find_out(w, p, tab, out);
	}
	return uc_has_suffix(w->policy, ".json") ? reported(w->policy, tab, &out->calls)
						 : uc_calls_load(w->policy, tab, &out->calls);
}

void uc_calls_found_free(struct uc_calls_found *f)
{
	uc_vec_free(&f->calls);
	free(f->why_all);
	json_decref(f->report);
	*f = (struct uc_calls_found){ 0 };
}
