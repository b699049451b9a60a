// SPDX-License-Identifier: BSD-3-Clause
/* All probes on all platforms. */
#include <stdlib.h>
#include <string.h>

#include <unicore/exit.h>
#include <unicore/json.h>
#include <unicore/link.h>
#include <unicore/msg.h>

#include "internal.h"

#define CALLS_MAX 512

static const char *const verdicts[] = { "pass", "fail", "none" };

/* ---- what files of the image say ---- */

/* A digit for each four calls, the lowest first. */
static int read_calls(struct secure_case *c)
{
	char *path = uc_path_join(c->img->dir, "calls");
	unsigned digit[CALLS_MAX / 4] = { 0 };
	struct uc_systab t;
	struct uc_buf b = { 0 };
	int rc = uc_systab_installed(NULL, &t);

	if (!rc)
		rc = uc_calls_load(path, &t, &c->names);
	for (size_t i = 0; i < c->names.n && !rc; i++) {
		int nr = uc_systab_number(&t, c->names.v[i]);

		/* a call that every kernel answers is taken from the list */
		if (nr >= 0 && nr < CALLS_MAX && !(secure_sabotaged(c, "calls") && i == 0))
			digit[nr / 4] |= 1u << nr % 4;
	}
	for (size_t i = 0; i < CALLS_MAX / 4; i++)
		uc_buf_printf(&b, "%x", digit[i]);
	c->calls = b.p;
	uc_systab_free(&t);
	free(path);
	return rc;
}

static void read_contents(struct secure_case *c)
{
	char *path = uc_path_join(c->img->dir, "contents.json");
	json_t *doc = json_load_file(path, 0, NULL), *f;
	size_t i;

	json_array_foreach(json_object_get(doc, "files"), i,
			   f) if (strcmp(uc_json_str(f, "kind"), "folder"))
		uc_vec_take(&c->files,
			    uc_xasprintf("%s\n%s", uc_json_str(f, "path"), uc_json_str(f, "why")));
	if (secure_sabotaged(c, "no-shell"))
		uc_vec_add(&c->files, "/usr/bin/sh\nrule `popen`");
	json_decref(doc);
	free(path);
}

static int read_kernel(struct secure_case *c)
{
	const char *path = c->process ? c->img->kernel_linux : c->img->kernel;
	char *debug = uc_xasprintf("%s.debug", path);
	bool ok = secure_kernel_load(path, debug, &c->kernel);

	free(debug);
	return ok ? 0 : uc_fail(UC_ST_DATA, path, "build the image again", "not a usable kernel");
}

/* ---- judging ---- */

/* Can the image do it at all? */
static bool possible(const struct secure_case *c, const struct secure_probe *p, struct uc_buf *why)
{
	char *copy = uc_xstrdup(p->needs ? p->needs : ""), *next = copy, *call;

	while ((call = strsep(&next, " ")) && !why->n)
		if (*call && !uc_vec_has(&c->names, call))
			uc_buf_printf(why, "the image has no %s", call);
	if (p->panics && uc_vec_has(&c->img->ulibs, "heap_tlsf"))
		uc_buf_str(why, "the blocks of this heap are not known to the probe");
	free(copy);
	return !why->n;
}

static enum secure_verdict judge_fault(const struct secure_case *c, const struct secure_probe *p,
				       struct uc_buf *why)
{
	enum { SIGNALLED = 128 + 11, PANICKED = 120 };
	bool survived = false;
	int status;

	if (!possible(c, p, why))
		return SECURE_NONE;
	status = secure_fault(c, p->fault, secure_sabotaged(c, p->name), &survived);

	if (survived)
		uc_buf_str(why, "nothing happened");
	else
		uc_buf_printf(why, "status %d", status);
	return !survived && status == (p->panics ? PANICKED : SIGNALLED) ? SECURE_PASS
									 : SECURE_FAIL;
}

static enum secure_verdict judge(const struct secure_case *c, const struct secure_probe *p,
				 struct uc_buf *why)
{
	if (p->fault)
		return judge_fault(c, p, why);
	return p->place ? secure_judge_aslr(c, p->place, why) : p->judge(c, why);
}

static void add_probe(const struct secure_case *c, const struct secure_probe *p, json_t *out)
{
	struct uc_buf why = { 0 };
	enum secure_verdict v = judge(c, p, &why);

	json_array_append_new(out,
			      json_pack("{s:s, s:s, s:s, s:s}", "name", p->name, "what", p->what,
					"verdict", verdicts[v], "found", why.p ? why.p : ""));
	uc_buf_free(&why);
}

