// SPDX-License-Identifier: BSD-3-Clause
/* The native runs of a case, and comparing with them. */
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <unicore/msg.h>

#include "internal.h"

#define CONFIRM_PAUSE 1100000000l /* ns: a clock that shows seconds has moved */

struct uc_vset {
	struct uc_verify *v;
	const struct uc_vcase *c;
	struct uc_vrun **plain, **traced;
	size_t nplain, ntraced;
	struct uc_vmask *mask[UC_VCH_TEXTS];
};

void uc_vrun_free(struct uc_vrun *r)
{
	for (int i = 0; i < UC_VCH_TEXTS; i++)
		uc_buf_free(&r->text[i]);
	*r = (struct uc_vrun){ 0 };
}

/* ---- what is explained is not compared ---- */

static void drop_lines(struct uc_buf *b, const char *pattern)
{
	struct uc_buf kept = { 0 };
	regex_t re;

	if (!b->n || regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB))
		return;
	for (char *p = b->p, *end = b->p + b->n; p < end;) {
		char *nl = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((nl ? nl + 1 : end) - p);
		char *line = uc_xstrndup(p, nl ? n - 1 : n);

		if (regexec(&re, line, 0, NULL, 0))
			uc_buf_add(&kept, p, n);
		free(line);
		p += n;
	}
	regfree(&re);
	uc_buf_free(b);
	*b = kept;
}

static void forgive(const struct uc_vcase *c, struct uc_vrun *r)
{
	for (size_t i = 0; i < c->nignores; i++)
		if (c->ignores[i].channel < UC_VCH_TEXTS)
			drop_lines(&r->text[c->ignores[i].channel], c->ignores[i].pattern);
}

/* ---- runs ---- */

static int add(struct uc_vset *s, bool traced)
{
	struct uc_vrun *r = uc_xzalloc(sizeof(*r)), ***list = traced ? &s->traced : &s->plain;
	size_t *n = traced ? &s->ntraced : &s->nplain;
	int rc = uc_vrun_native(s->v, s->c, traced, r);

	forgive(s->c, r);
	*list = uc_room(*list, *n, sizeof(**list));
	(*list)[(*n)++] = r;
	return rc;
}

static void learn(struct uc_vset *s)
{
	for (int ch = 0; ch < UC_VCH_TEXTS; ch++) {
		struct uc_vrun **runs = ch == UC_VCH_CALLS ? s->traced : s->plain;
		size_t n = ch == UC_VCH_CALLS ? s->ntraced : s->nplain;
		const struct uc_buf **texts = uc_xzalloc((n + 1) * sizeof(*texts));
		double(*times)[2] = uc_xzalloc((n + 1) * sizeof(*times));

		for (size_t i = 0; i < n; i++) {
			texts[i] = &runs[i]->text[ch];
			times[i][0] = runs[i]->began;
			times[i][1] = runs[i]->ended;
		}
		uc_vmask_free(s->mask[ch]);
		s->mask[ch] = n ? uc_vmask_learn(texts, (const double(*)[2])times, n) : NULL;
		free(texts);
		free(times);
	}
}

struct uc_vset *uc_vset_new(struct uc_verify *v, const struct uc_vcase *c)
{
	struct uc_vset *s = uc_xzalloc(sizeof(*s));

	s->v = v;
	s->c = c;
	return s;
}

int uc_vset_grow(struct uc_vset *s, unsigned n)
{
	int rc = 0;

	for (unsigned i = 0; i < n && !rc; i++) {
		rc = add(s, false);
		if (!rc && s->v->trace && !s->c->nsessions)
			rc = add(s, true);
	}
	learn(s);
	return rc;
}

/* ---- comparing ---- */

static bool is_compared(const struct uc_vset *s, int ch, const struct uc_vrun *traced)
{
	switch (ch) {
	case UC_VCH_NETWORK:
		return s->c->nsessions;
	case UC_VCH_CALLS:
		return traced && s->ntraced;
	}
	return true;
}

static double calls_agree(const struct uc_vset *s, const struct uc_buf *text)
{
	double best = 0;

	for (size_t i = 0; i < s->ntraced; i++) {
		double a = uc_vtext_similarity(&s->traced[i]->text[UC_VCH_CALLS], text);

		best = a > best ? a : best;
	}
	return best;
}

