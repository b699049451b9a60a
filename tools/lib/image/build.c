// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/deb.h>
#include <unicore/lock.h>
#include <unicore/msg.h>
#include <unicore/vmm.h>

#include "internal.h"

struct job {
	struct uc_build *b;
	struct uc_build_report *rep;
	struct uc_input *in; /* one per source; the first that names a program gives it */
	size_t nin;
	char *manifest_path; /* NULL: none */
	struct uc_manifest manifest;
	struct uc_tree tree;
	struct uc_map cache; /* for ld.so.cache */
	char *tmp;           /* the image being made */
	bool armed;          /* it is removed on a signal */
	char *exec, *cwd;
	struct uc_vec argv, env;
	struct uc_calls_found found;
	char *lock_path; /* NULL: none */
	struct uc_lock lock;
	size_t fixed; /* leading arguments that `unicore run` keeps when it is given others */
	uint32_t uid, gid;
	struct uc_link link;
	struct uc_vec ulibs_all; /* of a kernel with every call */
	struct uc_rewrite_stats rewrite;
	struct uc_deps *deps; /* gets the objects; NULL: nobody asks */
};

/* ---- sources into the tree ---- */

static char *located(const struct job *j, const struct uc_manifest_mark *m)
{
	return uc_xasprintf("%s:%u:%u", j->manifest_path, m->line, m->column);
}

static int check_option(const struct job *j, const struct uc_ulibs *u, const char *name,
			const struct uc_manifest_mark *m)
{
	char *where = located(j, m);
	int rc = uc_ulibs_check_option(u, name, where);

	free(where);
	return rc;
}

/* The micro-libraries that the manifest names. */
static int check_parts(const struct job *j)
{
	const struct uc_manifest *m = &j->manifest;
	struct uc_ulibs u;
	int rc = uc_ulibs_installed(NULL, &u);

	for (size_t i = 0; i < m->choose.n && !rc; i++) {
		char *where = located(j, &m->choose_marks[i]);

		rc = uc_ulibs_check_choice(&u, m->choose.v[i], where);
		free(where);
	}
	for (size_t i = 0; i < m->with.n && !rc; i++)
		rc = check_option(j, &u, m->with.v[i], &m->with_marks[i]);
	for (size_t i = 0; i < m->without.n && !rc; i++)
		rc = check_option(j, &u, m->without.v[i], &m->without_marks[i]);
	uc_ulibs_free(&u);
	return rc;
}

static int read_manifest(struct job *j)
{
	for (size_t i = 0; i < j->b->sources.n; i++) {
		const char *path = j->b->sources.v[i];
		int rc;

		if (!uc_is_manifest(path)) continue;
		if (j->manifest_path)
			return uc_fail(UC_ST_USAGE, path, "give one manifest",
				       "there is another manifest");
		j->manifest_path = uc_xstrdup(path);
		rc = uc_manifest_load(path, &j->manifest);
		if (!rc) rc = check_parts(j);
		if (rc) return rc;
	}
	if (j->manifest_path) uc_manifest_apply(j->b, j->manifest_path, &j->manifest);
	return 0;
}

/* ---- lock ---- */

static int read_lock(struct job *j)
{
	int rc = 0;

	if (j->b->lock) j->lock_path = uc_xstrdup(j->b->lock);
	else if (j->manifest_path) {
		char *dir = uc_path_dir(j->manifest_path);

		j->lock_path = uc_path_join(dir, UC_LOCK_NAME);
		free(dir);
	}
	if (j->lock_path) rc = uc_lock_load(j->lock_path, &j->lock);
	if (!rc && j->b->locked && !j->lock.doc)
		rc = uc_fail(UC_ST_NOINPUT, j->lock_path ? j->lock_path : "--locked",
			     j->lock_path ? "build once without --locked" : "add --lock FILE",
			     "there is no lock");
	return rc;
}

