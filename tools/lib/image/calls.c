// SPDX-License-Identifier: BSD-3-Clause
/* Which system calls an image gets: all, those that analysis finds, or a list. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/depsview.h>
#include <unicore/msg.h>

#include "internal.h"

bool uc_calls_analysed(const char *policy)
{
	return policy && !strcmp(policy, "static");
}

bool uc_calls_policy(const char *word)
{
	return !strcmp(word, "all") || uc_calls_analysed(word);
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

/* Why the set may not be all. Allocated; NULL: it is. */
static char *doubt(const struct uc_deps *d, const struct uc_tree *tree)
{
	const char *path;

	if (d->partial)
		return uc_xstrdup("the analysis was cut short");
	if (d->nunknown)
		return uc_xstrdup(d->unknown[0].why);
	path = stranger(d, tree);
	return path ? uc_xasprintf("%s was not analysed", path) : NULL;
}

static int analysed(struct uc_deps *d, const struct uc_tree *tree, const struct uc_systab *tab,
		    struct uc_vec *out, bool *all)
{
	int rc = uc_deps_analyse(d);
	char *why = rc ? NULL : doubt(d, tree);

	*all = why != NULL;
	if (why)
		uc_warn("--calls static", "every system call is linked, because %s", why);
	for (size_t i = 0; i < d->ncalls && !rc && !why; i++)
		if (d->calls[i].nr < tab->n && tab->name[d->calls[i].nr])
			uc_vec_add_once(out, tab->name[d->calls[i].nr]);
	free(why);
	return rc;
}

static int reported(const char *path, const struct uc_systab *tab, struct uc_vec *out)
{
	json_t *doc = uc_deps_load(path), *o;
	struct uc_vec names = { 0 };
	size_t i;
	int rc;

	if (!doc)
		return UC_ST_DATA;
	if (!json_is_true(json_object_get(doc, "complete")))
		uc_warn(path, "the report is not complete: the program may make other calls, too");
	json_array_foreach(json_object_get(doc, "syscalls"), i, o)
	{
		const char *name = json_string_value(json_object_get(o, "name"));

		if (name && strcmp(name, "?"))
			uc_vec_add(&names, name);
	}
	rc = uc_calls_check(path, &names, tab, out);
	uc_vec_free(&names);
	json_decref(doc);
	return rc;
}

int uc_image_calls(const struct uc_calls_wanted *w, const struct uc_systab *tab, struct uc_vec *out,
		   bool *all)
{
	*all = false;
	if (w->listed)
		return uc_calls_check(w->list_path, w->listed, tab, out);
	if (!w->policy || !strcmp(w->policy, "all")) {
		*all = true;
		return 0;
	}
	if (uc_calls_analysed(w->policy))
		return analysed(w->deps, w->tree, tab, out, all);
	if (uc_has_suffix(w->policy, ".json"))
		return reported(w->policy, tab, out);
	return uc_calls_load(w->policy, tab, out);
}
