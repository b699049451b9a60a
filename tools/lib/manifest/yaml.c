// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/cli.h>
#include <unicore/yamlread.h>

#define MEMORY_MIN (1u << 20)

int uc_yaml_fail(struct uc_yaml *d, const yaml_node_t *n, const char *fix, const char *why, ...)
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

const yaml_node_t *uc_yaml_node(struct uc_yaml *d, int index)
{
	return yaml_document_get_node(&d->doc, index);
}

bool uc_yaml_is_text(const yaml_node_t *n)
{
	return n && n->type == YAML_SCALAR_NODE &&
	       !memchr(n->data.scalar.value, 0, n->data.scalar.length);
}

const char *uc_yaml_text(const yaml_node_t *n)
{
	return (const char *)n->data.scalar.value;
}

/* ---- values ---- */

int uc_yaml_string(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	if (!uc_yaml_is_text(n) || !*uc_yaml_text(n))
		return uc_yaml_fail(d, n, NULL, "a text is expected here");
	*(char **)to = uc_xstrdup(uc_yaml_text(n));
	return 0;
}

int uc_yaml_bool(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	bool yes = uc_yaml_is_text(n) &&
		   (!strcmp(uc_yaml_text(n), "true") || !strcmp(uc_yaml_text(n), "yes"));
	bool no = uc_yaml_is_text(n) &&
		  (!strcmp(uc_yaml_text(n), "false") || !strcmp(uc_yaml_text(n), "no"));

	if (!yes && !no)
		return uc_yaml_fail(d, n, "write true or false", "a truth value is expected here");
	*(bool *)to = yes;
	return 0;
}

int uc_yaml_size(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	if (!uc_yaml_is_text(n) || uc_parse_size(uc_yaml_text(n), to))
		return uc_yaml_fail(d, n, "write a number of bytes, or 64M, 1G",
				    "a size is expected here");
	if (*(uint64_t *)to < MEMORY_MIN)
		return uc_yaml_fail(d, n, "write at least 1M", "no machine is so small");
	return 0;
}

int uc_yaml_version(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	(void)to;
	if (!uc_yaml_is_text(n) || strcmp(uc_yaml_text(n), "1"))
		return uc_yaml_fail(d, n, "write version: 1",
				    "this version of the format is not known");
	return 0;
}

int uc_yaml_mode(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	char *end = NULL;
	unsigned long v = uc_yaml_is_text(n) ? strtoul(uc_yaml_text(n), &end, 8) : 0;

	if (!end || end == uc_yaml_text(n) || *end || v > 07777 || uc_yaml_text(n)[0] == '-')
		return uc_yaml_fail(d, n, "write it in octal, as in 0644", "not a file mode");
	*(int *)to = (int)v;
	return 0;
}

int uc_yaml_list(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_vec *v = to;

	if (uc_yaml_is_text(n) && *uc_yaml_text(n)) {
		uc_vec_add(v, uc_yaml_text(n));
		return 0;
	}
	if (n->type != YAML_SEQUENCE_NODE)
		return uc_yaml_fail(d, n, "write [a, b] or one `- item` a line",
				    "a list of texts is expected here");
	for (const yaml_node_item_t *i = n->data.sequence.items.start;
	     i < n->data.sequence.items.top; i++) {
		const yaml_node_t *item = uc_yaml_node(d, *i);

		if (!uc_yaml_is_text(item))
			return uc_yaml_fail(d, item ? item : n, NULL, "a text is expected here");
		if (v->n >= UC_YAML_MAX_ITEMS)
			return uc_yaml_fail(d, item, NULL, "the list is too long");
		uc_vec_add(v, uc_yaml_text(item));
	}
	return 0;
}

/* name: value pairs become "name=value" */
int uc_yaml_pairs(struct uc_yaml *d, const yaml_node_t *n, void *to)
{
	struct uc_vec *v = to;

	if (n->type != YAML_MAPPING_NODE)
		return uc_yaml_fail(d, n, "write NAME: value, one a line",
				    "names with values are expected here");
	for (const yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top;
	     p++) {
		const yaml_node_t *k = uc_yaml_node(d, p->key), *val = uc_yaml_node(d, p->value);

		if (!uc_yaml_is_text(k) || !*uc_yaml_text(k) || strchr(uc_yaml_text(k), '='))
			return uc_yaml_fail(d, k ? k : n, NULL, "not usable as a name");
		if (!uc_yaml_is_text(val))
			return uc_yaml_fail(d, val ? val : k, "put the value in quotes",
					    "a text is expected here");
		if (v->n >= UC_YAML_MAX_ITEMS)
			return uc_yaml_fail(d, k, NULL, "there are too many");
		uc_vec_take(v, uc_xasprintf("%s=%s", uc_yaml_text(k), uc_yaml_text(val)));
	}
	return 0;
}

