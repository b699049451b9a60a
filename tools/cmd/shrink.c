// SPDX-License-Identifier: BSD-3-Clause
/* unicore shrink: an image without the files that a workload does not look at. */
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <uc/abi/rewrite.h>
#include <uc/abi/used.h>
#include <unicore/build.h>
#include <unicore/contents.h>
#include <unicore/depsview.h>
#include <unicore/runimage.h>

#include "commands.h"

struct opts {
	const char *output;
	struct uc_strlist env, volumes, keep;
	const char *workdir;
	bool yes, dry_run, json, quiet;
	int plat;
};
static const char *const plats[] = { "kvm", "linux", NULL };

static const struct uc_opt options[] = {
	UC_OPT_FLAG('y', "yes", struct opts, yes, "remove without asking"),
	UC_OPT_FLAG('n', "dry-run", struct opts, dry_run, "only show what would be removed"),
	UC_OPT_STRING('o', "output", "DIR", UC_HINT_DIR, struct opts, output,
		      "image to make (default: in place of the old one)"),
	UC_OPT_LIST(0, "keep", "PATTERN", UC_HINT_NONE, struct opts, keep,
		    "keep files whose path matches this shell pattern"),
	UC_OPT_LIST('e', "env", "NAME=VALUE", UC_HINT_NONE, struct opts, env,
		    "set an environment variable for the workload"),
	UC_OPT_LIST('v', "volume", "HOST:GUEST[:ro]", UC_HINT_DIR, struct opts, volumes,
		    "mount a folder of the host for the workload"),
	UC_OPT_STRING('w', "workdir", "DIR", UC_HINT_NONE, struct opts, workdir,
		      "working directory of the workload"),
	UC_OPT_ENUM(0, "plat", plats, struct opts, plat, "platform to run the workload on"),
	UC_OPT_FLAG(0, "json", struct opts, json, "print what is removed as JSON"),
	UC_OPT_FLAG('q', "quiet", struct opts, quiet, "print errors only"),
	UC_OPT_END
};

static const struct uc_section sections[] = {
	{ "HOW IT WORKS",
	  "The workload, the image's program with the ARGUMENTs, runs once in a guest whose kernel "
	  "notes every file of the image that is looked up: opened, executed, or asked about. The "
	  "others are listed with their sizes and, if the answer is y, removed; links to them, "
	  "too. "
	  "Folders stay, and so do files that every image has.\n\n"
	  "Then the workload runs again, with the image that was made. The old one is only "
	  "replaced "
	  "if both runs ended with status 0. The workload must stand to be run twice.\n\n"
	  "A file that only other uses of the program need is gone as well: the workload should do "
	  "all that the image is for. --keep keeps what it cannot do." },
	{ "EXAMPLES",
	  "  unicore shrink sort.uc -- -n /etc/services\n"
	  "  unicore shrink --yes -o small.uc --keep '/usr/share/*' server.uc -- --check" },
	{ NULL, NULL }
};

const struct uc_cmd uc_cmdinfo_shrink = {
	.name = "shrink",
	.main = uc_cmd_shrink,
	.synopsis = "[options] IMAGE -- [ARGUMENT...]",
	.summary = "remove files from an image that a workload does not use",
	.description = "Runs a workload, shows which files of the image it never looked at, and "
		       "removes them after asking.",
	.opts = options,
	.sections = sections,
	.see_also = "unicore(1), unicore-build(1), unicore-run(1), unicore-size(1)",
	.min_args = 1,
	.max_args = UC_ARGS_ANY,
	.positional = UC_HINT_FILE,
};

struct job {
	const struct opts *o;
	const char *image;
	const struct uc_vec *workload;
	struct uc_run_image img;
	json_t *contents;
	struct uc_map used; /* hash of a path as text -> anything */
	struct uc_vec gone;
	uint64_t bytes; /* of what is gone */
	char *tmp;      /* beside the result */
};

/* ---- running the workload ---- */

static void run_args(const struct job *j, const char *image, struct uc_vec *argv)
{
	const struct opts *o = j->o;
	char *dir = uc_libdir();

	uc_vec_take(argv, uc_path_join(dir, UC_TOOLS_PROGRAM));
	free(dir);
	uc_vec_add(argv, "run");
	uc_vec_add(argv, "--plat");
	uc_vec_add(argv, plats[o->plat]);
	uc_vec_add(argv, "--log-level");
	uc_vec_add(argv, "warning");
	for (size_t i = 0; i < o->env.n; i++) {
		uc_vec_add(argv, "-e");
		uc_vec_add(argv, o->env.items[i]);
	}
	for (size_t i = 0; i < o->volumes.n; i++) {
		uc_vec_add(argv, "-v");
		uc_vec_add(argv, o->volumes.items[i]);
	}
	if (o->workdir) {
		uc_vec_add(argv, "-w");
		uc_vec_add(argv, o->workdir);
	}
	uc_vec_add(argv, image);
	uc_vec_add(argv, "--");
	for (size_t i = 0; i < j->workload->n; i++)
		uc_vec_add(argv, j->workload->v[i]);
}

