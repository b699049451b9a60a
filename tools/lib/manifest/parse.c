// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/manifest.h>
#include <unicore/yamlread.h>

static int decode_loglevel(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	static const char *const names[] = { "error", "warning", "info", "debug" };

	for (int i = 0; uc_yaml_is_text(n) && i < 4; i++)
		if (!strcmp(uc_yaml_text(n), names[i]) ||
		    (uc_yaml_text(n)[0] == '0' + i && !uc_yaml_text(n)[1])) {
			*(int *)to = i;
			return 0;
		}
	return uc_yaml_fail(d, n, "write error, warning, info or debug", "not a log level");
}

static int decode_args(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	((struct uc_manifest *)d->owner)->has_args = true;
	return uc_yaml_list(d, n, to);
}

static int decode_absolute(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	if (!uc_yaml_is_text(n) || uc_yaml_text(n)[0] != '/')
		return uc_yaml_fail(d, n, "begin it with /", "an absolute path is expected here");
	return uc_yaml_string(d, n, to);
}

/* ---- names of which somebody else knows whether they are right: where they are ---- */

static struct uc_manifest_mark mark(const yaml_node_t *n)
{
	return (struct uc_manifest_mark){ (unsigned)n->start_mark.line + 1,
					  (unsigned)n->start_mark.column + 1 };
}

/* Of the items of a list, the keys of a mapping, or the one value in place of a list. */
static void mark_items(struct uc_yaml *d, const yaml_node_t *n, size_t count,
		       struct uc_manifest_mark **out)
{
	struct uc_manifest_mark *m = uc_xzalloc((count + 1) * sizeof(*m));

	free(*out);
	*out = m;
	for (size_t i = 0; i < count; i++)
		m[i] = mark(n->type == YAML_SEQUENCE_NODE
				    ? uc_yaml_node(d, n->data.sequence.items.start[i])
			    : n->type == YAML_MAPPING_NODE
				    ? uc_yaml_node(d, n->data.mapping.pairs.start[i].key)
				    : n);
}

/* Decodes texts and notes where each is. */
static int decode_marked(struct uc_yaml *d, const yaml_node_t *n,
			 int (*decode)(struct uc_yaml *, const yaml_node_t *, void *),
			 struct uc_vec *to, struct uc_manifest_mark **marks)
{
	int rc = decode(d, n, to);

	if (!rc)
		mark_items(d, n, to->n, marks);
	return rc;
}

/* calls: a file's name, or a list of names */
static int decode_calls(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_manifest *m = d->owner;

	if (n->type == YAML_SCALAR_NODE)
		return uc_yaml_string(d, n, &m->calls_file);
	m->has_calls = true;
	return decode_marked(d, n, uc_yaml_list, to, &m->call_marks);
}

static int decode_ulibs(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_manifest *m = d->owner;

	return decode_marked(d, n, uc_yaml_pairs, to, &m->choose_marks);
}

static int decode_with(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_manifest *m = d->owner;

	return decode_marked(d, n, uc_yaml_list, to, &m->with_marks);
}

static int decode_without(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_manifest *m = d->owner;

	return decode_marked(d, n, uc_yaml_list, to, &m->without_marks);
}

static int decode_user(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	((struct uc_manifest *)d->owner)->user_mark = mark(n);
	return uc_yaml_string(d, n, to);
}

/* ---- files ---- */

static int add_workload(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_manifest *m = to;

	if (n->type != YAML_SEQUENCE_NODE)
		return uc_yaml_fail(d, n, "write [ARGUMENT, ...]",
				    "a list of arguments is expected here");
	m->workloads = uc_room(m->workloads, m->nworkloads, sizeof(*m->workloads));
	m->workloads[m->nworkloads] = (struct uc_vec){ 0 };
	return uc_yaml_list(d, n, &m->workloads[m->nworkloads++]);
}

/* workloads: a list of lists of arguments */
static int decode_workloads(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	(void)to;
	return uc_yaml_each(d, n, "write one `- [ARGUMENT, ...]` a line", "lists of arguments",
			    add_workload, d->owner);
}

static int decode_text(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_manifest_file *f =
		(struct uc_manifest_file *)((char *)to - offsetof(struct uc_manifest_file, text));

	return uc_yaml_bytes(d, n, &f->text, &f->len);
}

static const struct uc_yaml_key file_keys[] = {
	{ "from", uc_yaml_string, offsetof(struct uc_manifest_file, from) },
	{ "to", uc_yaml_string, offsetof(struct uc_manifest_file, to) },
	{ "text", decode_text, offsetof(struct uc_manifest_file, text) },
	{ "mode", uc_yaml_mode, offsetof(struct uc_manifest_file, mode) },
	{ NULL, NULL, 0 }
};

