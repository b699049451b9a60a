// SPDX-License-Identifier: BSD-3-Clause
/* unicore deps: what a program depends on, and why. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/build.h>
#include <unicore/depsview.h>

#include "commands.h"

struct opts {
	const char *root, *cache, *exec, *explain, *package, *svg, *html;
	struct uc_strlist env;
	bool json, dot, paths, quiet, no_cache, allow_missing, trace, classify;
	int mode;
	int verbose;
};

enum mode { STATIC, TRACE, MERGED };
static const char *const modes[] = { "static", "trace", "merged", NULL };

static const struct uc_opt options[] = {
	UC_OPT_STRING('x', "exec", "PATH", UC_HINT_NONE, struct opts, exec,
		      "program to start, as a path in the image"),
	UC_OPT_LIST('e', "env", "NAME=VALUE", UC_HINT_NONE, struct opts, env,
		    "set an environment variable (LANG brings locale data)"),
	UC_OPT_STRING(0, "root", "DIR", UC_HINT_DIR, struct opts, root,
		      "take programs and libraries from this file system instead of the host's"),
	UC_OPT_STRING(0, "package", "NAME", UC_HINT_NONE, struct opts, package,
		      "all programs of an installed package, instead of a SOURCE"),
	UC_OPT_STRING(0, "explain", "NR|LIB", UC_HINT_NONE, struct opts, explain,
		      "say why this system call (name or number) or library is there"),
	UC_OPT_FLAG(0, "trace", struct opts, trace,
		    "also run the program here with the arguments behind --, and note its calls"),
	UC_OPT_FLAG(0, "classify", struct opts, classify,
		    "run it again without each call to see which it needs (implies --trace)",
		    .more = "Input and output of these runs are not connected. required: the run "
			    "ends otherwise without the call; stub: it does as well if the call "
			    "fails with ENOSYS; fake: it does as well if the call does nothing and "
			    "succeeds."),
	UC_OPT_ENUM(0, "mode", modes, struct opts, mode,
		    "calls to show: found, traced, or both (default; without --trace: found)"),
	UC_OPT_FLAG('p', "paths", struct opts, paths, "show with each system call a path to it"),
	UC_OPT_FLAG(0, "json", struct opts, json, "print the report as JSON"),
	UC_OPT_FLAG(0, "dot", struct opts, dot, "print a graph in Graphviz' language"),
	UC_OPT_STRING(0, "svg", "FILE", UC_HINT_FILE, struct opts, svg,
		      "draw the graph (by Graphviz' dot)"),
	UC_OPT_STRING(0, "html", "FILE", UC_HINT_FILE, struct opts, html,
		      "write the report as a page that needs nothing else"),
	UC_OPT_FLAG(0, "allow-missing", struct opts, allow_missing,
		    "go on when a shared library is not found"),
	UC_OPT_STRING(0, "cache", "DIR", UC_HINT_DIR, struct opts, cache,
		      "keep packages, layers and results here"),
	UC_OPT_FLAG(0, "no-cache", struct opts, no_cache, "analyse again, keep no result"),
	UC_OPT_FLAG('q', "quiet", struct opts, quiet, "print errors only"),
	UC_OPT_COUNT('v', "verbose", struct opts, verbose, "say more"),
	UC_OPT_END
};

static const struct uc_section sections[] = {
	{ "WHAT IS FOUND",
	  "Shared libraries: what the loader would load, and by rule what is opened at run "
	  "time.\n\n"
	  "System calls: machine code is followed from where the loader starts, through linkage "
	  "tables into the libraries, to each system call instruction whose number is then worked "
	  "out. Every call that the program can make is in the set, or the report has places "
	  "under `unresolved` and is marked as not complete. Calls that only code made at run time "
	  "makes are not seen. The set is larger than what one run makes.\n\n"
	  "Calls marked `steady` are made only by what main leads to; the others also by what runs "
	  "before it. ioctl, fcntl, prctl, socket and setsockopt show the constants that they are "
	  "given; `...` stands for others.\n\n"
	  "Names of users and hosts are looked up as in an image; with --trace also by the "
	  "modules that /etc/nsswitch.conf of this machine names.\n\n"
	  "Of AArch64, ARM and 32-bit x86 programs the libraries, imports and all system calls "
	  "that their files have are shown (--root: where the libraries are)." },
	{ "SOURCES", "As for unicore build, unicore-build(1). `unicore deps diff A B` compares two "
		     "reports (files made by --json, or sources): lines with - are only in A, with "
		     "+ only in B; the exit status is 1 if there are any." },
	{ "FILES",
	  "Results are kept in deps.sqlite in the cache folder, $XDG_CACHE_HOME/unicore or "
	  "~/.cache/unicore. docs/schema/deps.json describes the report." },
	{ "EXAMPLES", "  unicore deps /bin/ls\n"
		      "  unicore deps --explain socket /bin/ls\n"
		      "  unicore deps --html ls.html deb:coreutils:ls\n"
		      "  unicore deps diff /bin/cat /bin/cp" },
	{ NULL, NULL }
};

const struct uc_cmd uc_cmdinfo_deps = {
	.name = "deps",
	.main = uc_cmd_deps,
	.synopsis = "[options] SOURCE... [-- ARGUMENT...] | diff A B",
	.summary = "show which libraries and system calls a program needs, and why",
	.description = "Finds the shared libraries, library calls and system calls of a program "
		       "without running it, each with a reason.",
	.opts = options,
	.sections = sections,
	.see_also = "unicore(1), unicore-build(1)",
	.min_args = 0,
	.max_args = UC_ARGS_ANY,
	.positional = UC_HINT_FILE,
};

struct run {
	const struct opts *o;
	struct uc_systab tab;
	struct uc_deps_cache *cache;
	struct uc_vec workload; /* arguments of a traced run */
};

