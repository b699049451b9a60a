// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/deb.h>
#include <unicore/json.h>
#include <unicore/lock.h>
#include <unicore/msg.h>

#include "internal.h"

#define FORM     "unicore.lock/1"
#define LOCK_MAX (64u << 20)

static bool is_digest(const char *s)
{
	return strlen(s) == 64 && strspn(s, "0123456789abcdef") == 64;
}

/* ---- reading ---- */

static const char *take_package(const json_t *o, struct uc_lock *out)
{
	const char *file = uc_json_str(o, "file"), *sha256 = uc_json_str(o, "sha256");
	struct uc_package *p;
	char *name, *version;

	if (!uc_deb_parse_name(file, &name, &version))
		return "a package has no usable file name";
	if (!is_digest(sha256) || strcmp(name, uc_json_str(o, "name")) ||
	    strcmp(version, uc_json_str(o, "version"))) {
		free(name);
		free(version);
		return "name, version, file and sha256 of a package do not go together";
	}
	p = uc_packages_add(&out->packages, name, version);
	p->file = uc_xstrdup(file);
	p->sha256 = uc_xstrdup(sha256);
	free(name);
	free(version);
	return NULL;
}

static const char *take_files(const json_t *files)
{
	const json_t *sum;
	const char *path;

	if (!json_is_object(files))
		return "files must be an object";
	json_object_foreach((json_t *)files, path, sum)
	{
		if (!json_is_string(sum) || !is_digest(json_string_value(sum)))
			return "a file has no checksum";
	}
	return NULL;
}

static const char *take(struct uc_lock *out)
{
	const json_t *sources = json_object_get(out->doc, "sources"), *o;
	const json_t *packages = json_object_get(out->doc, "packages");
	const char *bad = NULL;
	size_t i;

	if (strcmp(uc_json_str(out->doc, "lock"), FORM))
		return "it was written by another version of unicore";
	if (!json_is_array(sources) || !json_is_array(packages))
		return "sources and packages must be lists";
	json_array_foreach(sources, i, o)
	{
		if (!json_is_string(o))
			return "a source must be a text";
		uc_vec_add(&out->sources, json_string_value(o));
	}
	json_array_foreach(packages, i, o)
	{
		if (!bad)
			bad = take_package(o, out);
	}
	return bad ? bad : take_files(json_object_get(out->doc, "files"));
}

const char *uc_lock_decode(const char *text, size_t n, struct uc_lock *out, char why[256])
{
	json_error_t e;
	const char *bad;

	*out = (struct uc_lock){ .doc = json_loadb(text, n, JSON_REJECT_DUPLICATES, &e) };
	if (!out->doc) {
		snprintf(why, 256, "line %d, column %d: %.200s", e.line, e.column, e.text);
		return why;
	}
	bad = take(out);
	if (bad)
		uc_lock_free(out);
	return bad;
}

int uc_lock_load(const char *path, struct uc_lock *out)
{
	struct uc_buf b = { 0 };
	char why[256];
	const char *bad;
	int rc = uc_file_read(path, LOCK_MAX, &b);

	*out = (struct uc_lock){ 0 };
	if (rc == -ENOENT)
		return 0;
	if (rc)
		return uc_fail_os(UC_ST_NOINPUT, path, NULL, -rc, "cannot read it");
	bad = uc_lock_decode(b.p ? b.p : "", b.n, out, why);
	uc_buf_free(&b);
	return bad ? uc_fail(UC_ST_DATA, path, "`unicore update` makes it anew", "%s", bad) : 0;
}

void uc_lock_free(struct uc_lock *l)
{
	json_decref(l->doc);
	uc_vec_free(&l->sources);
	uc_packages_free(&l->packages);
	*l = (struct uc_lock){ 0 };
}

/* ---- making ---- */

static int by_name(const void *a, const void *b)
{
	return strcmp((*(const struct uc_package *const *)a)->name,
		      (*(const struct uc_package *const *)b)->name);
}

/* Packages whose files were downloaded: what is installed here is locked by its files. */
static json_t *packages(const struct uc_input *in, size_t nin)
{
	const struct uc_package **all = NULL;
	json_t *a = json_array();
	size_t n = 0;

	for (size_t i = 0; i < nin; i++)
		for (size_t k = 0; k < in[i].packages.n; k++) {
			if (!in[i].packages.v[k].sha256)
				continue;
			all = uc_room(all, n, sizeof(*all));
			all[n++] = &in[i].packages.v[k];
		}
	if (n)
		qsort(all, n, sizeof(*all), by_name);
	for (size_t i = 0; i < n; i++)
		json_array_append_new(a,
				      json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", all[i]->name,
						"version", all[i]->version, "source",
						all[i]->source ? all[i]->source : all[i]->name,
						"file", all[i]->file, "sha256", all[i]->sha256));
	free(all);
	return a;
}