/* Lines of the kernel that name a file; others are shown. */
static void take_line(struct job *j, char *line)
{
	char *mark = strstr(line, "unicore[kernel]: " UC_USED_MARK), *hash;

	if (!mark) {
		fprintf(stderr, "%s", line);
		return;
	}
	hash = mark + strlen("unicore[kernel]: " UC_USED_MARK);
	hash[strcspn(hash, "\n")] = 0;
	*uc_map_put(&j->used, hash) = j;
	/* What the program wrote before it, without ending its line. */
	fprintf(stderr, "%.*s", (int)(mark - line), line);
}

/* Exit status of the workload; -1: it could not be started. probe: take note of what it uses. */
static int run_workload(struct job *j, const char *image, bool probe)
{
	struct uc_vec argv = { 0 };
	int err[2], status = -1;
	char *line = NULL;
	size_t cap = 0;
	FILE *f;
	pid_t pid;

	if (pipe2(err, O_CLOEXEC))
		return -1;
	run_args(j, image, &argv);
	pid = fork();
	if (!pid) {
		dup2(err[1], 2);
		if (!probe) {
			int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

			dup2(null, 1);
		}
		execv(argv.v[0], argv.v);
		_exit(127);
	}
	close(err[1]);
	f = fdopen(err[0], "re");
	while (f && getline(&line, &cap, f) > 0)
		if (probe)
			take_line(j, line);
	if (f)
		fclose(f);
	if (pid > 0 && waitpid(pid, &status, 0) == pid)
		status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	free(line);
	uc_vec_free(&argv);
	return status;
}

static int must_pass(struct job *j, const char *image, bool probe, const char *which)
{
	int status = run_workload(j, image, probe);

	return !status ? 0
		       : uc_fail(UC_ST_DATA, j->image,
				 probe ? "give a workload that succeeds" : "use --keep PATTERN",
				 "the workload ended with status %d %s; nothing was changed",
				 status, which);
}

/* ---- what goes ---- */

static bool is_used(const struct job *j, const char *path)
{
	uint64_t h = UC_RW_HASH_ROOT;
	char text[17];

	for (const char *p = path; *p; p++)
		h = uc_rw_hash_step(h, *p);
	snprintf(text, sizeof(text), "%016llx", (unsigned long long)h);
	return uc_map_get(&j->used, text) != NULL;
}

static bool is_kept(const struct job *j, const json_t *file)
{
	const char *path = uc_json_str(file, "path");

	for (size_t i = 0; i < j->o->keep.n; i++)
		if (!fnmatch(j->o->keep.items[i], path, 0))
			return true;
	return is_used(j, path) || !strcmp(uc_json_str(file, "why"), "every image has it");
}

/* Path that a link leads to, of one step. Allocated. */
static char *target_of(const json_t *link)
{
	const char *target = uc_json_str(link, "target");
	char *dir, *joined, *clean;

	if (target[0] == '/')
		return uc_path_clean(target);
	dir = uc_path_dir(uc_json_str(link, "path"));
	joined = uc_path_join(dir, target);
	clean = uc_path_clean(joined);
	free(dir);
	free(joined);
	return clean;
}

/* A link goes with what it leads to, perhaps by other links. */
static bool add_dangling(struct job *j, struct uc_map *gone)
{
	const json_t *o;
	bool any = false;
	size_t i;

	json_array_foreach(json_object_get(j->contents, "files"), i, o)
	{
		const char *path = uc_json_str(o, "path");
		char *target;

		if (strcmp(uc_json_str(o, "kind"), "link") || uc_map_get(gone, path))
			continue;
		target = target_of(o);
		if (uc_map_get(gone, target) && !is_kept(j, o)) {
			*uc_map_put(gone, path) = j;
			uc_vec_add(&j->gone, path);
			any = true;
		}
		free(target);
	}
	return any;
}

static void choose(struct job *j)
{
	struct uc_map gone = { 0 };
	const json_t *o;
	size_t i;

	json_array_foreach(json_object_get(j->contents, "files"), i, o)
	{
		const char *path = uc_json_str(o, "path");

		if (strcmp(uc_json_str(o, "kind"), "file") || is_kept(j, o))
			continue;
		*uc_map_put(&gone, path) = j;
		uc_vec_add(&j->gone, path);
		j->bytes += (uint64_t)json_integer_value(json_object_get(o, "bytes"));
	}
	while (add_dangling(j, &gone))
		;
	uc_map_free(&gone);
}

