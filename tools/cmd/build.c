// SPDX-License-Identifier: BSD-3-Clause
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include <unicore/build.h>
#include <unicore/link.h>

#include "commands.h"

struct opts {
	const char *out, *root, *cache, *exec, *argv0, *cwd, *user, *hostname, *calls, *heap,
		*sched, *name;
	struct uc_strlist env, add, ulib, with, without, compartment;
	const char *lock;
	bool force, allow_missing, trace, json, quiet, no_rewrite, locked;
	int verbose;
	uint64_t loglevel;
};
#define NO_LOGLEVEL 99u

static const struct uc_opt options[] = {
	UC_OPT_STRING('o', "output", "DIR", UC_HINT_DIR, struct opts, out,
		      "image to make (default: the source's name with .uc)"),
	UC_OPT_FLAG('f', "force", struct opts, force, "replace DIR even if it is not an image"),
	UC_OPT_STRING('x', "exec", "PATH", UC_HINT_NONE, struct opts, exec,
		      "program to start, as a path in the image"),
	UC_OPT_STRING(0, "argv0", "NAME", UC_HINT_NONE, struct opts, argv0,
		      "name the program is given for itself"),
	UC_OPT_LIST('e', "env", "NAME=VALUE", UC_HINT_NONE, struct opts, env,
		    "set an environment variable"),
	UC_OPT_STRING('w', "cwd", "PATH", UC_HINT_NONE, struct opts, cwd,
		      "working directory in the image"),
	UC_OPT_STRING('u', "user", "USER[:GROUP]", UC_HINT_NONE, struct opts, user,
		      "user to run as, name or number"),
	UC_OPT_STRING(0, "hostname", "NAME", UC_HINT_NONE, struct opts, hostname,
		      "name of the machine"),
	UC_OPT_STRING(0, "name", "NAME", UC_HINT_NONE, struct opts, name, "name of the image"),
	UC_OPT_LIST('a', "add", "HOST[:GUEST]", UC_HINT_FILE, struct opts, add,
		    "add a file or folder of this machine"),
	UC_OPT_STRING(0, "root", "DIR", UC_HINT_DIR, struct opts, root,
		      "take programs and libraries from this file system instead of the host's"),
	UC_OPT_STRING(0, "cache", "DIR", UC_HINT_DIR, struct opts, cache,
		      "keep packages and layers here"),
	UC_OPT_STRING(0, "lock", "FILE", UC_HINT_FILE, struct opts, lock,
		      "keep packages as this file has them, or make it, unicore.lock(5) (default: "
		      "unicore.lock beside a manifest)"),
	UC_OPT_FLAG(0, "locked", struct opts, locked,
		    "fail if anything would differ from the lock"),
	UC_OPT_FLAG(0, "allow-missing", struct opts, allow_missing,
		    "go on when a shared library is not found"),
	UC_OPT_STRING(0, "calls", "static|all|traced|merged|FILE", UC_HINT_FILE, struct opts, calls,
		      "system calls to link (default static)",
		      .more = "static: those that analysis of the program's code finds, as "
			      "unicore deps does; all if it cannot tell, and the build says why. "
			      "traced: those that "
			      "the program, which must be one of this machine, makes when it "
			      "is run here with the ARGUMENTs, or once with each of the "
			      "`workloads` of a manifest; these runs are real and change what "
			      "they change. merged: both. FILE: those that it names, one a "
			      "line; FILE.json: those of a report of unicore deps. A call that "
			      "is not linked fails with ENOSYS and is named at run time; "
			      "unicore run --all-calls has each."),
	UC_OPT_STRING(0, "heap", "NAME", UC_HINT_NONE, struct opts, heap,
		      "kernel heap: slab, tlsf"),
	UC_OPT_STRING(0, "sched", "NAME", UC_HINT_NONE, struct opts, sched,
		      "scheduler: coop, preempt (default if there can be threads)"),
	UC_OPT_LIST(0, "ulib", "INTERFACE=NAME", UC_HINT_NONE, struct opts, ulib,
		    "choose another micro-library"),
	UC_OPT_LIST(0, "with", "NAME", UC_HINT_NONE, struct opts, with,
		    "link an optional micro-library"),
	UC_OPT_LIST(0, "without", "NAME", UC_HINT_NONE, struct opts, without,
		    "leave an optional micro-library out even if the image seems to need it"),
	UC_OPT_LIST(0, "compartment", "NAME", UC_HINT_NONE, struct opts, compartment,
		    "keep the memory of a part of the kernel apart by protection keys: net",
		    .more = "net: what the TCP/IP stack holds (connections, packets, rings of "
			    "the network card) can be used by its code only; what else uses it, "
			    "in the program too, faults. The processor must have protection "
			    "keys, and the image runs on machines only, not with --plat linux."),
	UC_OPT_FLAG(0, "trace", struct opts, trace,
		    "link the system-call trace (then: unicore run --trace)"),
	UC_OPT_FLAG(0, "no-rewrite", struct opts, no_rewrite,
		    "leave system-call instructions as they are"),
	UC_OPT_UINT(0, "loglevel", "N", struct opts, loglevel,
		    "kernel log: 0 errors, 1 warnings, 2 notes, 3 all"),
	UC_OPT_FLAG(0, "json", struct opts, json, "print the report as JSON"),
	UC_OPT_FLAG('q', "quiet", struct opts, quiet, "print errors only"),
	UC_OPT_COUNT('v', "verbose", struct opts, verbose,
		     "say more; twice: also why each file was taken"),
	UC_OPT_END
};