/* With a sabotage only the probe is judged that must notice. */
static bool applies(const struct secure_case *c, const struct secure_probe *p)
{
	return (c->process ? p->process : p->kvm) &&
	       (!p->ulib || uc_vec_has(&c->img->ulibs, p->ulib)) &&
	       (!c->s->sabotage || secure_sabotaged(c, p->name));
}

static json_t *judge_all(const struct secure_case *c)
{
	json_t *out = json_array();

	for (size_t i = 0; i < secure_nprobes; i++)
		if (applies(c, &secure_probes[i]))
			add_probe(c, &secure_probes[i], out);
	return out;
}

static bool needs_boots(const struct secure_case *c)
{
	for (size_t i = 0; i < secure_nprobes; i++)
		if (applies(c, &secure_probes[i]) && !secure_probes[i].fault)
			return true;
	return false;
}

/* ---- a platform ---- */

static void case_free(struct secure_case *c)
{
	for (size_t i = 0; i < c->nboots; i++)
		secure_boot_free(&c->boot[i]);
	free(c->boot);
	secure_kernel_free(&c->kernel);
	uc_vec_free(&c->files);
	uc_vec_free(&c->names);
	free(c->calls);
}

static int platform(const struct uc_secure *s, const struct uc_run_image *img, char *probe,
		    const char *plat, json_t *report)
{
	struct secure_case c = { .s = s, .img = img, .probe = probe, .plat = plat };
	int rc;

	c.process = !strcmp(plat, "linux");
	if (c.process && !img->kernel_linux)
		return uc_fail(UC_ST_DATA, s->dir, "build the image again",
			       "it has no kernel for this platform");
	rc = read_kernel(&c);
	if (!rc)
		rc = read_calls(&c);
	read_contents(&c);
	c.boot = uc_xzalloc(s->boots * sizeof(*c.boot));
	for (; c.nboots < s->boots && !rc && needs_boots(&c); c.nboots++)
		rc = secure_report(&c, &c.boot[c.nboots]);
	if (!rc)
		json_object_set_new(json_object_get(report, "platforms"), plat, judge_all(&c));
	case_free(&c);
	return rc;
}

int uc_secure_run(const struct uc_secure *s, json_t **report)
{
	struct uc_run_image img = { 0 };
	char *work = uc_tmp_path("unicore-secure-XXXXXX"), *probe = NULL;
	int rc = uc_run_image_load(s->dir, &img);

	*report = json_pack("{s:s, s:s, s:i, s:{}}", "report", "unicore.secure/1", "image", s->dir,
			    "boots", (int)s->boots, "platforms");
	if (!rc && !mkdtemp(work))
		rc = uc_fail(UC_ST_CANTCREAT, work, NULL, "cannot make a folder for the work");
	uc_cleanup_push(work);
	if (!rc)
		rc = secure_image(&img, work, &probe);
	for (size_t i = 0; i < s->plats->n && !rc; i++)
		rc = platform(s, &img, probe, s->plats->v[i], *report);
	uc_rmtree(work);
	uc_cleanup_pop();
	uc_run_image_free(&img);
	free(work);
	free(probe);
	return rc;
}

/* ---- the report ---- */

bool uc_secure_failed(const json_t *report)
{
	const char *plat;
	json_t *probes, *p;
	size_t i;

	json_object_foreach(json_object_get(report, "platforms"), plat, probes)
		json_array_foreach(probes, i, p) if (!strcmp(uc_json_str(p, "verdict"),
							     verdicts[SECURE_FAIL])) return true;
	return false;
}

void uc_secure_text(const json_t *report, FILE *f)
{
	const char *plat;
	json_t *probes, *p;
	size_t i;

	json_object_foreach(json_object_get(report, "platforms"), plat, probes)
	{
		unsigned n[3] = { 0 };

		json_array_foreach(probes, i, p)
		{
			const char *v = uc_json_str(p, "verdict");

			for (unsigned k = 0; k < 3; k++)
				n[k] += !strcmp(v, verdicts[k]);
			fprintf(f, "%-5s %-4s %-18s %s: %s\n", plat, v, uc_json_str(p, "name"),
				uc_json_str(p, "what"), uc_json_str(p, "found"));
		}
		fprintf(f, "%s: %u probes passed, %u failed, %u had nothing to look at\n", plat,
			n[SECURE_PASS], n[SECURE_FAIL], n[SECURE_NONE]);
	}
}