static void show(const struct job *j)
{
	struct uc_map size = { 0 };
	json_t *list = json_array();
	const json_t *o;
	char text[16];
	size_t i;

	json_array_foreach(json_object_get(j->contents, "files"), i, o) *
		uc_map_put(&size, uc_json_str(o, "path")) = json_object_get(o, "bytes");
	for (i = 0; i < j->gone.n; i++) {
		const json_t *bytes = uc_map_get(&size, j->gone.v[i]);

		if (j->o->json)
			json_array_append_new(list, json_pack("{s:s, s:I}", "path", j->gone.v[i],
							      "bytes", json_integer_value(bytes)));
		else if (!j->o->quiet)
			printf("%8s  %s\n",
			       uc_size_text((uint64_t)json_integer_value(bytes), text,
					    sizeof(text)),
			       j->gone.v[i]);
	}
	uc_map_free(&size);
	if (j->o->json) {
		json_t *doc =
			json_pack("{s:O, s:I}", "remove", list, "bytes", (json_int_t)j->bytes);

		json_dumpf(doc, stdout, JSON_INDENT(1));
		putchar('\n');
		json_decref(doc);
	} else if (!j->o->quiet) {
		printf("%8s  in %zu files and links that the workload does not use\n",
		       uc_size_text(j->bytes, text, sizeof(text)), j->gone.n);
	}
	json_decref(list);
}

static int ask(const struct job *j)
{
	char answer[16] = "";

	if (j->o->yes)
		return 0;
	if (!isatty(0))
		return uc_fail(UC_ST_USAGE, j->image, "add --yes, or --dry-run to only look",
			       "nobody can be asked whether to remove them");
	fprintf(stderr, "Remove them? [y/N] ");
	if (fgets(answer, sizeof(answer), stdin) && (answer[0] == 'y' || answer[0] == 'Y'))
		return 0;
	return uc_fail(UC_ST_USAGE, j->image, NULL, "nothing was removed");
}

/* ---- */

static int make_folder(struct job *j, const char *name, char **dir)
{
	int rc;

	*dir = uc_path_join(j->tmp, name);
	rc = uc_mkdirs(*dir, 0777);
	return rc ? uc_fail_os(UC_ST_CANTCREAT, *dir, "use --output DIR", -rc, "cannot create it")
		  : 0;
}

static int replace(const char *made, const char *out)
{
	if (rename(made, out) && (uc_rmtree(out) || rename(made, out)))
		return uc_fail_os(UC_ST_CANTCREAT, out, NULL, errno, "cannot put the image there");
	return 0;
}

static int find_unused(struct job *j)
{
	char *probe;
	int rc = make_folder(j, "probe", &probe);

	if (!rc)
		rc = uc_shrink_probe(&j->img, probe);
	if (!rc)
		rc = must_pass(j, probe, true, "while it was watched");
	if (!rc && !j->used.n)
		rc = uc_fail(UC_ST_INTERNAL, j->image, NULL, "the guest did not say what it used");
	if (!rc)
		choose(j);
	free(probe);
	return rc;
}

static int make_small(struct job *j, const char *out)
{
	char *made;
	int rc = make_folder(j, "image", &made);

	if (!rc)
		rc = uc_shrink_make(&j->img, j->contents, &j->gone, made);
	if (!rc)
		rc = must_pass(j, made, false, "without these files");
	if (!rc)
		rc = replace(made, out);
	free(made);
	return rc;
}

static int shrink(struct job *j)
{
	char *out = uc_xstrdup(j->o->output ? j->o->output : j->image);
	size_t n = strlen(out);
	int rc;

	while (n > 1 && out[n - 1] == '/')
		out[--n] = 0;
	if (j->o->output && !access(out, F_OK) && !uc_is_image(out)) {
		rc = uc_fail(UC_ST_CANTCREAT, out, "choose another name",
			     "it exists and is no image");
		free(out);
		return rc;
	}
	j->tmp = uc_xasprintf("%s.tmp%ld", out, (long)getpid());
	uc_cleanup_push(j->tmp);
	rc = find_unused(j);
	if (!rc)
		show(j);
	if (!rc && !j->o->dry_run && j->gone.n && !(rc = ask(j)))
		rc = make_small(j, out);
	uc_rmtree(j->tmp);
	uc_cleanup_pop();
	free(j->tmp);
	free(out);
	return rc;
}

int uc_cmd_shrink(int argc, char **argv)
{
	struct opts o = { 0 };
	struct uc_args args;
	struct uc_vec workload = { 0 };
	bool given;
	int st = uc_cli_parse(&uc_cmdinfo_shrink, argc, argv, &o, &args);

	if (st >= 0)
		return st;
	for (size_t n = uc_cli_after_dashes(argc, argv, &given); n; n--)
		uc_vec_add(&workload, args.v[args.n - n]);
	uc_msg_verbosity = o.quiet ? -1 : 0;
	struct job j = { .o = &o, .image = args.v[0], .workload = &workload };

	if (!given || args.n - workload.n != 1)
		st = uc_fail(UC_ST_USAGE, "shrink", "write unicore shrink IMAGE -- ARGUMENT...",
			     "the workload is missing");
	else if (!(st = uc_run_image_load(j.image, &j.img))) {
		j.contents = uc_contents_load(j.image, &st);
		if (j.contents && !j.img.root)
			st = uc_fail(UC_ST_DATA, j.image, NULL, "has no root file system");
		if (!st)
			st = shrink(&j);
		uc_run_image_free(&j.img);
	}
	json_decref(j.contents);
	uc_map_free(&j.used);
	uc_vec_free(&j.gone);
	uc_vec_free(&workload);
	return st;
}
