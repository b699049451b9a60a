// SPDX-License-Identifier: BSD-3-Clause
#include <stdlib.h>
#include <string.h>

#include <unicore/util.h>

void uc_vec_take(struct uc_vec *s, char *str)
{
	if (s->n + 2 > s->cap) {
		s->cap = s->cap ? s->cap * 2 : 8;
		s->v = uc_xrealloc(s->v, s->cap * sizeof(*s->v));
	}
	s->v[s->n++] = str;
	s->v[s->n] = NULL;
}

void uc_vec_add(struct uc_vec *s, const char *str) { uc_vec_take(s, uc_xstrdup(str)); }

bool uc_vec_has(const struct uc_vec *s, const char *str)
{
	for (size_t i = 0; i < s->n; i++)
		if (!strcmp(s->v[i], str)) return true;
	return false;
}

bool uc_vec_add_once(struct uc_vec *s, const char *str)
{
	if (uc_vec_has(s, str)) return false;
	uc_vec_add(s, str);
	return true;
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void uc_vec_sort(struct uc_vec *s)
{
	if (s->n > 1) qsort(s->v, s->n, sizeof(*s->v), by_bytes);
}

void uc_vec_free(struct uc_vec *s)
{
	for (size_t i = 0; i < s->n; i++) free(s->v[i]);
	free(s->v);
	*s = (struct uc_vec){ 0 };
}
