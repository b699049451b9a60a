// SPDX-License-Identifier: BSD-3-Clause
/* unicore verify: does the unikernel behave like the original? */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <uc/abi/faults.h>
#include <unicore/fault.h>
#include <unicore/secure.h>
#include <unicore/verify.h>

#include "commands.h"

#define WORSE 1 /* exit status: below --min-score, or worse than the baseline */

struct opts {
	const char *cases, *plat, *accel, *input, *exec, *min_score, *junit, *html, *baseline,
		*reproducer;
	struct uc_strlist env, files, inject;
	const char *sabotage;
	uint64_t runs, confirm, repeat, memory, tries, generate, seed, boots;
	double timeout;
	bool security, json, trace, rebuild, keep, quiet, waits;
	int verbose;
};

static const struct uc_opt options[] = {
	UC_OPT_STRING('c', "cases", "FILE", UC_HINT_FILE, struct opts, cases,
		      "run the cases of a verify.yaml, verify.yaml(5)"),
	UC_OPT_STRING(0, "plat", "kvm,linux", UC_HINT_NONE, struct opts, plat,
		      "platforms to run on (default kvm,linux)",
		      .more = "native compares further native runs with the first ones: what it "
			      "reports is a false alarm."),
	UC_OPT_STRING(0, "accel", "auto|kvm|tcg", UC_HINT_NONE, struct opts, accel,
		      "how to run virtual machines (as unicore run)"),
	UC_OPT_STRING('x', "exec", "PATH", UC_HINT_NONE, struct opts, exec,
		      "start another program of the image"),
	UC_OPT_LIST('e', "env", "NAME=VALUE", UC_HINT_NONE, struct opts, env,
		    "set an environment variable on both sides"),
	UC_OPT_STRING(0, "stdin", "FILE", UC_HINT_FILE, struct opts, input,
		      "what the program reads from standard input (default: nothing)"),
	UC_OPT_LIST('f', "file", "FILE[:NAME]", UC_HINT_FILE, struct opts, files,
		    "put a file into the work folder of each run"),
	UC_OPT_SIZE('m', "memory", "SIZE", struct opts, memory, "memory of the guests"),
	UC_OPT_SECONDS(0, "timeout", "SECONDS", struct opts, timeout,
		       "time limit of each run (default 60)"),
	UC_OPT_UINT(0, "runs", "N", struct opts, runs,
		    "native runs to learn from what varies (default 5)", .min = 1, .max = 1000),
	UC_OPT_UINT(0, "confirm", "N", struct opts, confirm,
		    "native runs more before something counts as different (default 5)",
		    .max = 1000),
	UC_OPT_UINT(0, "repeat", "N", struct opts, repeat, "runs on each platform (default 1)",
		    .min = 1, .max = 1000),
	UC_OPT_FLAG(0, "trace", struct opts, trace,
		    "compare system calls and their results (default; --no-trace: not)",
		    .flags = UC_OPT_NEGATABLE),
	UC_OPT_FLAG(0, "waits", struct opts, waits,
		    "the program waits for times: it must not take longer than natively"),
	UC_OPT_FLAG(0, "security", struct opts, security, "probe the image's defences instead"),
	UC_OPT_UINT(0, "boots", "N", struct opts, boots,
		    "boots to see what differs between them, with --security (default 4)", .min = 2,
		    .max = 1000),
	UC_OPT_STRING(0, "sabotage", "PROBE", UC_HINT_NONE, struct opts, sabotage,
		      "switch off the defence that a probe of --security looks at",
		      .more = "For tests: only that probe is made, and must fail."),
	UC_OPT_STRING(0, "min-score", "N", UC_HINT_NONE, struct opts, min_score,
		      "end with status 1 below this score (default 99)"),
	UC_OPT_LIST(0, "inject", "FAULT", UC_HINT_NONE, struct opts, inject,
		    "make system calls of the guest go wrong, and see which faults are noticed",
		    .more = "FAULT is all, KIND, KIND:CALL or KIND:CALL:NTH[:EVERY[:VALUE]]; see "
			    "FAULTS below. The report lists those that happened; the exit status "
			    "is 1 if one of them was not noticed, or none happened."),
	UC_OPT_STRING(0, "baseline", "FILE", UC_HINT_FILE, struct opts, baseline,
		      "end with status 1 where the report in FILE was better",
		      .more = "If there is no FILE yet, it is written."),
	UC_OPT_UINT(0, "generate", "N", struct opts, generate,
		    "make N cases more from each, by changing input, files and arguments",
		    .more = "At random places, with boundary values for numbers, and with options "
			    "that the program's --help or code names."),
	UC_OPT_UINT(0, "seed", "S", struct opts, seed,
		    "the same seed makes the same cases (default 1)"),
	UC_OPT_STRING(0, "reproducer", "FILE", UC_HINT_FILE, struct opts, reproducer,
		      "reduce what differs to small cases, and write them to FILE (verify.yaml)",
		      .more = "Arguments, input, files and variables, and parts of them, are left "
			      "out as long as the same channel differs. Of injected faults "
			      "one of each kind and call is reduced."),
	UC_OPT_UINT(0, "tries", "N", struct opts, tries,
		    "runs of smaller cases for each of them, at most (default 100)"),
	UC_OPT_FLAG(0, "json", struct opts, json, "print the report as JSON"),
	UC_OPT_STRING(0, "junit", "FILE", UC_HINT_FILE, struct opts, junit,
		      "write the report in JUnit's format"),
	UC_OPT_STRING(0, "html", "FILE", UC_HINT_FILE, struct opts, html,
		      "write the report as a page with differences side by side"),
	UC_OPT_FLAG(0, "rebuild", struct opts, rebuild,
		    "build a SOURCE again even if its image is in the cache"),
	UC_OPT_FLAG(0, "keep", struct opts, keep, "keep the work folder, and print its name"),
	UC_OPT_FLAG('q', "quiet", struct opts, quiet, "print errors only"),
	UC_OPT_COUNT('v', "verbose", struct opts, verbose, "say more"),
	UC_OPT_END
};

