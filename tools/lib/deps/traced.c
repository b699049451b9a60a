// SPDX-License-Identifier: BSD-3-Clause
/* Traced runs: which calls a workload makes, and which of them it could do without. */
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include <unicore/msg.h>
#include <unicore/tracer.h>

#include "view.h"

enum need { UNKNOWN, REQUIRED, STUB, FAKE };
static const char *const needs[] = { "unknown", "required", "stub", "fake" };

/* Calls of programs that the report is not about are not held against it. */
static bool is_ours(void *doc, const char *path)
{
	json_t *o;
	size_t i;

	json_array_foreach(json_object_get(doc, "libraries"), i,
			   o) if (!strcmp(uc_json_str(o, "path"), path)) return true;
	return false;
}

/* ---- what a call is worth ---- */

struct trial {
	const struct uc_vec *argv;
	const char *name;
	json_t *doc;
	struct uc_trace base;
	bool steady; /* output is the same each time */
	double limit;
	bool refused[UC_TRACE_CALLS]; /* made by a run in which another call was refused */
};

static void note_refused(struct trial *t, const struct uc_trace *run)
{
	for (unsigned nr = 0; nr < UC_TRACE_CALLS; nr++)
		t->refused[nr] |= run->count[nr] && !t->base.count[nr];
}

static bool as_well(struct trial *t, unsigned nr, enum uc_trace_deny deny)
{
	struct uc_trace_run run = { .argv = (const char *const *)t->argv->v,
				    .name = t->name,
				    .quiet = true,
				    .wanted = is_ours,
				    .arg = t->doc,
				    .timeout_s = t->limit,
				    .deny = deny,
				    .number = nr };
	struct uc_trace out;

	bool ran = !uc_trace_program(&run, &out);

	if (ran && deny == UC_DENY_REFUSE)
		note_refused(t, &out);
	free(out.other);
	return ran && !out.timed_out && out.status == t->base.status &&
	       (!t->steady || !memcmp(out.output, t->base.output, sizeof(out.output)));
}

static enum need try_without(struct trial *t, unsigned nr)
{
	/* A process that cannot end is no success. */
	if (nr == SYS_exit || nr == SYS_exit_group)
		return REQUIRED;
	if (as_well(t, nr, UC_DENY_REFUSE))
		return STUB;
	return as_well(t, nr, UC_DENY_FAKE) ? FAKE : REQUIRED;
}

static int classify(struct trial *t, enum need *need)
{
	struct uc_trace_run run = { .argv = (const char *const *)t->argv->v,
				    .name = t->name,
				    .quiet = true,
				    .wanted = is_ours,
				    .arg = t->doc,
				    .timeout_s = 60 };
	struct uc_progress p;
	struct uc_trace again;
	unsigned done = 0, n = 0;
	uint64_t start = uc_now_ns();
	int rc = uc_trace_program(&run, &t->base);

	/* One that never ends without the call is known soon where the run itself is short. */
	t->limit = 1 + 20 * (double)(uc_now_ns() - start) / 1e9;
	if (!rc)
		rc = uc_trace_program(&run, &again);
	if (rc)
		return rc;
	free(again.other);
	t->steady = !memcmp(again.output, t->base.output, sizeof(again.output));
	for (unsigned nr = 0; nr < UC_TRACE_CALLS; nr++)
		n += t->base.count[nr] > 0;
	uc_progress_start(&p, "running without each call", n, false);
	for (unsigned nr = 0; nr < UC_TRACE_CALLS; nr++) {
		if (!t->base.count[nr])
			continue;
		need[nr] = try_without(t, nr);
		uc_progress_update(&p, ++done);
	}
	uc_progress_end(&p);
	return 0;
}

/* ---- into the report ---- */

static json_t *entry(unsigned nr, const struct uc_systab *tab)
{
	const char *name = nr < tab->n && tab->name[nr] ? tab->name[nr] : "?";

	return json_pack("{s:s, s:I, s:b, s:b, s:s, s:I, s:n, s:[], s:[]}", "name", name, "number",
			 (json_int_t)nr, "static", 0, "traced", 0, "need", needs[UNKNOWN], "sites",
			 (json_int_t)0, "phase", "arguments", "via");
}

static json_t *phases(const struct uc_trace *t, unsigned nr)
{
	json_t *a = json_array();

	if (t->count[nr] > t->steady[nr])
		json_array_append_new(a, json_string("start"));
	if (t->steady[nr])
		json_array_append_new(a, json_string("steady"));
	return a;
}

/* The calls of the report by number, those that were traced among them. */
static void merge(json_t *doc, const struct uc_systab *tab, const struct trial *trial,
		  const enum need *need)
{
	const struct uc_trace *t = &trial->base;
	json_t *old = json_object_get(doc, "syscalls"), *all = json_array(), *o;
	size_t at = 0;

	for (unsigned nr = 0; nr < UC_TRACE_CALLS; nr++) {
		o = json_array_get(old, at);
		if (o && json_integer_value(json_object_get(o, "number")) == (json_int_t)nr) {
			json_incref(o);
			at++;
		} else {
			o = t->count[nr] || trial->refused[nr] ? entry(nr, tab) : NULL;
		}
		if (o && t->count[nr]) {
			json_object_set_new(o, "traced", json_true());
			json_object_set_new(o, "traced_in", phases(t, nr));
		}
		if (o && trial->refused[nr])
			json_object_set_new(o, "traced_refused", json_true());
		if (o && need[nr])
			json_object_set_new(o, "need", json_string(needs[need[nr]]));
		if (o)
			json_array_append_new(all, o);
	}
	json_object_set_new(doc, "syscalls", all);
}

int uc_deps_trace(json_t *doc, const struct uc_systab *tab, const struct uc_vec *argv,
		  const char *name, bool with_needs)
{
	struct trial t = { .argv = argv, .name = name, .doc = doc };
	enum need need[UC_TRACE_CALLS] = { UNKNOWN };
	struct uc_trace_run run = {
		.argv = (const char *const *)argv->v, .name = name, .wanted = is_ours, .arg = doc
	};
	int rc = with_needs ? classify(&t, need) : uc_trace_program(&run, &t.base);

	if (rc)
		return uc_fail_os(UC_ST_OSERR, argv->v[0], "ptrace(2) must be permitted", -rc,
				  "cannot trace it");
	if (t.base.status)
		uc_warn(argv->v[0], "the traced run ended with status %d", t.base.status);
	if (t.base.foreign)
		uc_warn(argv->v[0], "it made calls of 32-bit programs, not counted");
	if (t.base.other)
		uc_warn(argv->v[0], "it executed %s, whose calls are not counted", t.base.other);
	free(t.base.other);
	merge(doc, tab, &t, need);
	return 0;
}
