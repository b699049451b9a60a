// SPDX-License-Identifier: BSD-3-Clause
/*
 * A failing case made smaller: parts of its arguments, input, files and variables are left out as
 * long as the same channel still differs (Zeller's delta debugging, by complements).
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/msg.h>

#include "internal.h"

#define QUICK_RUNS 2 /* native runs of a candidate; the result is checked with all */

/* What pieces are left out of. */
enum what { ENV, FILES, ARGS, INPUT, CONTENT, ARGUMENT };
struct cut {
	enum what what;
	size_t index; /* of the file or argument */
	bool fine;    /* pieces are bytes, not lines or words */
};

struct reduction {
	struct uc_verify v; /* a copy, for quick looks */
	const char *plat;
	int channel; /* that has to differ */
	unsigned tries, limit;
	struct uc_vcase now;
};

/* ---- pieces ---- */

struct text {
	const char *p;
	size_t n;
};

static struct text text_of(const struct uc_vcase *c, struct cut k)
{
	if (k.what == INPUT)
		return (struct text){ c->input, c->input_len };
	if (k.what == CONTENT)
		return (struct text){ c->files[k.index].text, c->files[k.index].len };
	return (struct text){ c->args.v[k.index], strlen(c->args.v[k.index]) };
}

/* End of the piece that starts at `at`: a line, of arguments a word with what follows it. */
static size_t piece_end(struct text t, struct cut k, size_t at)
{
	const char *nl;

	if (k.fine)
		return at + 1;
	if (k.what != ARGUMENT) {
		nl = memchr(t.p + at, '\n', t.n - at);
		return nl ? (size_t)(nl - t.p) + 1 : t.n;
	}
	while (at < t.n && !isspace((unsigned char)t.p[at]))
		at++;
	while (at < t.n && isspace((unsigned char)t.p[at]))
		at++;
	return at;
}

static size_t pieces(const struct uc_vcase *c, struct cut k)
{
	size_t n = 0;

	switch (k.what) {
	case ENV:
		return c->env.n;
	case FILES:
		return c->nfiles;
	case ARGS:
		return c->args.n;
	default:
		for (size_t at = 0; at < text_of(c, k).n; n++)
			at = piece_end(text_of(c, k), k, at);
		return n;
	}
}

/* ---- leaving out ---- */

static void cut_list(struct uc_vec *v, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		free(v->v[i]);
	memmove(v->v + from, v->v + to, (v->n - to) * sizeof(*v->v));
	v->n -= to - from;
}

static void cut_files(struct uc_vcase *c, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		verify_file_free(&c->files[i]);
	memmove(c->files + from, c->files + to, (c->nfiles - to) * sizeof(*c->files));
	c->nfiles -= to - from;
}

static void cut_text(struct uc_vcase *c, struct cut k, size_t from, size_t to)
{
	struct text t = text_of(c, k);
	size_t begin = 0, end, i = 0;

	for (; i < from; i++)
		begin = piece_end(t, k, begin);
	for (end = begin; i < to; i++)
		end = piece_end(t, k, end);
	memmove((char *)t.p + begin, t.p + end, t.n - end);
	t.n -= end - begin;
	if (k.what == INPUT)
		c->input_len = t.n;
	else if (k.what == CONTENT)
		c->files[k.index].len = t.n;
	else
		c->args.v[k.index][t.n] = 0;
}

static void leave_out(struct uc_vcase *c, struct cut k, size_t from, size_t to)
{
	if (k.what == ENV)
		cut_list(&c->env, from, to);
	else if (k.what == ARGS)
		cut_list(&c->args, from, to);
	else if (k.what == FILES)
		cut_files(c, from, to);
	else
		cut_text(c, k, from, to);
}

/* ---- does it still differ ---- */

/* With a fault: more than without it. 0 or a status. */
static int look(struct uc_verify *v, const struct uc_vcase *c, const char *plat,
		double agree[UC_VCH_N], double base[UC_VCH_N])
{
	struct uc_vset *s = uc_vset_new(v, c);
	struct verify_known *known = NULL;
	struct verify_look l;
	int rc = c->fault ? verify_known(v, c, plat, &known) : uc_vset_grow(s, v->runs);

	for (int ch = 0; ch < UC_VCH_N; ch++)
		base[ch] = known ? known->base[ch] : 1;
	if (!rc) {
		rc = verify_look(v, known ? known->s : s, c, plat, &l);
		memcpy(agree, l.agree, sizeof(l.agree));
		verify_look_free(&l);
	}
	uc_vset_free(s);
	return rc;
}

/* The heaviest channel that differs, or -1. */
static int channel_of(const double agree[UC_VCH_N], const double base[UC_VCH_N])
{
	int found = -1;

	for (int ch = 0; ch < UC_VCH_N; ch++)
		if (verify_channel_worse(agree[ch], base[ch]) &&
		    (found < 0 || uc_vchannel_weights[ch] > uc_vchannel_weights[found]))
			found = ch;
	return found;
}