#define FAULT_LINE(id, name, text) "  " name ": " text "\n"
static const struct uc_section sections[] = {
	{ "HOW IT WORKS",
	  "The program runs several times natively, then on each platform. A native run has "
	  "namespaces of its own whose root is the image's file system with a fresh layer in "
	  "memory over it, an own host name and an own network. Where namespaces are not permitted "
	  "the program of this machine runs in this machine's root, and the report says so.\n\n"
	  "Both sides see the same arguments, environment, standard input, and an equal work "
	  "folder /work, in which they start." },
	{ "CHANNELS",
	  "stdout, stderr (without the kernel's log), status (exit status or signal), files "
	  "(names, kinds, modes, owners, links and contents of the work folder; on the linux "
	  "platform also how often they were made durable), network (what clients got), calls "
	  "(system calls and their results, of separate runs that are traced), timing (a guest "
	  "waits at least "
	  "four fifths of what the native run waited, and takes no more than 10 times as long and "
	  "1 s, an emulated one 100 times and 10 s, once in three runs), resources (nothing was "
	  "asked for that the kernel lacks; the machine did not fail)." },
	{ "NOISE",
	  "What varies between native runs is not compared: words and numbers at places of a text "
	  "where they differ, then the order of lines, then their numbers, and so on; the report "
	  "says for each channel what was compared. Before a difference counts, further native "
	  "runs are made and the comparison is repeated." },
	{ "SCORE",
	  "Agreement of the channels weighted by 30 (stdout), 10 (stderr), 20 (status), 15 (files, "
	  "network), 5 (the others), from 0 to 100. A channel of a run agrees or not, but for the "
	  "calls, where it is the share of calls that both have. The interval is Wilson's for the "
	  "share of comparisons that agree, at 95 %: it is wide when few were made." },
	{ "FAULTS",
	  "--inject shows whether a comparison would notice a mistake of the kernel: system calls "
	  "of the guest go wrong on purpose, by a part of the kernel that no other run has. A "
	  "fault is KIND:CALL:NTH:EVERY:VALUE: the NTH call (1) that it can change, and then each "
	  "EVERY-th again (0: none). KIND or KIND:CALL stands for the first, middle and last of "
	  "the calls that the program makes, all for each kind. Faults that do not happen, or "
	  "after which the program does what it does without them, are not listed. Kinds:\n\n"
	  UC_INJECT_KINDS(FAULT_LINE) },
	{ "SECURITY",
	  "With --security a program that looks around runs in place of the image's own, on the "
	  "same kernels: as often as --boots says, and once for each forbidden thing that it "
	  "tries. It reports addresses, registers, random numbers, and on kvm the page tables; the "
	  "host adds what it sees of the process that is the machine. About 50 probes judge that. "
	  "Bits of addresses are the sum of the entropy of each, no more than so many boots can "
	  "show: 100 boots tell 28 bits. The exit status is 1 if a probe fails." },
	{ "EXAMPLES", "  unicore verify /bin/ls -- -l /usr\n"
		      "  unicore verify --plat linux --stdin words /usr/bin/sort -- -r\n"
		      "  unicore verify --html cat.html --file notes.txt /bin/cat -- notes.txt\n"
		      "  unicore verify --cases verify.yaml --junit result.xml\n"
		      "  unicore verify --plat linux --inject all --stdin words /usr/bin/sort\n"
		      "  unicore verify --security --plat linux /bin/ls" },
	{ NULL, NULL }
};
#undef FAULT_LINE