/* ---- reports ---- */

/* What the answer depends on besides files. */
static char *question(const struct run *r, const struct uc_vec *sources)
{
	struct uc_buf b = { 0 };

	if (r->o->trace) uc_file_read("/etc/nsswitch.conf", 1 << 20, &b);

	for (size_t i = 0; i < sources->n; i++) {
		char *real = realpath(sources->v[i], NULL);

		/* Other sources than files are opened to see whether they changed. */
		if (!r->o->root && !real) {
			uc_buf_free(&b);
			return NULL;
		}
		uc_buf_printf(&b, "%s\n%s\n", sources->v[i], real ? real : "");
		free(real);
	}
	uc_buf_printf(&b, "%s\n%s\n%d\n", r->o->root ? r->o->root : "",
		      r->o->exec ? r->o->exec : "", r->o->allow_missing);
	for (size_t i = 0; i < r->o->env.n; i++)
		uc_buf_printf(&b, "%s\n", r->o->env.items[i]);
	return b.p;
}

static json_t *analyse(struct run *r, const struct uc_vec *sources, struct uc_deps *d,
		       const char *key)
{
	json_t *doc;

	if (r->o->mode == TRACE)
		return uc_deps_report(d, &r->tab, sources);
	doc = uc_deps_cache_find(r->cache, d);
	if (!doc && !uc_deps_analyse(d))
		doc = uc_deps_report(d, &r->tab, sources);
	if (doc)
		uc_deps_cache_put(r->cache, key, d, doc);
	return doc;
}

static int foreign(const struct run *r, const struct uc_vec *sources, json_t **doc)
{
	struct uc_deps d = { .nfiles = 0 };
	int rc = uc_deps_foreign(&d, r->o->root, sources->v[0], r->o->allow_missing);

	*doc = rc ? NULL : uc_deps_report(&d, &r->tab, sources);
	uc_deps_free(&d);
	return rc;
}

static int report(struct run *r, const struct uc_vec *sources, json_t **doc)
{
	if (sources->n == 1 && uc_deps_is_foreign(r->o->root, sources->v[0]))
		return foreign(r, sources, doc);

	struct uc_build b = { .root = r->o->root,
			      .cache = r->o->cache,
			      .exec = r->o->exec,
			      .allow_missing = r->o->allow_missing,
			      .own_names = r->o->trace };
	char *key = question(r, sources);
	struct uc_deps d = { .nfiles = 0 };
	int rc = 0;

	*doc = key && r->o->mode != TRACE ? uc_deps_cache_ask(r->cache, key) : NULL;
	if (!*doc) {
		for (size_t i = 0; i < sources->n; i++)
			uc_vec_add(&b.sources, sources->v[i]);
		for (size_t i = 0; i < r->o->env.n; i++)
			uc_vec_add(&b.env, r->o->env.items[i]);
		rc = uc_build_closure(&b, &d);
		if (!rc)
			*doc = analyse(r, sources, &d, key);
		uc_deps_free(&d);
		uc_build_free(&b);
	}
	free(key);
	return rc;
}

