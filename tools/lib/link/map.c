// SPDX-License-Identifier: BSD-3-Clause
/* The map of a link, as GNU ld prints it: which sections of which archive members are in the
 * output,
 * and for which reference each member was taken from its archive. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/members.h>

#define MAP_MAX (64u << 20)
#define NOBODY  SIZE_MAX

/* "/x/posix_file.a(open.c.o)": its parts, cut in place. */
static bool split_member(char *at, char **archive, char **object)
{
	char *paren = strstr(at, ".a("), *end;

	if (!paren || !(end = strchr(paren, ')')))
		return false;
	*end = 0;
	paren[2] = 0;
	*archive = at;
	*object = paren + 3;
	return true;
}

static size_t member_of(struct uc_members *m, struct uc_map *index, const char *archive,
			const char *object)
{
	char *key = uc_xasprintf("%s(%s", archive, object);
	void **slot = uc_map_put(index, key);
	const char *base = uc_path_base(archive);
	size_t n = strlen(object);

	free(key);
	if (*slot)
		return (size_t)*slot - 1;
	m->v = uc_room(m->v, m->n, sizeof(*m->v));
	*slot = (void *)(m->n + 1);
	if (uc_has_suffix(object, ".o"))
		n -= 2;
	m->v[m->n] = (struct uc_member){ .archive = uc_xstrdup(archive),
					 .object = uc_xstrndup(object, n),
					 .ulib = uc_xstrndup(base, strlen(base) - 2) };
	return m->n++;
}

/* Sections that are loaded. */
static bool is_loaded(const char *name)
{
	static const char *const kinds[] = { ".text", ".rodata", ".data",
					     ".bss",  ".uc_",    ".note.pvh" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (uc_has_prefix(name, kinds[i]))
			return true;
	return false;
}

static void add_section(struct uc_members *all, size_t at, const char *name, uint64_t bytes)
{
	struct uc_member *m = &all->v[at];

	m->sections = uc_room(m->sections, m->nsections, sizeof(*m->sections));
	m->sections[m->nsections++] = (struct uc_member_section){ uc_xstrdup(name), bytes };
	if (!uc_has_prefix(name, ".bss"))
		m->bytes += bytes;
}

/* " .text.f 0x1 0x2 /x/y.a(z.o)"; a long name has the rest on the next line. */
static void section_line(struct uc_members *m, struct uc_map *index, const char *name, char *rest)
{
	char *archive, *object, *end;
	uint64_t bytes;

	strtoull(rest, &end, 16);
	if (end == rest)
		return;
	rest = end;
	bytes = strtoull(rest, &end, 16);
	if (end == rest || !bytes || !is_loaded(name))
		return;
	end += strspn(end, " ");
	if (split_member(end, &archive, &object))
		add_section(m, member_of(m, index, archive, object), name, bytes);
}

static void read_layout(char *text, struct uc_members *m, struct uc_map *index)
{
	char *name = NULL, *line;

	while ((line = strsep(&text, "\n"))) {
		if (line[0] == ' ' && line[1] == '.') {
			size_t n = 1 + strcspn(line + 1, " ");

			name = line + 1;
			if (line[n]) {
				line[n] = 0;
				section_line(m, index, name, line + n + 1);
				name = NULL;
			}
		} else {
			if (name && line[0] == ' ')
				section_line(m, index, name, line);
			name = NULL;
		}
	}
}

/* Pairs of lines: the member, then `BY (SYMBOL)`, where BY may be missing. */
static void read_taken(char *text, struct uc_members *m, struct uc_map *index)
{
	char *line, *archive, *object, *symbol, *end;
	size_t taken = NOBODY;

	while ((line = strsep(&text, "\n"))) {
		if (*line && !isspace((unsigned char)*line)) {
			char *rest = strchr(line, ')');

			taken = NOBODY;
			if (!split_member(line, &archive, &object))
				continue;
			taken = member_of(m, index, archive, object);
			/* A short name has the rest on the same line. */
			line = rest + 1;
		}
		symbol = taken != NOBODY ? strrchr(line, '(') : NULL;
		if (!symbol || !(end = strchr(symbol, ')')))
			continue;
		*end = 0;
		symbol++;
		line += strspn(line, " ");
		if (!strcmp(symbol, "--whole-archive")) {
			m->v[taken].why = UC_WHY_DRIVER;
		} else {
			m->v[taken].symbol = uc_xstrdup(symbol);
			if (split_member(line, &archive, &object)) {
				size_t by = member_of(m, index, archive, object);

				m->v[taken].by = by;
				m->v[taken].why = UC_WHY_SYMBOL;
			}
		}
		taken = NOBODY;
	}
}

int uc_members_parse(char *text, struct uc_members *out)
{
	char *layout = strstr(text, "\nLinker script and memory map"), *taken;
	struct uc_map index = { 0 };

	*out = (struct uc_members){ 0 };
	if (!layout)
		return -EINVAL;
	*layout++ = 0;
	read_layout(layout, out, &index);
	taken = strstr(text, "Archive member included");
	if (taken && (text = strstr(taken, "\n\n"))) {
		/* Up to the next heading. */
		char *stop = strstr(text, "\nDiscarded input sections");

		if (stop)
			*stop = 0;
		read_taken(text, out, &index);
	}
	uc_map_free(&index);
	return out->n ? 0 : -EINVAL;
}

int uc_members_read(const char *map, struct uc_members *out)
{
	struct uc_buf b;
	int rc = uc_file_read(map, MAP_MAX, &b);

	*out = (struct uc_members){ 0 };
	if (!rc)
		rc = b.p ? uc_members_parse(b.p, out) : -EINVAL;
	uc_buf_free(&b);
	return rc;
}

static void free_member(struct uc_member *x)
{
	for (size_t k = 0; k < x->nsections; k++)
		free(x->sections[k].name);
	free(x->sections);
	free(x->ulib);
	free(x->object);
	free(x->archive);
	free(x->symbol);
	free(x->from);
}

void uc_members_compact(struct uc_members *m)
{
	size_t *to = uc_xmalloc((m->n + 1) * sizeof(*to)), n = 0;

	for (size_t i = 0; i < m->n; i++)
		to[i] = NOBODY;
	for (size_t i = 0; i < m->n; i++)
		for (size_t k = i; m->v[i].nsections && to[k] == NOBODY; k = m->v[k].by) {
			to[k] = 0;
			if (m->v[k].why != UC_WHY_SYMBOL)
				break;
		}
	for (size_t i = 0; i < m->n; i++) {
		if (to[i] == NOBODY) {
			free_member(&m->v[i]);
			continue;
		}
		to[i] = n;
		m->v[n++] = m->v[i];
	}
	for (size_t i = 0; i < n; i++)
		if (m->v[i].why == UC_WHY_SYMBOL)
			m->v[i].by = to[m->v[i].by];
	m->n = n;
	free(to);
}

void uc_members_free(struct uc_members *m)
{
	for (size_t i = 0; i < m->n; i++)
		free_member(&m->v[i]);
	free(m->v);
	*m = (struct uc_members){ 0 };
}
