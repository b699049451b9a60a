// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include <unicore/cli.h>
#include <unicore/manifest.h>

#define MAX_ITEMS  4096
#define MEMORY_MIN (1u << 20)

struct decoder {
	yaml_document_t *doc;
	struct uc_manifest *m;
	struct uc_manifest_error *err;
};

typedef int decode_fn(struct decoder *d, const yaml_node_t *n, void *to);
struct key {
	const char *name;
	decode_fn *decode;
	size_t offset;
};

static int __attribute__((format(printf, 4, 5)))
fail(struct decoder *d, const yaml_node_t *n, const char *fix, const char *why, ...)
{
	va_list ap;

	d->err->line = (unsigned)n->start_mark.line + 1;
	d->err->column = (unsigned)n->start_mark.column + 1;
	va_start(ap, why);
	vsnprintf(d->err->why, sizeof(d->err->why), why, ap);
	va_end(ap);
	snprintf(d->err->fix, sizeof(d->err->fix), "%s", fix ? fix : "");
	return -EINVAL;
}

static const yaml_node_t *node(struct decoder *d, int index)
{
	return yaml_document_get_node(d->doc, index);
}

static bool is_text(const yaml_node_t *n)
{
	return n && n->type == YAML_SCALAR_NODE &&
	       !memchr(n->data.scalar.value, 0, n->data.scalar.length);
}

static const char *text_of(const yaml_node_t *n) { return (const char *)n->data.scalar.value; }

/* ---- values ---- */

static int decode_string(struct decoder *d, const yaml_node_t *n, void *to)
{
	if (!is_text(n) || !*text_of(n)) return fail(d, n, NULL, "a text is expected here");
	*(char **)to = uc_xstrdup(text_of(n));
	return 0;
}

static int decode_absolute(struct decoder *d, const yaml_node_t *n, void *to)
{
	if (!is_text(n) || text_of(n)[0] != '/')
		return fail(d, n, "begin it with /", "an absolute path is expected here");
	return decode_string(d, n, to);
}

static int decode_bool(struct decoder *d, const yaml_node_t *n, void *to)
{
	bool yes = is_text(n) && (!strcmp(text_of(n), "true") || !strcmp(text_of(n), "yes"));
	bool no = is_text(n) && (!strcmp(text_of(n), "false") || !strcmp(text_of(n), "no"));

	if (!yes && !no) return fail(d, n, "write true or false", "a truth value is expected here");
	*(bool *)to = yes;
	return 0;
}

static int decode_size(struct decoder *d, const yaml_node_t *n, void *to)
{
	if (!is_text(n) || uc_parse_size(text_of(n), to))
		return fail(d, n, "write a number of bytes, or 64M, 1G", "a size is expected here");
	if (*(uint64_t *)to < MEMORY_MIN)
		return fail(d, n, "write at least 1M", "no machine is so small");
	return 0;
}

static int decode_version(struct decoder *d, const yaml_node_t *n, void *to)
{
	(void)to;
	if (!is_text(n) || strcmp(text_of(n), "1"))
		return fail(d, n, "write version: 1", "this version of the format is not known");
	return 0;
}

static int decode_loglevel(struct decoder *d, const yaml_node_t *n, void *to)
{
	static const char *const names[] = { "error", "warning", "info", "debug" };

	for (int i = 0; is_text(n) && i < 4; i++)
		if (!strcmp(text_of(n), names[i]) || (text_of(n)[0] == '0' + i && !text_of(n)[1])) {
			*(int *)to = i;
			return 0;
		}
	return fail(d, n, "write error, warning, info or debug", "not a log level");
}

static int decode_mode(struct decoder *d, const yaml_node_t *n, void *to)
{
	char *end = NULL;
	unsigned long v = is_text(n) ? strtoul(text_of(n), &end, 8) : 0;

	if (!end || end == text_of(n) || *end || v > 07777 || text_of(n)[0] == '-')
		return fail(d, n, "write it in octal, as in 0644", "not a file mode");
	*(int *)to = (int)v;
	return 0;
}