/* The packages of the lock, if it is for the same sources. */
static const struct uc_packages *locked_packages(const struct job *j)
{
	struct uc_vec debs = { 0 };
	bool same;

	uc_lock_sources(&j->b->sources, &debs);
	same = j->lock.doc && debs.n && debs.n == j->lock.sources.n;
	for (size_t i = 0; same && i < debs.n; i++) same = !strcmp(debs.v[i], j->lock.sources.v[i]);
	uc_vec_free(&debs);
	return same ? &j->lock.packages : NULL;
}

/* Writes the lock where it is not as it should be; with --locked that is an error. */
static int keep_lock(struct job *j)
{
	json_t *doc = j->lock_path && (j->b->locked || !j->b->keep_lock)
			      ? uc_lock_make(&j->b->sources, j->in, j->nin, &j->tree)
			      : NULL;

	if (!doc || (j->lock.doc && json_equal(doc, j->lock.doc))) {
		json_decref(doc);
		return 0;
	}
	if (!j->b->locked) return uc_json_write(doc, j->lock_path);
	uc_lock_compare(j->lock.doc, doc, 20, stderr);
	json_decref(doc);
	return uc_fail(UC_ST_DATA, j->lock_path, "`unicore update` locks what there is now",
		       "the image would differ from what is locked");
}

static int open_sources(struct job *j)
{
	const struct uc_packages *locked = locked_packages(j);

	j->in = uc_xzalloc(j->b->sources.n * sizeof(*j->in));
	for (size_t i = 0; i < j->b->sources.n; i++) {
		int rc = uc_source_open(j->b, locked, j->b->sources.v[i], &j->in[j->nin++]);

		if (rc) return rc;
	}
	return 0;
}

/* Arguments given for a source whose program is an argument itself begin with the program. */
static int free_program(struct job *j)
{
	struct uc_input *in = NULL;
	struct uc_build *b = j->b;

	for (size_t i = 0; i < j->nin && !in; i++)
		if (j->in[i].exec || j->in[i].argv.n || j->in[i].free_program) in = &j->in[i];
	if (!in || !in->free_program || b->exec || b->argv0 || !b->has_args || !b->args.n) return 0;
	uc_vec_free(&in->argv);
	for (size_t i = 0; i < b->args.n; i++) uc_vec_add(&in->argv, b->args.v[i]);
	b->has_args = false;
	free(in->exec);
	in->exec = uc_input_program(in, in->argv.v[0]);
	return in->exec ? 0
			: uc_fail(UC_ST_NOINPUT, in->argv.v[0], "write its path",
				  "this program is not in the PATH of %s", in->spec);
}

static int take_root(struct uc_rootfs *r, const struct uc_input *in)
{
	int rc = 0;

	uc_tree_because(r->tree, "part of %s", in->spec);
	if (in->whole) rc = uc_rootfs_pick_tree(r, "/", NULL);
	for (size_t i = 0; i < in->picks.n && !rc; i++) {
		rc = uc_rootfs_pick(r, in->picks.v[i]);
		if (rc == -ENOENT) /* a link to nothing */
			rc = 0;
	}
	return rc ? uc_fail_os(UC_ST_NOINPUT, r->failed ? r->failed : in->spec, NULL, -rc,
			       "cannot take it")
		  : 0;
}

static int take_source(struct job *j, struct uc_input *in)
{
	const char *exec = j->b->exec ? j->b->exec : in->exec;
	struct uc_rootfs r = { .root = &in->root,
			       .tree = &j->tree,
			       .by_name = in->by_name.n ? &in->by_name : NULL,
			       .env = &j->env,
			       .allow_missing = j->b->allow_missing,
			       .whole = in->whole,
			       .own_names = j->b->own_names,
			       .cache = &j->cache };
	int rc;

	char *found = exec && !strchr(exec, '/') ? uc_input_program(in, exec) : NULL;

	if (found) exec = found;
	in->root.owners = in->owners.n ? &in->owners : NULL;
	rc = take_root(&r, in);
	if (!rc && exec && (in->exec || !j->exec)) {
		rc = uc_rootfs_program(&r, exec, j->b->exec ? j->b->exec : in->spec, NULL);
		if (!rc && !j->exec) j->exec = uc_xstrdup(exec);
	}
	if (!rc) rc = uc_rootfs_close(&r);
	if (!rc && j->deps) uc_deps_add(j->deps, &r);
	uc_rootfs_free(&r);
	free(found);
	return rc;
}