static const struct uc_section sections[] = {
	{ "SOURCES", "The first source that names a program gives the program to start; what the "
		     "others hold is added.\n\n"
		     "PATH: an ELF program or a script of this machine (or of --root), with its "
		     "interpreter and libraries.\n\n"
		     "deb:PACKAGE[:BINARY]: a package of the distribution and what it depends on, "
		     "by apt-get. BINARY is "
		     "needed if the package has several programs and none has its name; of several "
		     "packages the first with a BINARY gives the program.\n\n"
		     "dir:FOLDER: a complete root file system. Use --exec.\n\n"
		     "oci:LAYOUT[:TAG]: an OCI image layout folder, with entry point, environment "
		     "and user.\n\n"
		     "FILE.yaml: a manifest, unicore.yaml(5)." },
	{ "FILES", "An image is a folder with kernel (of a virtual machine), kernel-linux (as a "
		   "process of Linux), both again with symbols as .debug, root.erofs, "
		   "image.json, calls: the system calls that the kernel has, as --calls takes "
		   "them, and contents.json: what the image is made of and why, which unicore why, "
		   "unicore size and unicore sbom read.\n\n"
		   "Packages and layers are kept in $XDG_CACHE_HOME/unicore or ~/.cache/unicore." },
	{ "ENVIRONMENT", "SOURCE_DATE_EPOCH: time stamp of all files in the image; the same input "
			 "gives the same image.\n\n"
			 "UNICORE_LIBDIR: where the micro-libraries are." },
	{ "EXAMPLES", "  unicore build deb:sqlite3 -o sqlite3.uc\n"
		      "  unicore build ./server --add site:/srv -e PORT=80 -- --port 80\n"
		      "  unicore build deb:imagemagick:convert -o convert.uc" },
	{ NULL, NULL }
};

const struct uc_cmd uc_cmdinfo_build = {
	.name = "build",
	.main = uc_cmd_build,
	.synopsis = "[options] SOURCE... [-- ARGUMENT...]",
	.summary = "make an image from a program, a package or a file system",
	.description = "Collects what a program needs at run time into a root file system, links a "
		       "kernel that has "
		       "the wanted system calls only, and writes both as an image that unicore run "
		       "starts.",
	.opts = options,
	.sections = sections,
	.see_also = "unicore(1), unicore-deps(1), unicore-run(1), unicore-sbom(1), "
		    "unicore-size(1), unicore-why(1), unicore.yaml(5)",
	.min_args = 1,
	.max_args = UC_ARGS_ANY,
	.positional = UC_HINT_FILE,
};

static void copy_list(struct uc_vec *to, const struct uc_strlist *from)
{
	for (size_t i = 0; i < from->n; i++) uc_vec_add(to, from->items[i]);
}