static int decode_list(struct decoder *d, const yaml_node_t *n, void *to)
{
	struct uc_vec *v = to;

	if (is_text(n) && *text_of(n)) {
		uc_vec_add(v, text_of(n));
		return 0;
	}
	if (n->type != YAML_SEQUENCE_NODE)
		return fail(d, n, "write [a, b] or one `- item` a line",
			    "a list of texts is expected here");
	for (const yaml_node_item_t *i = n->data.sequence.items.start;
	     i < n->data.sequence.items.top; i++) {
		const yaml_node_t *item = node(d, *i);

		if (!is_text(item))
			return fail(d, item ? item : n, NULL, "a text is expected here");
		if (v->n >= MAX_ITEMS) return fail(d, item, NULL, "the list is too long");
		uc_vec_add(v, text_of(item));
	}
	return 0;
}

static int decode_args(struct decoder *d, const yaml_node_t *n, void *to)
{
	d->m->has_args = true;
	return decode_list(d, n, to);
}

/* name: value pairs become "name=value" */
static int decode_pairs(struct decoder *d, const yaml_node_t *n, void *to)
{
	struct uc_vec *v = to;

	if (n->type != YAML_MAPPING_NODE)
		return fail(d, n, "write NAME: value, one a line",
			    "names with values are expected here");
	for (const yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top;
	     p++) {
		const yaml_node_t *k = node(d, p->key), *val = node(d, p->value);

		if (!is_text(k) || !*text_of(k) || strchr(text_of(k), '='))
			return fail(d, k ? k : n, NULL, "not usable as a name");
		if (!is_text(val))
			return fail(d, val ? val : k, "put the value in quotes",
				    "a text is expected here");
		if (v->n >= MAX_ITEMS) return fail(d, k, NULL, "there are too many");
		uc_vec_take(v, uc_xasprintf("%s=%s", text_of(k), text_of(val)));
	}
	return 0;
}

/* calls: a file's name, or a list of names */
static int decode_calls(struct decoder *d, const yaml_node_t *n, void *to)
{
	int rc;

	if (n->type == YAML_SCALAR_NODE) return decode_string(d, n, &d->m->calls_file);
	d->m->has_calls = true;
	rc = decode_list(d, n, to);
	if (rc) return rc;
	d->m->call_marks = uc_xzalloc((d->m->calls.n + 1) * sizeof(*d->m->call_marks));
	for (size_t i = 0; i < d->m->calls.n; i++) {
		const yaml_mark_t *at = &node(d, n->data.sequence.items.start[i])->start_mark;

		d->m->call_marks[i].line = (unsigned)at->line + 1;
		d->m->call_marks[i].column = (unsigned)at->column + 1;
	}
	return 0;
}

/* workloads: a list of lists of arguments */
static int decode_workloads(struct decoder *d, const yaml_node_t *n, void *to)
{
	struct uc_manifest *m = d->m;

	(void)to;
	if (n->type != YAML_SEQUENCE_NODE)
		return fail(d, n, "write one `- [ARGUMENT, ...]` a line",
			    "a list of lists of arguments is expected here");
	for (const yaml_node_item_t *i = n->data.sequence.items.start;
	     i < n->data.sequence.items.top; i++) {
		const yaml_node_t *item = node(d, *i);
		int rc;

		if (!item || item->type != YAML_SEQUENCE_NODE)
			return fail(d, item ? item : n, "write [ARGUMENT, ...]",
				    "a list of arguments is expected here");
		if (m->nworkloads >= MAX_ITEMS) return fail(d, item, NULL, "the list is too long");
		m->workloads = uc_room(m->workloads, m->nworkloads, sizeof(*m->workloads));
		m->workloads[m->nworkloads] = (struct uc_vec){ 0 };
		rc = decode_list(d, item, &m->workloads[m->nworkloads++]);
		if (rc) return rc;
	}
	return 0;
}

/* ---- mappings with known keys ---- */

static const struct key *find_key(const struct key *keys, const char *name)
{
	for (; keys->name; keys++)
		if (!strcmp(keys->name, name)) return keys;
	return NULL;
}