static void write_ldcache(struct job *j)
{
	struct uc_buf b = { 0 };

	uc_tree_because(&j->tree, "list of the libraries that were found");
	if (!j->cache.n || uc_tree_get(&j->tree, "/etc/ld.so.cache")) return;
	uc_ldcache_make(&j->cache, &b);
	uc_tree_text(&j->tree, "/etc/ld.so.cache", b.p, b.n, 0644);
	uc_buf_free(&b);
}

static int fill_tree(struct job *j)
{
	int rc = 0;

	for (size_t i = 0; i < j->nin && !rc; i++)
		if (j->in[i].root.dir) rc = take_source(j, &j->in[i]);
	if (!rc && !j->exec)
		return uc_fail(UC_ST_USAGE, j->b->sources.v[0],
			       "name it with --exec PATH, or --entrypoint of unicore run",
			       "the source does not say which program to start");
	if (!rc && j->manifest_path)
		rc = uc_manifest_files(&j->tree, j->manifest_path, &j->manifest);
	for (size_t i = 0; i < j->b->add.n && !rc; i++) rc = uc_add_spec(&j->tree, j->b->add.v[i]);
	if (!rc) {
		write_ldcache(j);
		uc_tree_because(&j->tree, "every image has it");
		uc_tree_skeleton(&j->tree);
	}
	return rc;
}

/* ---- how the program is started ---- */

static void set_env(struct uc_vec *env, const char *setting)
{
	size_t n = strcspn(setting, "=") + 1;

	for (size_t i = 0; i < env->n; i++)
		if (!strncmp(env->v[i], setting, n)) {
			free(env->v[i]);
			env->v[i] = uc_xstrdup(setting);
			return;
		}
	uc_vec_add(env, setting);
}

static int check_env(const struct uc_vec *env)
{
	for (size_t i = 0; i < env->n; i++)
		if (!strchr(env->v[i], '=') || env->v[i][0] == '=')
			return uc_fail(UC_ST_USAGE, env->v[i], "write NAME=VALUE",
				       "not an environment variable");
	return 0;
}

static int set_environment(struct job *j)
{
	int rc = check_env(&j->b->env);

	for (size_t i = 0; i < j->nin && !rc; i++)
		for (size_t k = 0; k < j->in[i].env.n; k++) set_env(&j->env, j->in[i].env.v[k]);
	for (size_t i = 0; i < j->b->env.n && !rc; i++) set_env(&j->env, j->b->env.v[i]);
	return rc;
}

static int set_user(struct job *j, const char *user)
{
	bool of_manifest = user && user == j->manifest.user;
	char *where = of_manifest ? located(j, &j->manifest.user_mark) : NULL;
	int rc = user && *user ? uc_user_lookup(&j->tree, user, where, &j->uid, &j->gid) : 0;

	free(where);
	return rc;
}

static int set_start(struct job *j)
{
	const struct uc_input *in = NULL;
	const char *user = j->b->user, *argv0 = j->b->argv0, *cwd = j->b->cwd;

	for (size_t i = 0; i < j->nin && !in; i++)
		if (j->in[i].exec || j->in[i].argv.n) in = &j->in[i];
	if (!argv0) argv0 = in && in->argv.n && !j->b->exec ? in->argv.v[0] : j->exec;
	uc_vec_add(&j->argv, argv0);
	for (size_t i = 1; in && !j->b->exec && i < in->fixed_args; i++)
		uc_vec_add(&j->argv, in->argv.v[i]);
	j->fixed = in && in->free_program && !j->b->exec && !j->b->argv0 ? 0 : j->argv.n;
	const size_t first = j->argv.n;

	if (j->b->has_args)
		for (size_t i = 0; i < j->b->args.n; i++) uc_vec_add(&j->argv, j->b->args.v[i]);
	else
		for (size_t i = first; in && !j->b->exec && i < in->argv.n; i++)
			uc_vec_add(&j->argv, in->argv.v[i]);
	if (!cwd) cwd = in && in->cwd ? in->cwd : "/";
	if (cwd[0] != '/')
		return uc_fail(UC_ST_USAGE, cwd, "write an absolute path",
			       "not usable as a working directory");
	j->cwd = uc_path_clean(cwd);
	char *there = uc_tree_resolve(&j->tree, j->cwd);

	if (!there) uc_tree_dir(&j->tree, j->cwd, 0755, 0, 0);
	free(there);
	if (!user) user = in ? in->user : NULL;
	return set_user(j, user);
}

