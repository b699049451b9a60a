// SPDX-License-Identifier: BSD-3-Clause
/* One case on all platforms, and the report. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"

#define TIME_AGAIN 2 /* runs more before times count as different */
#define SHOWN_MAX 20000 /* bytes of a text in the report */

/* ---- texts ---- */

/* Bytes as text: what is not printable is written as \xNN. */
json_t *verify_readable(const char *p, size_t len)
{
	struct uc_buf t = { 0 };
	size_t n = len < SHOWN_MAX ? len : SHOWN_MAX;
	json_t *s;

	uc_buf_str(&t, "");
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if ((c >= ' ' && c < 127) || c == '\n' || c == '\t')
			uc_buf_add(&t, &p[i], 1);
		else
			uc_buf_printf(&t, "\\x%02x", c);
	}
	if (n < len)
		uc_buf_printf(&t, "\n… %zu bytes more", len - n);
	s = json_stringn(t.p ? t.p : "", t.n);
	uc_buf_free(&t);
	return s;
}

static json_t *readable(const struct uc_buf *b)
{
	return verify_readable(b->p, b->n);
}

/* ---- results ---- */

struct tally {
	double sum[UC_VCH_N];
	unsigned n[UC_VCH_N];
	json_t *differences;
};

/* Texts for a difference of files that their listing does not show. */
static void show_syncs(const struct uc_vset *s, const struct verify_look *l, json_t *d)
{
	const struct uc_buf *native = uc_vset_text(s, UC_VCH_FILES),
			    *guest = &l->plain.text[UC_VCH_FILES];

	if (l->traced.syncs < 0 || native->n != guest->n ||
	    (native->n && memcmp(native->p, guest->p, native->n)))
		return;
	json_object_set_new(d, "native", json_string("files made durable another number of times"));
	json_object_set_new(d, "guest",
			    json_sprintf("files made durable %ld times", l->traced.syncs));
}

static void note(struct tally *t, const struct uc_vset *s, int ch, const struct verify_look *l)
{
	const struct uc_vrun *r = ch == UC_VCH_CALLS ? &l->traced : &l->plain;
	double agree = l->agree[ch];

	if (agree < 0)
		return;
	t->sum[ch] += agree;
	t->n[ch]++;
	if (agree >= 1 || json_array_size(t->differences) >= 16)
		return;
	json_t *d = json_pack("{s:s}", "channel", uc_vchannel_names[ch]);

	if (ch < UC_VCH_TEXTS) {
		json_object_set_new(d, "native", readable(uc_vset_text(s, (enum uc_vchannel)ch)));
		json_object_set_new(d, "guest", readable(&r->text[ch]));
		if (ch == UC_VCH_FILES)
			show_syncs(s, l, d);
	} else if (ch == UC_VCH_TIMING) {
		json_object_set_new(d, "native", json_sprintf("%.3f s", uc_vset_first(s)->wall_s));
		json_object_set_new(d, "guest", json_sprintf("%.3f s", r->wall_s));
	} else {
		json_object_set_new(d, "native", json_string("-"));
		json_object_set_new(d, "guest",
				    json_sprintf("%ld calls or options not implemented%s",
						 r->unsupported,
						 r->broken ? "; the machine failed" : ""));
	}
	json_array_append_new(t->differences, d);
}

static json_t *channels_of(const struct tally *t, const struct uc_vset *s)
{
	json_t *o = json_object();

	for (int ch = 0; ch < UC_VCH_N; ch++) {
		json_t *e;

		if (!t->n[ch])
			continue;
		e = json_pack("{s:f, s:i}", "agreement", t->sum[ch] / t->n[ch], "comparisons",
			      (int)t->n[ch]);
		if (ch < UC_VCH_TEXTS)
			json_object_set_new(e, "compared",
					    json_string(uc_vlevel_text(
						    uc_vset_level(s, (enum uc_vchannel)ch))));
		json_object_set_new(o, uc_vchannel_names[ch], e);
	}
	return o;
}

static int run_on(struct uc_verify *v, const struct uc_vcase *c, const char *plat, bool traced,
		  struct uc_vrun *out)
{
	return strcmp(plat, "native") ? uc_vrun_guest(v, c, plat, traced, out)
				      : uc_vrun_native(v, c, traced, out);
}

/* What takes too long may be the machine's fault: it does so again, or not. */
static int time_again(struct uc_verify *v, struct uc_vset *s, const struct uc_vcase *c,
		      const char *plat, struct verify_look *l)
{
	int rc = 0;

	for (int i = 0; i < TIME_AGAIN && !rc && !l->agree[UC_VCH_TIMING]; i++) {
		struct uc_vrun r = { 0 };

		rc = run_on(v, c, plat, false, &r);
		l->agree[UC_VCH_TIMING] = verify_timing_agrees(s, &r);
		uc_vrun_free(&r);
	}
	return rc;
}

int verify_look(struct uc_verify *v, struct uc_vset *s, const struct uc_vcase *c, const char *plat,
		struct verify_look *l)
{
	bool trace = v->trace && !c->nsessions;
	int rc;

	*l = (struct verify_look){ 0 };
	rc = run_on(v, c, plat, false, &l->plain);
	if (!rc && trace)
		rc = run_on(v, c, plat, true, &l->traced);
	uc_vset_forgive(s, &l->plain);
	uc_vset_forgive(s, &l->traced);
	if (!rc)
		rc = uc_vset_compare(s, &l->plain, trace ? &l->traced : NULL, l->agree);
	return rc ? rc : time_again(v, s, c, plat, l);
}

void verify_look_free(struct verify_look *l)
{
	uc_vrun_free(&l->plain);
	uc_vrun_free(&l->traced);
}