static int unknown_key(struct decoder *d, const yaml_node_t *k, const struct key *keys)
{
	const char *names[32], *near;
	char fix[128] = "";
	size_t n = 0;

	for (; keys->name && n < 31; keys++) names[n++] = keys->name;
	names[n] = NULL;
	near = uc_nearest(text_of(k), names);
	if (near) snprintf(fix, sizeof(fix), "did you mean `%s`?", near);
	return fail(d, k, near ? fix : "unicore.yaml(5) lists the keys", "unknown key `%.60s`",
		    text_of(k));
}

static int decode_mapping(struct decoder *d, const yaml_node_t *n, const struct key *keys,
			  void *base)
{
	uint64_t seen = 0;

	if (n->type != YAML_MAPPING_NODE)
		return fail(d, n, "write key: value, one a line",
			    "keys with values are expected here");
	for (const yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top;
	     p++) {
		const yaml_node_t *k = node(d, p->key), *v = node(d, p->value);
		const struct key *key;
		int rc;

		if (!is_text(k) || !v) return fail(d, k ? k : n, NULL, "a key is expected here");
		key = find_key(keys, text_of(k));
		if (!key) return unknown_key(d, k, keys);
		if (seen & 1ull << (key - keys))
			return fail(d, k, "keep one of them", "key `%s` is given twice", key->name);
		seen |= 1ull << (key - keys);
		rc = key->decode(d, v, (char *)base + key->offset);
		if (rc) return rc;
	}
	return 0;
}

/* ---- files ---- */

static int decode_text(struct decoder *d, const yaml_node_t *n, void *to)
{
	struct uc_manifest_file *f =
		(struct uc_manifest_file *)((char *)to - offsetof(struct uc_manifest_file, text));

	if (n->type != YAML_SCALAR_NODE) return fail(d, n, NULL, "a text is expected here");
	f->len = n->data.scalar.length;
	f->text = uc_xmalloc(f->len + 1);
	memcpy(f->text, n->data.scalar.value, f->len);
	f->text[f->len] = 0;
	return 0;
}

static const struct key file_keys[] = {
	{ "from", decode_string, offsetof(struct uc_manifest_file, from) },
	{ "to", decode_string, offsetof(struct uc_manifest_file, to) },
	{ "text", decode_text, offsetof(struct uc_manifest_file, text) },
	{ "mode", decode_mode, offsetof(struct uc_manifest_file, mode) },
	{ NULL, NULL, 0 }
};

static int decode_file(struct decoder *d, const yaml_node_t *n, struct uc_manifest_file *f)
{
	int rc;

	f->line = (unsigned)n->start_mark.line + 1;
	if (n->type == YAML_SCALAR_NODE) return decode_string(d, n, &f->from);
	rc = decode_mapping(d, n, file_keys, f);
	if (rc) return rc;
	if (!f->from == !f->text)
		return fail(d, n, "write from: PATH or text: |",
			    "a file comes either from the host or as text");
	if (f->text && !f->to)
		return fail(d, n, "add to: /path", "the path in the image is missing");
	if (f->to && f->to[0] != '/')
		return fail(d, n, "begin it with /", "the path in the image must be absolute");
	return 0;
}

static int decode_files(struct decoder *d, const yaml_node_t *n, void *to)
{
	struct uc_manifest *m = d->m;

	(void)to;
	if (n->type != YAML_SEQUENCE_NODE)
		return fail(d, n, "write one `- from: PATH` a line",
			    "a list of files is expected here");
	for (const yaml_node_item_t *i = n->data.sequence.items.start;
	     i < n->data.sequence.items.top; i++) {
		const yaml_node_t *item = node(d, *i);
		int rc;

		if (!item || m->nfiles >= MAX_ITEMS)
			return fail(d, n, NULL, "the list is too long");
		m->files = uc_xrealloc(m->files, (m->nfiles + 1) * sizeof(*m->files));
		m->files[m->nfiles] = (struct uc_manifest_file){ .mode = -1 };
		rc = decode_file(d, item, &m->files[m->nfiles++]);
		if (rc) return rc;
	}
	return 0;
}

