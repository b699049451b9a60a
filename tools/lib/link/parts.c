// SPDX-License-Identifier: BSD-3-Clause
/* Which parts of the handlers an image needs, by its calls and by what their arguments can be. */
#include <stdlib.h>
#include <string.h>

#include <unicore/link.h>

enum { NAME_MAX_LEN = 64, VALUES_MAX = 32 };

struct rule {
	char name[NAME_MAX_LEN], call[NAME_MAX_LEN], argument[NAME_MAX_LEN];
	uint32_t mask, value[VALUES_MAX];
	size_t n;
	bool others; /* values that are not among these */
};

static const char *word(const char *p, char *out)
{
	size_t n = strcspn(p, " ");

	if (n >= NAME_MAX_LEN) n = NAME_MAX_LEN - 1;
	memcpy(out, p, n);
	out[n] = 0;
	p += strcspn(p, " ");
	return p + strspn(p, " ");
}

static void read_rule(const char *p, struct rule *r)
{
	char w[NAME_MAX_LEN];

	*r = (struct rule){ .n = 0 };
	p = word(p, r->name);
	p = word(p, r->call);
	p = word(p, r->argument);
	p = word(p, w);
	r->mask = (uint32_t)strtoul(w, NULL, 0);
	if (!strncmp(p, "not ", 4)) {
		r->others = true;
		p += 4;
	}
	while (*p && r->n < VALUES_MAX) {
		p = word(p, w);
		r->value[r->n++] = (uint32_t)strtoul(w, NULL, 0);
	}
}

static bool is_excluded(const struct uc_vec *calls, const char *part)
{
	for (size_t i = 0; i < calls->n; i++)
		if (calls->v[i][0] == UC_NO_PART && !strcmp(calls->v[i] + 1, part)) return true;
	return false;
}

static bool brings(const struct rule *r, const struct uc_vec *calls)
{
	return !*r->call || uc_vec_has(calls, r->call);
}

void uc_parts_needed(const struct uc_systab *t, const struct uc_vec *calls, struct uc_vec *out)
{
	for (size_t i = 0; i < t->parts.n; i++) {
		struct rule r;

		read_rule(t->parts.v[i], &r);
		if (!calls || (brings(&r, calls) && !is_excluded(calls, r.name)))
			uc_vec_add_once(out, r.name);
	}
}

static bool asks_for(const struct rule *r, uint32_t v)
{
	bool among = false;

	for (size_t i = 0; i < r->n; i++) among |= r->value[i] == (v & r->mask);
	return among != r->others;
}

/* May the call need the part? */
static bool may_need(const struct rule *r, uc_part_values *values, void *arg)
{
	size_t n = 0;
	const uint32_t *v = *r->argument ? values(arg, r->call, r->argument, &n) : NULL;
	bool yes = !v;

	for (size_t i = 0; i < n && v; i++) yes |= asks_for(r, v[i]);
	return yes;
}

void uc_parts_exclude(const struct uc_systab *t, uc_part_values *values, void *arg,
		      struct uc_vec *calls)
{
	struct uc_vec parts = { 0 }, needed = { 0 };

	uc_parts_needed(t, calls, &parts);
	for (size_t i = 0; i < t->parts.n; i++) {
		struct rule r;

		read_rule(t->parts.v[i], &r);
		if (brings(&r, calls) && may_need(&r, values, arg))
			uc_vec_add_once(&needed, r.name);
	}
	for (size_t i = 0; i < parts.n; i++)
		if (!uc_vec_has(&needed, parts.v[i]))
			uc_vec_take(calls, uc_xasprintf("%c%s", UC_NO_PART, parts.v[i]));
	uc_vec_free(&parts);
	uc_vec_free(&needed);
}