/* ---- output ---- */

static bool may_replace(const char *out)
{
	char *json = uc_path_join(out, "image.json");
	bool yes = access(json, F_OK) == 0 || rmdir(out) == 0;

	free(json);
	return yes;
}

static int open_output(struct job *j)
{
	struct stat st;
	char *out = uc_xstrdup(j->b->out), *parent;
	size_t n = strlen(out);
	int rc = 0;

	while (n > 1 && out[n - 1] == '/') out[--n] = 0;
	if (!lstat(out, &st) && !j->b->force && !may_replace(out))
		rc = uc_fail(UC_ST_CANTCREAT, out, "choose another name or use --force",
			     "it exists and is no image");
	parent = uc_path_dir(out);
	if (!rc && (rc = uc_mkdirs(parent, 0777)))
		rc = uc_fail_os(UC_ST_CANTCREAT, parent, NULL, -rc, "cannot create it");
	j->tmp = uc_xasprintf("%s.tmp%ld", out, (long)getpid());
	if (!rc) {
		uc_rmtree(j->tmp);
		uc_cleanup_push(j->tmp);
		j->armed = true;
		if (mkdir(j->tmp, 0777))
			rc = uc_fail_os(UC_ST_CANTCREAT, j->tmp, NULL, errno, "cannot create it");
	}
	free(parent);
	free(out);
	return rc;
}

static int publish(struct job *j)
{
	char *out = uc_xstrdup(j->b->out);
	size_t n = strlen(out);
	int rc = 0;

	while (n > 1 && out[n - 1] == '/') out[--n] = 0;
	if (rename(j->tmp, out) && (uc_rmtree(out) || rename(j->tmp, out)))
		rc = uc_fail_os(UC_ST_CANTCREAT, out, NULL, errno, "cannot put the image there");
	free(out);
	return rc;
}

static int file_size(const char *path, uint64_t *out)
{
	struct stat st;

	if (stat(path, &st))
		return uc_fail_os(UC_ST_CANTCREAT, path, NULL, errno, "it was not written");
	*out = (uint64_t)st.st_size;
	return 0;
}

/* Instances share a large root as device memory, whose size is a power of two: the file gets it
 * here, as a hole, so that running an image never changes it. */
int uc_image_finish_root(const char *erofs, uint64_t *bytes)
{
	uint64_t padded;
	int rc = file_size(erofs, bytes);

	if (rc || *bytes <= UC_ROOT_INLINE_MAX) return rc;
	rc = uc_root_prepare(erofs, &padded);
	return rc ? uc_fail_os(UC_ST_CANTCREAT, erofs, NULL, -rc, "cannot extend it") : 0;
}

char *uc_image_digest(const char *dir)
{
	char *kernel = uc_path_join(dir, "kernel"), *erofs = uc_path_join(dir, "root.erofs");
	char a[65], b[65], both[65];
	struct uc_sha256 s;
	int bad = uc_file_sha256(kernel, a) || uc_file_sha256(erofs, b);

	free(kernel);
	free(erofs);
	if (bad) {
		uc_fail(UC_ST_OSERR, dir, NULL, "cannot read the image again");
		return NULL;
	}
	uc_sha256_init(&s);
	uc_sha256_add(&s, a, 64);
	uc_sha256_add(&s, b, 64);
	uc_sha256_hex(&s, both);
	return uc_xasprintf("sha256:%s", both);
}

static int write_root(struct job *j, const char *erofs)
{
	char *scratch = uc_path_join(j->tmp, ".root");
	int rc = uc_erofs_make(&j->tree, scratch, erofs, j->b->no_rewrite ? NULL : &j->rewrite);

	uc_rmtree(scratch);
	free(scratch);
	return rc ? rc : uc_image_finish_root(erofs, &j->rep->root_bytes);
}