static bool is_of_package(const struct uc_input *in, size_t nin, const char *host)
{
	for (size_t i = 0; i < nin; i++) {
		const struct uc_packages *p = &in[i].packages;

		if (p->n && p->v[0].sha256 && uc_path_below(host, in[i].root.dir))
			return true;
	}
	return false;
}

static json_t *files(const struct uc_input *in, size_t nin, const struct uc_tree *t)
{
	json_t *o = json_object();
	char sum[65];

	for (size_t i = 0; i < t->nodes.n; i++) {
		const struct uc_node *n = t->nodes.e[i].value;

		if (n->kind != UC_NODE_FILE || !n->host || is_of_package(in, nin, n->host))
			continue;
		if (!uc_file_sha256(n->host, sum))
			json_object_set_new(o, t->nodes.e[i].key, json_string(sum));
	}
	return o;
}

void uc_lock_sources(const struct uc_vec *sources, struct uc_vec *out)
{
	for (size_t i = 0; i < sources->n; i++)
		if (uc_has_prefix(sources->v[i], "deb:"))
			uc_vec_add(out, sources->v[i]);
}

json_t *uc_lock_make(const struct uc_vec *sources, const struct uc_input *in, size_t nin,
		     const struct uc_tree *t)
{
	struct uc_vec debs = { 0 };
	json_t *list = json_array();

	uc_lock_sources(sources, &debs);
	for (size_t i = 0; i < debs.n; i++)
		json_array_append_new(list, json_string(debs.v[i]));
	uc_vec_free(&debs);
	return json_pack("{s:s, s:o, s:o, s:o}", "lock", FORM, "sources", list, "packages",
			 packages(in, nin), "files", files(in, nin, t));
}

/* ---- comparing ---- */

struct list {
	FILE *f;
	size_t n, max;
};

static void say(struct list *l, const char *fmt, ...) UC_FMT(2, 3);
static void say(struct list *l, const char *fmt, ...)
{
	va_list ap;

	if (l->n++ >= l->max)
		return;
	va_start(ap, fmt);
	vfprintf(l->f, fmt, ap);
	va_end(ap);
}

static const json_t *named(const json_t *packages, const char *name)
{
	const json_t *o;
	size_t i;

	json_array_foreach(packages, i, o) if (!strcmp(uc_json_str(o, "name"), name)) return o;
	return NULL;
}

static void compare_packages(const json_t *was, const json_t *is, struct list *l)
{
	const json_t *o, *other;
	size_t i;

	json_array_foreach(was, i, o)
	{
		const char *name = uc_json_str(o, "name"), *version = uc_json_str(o, "version");

		other = named(is, name);
		if (!other)
			say(l, "- %s %s\n", name, version);
		else if (strcmp(version, uc_json_str(other, "version")))
			say(l, "~ %s %s -> %s\n", name, version, uc_json_str(other, "version"));
		else if (strcmp(uc_json_str(o, "sha256"), uc_json_str(other, "sha256")))
			say(l, "~ %s %s: another checksum\n", name, version);
	}
	json_array_foreach(is, i, o)
	{
		if (!named(was, uc_json_str(o, "name")))
			say(l, "+ %s %s\n", uc_json_str(o, "name"), uc_json_str(o, "version"));
	}
}

static void compare_files(const json_t *was, const json_t *is, struct list *l)
{
	const json_t *sum;
	const char *path;

	json_object_foreach((json_t *)was, path, sum)
	{
		const json_t *other = json_object_get(is, path);

		if (!other)
			say(l, "- file %s\n", path);
		else if (!json_equal(sum, other))
			say(l, "~ file %s\n", path);
	}
	json_object_foreach((json_t *)is, path, sum)
	{
		if (!json_object_get(was, path))
			say(l, "+ file %s\n", path);
	}
}

size_t uc_lock_compare(const json_t *was, const json_t *is, size_t max, FILE *f)
{
	struct list l = { .f = f, .max = max };

	if (!json_equal(json_object_get(was, "sources"), json_object_get(is, "sources")))
		say(&l, "~ sources\n");
	compare_packages(json_object_get(was, "packages"), json_object_get(is, "packages"), &l);
	compare_files(json_object_get(was, "files"), json_object_get(is, "files"), &l);
	if (l.n > max)
		fprintf(f, "and %zu more\n", l.n - max);
	return l.n;
}