static void choose(struct uc_vec *to, const char *iface, const char *name)
{
	if (name) uc_vec_take(to, uc_xasprintf("%s=%s", iface, name));
}

/* deb:imagemagick:convert -> convert.uc, /usr/bin/ls -> ls.uc */
static char *default_output(const char *source)
{
	const char *colon = strrchr(source, ':'), *base = uc_path_base(colon ? colon + 1 : source);
	size_t n = strlen(base);

	if (uc_has_suffix(base, ".yaml")) n -= 5;
	return uc_xasprintf("%.*s.uc", (int)n, n ? base : "image");
}

static void fill(struct uc_build *b, const struct opts *o, int argc, char **argv,
		 const struct uc_args *args)
{
	/* What follows `--` are the program's arguments. */
	size_t after = uc_cli_after_dashes(argc, argv, &b->has_args);

	b->given_args = b->has_args;
	for (size_t i = 0; i < args->n; i++)
		uc_vec_add(i + after < args->n ? &b->sources : &b->args, args->v[i]);
	copy_list(&b->env, &o->env);
	copy_list(&b->add, &o->add);
	copy_list(&b->choose, &o->ulib);
	copy_list(&b->with, &o->with);
	copy_list(&b->without, &o->without);
	choose(&b->choose, "heap", o->heap);
	choose(&b->choose, "sched", o->sched);
	for (size_t i = 0; i < o->compartment.n; i++)
		uc_vec_take(&b->with, uc_xasprintf(UC_COMPARTMENT "%s", o->compartment.items[i]));
	if (o->trace) uc_vec_add_once(&b->with, "trace");
}

static void print_json(const struct uc_build_report *r, const char *out)
{
	json_t *o = json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I}", "image", out, "exec",
			      r->exec, "digest", r->digest, "kernel_bytes",
			      (json_int_t)r->kernel_bytes, "root_bytes", (json_int_t)r->root_bytes,
			      "image_bytes", (json_int_t)r->image_bytes, "files",
			      (json_int_t)r->files, "calls", (json_int_t)r->calls);

	if (r->why_all) json_object_set_new(o, "every_call_because", json_string(r->why_all));
	json_dumpf(o, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(o);
}

static void print_text(const struct uc_build_report *r, const char *out)
{
	char kernel[16], root[16];

	printf("%s: %s, %zu files (%s), kernel with %zu system calls (%s)\n", out, r->exec,
	       r->files, uc_size_text(r->root_bytes, root, sizeof(root)), r->calls,
	       uc_size_text(r->kernel_bytes, kernel, sizeof(kernel)));
	if (r->why_all) printf("every system call is linked, because %s\n", r->why_all);
}

int uc_cmd_build(int argc, char **argv)
{
	struct opts o = { .loglevel = NO_LOGLEVEL };
	struct uc_build_report rep;
	struct uc_args args;
	char *out;
	int st = uc_cli_parse(&uc_cmdinfo_build, argc, argv, &o, &args);

	if (st >= 0) return st;
	uc_msg_verbosity = o.quiet ? -1 : o.verbose;
	struct uc_build b = { .root = o.root,
			      .cache = o.cache,
			      .exec = o.exec,
			      .argv0 = o.argv0,
			      .cwd = o.cwd,
			      .user = o.user,
			      .hostname = o.hostname,
			      .calls = o.calls,
			      .force = o.force,
			      .lock = o.lock,
			      .locked = o.locked,
			      .allow_missing = o.allow_missing,
			      .no_rewrite = o.no_rewrite,
			      .name = o.name,
			      .loglevel = o.loglevel == NO_LOGLEVEL ? -1 : (int)o.loglevel };

	fill(&b, &o, argc, argv, &args);
	if (!b.sources.n) {
		uc_build_free(&b);
		return uc_fail(UC_ST_USAGE, "build", "`unicore build --help` explains",
			       "no SOURCE is given");
	}
	out = o.out ? uc_xstrdup(o.out) : default_output(b.sources.v[0]);
	b.out = out;
	st = uc_build_image(&b, &rep);
	if (!st && o.json) print_json(&rep, out);
	else if (!st && !o.quiet) print_text(&rep, out);
	if (!st) uc_build_report_free(&rep);
	uc_build_free(&b);
	free(out);
	return st;
}
