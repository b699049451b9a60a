// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <unicore/msg.h>

#include "internal.h"

static json_t *strings(const struct uc_vec *v)
{
	json_t *a = json_array();

	for (size_t i = 0; v && i < v->n; i++) {
		/* Arguments and variables are bytes; what is not UTF-8 cannot be written as JSON
		 * text. */
		json_t *s = json_string(v->v[i]);

		if (s) json_array_append_new(a, s);
		else uc_warn(v->v[i], "is not valid UTF-8 and is left out of image.json");
	}
	return a;
}

static void put_number(json_t *o, const char *key, uint64_t v)
{
	json_object_set_new(o, key, json_integer((json_int_t)v));
}

/* What is not UTF-8 cannot be asked for by these names. */
static void put_map(json_t *o, const char *key, struct uc_map *m)
{
	json_t *j = json_object();

	for (size_t i = 0; i < m->n; i++) {
		json_t *s = json_string(m->e[i].value);

		if (s) json_object_set_new(j, m->e[i].key, s);
		free(m->e[i].value);
	}
	json_object_set_new(o, key, j);
	uc_map_free(m);
}

static void put_facts(json_t *o, const struct uc_image *i)
{
	struct uc_map programs = { 0 }, users = { 0 }, groups = { 0 };

	uc_image_programs(i->tree, i->env, &programs);
	uc_image_accounts(i->tree, &users, &groups);
	put_map(o, "programs", &programs);
	put_map(o, "users", &users);
	put_map(o, "groups", &groups);
}

/* All that were considered, by need or not. */
static json_t *packages(const struct uc_image *i)
{
	struct uc_vec names = { 0 };

	for (size_t k = 0; k < i->nin; k++)
		for (size_t p = 0; p < i->in[k].packages.n; p++)
			uc_vec_take(&names, uc_xasprintf("%s=%s", i->in[k].packages.v[p].name,
							 i->in[k].packages.v[p].version));
	json_t *a = strings(&names);

	uc_vec_free(&names);
	return a;
}

static void put_folder(struct uc_vec *folders, const char *path)
{
	char *dir = uc_path_dir(path);

	uc_vec_add_once(folders, dir);
	free(dir);
}

static bool leads_to_folder(const struct uc_tree *t, const char *path)
{
	const struct uc_node *n = uc_tree_get(t, path);
	char *to = n->kind == UC_NODE_LINK ? uc_tree_resolve(t, path) : NULL;

	n = to ? uc_tree_get(t, to) : NULL;
	free(to);
	return n && n->kind == UC_NODE_DIR;
}

/* Which code the calls were found for: what else may come in where a folder of the host is mounted
 * over a folder with code, or one where its libraries are named. */
static json_t *code(const struct uc_image *i)
{
	bool programs = uc_vec_has(&i->found->calls, "execve") ||
			uc_vec_has(&i->found->calls, "execveat");
	bool libraries = false;
	struct uc_vec folders = { 0 };

	uc_vec_add(&folders, "/etc");
	for (size_t k = 0; k < i->deps->nfiles; k++) {
		libraries |= i->deps->files[k].opens;
		put_folder(&folders, i->deps->files[k].path);
	}
	for (size_t k = 0; k < i->tree->nodes.n; k++) {
		const char *path = i->tree->nodes.e[k].key;

		if (leads_to_folder(i->tree, path)) uc_vec_add_once(&folders, path);
	}
	json_t *o = json_pack("{s:b, s:b, s:o}", "programs", programs, "libraries", libraries,
			      "folders", strings(&folders));

	uc_vec_free(&folders);
	return o;
}

static json_t *describe(const struct uc_image *i)
{
	json_t *o = json_object();

	put_number(o, "version", 1);
	json_object_set_new(o, "name", json_string(i->name));
	json_object_set_new(o, "arch", json_string("x86_64"));
	json_object_set_new(o, "platform", json_string("kvm"));
	json_object_set_new(o, "exec", json_string(i->exec));
	json_object_set_new(o, "argv", strings(i->argv));
	put_number(o, "argv_fixed", i->fixed);
	json_object_set_new(o, "env", strings(i->env));
	json_object_set_new(o, "cwd", json_string(i->cwd));
	put_number(o, "uid", i->uid);
	put_number(o, "gid", i->gid);
	if (i->hostname) json_object_set_new(o, "hostname", json_string(i->hostname));
	if (i->memory) put_number(o, "memory", i->memory);
	if (i->loglevel >= 0) put_number(o, "loglevel", (uint64_t)i->loglevel);
	json_object_set_new(o, "trace", json_boolean(i->trace));
	json_object_set_new(o, "digest", json_string(i->rep->digest));
	put_number(o, "kernel_bytes", i->rep->kernel_bytes);
	put_number(o, "root_bytes", i->rep->root_bytes);
	put_number(o, "image_bytes", i->rep->image_bytes);
	put_number(o, "files", i->rep->files);
	put_number(o, "directories", i->rep->dirs);
	put_number(o, "links", i->rep->links);
	json_object_set_new(o, "calls", json_string(i->found->all ? "all" : i->found->policy));
	json_object_set_new(o, "calls_missing", strings(&i->link->missing));
	json_object_set_new(o, "ulibs", strings(&i->link->ulibs));
	json_object_set_new(o, "ulibs_all", strings(i->ulibs_all));
	if (!strcmp(i->found->policy, "static") && !i->found->all)
		json_object_set_new(o, "code", code(i));
	json_object_set_new(o, "sources", strings(i->sources));
	json_object_set_new(o, "packages", packages(i));
	put_facts(o, i);
	if (i->rewrite)
		json_object_set_new(o, "rewrite",
				    json_pack("{s:i, s:i, s:i}", "files", (int)i->rewrite->files,
					      "sites", (int)i->rewrite->sites, "sites_left",
					      (int)i->rewrite->sites_left));
	return o;
}

int uc_json_write(json_t *doc, const char *path)
{
	char *text = json_dumps(doc, JSON_INDENT(2) | JSON_ENSURE_ASCII);
	struct uc_buf b = { 0 };
	int rc;

	json_decref(doc);
	if (!text) return uc_fail(UC_ST_INTERNAL, path, NULL, "cannot be written as JSON");
	uc_buf_printf(&b, "%s\n", text);
	free(text);
	rc = uc_file_write(path, b.p, b.n, 0644);
	uc_buf_free(&b);
	return rc ? uc_fail_os(UC_ST_CANTCREAT, path, NULL, -rc, "cannot write it") : 0;
}

int uc_image_json(const struct uc_image *i, const char *path)
{
	return uc_json_write(describe(i), path);
}