static double text_agrees(const struct uc_vset *s, int ch, const struct uc_vrun *r)
{
	const double time[2] = { r->began, r->ended };

	if (uc_vmask_matches(s->mask[ch], &r->text[ch], time))
		return 1;
	return ch == UC_VCH_CALLS ? calls_agree(s, &r->text[ch]) : 0;
}

/* A guest must wait as long as the native run waited at least; how much longer it may take goes by
 * the case. */
double verify_timing_agrees(const struct uc_vset *s, const struct uc_vrun *r)
{
	double waited = 1e9, longest = 0, shortest = 1e9;

	if (s->c->timing == UC_VT_ANY)
		return -1;
	for (size_t i = 0; i < s->nplain; i++) {
		double w = s->plain[i]->wall_s - s->plain[i]->cpu_s;

		waited = w < waited ? w : waited;
		shortest = s->plain[i]->wall_s < shortest ? s->plain[i]->wall_s : shortest;
		longest = s->plain[i]->wall_s > longest ? s->plain[i]->wall_s : longest;
	}
	if (waited > 0.1 && r->wall_s < 0.8 * waited)
		return 0;
	if (s->c->timing == UC_VT_WAITS)
		return r->wall_s <= 1.25 * longest + 1;
	return r->emulated ? r->wall_s <= 100 * longest + 10 : r->wall_s <= 10 * shortest + 1;
}

/* What reached the folder's host was made durable as often as natively. */
static bool syncs_agree(const struct uc_vset *s, const struct uc_vrun *traced)
{
	if (!traced || traced->syncs < 0 || !s->ntraced)
		return true;
	for (size_t i = 0; i < s->ntraced; i++)
		if (s->traced[i]->syncs < 0 || s->traced[i]->syncs == traced->syncs)
			return true;
	return false;
}

static void compare(const struct uc_vset *s, const struct uc_vrun *r, const struct uc_vrun *traced,
		    double agree[UC_VCH_N])
{
	for (int ch = 0; ch < UC_VCH_TEXTS; ch++)
		agree[ch] = is_compared(s, ch, traced)
				    ? text_agrees(s, ch, ch == UC_VCH_CALLS ? traced : r)
				    : -1;
	if (!syncs_agree(s, traced))
		agree[UC_VCH_FILES] = 0;
	agree[UC_VCH_TIMING] = verify_timing_agrees(s, r);
	agree[UC_VCH_RESOURCES] = !r->unsupported && !r->broken;
}

static bool agrees(const double agree[UC_VCH_N])
{
	for (int ch = 0; ch < UC_VCH_TEXTS; ch++)
		if (agree[ch] >= 0 && agree[ch] < 1)
			return false;
	return true;
}

int uc_vset_compare(struct uc_vset *s, const struct uc_vrun *r, const struct uc_vrun *traced,
		    double agree[UC_VCH_N])
{
	const struct timespec pause = { CONFIRM_PAUSE / 1000000000, CONFIRM_PAUSE % 1000000000 };
	int rc = 0;

	compare(s, r, traced, agree);
	if (!agrees(agree) && s->nplain < s->v->runs + s->v->confirm) {
		nanosleep(&pause, NULL);
		rc = uc_vset_grow(s, s->v->confirm);
		compare(s, r, traced, agree);
	}
	return rc;
}

void uc_vset_forgive(const struct uc_vset *s, struct uc_vrun *r)
{
	forgive(s->c, r);
}

const struct uc_buf *uc_vset_text(const struct uc_vset *s, enum uc_vchannel ch)
{
	return ch == UC_VCH_CALLS ? &s->traced[0]->text[ch] : &s->plain[0]->text[ch];
}

const struct uc_vrun *uc_vset_first(const struct uc_vset *s)
{
	return s->plain[0];
}

size_t uc_vset_runs(const struct uc_vset *s)
{
	return s->nplain;
}

enum uc_vlevel uc_vset_level(const struct uc_vset *s, enum uc_vchannel ch)
{
	return ch < UC_VCH_TEXTS && s->mask[ch] ? uc_vmask_level(s->mask[ch]) : UC_VL_BYTES;
}

static void free_runs(struct uc_vrun **runs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uc_vrun_free(runs[i]);
		free(runs[i]);
	}
	free(runs);
}

void uc_vset_free(struct uc_vset *s)
{
	if (!s)
		return;
	for (int ch = 0; ch < UC_VCH_TEXTS; ch++)
		uc_vmask_free(s->mask[ch]);
	free_runs(s->plain, s->nplain);
	free_runs(s->traced, s->ntraced);
	free(s);
}