static int decode_file(struct uc_yaml *d, const yaml_node_t *n, struct uc_manifest_file *f)
{
	int rc;

	f->line = (unsigned)n->start_mark.line + 1;
	if (n->type == YAML_SCALAR_NODE)
		return uc_yaml_string(d, n, &f->from);
	rc = uc_yaml_mapping(d, n, file_keys, f);
	if (rc)
		return rc;
	if (!f->from == !f->text)
		return uc_yaml_fail(d, n, "write from: PATH or text: |",
				    "a file comes either from the host or as text");
	if (f->text && !f->to)
		return uc_yaml_fail(d, n, "add to: /path", "the path in the image is missing");
	if (f->to && f->to[0] != '/')
		return uc_yaml_fail(d, n, "begin it with /",
				    "the path in the image must be absolute");
	return 0;
}

static int add_file(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_manifest *m = to;

	m->files = uc_room(m->files, m->nfiles, sizeof(*m->files));
	m->files[m->nfiles] = (struct uc_manifest_file){ .mode = -1 };
	return decode_file(d, n, &m->files[m->nfiles++]);
}

static int decode_files(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	(void)to;
	return uc_yaml_each(d, n, "write one `- from: PATH` a line", "files", add_file, d->owner);
}

static const struct uc_yaml_key top_keys[] = {
	{ "version", uc_yaml_version, 0 },
	{ "name", uc_yaml_string, offsetof(struct uc_manifest, name) },
	{ "source", uc_yaml_list, offsetof(struct uc_manifest, sources) },
	{ "sources", uc_yaml_list, offsetof(struct uc_manifest, sources) },
	{ "root", uc_yaml_string, offsetof(struct uc_manifest, root) },
	{ "exec", uc_yaml_string, offsetof(struct uc_manifest, exec) },
	{ "argv0", uc_yaml_string, offsetof(struct uc_manifest, argv0) },
	{ "args", decode_args, offsetof(struct uc_manifest, args) },
	{ "env", uc_yaml_pairs, offsetof(struct uc_manifest, env) },
	{ "cwd", decode_absolute, offsetof(struct uc_manifest, cwd) },
	{ "user", decode_user, offsetof(struct uc_manifest, user) },
	{ "hostname", uc_yaml_string, offsetof(struct uc_manifest, hostname) },
	{ "files", decode_files, 0 },
	{ "calls", decode_calls, offsetof(struct uc_manifest, calls) },
	{ "workloads", decode_workloads, 0 },
	{ "ulibs", decode_ulibs, offsetof(struct uc_manifest, choose) },
	{ "with", decode_with, offsetof(struct uc_manifest, with) },
	{ "without", decode_without, offsetof(struct uc_manifest, without) },
	{ "memory", uc_yaml_size, offsetof(struct uc_manifest, memory) },
	{ "loglevel", decode_loglevel, offsetof(struct uc_manifest, loglevel) },
	{ "allow_missing", uc_yaml_bool, offsetof(struct uc_manifest, allow_missing) },
	{ NULL, NULL, 0 }
};

static int decode_document(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_manifest *m = to;
	int rc = uc_yaml_mapping(d, n, top_keys, m);

	if (!rc && !m->sources.n)
		rc = uc_yaml_fail(d, n, "add source: PATH, deb:PACKAGE, dir:FOLDER or oci:LAYOUT",
				  "no source is given");
	return rc;
}

int uc_manifest_parse(const char *text, size_t n, struct uc_manifest *out,
		      struct uc_manifest_error *err)
{
	struct uc_yaml d = { .owner = out, .guide = "unicore.yaml(5)", .err = err };
	int rc;

	*out = (struct uc_manifest){ .loglevel = -1 };
	rc = uc_yaml_parse(&d, text, n, decode_document, out);
	if (rc)
		uc_manifest_free(out);
	return rc;
}

void uc_manifest_free(struct uc_manifest *m)
{
	char *strings[] = { m->name, m->exec,     m->argv0, m->cwd,
			    m->user, m->hostname, m->root,  m->calls_file };
	struct uc_vec *lists[] = { &m->sources, &m->args,   &m->env,  &m->with,
				   &m->without, &m->choose, &m->calls };

	for (size_t i = 0; i < sizeof(strings) / sizeof(*strings); i++)
		free(strings[i]);
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		uc_vec_free(lists[i]);
	for (size_t i = 0; i < m->nworkloads; i++)
		uc_vec_free(&m->workloads[i]);
	free(m->workloads);
	free(m->call_marks);
	free(m->choose_marks);
	free(m->with_marks);
	free(m->without_marks);
	for (size_t i = 0; i < m->nfiles; i++) {
		free(m->files[i].from);
		free(m->files[i].to);
		free(m->files[i].text);
	}
	free(m->files);
	*m = (struct uc_manifest){ .loglevel = -1 };
}
