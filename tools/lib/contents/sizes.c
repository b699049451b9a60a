// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <unicore/cli.h>

#include "view.h"

static struct uc_sizes *child(struct uc_sizes *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->v[i].name, name))
			return &s->v[i];
	s->v = uc_room(s->v, s->n, sizeof(*s->v));
	s->v[s->n] = (struct uc_sizes){ .name = uc_xstrdup(name) };
	return &s->v[s->n++];
}

/* Without a search: paths are not repeated, and there may be many. */
static struct uc_sizes *new_child(struct uc_sizes *s, const char *name, uint64_t bytes)
{
	s->v = uc_room(s->v, s->n, sizeof(*s->v));
	s->v[s->n] = (struct uc_sizes){ .name = uc_xstrdup(name), .bytes = bytes };
	return &s->v[s->n++];
}

static int largest_first(const void *a, const void *b)
{
	const struct uc_sizes *x = a, *y = b;

	if (x->bytes != y->bytes)
		return x->bytes < y->bytes ? 1 : -1;
	return strcmp(x->name, y->name);
}

static uint64_t add_up(struct uc_sizes *s)
{
	uint64_t sum = s->n ? 0 : s->bytes;

	for (size_t i = 0; i < s->n; i++)
		sum += add_up(&s->v[i]);
	if (s->n)
		qsort(s->v, s->n, sizeof(*s->v), largest_first);
	return s->bytes = sum;
}

static void add_kernel(const json_t *c, struct uc_sizes *out)
{
	const json_t *o, *s;
	size_t i, k;

	json_array_foreach(json_object_get(json_object_get(c, "kernel"), "objects"), i, o)
	{
		struct uc_sizes *at;

		/* Some only lead to others. */
		if (!uc_contents_num(o, "bytes"))
			continue;
		at = child(child(out, uc_json_str(o, "ulib")), uc_json_str(o, "object"));
		json_array_foreach(json_object_get(o, "sections"), k, s)
		{
			const char *name = uc_json_str(s, "name");

			if (!uc_has_prefix(name, ".bss"))
				new_child(at, name, uc_contents_num(s, "bytes"));
		}
	}
}

static void add_root(const json_t *c, struct uc_sizes *out)
{
	const json_t *o;
	size_t i;

	json_array_foreach(json_object_get(c, "files"), i, o)
	{
		const char *package = uc_json_str(o, "package"), *why = uc_json_str(o, "why");
		struct uc_sizes *f;

		if (strcmp(uc_json_str(o, "kind"), "file"))
			continue;
		f = new_child(child(out, *package ? package : "(no package)"),
			      uc_json_str(o, "path"), uc_contents_num(o, "bytes"));
		f->note = *why ? uc_xstrdup(why) : NULL;
	}
}

void uc_contents_sizes(const json_t *c, struct uc_sizes *out)
{
	*out = (struct uc_sizes){ .name = uc_xstrdup(uc_json_str(c, "name")) };
	child(out, "kernel");
	add_root(c, child(out, "root"));
	add_kernel(c, child(out, "kernel"));
	add_up(out);
}

void uc_sizes_free(struct uc_sizes *s)
{
	for (size_t i = 0; i < s->n; i++)
		uc_sizes_free(&s->v[i]);
	free(s->name);
	free(s->note);
	free(s->v);
	*s = (struct uc_sizes){ 0 };
}

static void print(const struct uc_sizes *s, int depth, FILE *f)
{
	char size[16];

	fprintf(f, "%*s%8s  %s\n", 2 * depth, "", uc_size_text(s->bytes, size, sizeof(size)),
		s->name);
	/* Sections are for the other forms. */
	for (size_t i = 0; i < s->n && depth < 3; i++)
		print(&s->v[i], depth + 1, f);
}

void uc_sizes_text(const struct uc_sizes *s, FILE *f)
{
	print(s, 0, f);
}

static json_t *as_json(const struct uc_sizes *s)
{
	json_t *o = json_pack("{s:s, s:I}", "name", s->name, "bytes", (json_int_t)s->bytes);
	json_t *a = s->n ? json_array() : NULL;

	for (size_t i = 0; i < s->n; i++)
		json_array_append_new(a, as_json(&s->v[i]));
	if (a)
		json_object_set_new(o, "children", a);
	return o;
}

void uc_sizes_json(const struct uc_sizes *s, FILE *f)
{
	json_t *o = as_json(s);

	json_dumpf(o, f, JSON_INDENT(1));
	fputc('\n', f);
	json_decref(o);
}