static int one_run(struct uc_verify *v, struct uc_vset *s, const struct uc_vcase *c,
		   const char *plat, struct tally *t, json_t *result)
{
	struct verify_look l;
	int rc = verify_look(v, s, c, plat, &l);

	for (int ch = 0; ch < UC_VCH_N && !rc; ch++)
		note(t, s, ch, &l);
	json_object_set_new(result, "wall_ms", json_real(l.plain.wall_s * 1000));
	json_object_set_new(result, "peak_bytes", json_integer((json_int_t)l.plain.peak_bytes));
	verify_look_free(&l);
	return rc;
}

static int on_platform(struct uc_verify *v, struct uc_vset *s, const struct uc_vcase *c,
		       const char *plat, json_t *results)
{
	struct tally t = { .differences = json_array() };
	json_t *result = json_pack("{s:s}", "platform", plat);
	int rc = 0;

	for (unsigned i = 0; i < v->repeat && !rc; i++)
		rc = one_run(v, s, c, plat, &t, result);
	json_object_set_new(result, "channels", channels_of(&t, s));
	json_object_set_new(result, "differences", t.differences);
	if (!rc && json_array_size(t.differences))
		rc = verify_reproduce(v, c, plat, result);
	json_array_append_new(results, result);
	return rc;
}

static json_t *strings(const struct uc_vec *v)
{
	json_t *a = json_array();

	for (size_t i = 0; i < v->n; i++)
		json_array_append_new(a, verify_readable(v->v[i], strlen(v->v[i])));
	return a;
}

int uc_verify_case(struct uc_verify *v, const struct uc_vcase *c, json_t *report)
{
	struct uc_vset *s = uc_vset_new(v, c);
	json_t *results = json_array(), *o;
	int rc = uc_vset_grow(s, v->runs);

	for (size_t i = 0; i < v->plats->n && !rc; i++)
		rc = on_platform(v, s, c, v->plats->v[i], results);
	if (!rc) {
		const struct uc_vrun *first = uc_vset_first(s);

		o = json_pack("{s:s}", "name", c->name);
		json_object_set_new(o, "arguments", strings(&c->args));
		json_object_set_new(o, "native",
				    json_pack("{s:i, s:f, s:I}", "runs", (int)uc_vset_runs(s),
					      "wall_ms", first->wall_s * 1000, "peak_bytes",
					      (json_int_t)first->peak_bytes));
		json_object_set(o, "results", results);
		json_array_append_new(json_object_get(report, "cases"), o);
	}
	json_decref(results);
	uc_vset_free(s);
	return rc;
}

/* ---- scores ---- */

struct score {
	double weighted, weight; /* sums over channels */
	double agree;            /* sum over comparisons */
	unsigned n;
};

static void add_channels(struct score *s, const json_t *channels)
{
	for (int ch = 0; ch < UC_VCH_N; ch++) {
		const json_t *e = json_object_get(channels, uc_vchannel_names[ch]);
		double a = json_number_value(json_object_get(e, "agreement"));
		unsigned n = (unsigned)json_integer_value(json_object_get(e, "comparisons"));

		if (!e)
			continue;
		s->weighted += a * uc_vchannel_weights[ch];
		s->weight += uc_vchannel_weights[ch];
		s->agree += a * n;
		s->n += n;
	}
}

static double points(const struct score *s)
{
	return s->weight > 0 ? 100 * s->weighted / s->weight : 0;
}

/* Wilson's interval at 95 % for the share of comparisons that agree, moved to the score. */
static void put_score(json_t *o, const struct score *s)
{
	const double z = 1.96, n = s->n ? s->n : 1, p = s->agree / n;
	double middle = (p + z * z / (2 * n)) / (1 + z * z / n);
	double half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);

	json_object_set_new(o, "score", json_real(points(s)));
	json_object_set_new(o, "comparisons", json_integer(s->n));
	json_object_set_new(o, "interval",
			    json_pack("[f, f]", fmax(0, 100 * (middle - half)),
				      fmin(100, 100 * (middle + half))));
}

static void sum_channels(json_t *all, const json_t *channels)
{
	const char *name;
	json_t *e;

	json_object_foreach((json_t *)channels, name, e)
	{
		json_t *t = json_object_get(all, name);
		double a = json_number_value(json_object_get(e, "agreement"));
		json_int_t n = json_integer_value(json_object_get(e, "comparisons")), was;

		if (!t) {
			t = json_pack("{s:f, s:i}", "agreement", 0.0, "comparisons", 0);
			json_object_set_new(all, name, t);
		}
		was = json_integer_value(json_object_get(t, "comparisons"));
		a = (a * (double)n +
		     (double)was * json_number_value(json_object_get(t, "agreement"))) /
		    (double)(n + was);
		json_object_set_new(t, "agreement", json_real(a));
		json_object_set_new(t, "comparisons", json_integer(n + was));
	}
}

void uc_verify_finish(json_t *report)
{
	json_t *k, *r, *channels = json_object();
	struct score total = { 0 };
	size_t i, j;

	json_array_foreach(json_object_get(report, "cases"), i, k)
	{
		json_array_foreach(json_object_get(k, "results"), j, r)
		{
			const json_t *c = json_object_get(r, "channels");
			struct score one = { 0 };

			add_channels(&one, c);
			add_channels(&total, c);
			sum_channels(channels, c);
			put_score(r, &one);
		}
	}
	put_score(report, &total);
	json_object_set_new(report, "channels", channels);
}

json_t *uc_verify_report(const struct uc_verify *v)
{
	return json_pack("{s:s, s:s, s:s, s:[]}", "report", "unicore.verify/1", "source", v->source,
			 "isolation", uc_visolation_text(v->isolation), "cases");
}