static bool differs(struct reduction *r, struct uc_verify *v, const struct uc_vcase *c)
{
	double agree[UC_VCH_N], base[UC_VCH_N];

	r->tries++;
	return !look(v, c, r->plat, agree, base) &&
	       verify_channel_worse(agree[r->channel], base[r->channel]);
}

/* ---- */

/* Leaves out runs of `size` pieces where that can be. */
static void pass(struct reduction *r, struct cut k, size_t size)
{
	for (size_t from = 0, n; from < (n = pieces(&r->now, k)) && r->tries < r->limit;) {
		size_t to = from + size < n ? from + size : n;
		struct uc_vcase smaller;

		verify_case_copy(&r->now, &smaller);
		leave_out(&smaller, k, from, to);
		if (differs(r, &r->v, &smaller)) {
			uc_vcase_free(&r->now);
			r->now = smaller;
		} else {
			uc_vcase_free(&smaller);
			from = to;
		}
	}
}

static void reduce(struct reduction *r, struct cut k)
{
	for (size_t size = pieces(&r->now, k); size; size /= 2)
		pass(r, k, size);
}

static void reduce_all(struct reduction *r)
{
	reduce(r, (struct cut){ ENV, 0, false });
	reduce(r, (struct cut){ ARGS, 0, false });
	reduce(r, (struct cut){ FILES, 0, false });
	for (int fine = 0; fine < 2; fine++) {
		reduce(r, (struct cut){ INPUT, 0, fine });
		for (size_t i = 0; i < r->now.nfiles; i++)
			if (r->now.files[i].text)
				reduce(r, (struct cut){ CONTENT, i, fine });
		for (size_t i = 0; i < r->now.args.n; i++)
			reduce(r, (struct cut){ ARGUMENT, i, fine });
	}
}

/* Contents of files of the host become part of the case. */
static int take_in(struct uc_vcase *c)
{
	int rc = 0;

	for (size_t i = 0; i < c->nfiles && !rc; i++) {
		struct uc_vfile *f = &c->files[i];

		rc = verify_file_take_in(f, VERIFY_TEXT_MAX);
		if (rc)
			rc = uc_fail_os(UC_ST_NOINPUT, f->from, NULL, -rc, "cannot read it");
	}
	return rc;
}

/* Reduces r->now. How it was: r->channel, < 0 if nothing differs at a quick look. */
static int run(struct reduction *r)
{
	double agree[UC_VCH_N], base[UC_VCH_N];
	int rc = take_in(&r->now);

	r->channel = -1;
	if (!rc)
		rc = look(&r->v, &r->now, r->plat, agree, base);
	if (!rc)
		r->channel = channel_of(agree, base);
	r->v.trace &= r->channel == UC_VCH_CALLS;
	if (r->channel >= 0)
		reduce_all(r);
	return rc;
}

static void describe(const struct reduction *r, bool holds, json_t *o)
{
	json_t *args = json_array();

	for (size_t i = 0; i < r->now.args.n; i++)
		json_array_append_new(args,
				      verify_readable(r->now.args.v[i], strlen(r->now.args.v[i])));
	json_object_set_new(o, "reproducer",
			    json_pack("{s:s, s:s, s:b, s:i, s:o, s:i, s:i}", "name", r->now.name,
				      "channel", uc_vchannel_names[r->channel], "holds", holds,
				      "tries", (int)r->tries, "arguments", args, "input_bytes",
				      (int)r->now.input_len, "files", (int)r->now.nfiles));
}

int verify_reproduce(struct uc_verify *v, const struct uc_vcase *c, const char *plat, json_t *o)
{
	struct uc_vcases *all = v->reproducers;
	struct reduction r = { .v = *v, .plat = plat, .limit = v->tries };
	int rc;

	if (!all)
		return 0;
	r.v.runs = QUICK_RUNS;
	r.v.confirm = 0;
	r.v.reproducers = NULL;
	if (!v->kept)
		r.v.kept = verify_kept_new();
	verify_case_copy(c, &r.now);
	free(r.now.name);
	r.now.name = uc_xasprintf("%zu: %s on %s%s%s", all->n + 1, c->name, plat,
				  c->fault ? ", " : "", c->fault ? c->fault : "");
	rc = run(&r);
	if (!rc && r.channel >= 0) {
		struct uc_verify whole = *v;

		whole.trace = r.v.trace;
		whole.kept = r.v.kept;
		describe(&r, differs(&r, &whole, &r.now), o);
		all->v = uc_room(all->v, all->n, sizeof(*all->v));
		all->v[all->n++] = r.now;
	} else {
		uc_vcase_free(&r.now);
	}
	if (!v->kept)
		verify_kept_free(r.v.kept);
	return rc;
}