const struct uc_cmd uc_cmdinfo_verify = {
	.name = "verify",
	.main = uc_cmd_verify,
	.synopsis = "[options] [IMAGE|SOURCE [-- ARGUMENT...]]",
	.summary = "compare the unikernel with native runs of the program",
	.description = "Runs a program natively and as unikernel on each platform, and compares "
		       "all that can be seen of it. The exit status is 1 if the score is below "
		       "--min-score, or something is worse than in the baseline.",
	.opts = options,
	.sections = sections,
	.see_also = "unicore(1), unicore-build(1), unicore-run(1)",
	.min_args = 0,
	.max_args = UC_ARGS_ANY,
	.positional = UC_HINT_FILE,
};

struct run {
	const struct opts *o;
	struct uc_verify v;
	struct uc_vec plats, faults;
	struct uc_vcases cases, reproducers;
	const char *source;
	char *dir;
	double min_score;
};

/* ---- what the command line says ---- */

static int read_plats(struct run *r)
{
	char *copy = uc_xstrdup(r->o->plat ? r->o->plat : "kvm,linux"), *next = copy, *w;
	int rc = 0;

	while (!rc && (w = strsep(&next, ",")))
		if (strcmp(w, "kvm") && strcmp(w, "linux") && strcmp(w, "native"))
			rc = uc_fail(UC_ST_USAGE, "--plat", "write kvm, linux or native",
				     "`%s` is not a platform", w);
		else
			uc_vec_add_once(&r->plats, w);
	free(copy);
	return rc;
}

static int read_score(struct run *r)
{
	const char *s = r->o->min_score;
	char *end;

	r->min_score = s ? strtod(s, &end) : 99;
	if (!s || (*s && !*end && r->min_score >= 0 && r->min_score <= 100))
		return 0;
	return uc_fail(UC_ST_USAGE, "--min-score", "write a number from 0 to 100",
		       "`%s` is not a score", s);
}

static int read_input(const struct opts *o, struct uc_vcase *c)
{
	struct uc_buf b = { 0 };
	int rc = uc_file_read(o->input, 1 << 30, &b);

	c->input = b.p;
	c->input_len = b.n;
	return rc ? uc_fail_os(UC_ST_NOINPUT, o->input, NULL, -rc, "cannot read it") : 0;
}

static int add_file(struct uc_vcase *c, const char *spec)
{
	const char *colon = strrchr(spec, ':');
	struct uc_vfile f = { .mode = -1 };

	f.from = colon ? uc_xstrndup(spec, (size_t)(colon - spec)) : uc_xstrdup(spec);
	f.name = uc_xstrdup(colon ? colon + 1 : uc_path_base(spec));
	c->files = uc_room(c->files, c->nfiles, sizeof(f));
	c->files[c->nfiles++] = f;
	if (*f.name && f.name[0] != '/' && !strstr(f.name, ".."))
		return 0;
	return uc_fail(UC_ST_USAGE, spec, "write FILE:NAME", "not usable as a name in the folder");
}