#define BINARY "tag:yaml.org,2002:binary"

int uc_yaml_bytes(struct uc_yaml *d, const yaml_node_t *n, char **to, size_t *len)
{
	if (n->type != YAML_SCALAR_NODE)
		return uc_yaml_fail(d, n, NULL, "a text is expected here");
	if (n->tag && !strcmp((const char *)n->tag, BINARY)) {
		*to = uc_base64_decode((const char *)n->data.scalar.value, n->data.scalar.length,
				       len);
		return *to ? 0 : uc_yaml_fail(d, n, NULL, "this is not base64");
	}
	*len = n->data.scalar.length;
	*to = uc_xmalloc(*len + 1);
	memcpy(*to, n->data.scalar.value, *len);
	(*to)[*len] = 0;
	return 0;
}

int uc_yaml_each(struct uc_yaml *d, const yaml_node_t *n, const char *fix, const char *what,
		 uc_yaml_fn *item, void *to)
{
	size_t count = 0;
	int rc = 0;

	if (n->type != YAML_SEQUENCE_NODE)
		return uc_yaml_fail(d, n, fix, "a list of %s is expected here", what);
	for (const yaml_node_item_t *i = n->data.sequence.items.start;
	     i < n->data.sequence.items.top && !rc; i++) {
		const yaml_node_t *e = uc_yaml_node(d, *i);

		if (!e || ++count > UC_YAML_MAX_ITEMS)
			return uc_yaml_fail(d, n, NULL, "the list is too long");
		rc = item(d, e, to);
	}
	return rc;
}

/* ---- mappings with known keys ---- */

static const struct uc_yaml_key *find_key(const struct uc_yaml_key *keys, const char *name)
{
	for (; keys->name; keys++)
		if (!strcmp(keys->name, name))
			return keys;
	return NULL;
}

static int unknown_key(struct uc_yaml *d, const yaml_node_t *k, const struct uc_yaml_key *keys)
{
	const char *names[32], *near;
	char fix[128] = "", where[64];
	size_t n = 0;

	for (; keys->name && n < 31; keys++)
		names[n++] = keys->name;
	names[n] = NULL;
	snprintf(where, sizeof(where), "%s lists the keys", d->guide);
	near = uc_nearest(uc_yaml_text(k), names);
	if (near)
		snprintf(fix, sizeof(fix), "did you mean `%s`?", near);
	return uc_yaml_fail(d, k, near ? fix : where, "unknown key `%.60s`", uc_yaml_text(k));
}

int uc_yaml_mapping(struct uc_yaml *d, const yaml_node_t *n, const struct uc_yaml_key *keys,
		    void *base)
{
	uint64_t seen = 0;

	if (n->type != YAML_MAPPING_NODE)
		return uc_yaml_fail(d, n, "write key: value, one a line",
				    "keys with values are expected here");
	for (const yaml_node_pair_t *p = n->data.mapping.pairs.start; p < n->data.mapping.pairs.top;
	     p++) {
		const yaml_node_t *k = uc_yaml_node(d, p->key), *v = uc_yaml_node(d, p->value);
		const struct uc_yaml_key *key;
		int rc;

		if (!uc_yaml_is_text(k) || !v)
			return uc_yaml_fail(d, k ? k : n, NULL, "a key is expected here");
		key = find_key(keys, uc_yaml_text(k));
		if (!key)
			return unknown_key(d, k, keys);
		if (seen & 1ull << (key - keys))
			return uc_yaml_fail(d, k, "keep one of them", "key `%s` is given twice",
					    key->name);
		seen |= 1ull << (key - keys);
		rc = key->decode(d, v, (char *)base + key->offset);
		if (rc)
			return rc;
	}
	return 0;
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

int uc_yaml_parse(struct uc_yaml *d, const char *text, size_t n, uc_yaml_fn *top, void *to)
{
	struct uc_manifest_error *err = d->err;
	const yaml_node_t *root;
	yaml_parser_t p;
	int rc = -EINVAL;

	*err = (struct uc_manifest_error){ 0 };
	if (!yaml_parser_initialize(&p)) {
		snprintf(err->why, sizeof(err->why), "no memory");
		return rc;
	}
	yaml_parser_set_input_string(&p, (const unsigned char *)text, n);
	if (!yaml_parser_load(&p, &d->doc)) {
		rc = syntax_error(&p, err);
	} else {
		root = yaml_document_get_root_node(&d->doc);
		if (root) {
			rc = top(d, root, to);
		} else {
			err->line = err->column = 1;
			snprintf(err->why, sizeof(err->why), "the file is empty");
		}
		yaml_document_delete(&d->doc);
	}
	yaml_parser_delete(&p);
	return rc;
}