static const struct key top_keys[] = {
	{ "version", decode_version, 0 },
	{ "name", decode_string, offsetof(struct uc_manifest, name) },
	{ "source", decode_list, offsetof(struct uc_manifest, sources) },
	{ "sources", decode_list, offsetof(struct uc_manifest, sources) },
	{ "root", decode_string, offsetof(struct uc_manifest, root) },
	{ "exec", decode_string, offsetof(struct uc_manifest, exec) },
	{ "argv0", decode_string, offsetof(struct uc_manifest, argv0) },
	{ "args", decode_args, offsetof(struct uc_manifest, args) },
	{ "env", decode_pairs, offsetof(struct uc_manifest, env) },
	{ "cwd", decode_absolute, offsetof(struct uc_manifest, cwd) },
	{ "user", decode_string, offsetof(struct uc_manifest, user) },
	{ "hostname", decode_string, offsetof(struct uc_manifest, hostname) },
	{ "files", decode_files, 0 },
	{ "calls", decode_calls, offsetof(struct uc_manifest, calls) },
	{ "workloads", decode_workloads, 0 },
	{ "ulibs", decode_pairs, offsetof(struct uc_manifest, choose) },
	{ "with", decode_list, offsetof(struct uc_manifest, with) },
	{ "without", decode_list, offsetof(struct uc_manifest, without) },
	{ "memory", decode_size, offsetof(struct uc_manifest, memory) },
	{ "loglevel", decode_loglevel, offsetof(struct uc_manifest, loglevel) },
	{ "allow_missing", decode_bool, offsetof(struct uc_manifest, allow_missing) },
	{ NULL, NULL, 0 }
};

static int decode_document(struct decoder *d)
{
	const yaml_node_t *top = yaml_document_get_root_node(d->doc);
	int rc;

	if (!top) {
		d->err->line = d->err->column = 1;
		snprintf(d->err->why, sizeof(d->err->why), "the file is empty");
		return -EINVAL;
	}
	rc = decode_mapping(d, top, top_keys, d->m);
	if (!rc && !d->m->sources.n)
		rc = fail(d, top, "add source: PATH, deb:PACKAGE, dir:FOLDER or oci:LAYOUT",
			  "no source is given");
	return rc;
}

static int syntax_error(const yaml_parser_t *p, struct uc_manifest_error *err)
{
	err->line = (unsigned)p->problem_mark.line + 1;
	err->column = (unsigned)p->problem_mark.column + 1;
	snprintf(err->why, sizeof(err->why), "not valid YAML: %.160s",
		 p->problem ? p->problem : "unreadable");
	snprintf(err->fix, sizeof(err->fix), "%s", "check the indentation and quotes");
	return -EINVAL;
}

int uc_manifest_parse(const char *text, size_t n, struct uc_manifest *out,
		      struct uc_manifest_error *err)
{
	yaml_document_t doc;
	yaml_parser_t p;
	int rc;

	*out = (struct uc_manifest){ .loglevel = -1 };
	*err = (struct uc_manifest_error){ 0 };
	if (!yaml_parser_initialize(&p)) {
		snprintf(err->why, sizeof(err->why), "no memory");
		return -EINVAL;
	}
	yaml_parser_set_input_string(&p, (const unsigned char *)text, n);
	if (!yaml_parser_load(&p, &doc)) {
		rc = syntax_error(&p, err);
	} else {
		struct decoder d = { &doc, out, err };

		rc = decode_document(&d);
		yaml_document_delete(&doc);
	}
	yaml_parser_delete(&p);
	if (rc) uc_manifest_free(out);
	return rc;
}

void uc_manifest_free(struct uc_manifest *m)
{
	char *strings[] = { m->name, m->exec,     m->argv0, m->cwd,
			    m->user, m->hostname, m->root,  m->calls_file };
	struct uc_vec *lists[] = { &m->sources, &m->args,   &m->env,  &m->with,
				   &m->without, &m->choose, &m->calls };

	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++) free(strings[i]);
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) uc_vec_free(lists[i]);
	for (size_t i = 0; i < m->nworkloads; i++) uc_vec_free(&m->workloads[i]);
	free(m->workloads);
	free(m->call_marks);
	for (size_t i = 0; i < m->nfiles; i++) {
		free(m->files[i].from);
		free(m->files[i].to);
		free(m->files[i].text);
	}
	free(m->files);
	*m = (struct uc_manifest){ .loglevel = -1 };
}