static int case_of(const struct run *r, const struct uc_args *args, struct uc_vcase *c)
{
	const struct opts *o = r->o;
	int rc = 0;

	c->exec = o->exec ? uc_xstrdup(o->exec) : NULL;
	c->memory = o->memory;
	c->timing = o->waits ? UC_VT_WAITS : UC_VT_BOUNDED;
	struct uc_buf name = { 0 };

	uc_buf_str(&name, args->v[0]);
	for (size_t i = 1; i < args->n; i++) {
		uc_buf_printf(&name, " %s", args->v[i]);
		uc_vec_add(&c->args, args->v[i]);
	}
	c->name = name.p;
	for (size_t i = 0; i < o->env.n; i++)
		uc_vec_add(&c->env, o->env.items[i]);
	for (size_t i = 0; i < o->files.n && !rc; i++)
		rc = add_file(c, o->files.items[i]);
	if (!rc && o->input)
		rc = read_input(o, c);
	return rc;
}

static int read_faults(const struct opts *o, struct uc_vec *faults)
{
	int rc = 0;

	for (size_t i = 0; i < o->inject.n && !rc; i++) {
		const char *f = o->inject.items[i], *colon = strchr(f, ':');
		char *kind = colon ? uc_xstrndup(f, (size_t)(colon - f)) : uc_xstrdup(f);

		if (colon || strcmp(f, "all"))
			rc = uc_fault_check_kind(kind);
		if (!rc && !o->trace && (!colon || !strchr(colon + 1, ':')))
			rc = uc_fail(UC_ST_USAGE, "--no-trace", "write --inject KIND:CALL:NTH",
				     "which calls the program makes is seen in its trace");
		uc_vec_add(faults, f);
		free(kind);
	}
	return rc;
}

/* The source is the command line's, or the file's. */
static int find_cases(struct run *r, const struct uc_args *args)
{
	const struct opts *o = r->o;
	int rc = 0;

	if (o->cases && (args->n > 1 || o->input || o->exec || o->env.n || o->files.n))
		return uc_fail(UC_ST_USAGE, "--cases", "write them into the file",
			       "arguments, input and files are the cases'");
	if (o->cases) {
		rc = uc_vcases_load(o->cases, &r->cases);
	} else if (args->n) {
		r->cases.v = uc_xzalloc(sizeof(*r->cases.v));
		r->cases.n = 1;
		rc = case_of(r, args, r->cases.v);
	}
	r->source = args->n ? args->v[0] : r->cases.source;
	if (!rc && !r->source)
		rc = uc_fail(UC_ST_USAGE, "verify", "`unicore verify --help` explains",
			     "no SOURCE is given");
	return rc;
}

/* ---- */

static int find_image(struct run *r, const char *source)
{
	int rc = 0;

	if (uc_is_image(source))
		r->dir = uc_xstrdup(source);
	else
		rc = uc_run_source(source, r->o->exec, r->o->rebuild, &r->dir);
	if (!rc)
		rc = uc_run_image_load(r->dir, &r->v.img);
	return rc;
}

static int show(struct run *r, json_t *report)
{
	const struct opts *o = r->o;
	int rc = 0;

	if (o->baseline)
		rc = uc_verify_baseline(report, o->baseline);
	if (!rc && o->junit)
		rc = uc_verify_junit(report, o->junit);
	if (!rc && o->reproducer)
		rc = uc_vcases_write(o->reproducer, r->source, &r->reproducers);
	if (!rc && o->html)
		rc = uc_verify_html(report, o->html);
	if (o->json) {
		json_dumpf(report, stdout, JSON_INDENT(1));
		putchar('\n');
	} else if (!o->quiet) {
		uc_verify_text(report, stdout);
	}
	if (rc)
		return rc;
	if (json_array_size(json_object_get(report, "regressions")))
		return WORSE;
	if (r->faults.n && !json_array_size(json_object_get(report, "faults"))) {
		uc_warn("--inject", "no fault happened that shows");
		return WORSE;
	}
	if (r->faults.n)
		return uc_verify_unnoticed(report) ? WORSE : 0;
	return json_number_value(json_object_get(report, "score")) < r->min_score ? WORSE : 0;
}