static int to_file(const char *path, const json_t *doc)
{
	FILE *f = fopen(path, "we");

	if (!f)
		return uc_fail_os(UC_ST_CANTCREAT, path, NULL, errno, "cannot create it");
	uc_deps_show_html(doc, f);
	return fclose(f) ? uc_fail_os(UC_ST_CANTCREAT, path, NULL, errno, "cannot write it") : 0;
}

static int show(struct run *r, const json_t *doc)
{
	const struct opts *o = r->o;
	int rc = 0;

	if (o->html)
		rc = to_file(o->html, doc);
	if (!rc && o->svg)
		rc = uc_deps_draw(doc, o->svg);
	if (rc || ((o->html || o->svg) && !o->json && !o->dot && !o->explain))
		return rc;
	if (o->explain)
		return uc_deps_explain(doc, &r->tab, o->explain, stdout);
	if (o->dot)
		uc_deps_show_dot(doc, stdout);
	else if (o->json) {
		json_dumpf(doc, stdout, JSON_INDENT(1));
		putchar('\n');
	} else
		uc_deps_show_text(doc, o->paths, stdout);
	return 0;
}

/* The traced program is the one of this machine; what a source is made of it is not run. */
static int trace(struct run *r, const char *source, json_t *doc)
{
	struct uc_vec argv = { 0 };
	char *real = realpath(source, NULL);
	int rc;

	if (!real || r->o->root)
		rc = uc_fail(UC_ST_USAGE, source, "give the path of a program of this machine",
			     "cannot be traced here");
	else {
		uc_vec_add(&argv, source);
		for (size_t i = 0; i < r->workload.n; i++)
			uc_vec_add(&argv, r->workload.v[i]);
		rc = uc_deps_trace(doc, &r->tab, &argv, NULL, r->o->classify);
	}
	uc_vec_free(&argv);
	free(real);
	return rc;
}

static int one(struct run *r, const struct uc_args *args)
{
	struct uc_vec sources = { 0 };
	json_t *doc = NULL;
	int rc;

	for (size_t i = 0; i < args->n; i++)
		uc_vec_add(&sources, args->v[i]);
	rc = report(r, &sources, &doc);
	if (!rc && r->o->trace)
		rc = trace(r, args->v[0], doc);
	if (!rc)
		rc = show(r, doc);
	json_decref(doc);
	uc_vec_free(&sources);
	return rc;
}

/* ---- diff ---- */

static int side(struct run *r, const char *what, json_t **doc)
{
	struct uc_vec v = { 0 };
	int rc;

	if (uc_has_suffix(what, ".json")) {
		*doc = uc_deps_load(what);
		return *doc ? 0 : UC_ST_DATA;
	}
	uc_vec_add(&v, what);
	rc = report(r, &v, doc);
	uc_vec_free(&v);
	return rc;
}

static int diff(struct run *r, const struct uc_args *args)
{
	json_t *a = NULL, *b = NULL;
	int rc;

	if (args->n != 3)
		return uc_fail(UC_ST_USAGE, "diff", "write unicore deps diff A B",
			       "two reports or sources are needed");
	rc = side(r, args->v[1], &a);
	if (!rc)
		rc = side(r, args->v[2], &b);
	if (!rc)
		rc = uc_deps_compare(a, b, r->o->json, stdout);
	json_decref(a);
	json_decref(b);
	return rc;
}

/* ---- a package ---- */

static bool is_program(const char *path)
{
	const char *why;
	struct uc_elf e;
	bool yes;

	if (access(path, X_OK) || uc_elf_read(path, &e, &why) != UC_ELF_OK)
		return false;
	yes = uc_elf_is_native(&e) && uc_elf_is_program(&e);
	uc_elf_free(&e);
	return yes;
}

