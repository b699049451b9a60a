// SPDX-License-Identifier: BSD-3-Clause
/* contents.json: every object of the kernel and every file of the root, with its size and why it is
 * there. What `unicore why`, `size`, `sbom` and `shrink` read. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "internal.h"

/* What is not UTF-8 is shown with marks in its place. */
static json_t *text(const char *s)
{
	json_t *j = json_string(s);
	char *copy;

	if (j)
		return j;
	copy = uc_xstrdup(s);
	for (char *p = copy; *p; p++)
		if (*p & 0x80)
			*p = '?';
	j = json_string(copy);
	free(copy);
	return j;
}

static void put(json_t *o, const char *key, const char *s)
{
	if (s && *s)
		json_object_set_new(o, key, text(s));
}

/* ---- kernel ---- */

static json_t *sections(const struct uc_member *m)
{
	json_t *a = json_array();

	for (size_t i = 0; i < m->nsections; i++)
		json_array_append_new(a, json_pack("{s:s, s:I}", "name", m->sections[i].name,
						   "bytes", (json_int_t)m->sections[i].bytes));
	return a;
}

static json_t *member(const struct uc_member *m)
{
	static const char *const kinds[] = { [UC_WHY_UNKNOWN] = "other",
					     [UC_WHY_ENTRY] = "entry",
					     [UC_WHY_CALL] = "call",
					     [UC_WHY_PART] = "part",
					     [UC_WHY_DRIVER] = "driver",
					     [UC_WHY_SYMBOL] = "symbol" };
	json_t *o = json_pack("{s:s, s:s, s:I, s:s, s:o}", "ulib", m->ulib, "object", m->object,
			      "bytes", (json_int_t)m->bytes, "why", kinds[m->why], "sections",
			      sections(m));

	put(o, "symbol", m->symbol);
	put(o, "from", m->from);
	if (m->why == UC_WHY_SYMBOL)
		json_object_set_new(o, "by", json_integer((json_int_t)m->by));
	return o;
}

static json_t *kernel(const struct uc_link *l)
{
	json_t *a = json_array();

	for (size_t i = 0; i < l->members.n; i++)
		json_array_append_new(a, member(&l->members.v[i]));
	return json_pack("{s:I, s:o}", "bytes", (json_int_t)l->kernel_bytes, "objects", a);
}

/* ---- calls ---- */

static const json_t *found_call(const struct uc_calls_found *f, const char *name)
{
	const json_t *o;
	size_t i;

	json_array_foreach(json_object_get(f->report, "syscalls"), i, o)
	{
		const char *n = json_string_value(json_object_get(o, "name"));

		if (n && !strcmp(n, name))
			return o;
	}
	return NULL;
}

static void put_calls(json_t *a, const struct uc_vec *names, bool linked,
		      const struct uc_calls_found *f)
{
	for (size_t i = 0; i < names->n; i++) {
		const json_t *was = found_call(f, names->v[i]);
		json_t *o = json_pack("{s:s, s:b}", "name", names->v[i], "linked", linked);

		if (was && json_is_true(json_object_get(was, "traced")))
			json_object_set_new(o, "traced", json_true());
		if (json_array_size(json_object_get(was, "via")))
			json_object_set(o, "via", json_object_get(was, "via"));
		json_array_append_new(a, o);
	}
}

static json_t *calls(const struct uc_contents *c)
{
	json_t *a = json_array();

	put_calls(a, &c->link->linked, true, c->found);
	put_calls(a, &c->link->missing, false, c->found);
	return json_pack("{s:s, s:b, s:o}", "policy", c->found->policy, "all", c->found->all,
			 "calls", a);
}

/* ---- files ---- */

static const struct uc_package *package_of(const struct uc_contents *c, const char *path)
{
	for (size_t i = 0; i < c->nin; i++) {
		const struct uc_package *p = uc_packages_of(&c->in[i].packages, path);

		if (p)
			return p;
	}
	return NULL;
}

static json_int_t size_of(const struct uc_node *n)
{
	struct stat st;

	return n->host && !stat(n->host, &st) ? (json_int_t)st.st_size : (json_int_t)n->len;
}

static int by_path(const void *a, const void *b)
{
	const struct uc_map_entry *const *x = a, *const *y = b;

	return strcmp((*x)->key, (*y)->key);
}

static json_t *files(const struct uc_contents *c, struct uc_vec *used)
{
	static const char *const kinds[] = {
		[UC_NODE_DIR] = "folder", [UC_NODE_FILE] = "file", [UC_NODE_LINK] = "link"
	};
	const struct uc_map *m = &c->tree->nodes;
	const struct uc_map_entry **order = uc_xmalloc((m->n + 1) * sizeof(*order));
	json_t *a = json_array();

	for (size_t i = 0; i < m->n; i++)
		order[i] = &m->e[i];
	qsort(order, m->n, sizeof(*order), by_path);
	for (size_t i = 0; i < m->n; i++) {
		const struct uc_node *n = order[i]->value;
		const struct uc_package *p = package_of(c, order[i]->key);
		json_t *o = json_pack("{s:o, s:s}", "path", text(order[i]->key), "kind",
				      kinds[n->kind]);

		if (n->kind == UC_NODE_FILE)
			json_object_set_new(o, "bytes", json_integer(size_of(n)));
		if (n->kind == UC_NODE_LINK)
			put(o, "target", n->text);
		if (n->kind != UC_NODE_DIR && p)
			put(o, "package", p->name);
		if (n->kind != UC_NODE_DIR && p)
			uc_vec_add_once(used, p->name);
		put(o, "why", n->why);
		json_array_append_new(a, o);
	}
	free(order);
	return a;
}

/* ---- packages ---- */

static json_t *licences(const struct uc_package *p)
{
	json_t *a = json_array();

	for (size_t i = 0; i < p->licences.n; i++)
		json_array_append_new(a, text(p->licences.v[i]));
	return a;
}

static json_t *packages(const struct uc_contents *c, const struct uc_vec *used)
{
	json_t *a = json_array();

	for (size_t i = 0; i < used->n; i++) {
		const struct uc_package *p = NULL;

		for (size_t k = 0; k < c->nin && !p; k++)
			for (size_t n = 0; n < c->in[k].packages.n && !p; n++)
				if (!strcmp(c->in[k].packages.v[n].name, used->v[i]))
					p = &c->in[k].packages.v[n];
		json_t *o = json_pack("{s:s, s:s, s:o}", "name", p->name, "version", p->version,
				      "licences", licences(p));

		put(o, "arch", p->arch);
		put(o, "source", p->source);
		put(o, "sha256", p->sha256);
		json_array_append_new(a, o);
	}
	return a;
}

int uc_image_contents(const struct uc_contents *c, const char *path)
{
	struct uc_vec used = { 0 };
	json_t *list = files(c, &used), *doc;

	uc_vec_sort(&used);
	doc = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "contents", "unicore.contents/1", "name",
			c->name, "kernel", kernel(c->link), "system_calls", calls(c), "packages",
			packages(c, &used), "files", list);
	uc_vec_free(&used);
	return uc_json_write(doc, path);
}
