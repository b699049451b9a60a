// SPDX-License-Identifier: BSD-3-Clause
/* What was seen, from text to tables. The texts come from the guest and are not trusted. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static void add_region(struct secure_boot *b, const struct secure_region *r)
{
	if (r->end <= r->start)
		return;
	b->regions = uc_room(b->regions, b->nregions, sizeof(*r));
	b->regions[b->nregions++] = *r;
}

/* Takes a number and the character behind it. */
static uint64_t number(const char **s, int base)
{
	char *end;
	uint64_t v = strtoull(*s, &end, base);

	*s = *end ? end + 1 : end;
	return v;
}

/* START LENGTH PHYSICAL rwxu, of the program in a guest */
static void map_line(struct secure_boot *b, const char *s)
{
	struct secure_region r = { .file = 1, .r = true };

	r.start = number(&s, 16);
	r.end = r.start + number(&s, 16);
	r.off = number(&s, 16);
	if (strlen(s) != 4)
		return;
	r.w = s[1] == 'w';
	r.x = s[2] == 'x';
	r.user = s[3] == 'u';
	add_region(b, &r);
}

void secure_boot_parse(struct secure_boot *b, char *text)
{
	char *next = text, *l;

	while ((l = strsep(&next, "\n"))) {
		if (uc_has_prefix(l, "map "))
			map_line(b, l + 4);
		else if (!strcmp(l, "end"))
			b->complete = true;
		else if (*l)
			uc_vec_add(&b->lines, l);
	}
	free(text);
}

/* START-END rwxs OFFSET MAJOR:MINOR INODE …, proc_pid_maps(5) */
static void host_map_line(struct secure_boot *b, const char *s)
{
	struct secure_region r = { .user = true };

	r.start = number(&s, 16);
	r.end = number(&s, 16);
	if (strnlen(s, 5) < 5)
		return;
	r.r = s[0] == 'r';
	r.w = s[1] == 'w';
	r.x = s[2] == 'x';
	bool shared = s[3] == 's';

	s += 5;
	r.off = number(&s, 16);
	uint64_t major = number(&s, 16), minor = number(&s, 16), inode = number(&s, 10);

	if (shared)
		r.file = inode ^ major << 52 ^ minor << 32;
	add_region(b, &r);
}

void secure_maps_parse(struct secure_boot *b, char *text)
{
	char *next = text, *l;

	while ((l = strsep(&next, "\n")))
		host_map_line(b, l);
	free(text);
}

void secure_boot_free(struct secure_boot *b)
{
	uc_vec_free(&b->lines);
	uc_vec_free(&b->status);
	uc_vec_free(&b->facts);
	free(b->regions);
	*b = (struct secure_boot){ 0 };
}

const char *secure_line(const struct uc_vec *lines, const char *name, size_t nth)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < lines->n; i++) {
		const char *l = lines->v[i];

		if (!strncmp(l, name, n) && (l[n] == ' ' || l[n] == '\t') && !nth--)
			return l + n + strspn(l + n, " \t");
	}
	return NULL;
}

bool secure_word(const struct secure_boot *b, const char *name, uint64_t *v)
{
	const char *s = secure_line(&b->lines, name, 0);

	if (s)
		*v = strtoull(s, NULL, 16);
	return s != NULL;
}

const struct secure_region *secure_region_at(const struct secure_boot *b, uint64_t va)
{
	for (size_t i = 0; i < b->nregions; i++)
		if (va >= b->regions[i].start && va < b->regions[i].end)
			return &b->regions[i];
	return NULL;
}