static int list_package(const char *name, struct uc_vec *programs)
{
	static const char *const forms[] = { "/var/lib/dpkg/info/%s.list",
					     "/var/lib/dpkg/info/%s:amd64.list" };
	struct uc_buf b = { 0 };
	char *path, *next;
	int rc = -ENOENT;

	for (size_t i = 0; i < 2 && rc; i++) {
		path = i ? uc_xasprintf(forms[1], name) : uc_xasprintf(forms[0], name);
		rc = strchr(name, '/') ? -EINVAL : uc_file_read(path, 16 << 20, &b);
		free(path);
	}
	if (rc)
		return uc_fail(UC_ST_NOINPUT, name,
			       "install it, or name its programs as deb:PACKAGE:BINARY",
			       "this package is not installed");
	for (next = b.p; next && *next;) {
		char *line = strsep(&next, "\n");

		if (is_program(line))
			uc_vec_add(programs, line);
	}
	uc_buf_free(&b);
	return programs->n ? 0 : uc_fail(UC_ST_DATA, name, NULL, "the package has no programs");
}

static void summary(const char *path, const json_t *doc)
{
	printf("%-40s %3zu files %3zu system calls %3zu unresolved\n", path,
	       json_array_size(json_object_get(doc, "libraries")),
	       json_array_size(json_object_get(doc, "syscalls")),
	       json_array_size(json_object_get(doc, "unresolved")));
}

static int package(struct run *r)
{
	struct uc_vec programs = { 0 };
	json_t *all = json_array();
	int rc = list_package(r->o->package, &programs);

	for (size_t i = 0; i < programs.n && !rc; i++) {
		struct uc_vec source = { 0 };
		json_t *doc = NULL;

		uc_vec_add(&source, programs.v[i]);
		rc = report(r, &source, &doc);
		if (!rc && !r->o->json)
			summary(programs.v[i], doc);
		if (!rc)
			json_array_append(all, doc);
		json_decref(doc);
		uc_vec_free(&source);
	}
	if (!rc && r->o->json)
		json_dumpf(all, stdout, JSON_INDENT(1));
	if (!rc && r->o->json)
		putchar('\n');
	json_decref(all);
	uc_vec_free(&programs);
	return rc;
}

/* ---- */

static int start(struct run *r)
{
	char *cache;
	int rc = uc_systab_installed(NULL, &r->tab);

	if (!rc && !r->o->no_cache && (cache = uc_build_cache_dir(r->o->cache))) {
		r->cache = uc_deps_cache_open(cache);
		free(cache);
	}
	return rc;
}

int uc_cmd_deps(int argc, char **argv)
{
	struct opts o = { .mode = -1 };
	struct run r = { .o = &o };
	struct uc_args args;
	int rc = uc_cli_parse(&uc_cmdinfo_deps, argc, argv, &o, &args);
	bool given;

	if (rc >= 0)
		return rc;
	for (size_t n = uc_cli_after_dashes(argc, argv, &given); n; n--)
		uc_vec_add(&r.workload, args.v[args.n - n]);
	args.n -= r.workload.n;
	o.trace |= o.classify || o.mode == TRACE || o.mode == MERGED;
	if (o.mode < 0)
		o.mode = o.trace ? MERGED : STATIC;
	if (given && !o.trace)
		return uc_fail(UC_ST_USAGE, "--", "add --trace", "arguments are for a traced run");
	uc_msg_verbosity = o.quiet ? -1 : o.verbose;
	if (!args.n == !o.package)
		return uc_fail(UC_ST_USAGE, "deps", "`unicore deps --help` explains",
			       o.package ? "give a SOURCE or --package, not both"
					 : "no SOURCE is given");
	rc = start(&r);
	if (!rc && o.package)
		rc = package(&r);
	else if (!rc && !strcmp(args.v[0], "diff"))
		rc = diff(&r, &args);
	else if (!rc)
		rc = one(&r, &args);
	uc_deps_cache_close(r.cache);
	uc_systab_free(&r.tab);
	uc_vec_free(&r.workload);
	return rc;
}