/* The same kernel as a process of Linux. What it lacks has been told for the other. */
static int link_process(const struct uc_link *machine)
{
	struct uc_link l = { .libdir = machine->libdir,
			     .outdir = machine->outdir,
			     .name = "kernel-linux",
			     .calls = machine->calls,
			     .choice = machine->choice,
			     .quiet = true };
	int rc;

	l.choice.platform = UC_PLATFORM_LINUX;
	rc = uc_link_kernel(&l);
	uc_link_free(&l);
	return rc;
}

/* The program of a source that is a file of this machine: what can be run here. */
static const char *native_program(const struct job *j)
{
	for (size_t i = 0; i < j->nin; i++)
		if (j->in[i].root.dir && !*j->in[i].root.dir && !j->in[i].whole && j->in[i].exec)
			return j->in[i].exec;
	return NULL;
}

/* Unknown calls of a manifest's list are located. */
static int check_listed(const struct job *j, const struct uc_systab *tab)
{
	const struct uc_manifest *m = &j->manifest;
	int rc = 0;

	for (size_t i = 0; i < m->calls.n && !rc; i++) {
		const struct uc_vec one = { .v = &m->calls.v[i], .n = 1 };
		char *what = located(j, &m->call_marks[i]);
		struct uc_vec known = { 0 };

		rc = uc_calls_check(what, &one, tab, &known);
		uc_vec_free(&known);
		free(what);
	}
	return rc;
}

static int choose_calls(struct job *j, const char *libdir)
{
	struct uc_calls_wanted w = {
		.exec = j->exec,
		.policy = j->b->calls,
		.listed = j->manifest.has_calls && !j->b->calls ? &j->manifest.calls : NULL,
		.list_path = j->manifest_path,
		.deps = j->deps,
		.tree = &j->tree,
		.env = &j->env,
		.sources = &j->b->sources,
		.program = native_program(j),
		.argv0 = j->argv.v[0],
		.workloads = j->manifest.workloads,
		.nworkloads = j->manifest.nworkloads,
	};
	char *cache = uc_calls_policy(j->b->calls) ? uc_build_cache_dir(j->b->cache) : NULL;
	struct uc_vec given = { .v = j->argv.v + 1, .n = j->argv.n - 1 };
	struct uc_systab tab;
	int rc = uc_systab_installed(libdir, &tab);

	w.cache = cache;
	if (!w.nworkloads || j->b->given_args) {
		w.workloads = &given;
		w.nworkloads = 1;
	}
	if (!rc && w.listed) rc = check_listed(j, &tab);
	if (!rc) rc = uc_image_calls(&w, &tab, &j->found);
	if (!rc) uc_image_warn_named(&j->tree, j->in, j->nin, j->found.report);
	if (!j->found.all) j->link.calls = &j->found.calls;
	uc_systab_free(&tab);
	free(cache);
	return rc;
}

static int write_kernel(struct job *j)
{
	char *libdir = uc_libdir_arch("x86_64");
	int rc;

	j->link = (struct uc_link){ .libdir = libdir,
				    .explain = true,
				    /* Nobody asked for these calls, and few are ever made. */
				    .quiet = !j->b->calls && !j->manifest.has_calls,
				    .outdir = j->tmp,
				    .choice = { UC_PLATFORM_KVM, &j->b->choose, &j->b->with,
						&j->b->without,
						uc_tree_mentions, &j->tree } };
	rc = choose_calls(j, libdir);
	if (!rc) rc = uc_link_kernel(&j->link);
	if (!rc) rc = link_process(&j->link);
	if (!rc) rc = uc_link_ulibs(libdir, &j->link.choice, &j->ulibs_all);
	j->rep->kernel_bytes = j->link.kernel_bytes;
	free(libdir);
	return rc;
}