static int one_case(struct run *r, const struct uc_vcase *c, json_t *report)
{
	struct uc_vec options = { 0 };
	int rc;

	if (r->faults.n)
		return uc_verify_inject(&r->v, c, &r->faults, report);
	rc = uc_verify_case(&r->v, c, report);
	if (!rc && r->o->generate)
		rc = uc_verify_options(&r->v, c, &options);
	for (unsigned i = 1; i <= r->o->generate && !rc; i++) {
		struct uc_vcase made;

		uc_verify_generate(c, &options, r->o->seed, i, &made);
		rc = uc_verify_case(&r->v, &made, report);
		uc_vcase_free(&made);
	}
	uc_vec_free(&options);
	return rc;
}

static int verify(struct run *r)
{
	json_t *report = NULL;
	int rc = uc_verify_open(&r->v);

	if (!rc)
		report = uc_verify_report(&r->v);
	for (size_t i = 0; i < r->cases.n && !rc; i++)
		rc = one_case(r, &r->cases.v[i], report);
	if (!rc) {
		uc_verify_finish(report);
		rc = show(r, report);
	}
	if (r->o->keep && r->v.work)
		uc_note(0, "work folder: %s", r->v.work);
	uc_verify_close(&r->v);
	json_decref(report);
	return rc;
}

static int probe_defences(struct run *r)
{
	const struct opts *o = r->o;
	struct uc_secure s = { .dir = r->dir,
			       .accel = o->accel,
			       .sabotage = o->sabotage,
			       .plats = &r->plats,
			       .boots = (unsigned)o->boots,
			       .timeout_s = o->timeout };
	struct uc_vec names = { 0 };
	json_t *report = NULL;
	int rc = 0;

	uc_secure_names(&names);
	if (o->sabotage && !uc_vec_has(&names, o->sabotage))
		rc = uc_fail(UC_ST_USAGE, "--sabotage", "a report of --security has the names",
			     "`%s` is not a probe", o->sabotage);
	uc_vec_free(&names);
	if (!rc)
		rc = uc_secure_run(&s, &report);
	if (!rc && o->json) {
		json_dumpf(report, stdout, JSON_INDENT(1));
		putchar('\n');
	} else if (!rc && !o->quiet) {
		uc_secure_text(report, stdout);
	}
	if (!rc)
		rc = uc_secure_failed(report) ? WORSE : 0;
	json_decref(report);
	return rc;
}

int uc_cmd_verify(int argc, char **argv)
{
	struct opts o = { .runs = 5,
			  .confirm = 5,
			  .repeat = 1,
			  .tries = 100,
			  .seed = 1,
			  .boots = 4,
			  .timeout = 60,
			  .trace = true };
	struct run r = { .o = &o };
	struct uc_args args;
	int rc = uc_cli_parse(&uc_cmdinfo_verify, argc, argv, &o, &args);

	if (rc >= 0)
		return rc;
	uc_msg_verbosity = o.quiet ? -1 : o.verbose;
	rc = read_plats(&r);
	if (!rc)
		rc = read_score(&r);
	if (!rc)
		rc = read_faults(&o, &r.faults);
	if (!rc)
		rc = find_cases(&r, &args);
	if (o.security)
		o.trace = false;
	if (!rc && o.security && uc_vec_has(&r.plats, "native"))
		rc = uc_fail(UC_ST_USAGE, "--plat", "write kvm or linux",
			     "a native run has no defences of an image");
	if (!rc)
		rc = find_image(&r, r.source);
	r.v.source = r.source;
	r.v.dir = r.dir;
	r.v.trace = o.trace;
	r.v.plats = &r.plats;
	r.v.accel = o.accel;
	r.v.runs = (unsigned)o.runs;
	r.v.confirm = (unsigned)o.confirm;
	r.v.repeat = (unsigned)o.repeat;
	r.v.timeout_s = o.timeout;
	r.v.keep = o.keep;
	r.v.reproducers = o.reproducer ? &r.reproducers : NULL;
	r.v.tries = (unsigned)o.tries;
	if (!rc)
		rc = o.security ? probe_defences(&r) : verify(&r);
	uc_run_image_free(&r.v.img);
	uc_vcases_free(&r.cases);
	uc_vcases_free(&r.reproducers);
	uc_vec_free(&r.plats);
	uc_vec_free(&r.faults);
	free(r.dir);
	return rc;
}
