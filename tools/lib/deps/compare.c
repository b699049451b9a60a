// SPDX-License-Identifier: BSD-3-Clause
#include <string.h>

#include "view.h"

static const struct kind {
	const char *list, *key, *title;
} kinds[] = {
	{ "syscalls", "name", "system call" },
	{ "libraries", "path", "file" },
	{ "imports", "name", "library call" },
};

static bool has(const json_t *doc, const struct kind *k, const char *name)
{
	json_t *o;
	size_t i;

	json_array_foreach(json_object_get(doc, k->list), i,
			   o) if (!strcmp(uc_json_str(o, k->key), name)) return true;
	return false;
}

/* What a has and b has not. */
static json_t *only_in(const json_t *a, const json_t *b, const struct kind *k)
{
	json_t *o, *out = json_array();
	size_t i;

	json_array_foreach(json_object_get(a, k->list), i,
			   o) if (!has(b, k, uc_json_str(o, k->key)))
		json_array_append_new(out, json_string(uc_json_str(o, k->key)));
	return out;
}

static void print(const json_t *names, const char *sign, const struct kind *k, FILE *f)
{
	json_t *s;
	size_t i;

	json_array_foreach(names, i, s)
		fprintf(f, "%s %s %s\n", sign, k->title, json_string_value(s));
}

bool uc_deps_compare(const json_t *a, const json_t *b, bool as_json, FILE *f)
{
	json_t *all = json_object();
	bool differ = false;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		json_t *gone = only_in(a, b, &kinds[i]), *new = only_in(b, a, &kinds[i]);

		differ |= json_array_size(gone) || json_array_size(new);
		if (!as_json)
			print(gone, "-", &kinds[i], f);
		if (!as_json)
			print(new, "+", &kinds[i], f);
		json_object_set_new(all, kinds[i].list,
				    json_pack("{s:o, s:o}", "removed", gone, "added", new));
	}
	if (as_json)
		json_dumpf(all, f, JSON_INDENT(2));
	if (as_json)
		fputc('\n', f);
	json_decref(all);
	return differ;
}