static int write_description(struct job *j)
{
	char *path = uc_path_join(j->tmp, "image.json");
	const char *name = j->b->name ? j->b->name : uc_path_base(j->exec);
	struct uc_image i = { .name = name,
			      .exec = j->exec,
			      .cwd = j->cwd,
			      .hostname = j->b->hostname,
			      .uid = j->uid,
			      .gid = j->gid,
			      .loglevel = j->b->loglevel,
			      .memory = j->b->memory,
			      .trace = uc_vec_has(&j->b->with, "trace"),
			      .argv = &j->argv,
			      .fixed = j->fixed,
			      .env = &j->env,
			      .sources = &j->b->sources,
			      .in = j->in,
			      .nin = j->nin,
			      .found = &j->found,
			      .tree = &j->tree,
			      .link = &j->link,
			      .ulibs_all = &j->ulibs_all,
			      .deps = j->deps,
			      .rep = j->rep,
			      .rewrite = j->b->no_rewrite ? NULL : &j->rewrite };
	int rc = uc_image_json(&i, path);

	free(path);
	return rc;
}

/* Beside the description, because every run reads that; in the form that --calls takes. */
static int write_calls(struct job *j)
{
	char *path = uc_path_join(j->tmp, "calls");
	struct uc_buf b = { 0 };

	for (size_t i = 0; i < j->link.linked.n; i++)
		uc_buf_printf(&b, "%s\n", j->link.linked.v[i]);
	for (size_t i = 0; j->link.calls && i < j->link.calls->n; i++)
		if (j->link.calls->v[i][0] == UC_NO_PART)
			uc_buf_printf(&b, "%s\n", j->link.calls->v[i]);
	int rc = uc_file_write(path, b.n ? b.p : "", b.n, 0644);

	if (rc) rc = uc_fail_os(UC_ST_CANTCREAT, path, NULL, -rc, "cannot write it");
	uc_buf_free(&b);
	free(path);
	return rc;
}

static int write_inputs(struct job *j)
{
	char *file = uc_path_join(j->tmp, "inputs");
	int rc = uc_inputs_write(&j->tree, file);

	if (rc) rc = uc_fail_os(UC_ST_CANTCREAT, file, NULL, -rc, "cannot write it");
	free(file);
	return rc;
}

/* Packages of the sources with files in the image; where a source does not tell, dpkg may. */
static void find_packages(struct job *j)
{
	struct uc_map paths = { 0 };

	for (size_t i = 0; i < j->tree.nodes.n; i++) {
		const struct uc_map_entry *e = &j->tree.nodes.e[i];

		if (((const struct uc_node *)e->value)->kind != UC_NODE_DIR)
			*uc_map_put(&paths, e->key) = e->value;
	}
	for (size_t i = 0; i < j->nin; i++) {
		struct uc_input *in = &j->in[i];

		if (in->root.dir && !in->packages.n)
			uc_deb_installed(&in->root, &paths, &in->packages);
	}
	uc_map_free(&paths);
}

static int write_contents(struct job *j)
{
	const struct uc_contents c = { .in = j->in,
				       .nin = j->nin,
				       .tree = &j->tree,
				       .link = &j->link,
				       .found = &j->found,
				       .name = j->b->name ? j->b->name : uc_path_base(j->exec) };
	char *path = uc_path_join(j->tmp, "contents.json");
	int rc = uc_image_contents(&c, path);

	free(path);
	return rc;
}

static int write_image(struct job *j)
{
	char *erofs = uc_path_join(j->tmp, "root.erofs");
	int rc = write_kernel(j);

	if (!rc) rc = write_root(j, erofs);
	if (!rc && !(j->rep->digest = uc_image_digest(j->tmp))) rc = UC_ST_OSERR;
	if (!rc) {
		j->rep->image_bytes = j->rep->kernel_bytes + j->rep->root_bytes;
		j->rep->calls = j->link.linked.n;
		j->rep->why_all = j->found.why_all ? uc_xstrdup(j->found.why_all) : NULL;
		j->rep->exec = uc_xstrdup(j->exec);
		uc_tree_count(&j->tree, &j->rep->files, &j->rep->dirs, &j->rep->links);
		find_packages(j);
		rc = write_description(j);
	}
	if (!rc) rc = write_calls(j);
	if (!rc) rc = write_contents(j);
	if (!rc && j->b->inputs) rc = write_inputs(j);
	if (!rc) rc = publish(j);
	free(erofs);
	return rc;
}

static void finish(struct job *j)
{
	if (j->tmp) uc_rmtree(j->tmp);
	if (j->armed) uc_cleanup_pop();
	for (size_t i = 0; i < j->nin; i++) uc_input_free(&j->in[i]);
	for (size_t i = 0; i < j->cache.n; i++) free(j->cache.e[i].value);
	uc_map_free(&j->cache);
	uc_tree_free(&j->tree);
	uc_vec_free(&j->argv);
	uc_vec_free(&j->env);
	uc_calls_found_free(&j->found);
	uc_link_free(&j->link);
	uc_vec_free(&j->ulibs_all);
	uc_manifest_free(&j->manifest);
	free(j->manifest_path);
	free(j->lock_path);
	uc_lock_free(&j->lock);
	free(j->in);
	free(j->tmp);
	free(j->exec);
	free(j->cwd);
}

int uc_build_image(struct uc_build *b, struct uc_build_report *rep)
{
	struct uc_deps deps = { .nfiles = 0 };
	struct job j = { .b = b, .rep = rep, .deps = &deps };
	int rc;

	*rep = (struct uc_build_report){ 0 };
	rc = open_output(&j);
	if (!rc) rc = read_manifest(&j);
	if (!rc) rc = read_lock(&j);
	if (!rc) rc = open_sources(&j);
	if (!rc) rc = free_program(&j);
	if (!rc) rc = set_environment(&j);
	if (!rc) rc = fill_tree(&j);
	if (!rc) rc = keep_lock(&j);
	if (!rc) rc = set_start(&j);
	if (!rc) rc = write_image(&j);
	finish(&j);
	uc_deps_free(&deps);
	if (rc) uc_build_report_free(rep);
	return rc;
}

int uc_build_closure(struct uc_build *b, struct uc_deps *deps)
{
	struct uc_build_report rep = { 0 };
	struct job j = { .b = b, .rep = &rep, .deps = deps };
	int rc = read_manifest(&j);

	if (!rc) rc = open_sources(&j);
	if (!rc) rc = free_program(&j);
	if (!rc) rc = set_environment(&j);
	if (!rc) rc = fill_tree(&j);
	finish(&j);
	return rc;
}

int uc_build_update(struct uc_build *b, bool dry, FILE *f)
{
	struct uc_build_report rep = { 0 };
	struct job j = { .b = b, .rep = &rep };
	json_t *doc = NULL, *was;
	int rc = read_manifest(&j);

	if (!rc) rc = read_lock(&j);
	if (!rc && !j.lock_path)
		rc = uc_fail(UC_ST_USAGE, b->sources.v[0], "add --lock FILE",
			     "only a manifest has a lock beside it");
	/* Not asked: that is what is updated. */
	was = json_incref(j.lock.doc);
	uc_lock_free(&j.lock);
	if (!rc) rc = open_sources(&j);
	if (!rc) rc = free_program(&j);
	if (!rc) rc = set_environment(&j);
	if (!rc) rc = fill_tree(&j);
	if (!rc) {
		doc = uc_lock_make(&b->sources, j.in, j.nin, &j.tree);
		if (uc_lock_compare(was, doc, SIZE_MAX, f) && !dry)
			rc = uc_json_write(json_incref(doc), j.lock_path);
	}
	json_decref(doc);
	json_decref(was);
	finish(&j);
	return rc;
}

void uc_build_free(struct uc_build *b)
{
	uc_vec_free(&b->sources);
	uc_vec_free(&b->args);
	uc_vec_free(&b->env);
	uc_vec_free(&b->add);
	uc_vec_free(&b->choose);
	uc_vec_free(&b->with);
	uc_vec_free(&b->without);
}

void uc_build_report_free(struct uc_build_report *rep)
{
	free(rep->exec);
	free(rep->digest);
	free(rep->why_all);
	*rep = (struct uc_build_report){ 0 };
}
