// SPDX-License-Identifier: BSD-3-Clause
/* Which packages are needed, and fetching them: both by apt-get, which verifies what it
 * downloads. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <unicore/deb.h>
#include <unicore/msg.h>

#define MAX_ARGS 4096

/*
 * Not a dependency, but a program with the library cannot do without its data. by_need: the rules
 * for files find it in the root, nothing is taken otherwise.
 */
static const struct {
	const char *package, *companion;
	bool by_need;
} companions[] = {
	{ "libtinfo6", "ncurses-base", false },  /* terminal descriptions */
	{ "libssl3", "ca-certificates", false }, /* whom to trust */
	{ "libgnutls30", "ca-certificates", false },
	{ "libc6", "netbase", false },  /* /etc/services, /etc/protocols */
	{ "libc6", "libc-bin", true }, /* locale C.UTF-8 */
	{ "libc6", "dash", true },     /* /bin/sh */
};

/* What every Debian system has and packages need not depend on (Policy 3.8), by a pattern of
 * apt's. The second keeps out a program that only converts old systems. */
static const char *const essentials[] = { "?essential", "usr-is-merged" };

static bool has(const struct uc_debs *d, const char *name)
{
	for (size_t i = 0; i < d->n; i++)
		if (!strcmp(d->v[i].name, name)) return true;
	return false;
}

/* Lines of --print-uris: 'URI' FILE SIZE HASH */
static void take_lines(char *text, struct uc_debs *out)
{
	char *save, *line, *name, *version;

	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *end = line[0] == '\'' ? strchr(line + 1, '\'') : NULL, *file;

		if (!end || end[1] != ' ') continue;
		file = end + 2;
		file[strcspn(file, " ")] = 0;
		if (!uc_deb_parse_name(file, &name, &version)) continue;
		if (has(out, name)) {
			free(name);
			free(version);
			continue;
		}
		out->v = uc_xrealloc(out->v, (out->n + 1) * sizeof(*out->v));
		out->v[out->n++] = (struct uc_deb){ .file = uc_xstrdup(file),
						    .name = name,
						    .version = version };
	}
}

static int apt_failed(const char *what, int rc, const char *err)
{
	const char *e = err ? strstr(err, "E: ") : NULL;
	int n = e ? (int)strcspn(e + 3, "\n") : 0;

	if (rc < 0)
		return uc_fail(UC_ST_UNAVAILABLE, "apt-get", "deb: sources need a Debian system",
			       "cannot run it: %s", strerror(-rc));
	if (e && strstr(e, "Unable to locate"))
		return uc_fail(UC_ST_NOINPUT, what,
			       "check the name with `apt-cache search`, or run `apt-get update`",
			       "apt knows no such package");
	if (e && (strstr(e, "no installation candidate") || strstr(e, "Can't select candidate")))
		return uc_fail(UC_ST_NOINPUT, what, "name one of the packages that provide it",
			       "it is a virtual package or has no installable version");
	return uc_fail(UC_ST_UNAVAILABLE, what, "run `apt-get update` and check the network",
		       "apt-get ended with status %d: %.*s", rc, n, e ? e + 3 : "");
}

static int print_uris(const char *verb, const struct uc_vec *names, struct uc_debs *out)
{
	/* An empty state: what this machine has installed must not count as there. */
	const char *argv[MAX_ARGS] = { "apt-get",
				       verb,
				       "--print-uris",
				       "-y",
				       "-qq",
				       "--no-install-recommends",
				       "-o",
				       "Dir::State::status=/dev/null",
				       "-o",
				       "Debug::NoLocking=1",
				       "-o",
				       "Dir::Cache::archives=/nonexistent",
				       "--" };
	struct uc_buf text = { 0 }, err = { 0 };
	size_t n = 13;
	int rc;

	for (size_t i = 0; i < names->n && n + 1 < MAX_ARGS; i++) argv[n++] = names->v[i];
	argv[n] = NULL;
	rc = uc_run(argv, NULL, &text, &err);
	if (rc) rc = apt_failed(names->v[0], rc, err.p);
	else if (text.p) take_lines(text.p, out);
	uc_buf_free(&text);
	uc_buf_free(&err);
	return rc;
}

/* ---- the answer is kept as long as apt's package lists stay the same ---- */

static char *memo_path(const char *cache, const struct uc_vec *names, bool essential)
{
	struct uc_sha256 s;
	struct stat st;
	char hex[65], *dir, *path;

	uc_sha256_init(&s);
	for (size_t i = 0; i < names->n; i++)
		uc_sha256_add(&s, names->v[i], strlen(names->v[i]) + 1);
	if (stat("/var/lib/apt/lists", &st)) return NULL;
	uc_sha256_add(&s, &st.st_mtim, sizeof(st.st_mtim));
	for (size_t i = 0; i < sizeof(companions) / sizeof(*companions); i++)
		uc_sha256_add(&s, companions[i].companion, strlen(companions[i].companion) + 1);
	uc_sha256_add(&s, &essential, sizeof(essential));
	uc_sha256_hex(&s, hex);
	hex[32] = 0;
	dir = uc_path_join(cache, "deb/resolved");
	path = uc_mkdirs(dir, 0777) ? NULL : uc_path_join(dir, hex);
	free(dir);
	return path;
}

static bool recall(const char *path, struct uc_debs *out)
{
	struct uc_buf b;

	if (!path || uc_file_read(path, 1 << 22, &b)) return false;
	take_lines(b.p, out);
	uc_buf_free(&b);
	return out->n > 0;
}

static void remember(const char *path, const struct uc_debs *debs)
{
	struct uc_buf b = { 0 };

	if (!path) return;
	for (size_t i = 0; i < debs->n; i++) uc_buf_printf(&b, "'' %s\n", debs->v[i].file);
	uc_file_write(path, b.p ? b.p : "", b.n, 0644);
	uc_buf_free(&b);
}

static int resolve(const struct uc_vec *names, bool essential, struct uc_debs *out)
{
	struct uc_vec all = { 0 }, more = { 0 };
	int rc;

	for (size_t i = 0; i < names->n; i++) uc_vec_add(&all, names->v[i]);
	for (size_t i = 0; essential && i < sizeof(essentials) / sizeof(*essentials); i++)
		uc_vec_add(&all, essentials[i]);
	rc = print_uris("install", &all, out);
	uc_vec_free(&all);

	for (size_t i = 0; !rc && i < sizeof(companions) / sizeof(*companions); i++)
		if (has(out, companions[i].package) && !has(out, companions[i].companion))
			uc_vec_add_once(&more, companions[i].companion);
	if (!rc && more.n) rc = print_uris("download", &more, out);
	uc_vec_free(&more);
	return rc;
}

/* What is taken whole: packages that were named, and companions. */
static void mark_wanted(const struct uc_vec *names, struct uc_debs *out)
{
	for (size_t i = 0; i < out->n; i++) {
		out->v[i].wanted = uc_vec_has(names, out->v[i].name);
		for (size_t k = 0; k < sizeof(companions) / sizeof(*companions); k++)
			if (!companions[k].by_need &&
			    !strcmp(out->v[i].name, companions[k].companion))
				out->v[i].wanted = true;
	}
}

void uc_deb_locked(const struct uc_packages *locked, const struct uc_vec *names,
		   struct uc_debs *out)
{
	*out = (struct uc_debs){ 0 };
	for (size_t i = 0; i < locked->n; i++) {
		const struct uc_package *p = &locked->v[i];

		out->v = uc_room(out->v, out->n, sizeof(*out->v));
		out->v[out->n++] = (struct uc_deb){ .file = uc_xstrdup(p->file),
						    .name = uc_xstrdup(p->name),
						    .version = uc_xstrdup(p->version) };
	}
	mark_wanted(names, out);
}

int uc_deb_resolve(const char *cache, const struct uc_vec *names, bool essential,
		   struct uc_debs *out)
{
	char *memo = memo_path(cache, names, essential);
	int rc = 0;

	*out = (struct uc_debs){ 0 };
	if (!recall(memo, out)) {
		rc = resolve(names, essential, out);
		if (!rc) remember(memo, out);
	}
	free(memo);
	if (!rc && !out->n)
		rc = uc_fail(UC_ST_UNAVAILABLE, names->v[0], "run `apt-get update`",
			     "apt-get names no file for it");
	mark_wanted(names, out);
	if (rc) uc_debs_free(out);
	return rc;
}

/* ---- fetching ---- */

static bool present(const char *pool, const char *file)
{
	char *path = uc_path_join(pool, file);
	bool yes = access(path, R_OK) == 0;

	free(path);
	return yes;
}

/* From a folder of its own, so that the pool never holds half a package. */
static int adopt(const char *pool, const char *tmp, struct uc_debs *debs)
{
	for (size_t i = 0; i < debs->n; i++) {
		char *from, *to;
		int bad;

		if (present(pool, debs->v[i].file)) continue;
		from = uc_path_join(tmp, debs->v[i].file);
		to = uc_path_join(pool, debs->v[i].file);
		bad = rename(from, to);
		free(from);
		free(to);
		if (bad)
			return uc_fail(UC_ST_UNAVAILABLE, debs->v[i].file, "run `apt-get update`",
				       "apt-get did not fetch it: %s", strerror(errno));
	}
	return 0;
}

static int download(const char *pool, struct uc_debs *debs, const struct uc_vec *wanted)
{
	const char *argv[MAX_ARGS] = {
		"apt-get", "download",           "-qq", "-o", "APT::Sandbox::User=root",
		"-o",      "Debug::NoLocking=1", "--"
	};
	char *tmp = uc_xasprintf("%s/fetch.%ld", pool, (long)getpid());
	struct uc_buf err = { 0 };
	size_t n = 8;
	int rc = uc_mkdirs(tmp, 0777);

	uc_cleanup_push(tmp);
	for (size_t i = 0; i < wanted->n && n + 1 < MAX_ARGS; i++) argv[n++] = wanted->v[i];
	argv[n] = NULL;
	if (rc) rc = uc_fail_os(UC_ST_CANTCREAT, tmp, "use --cache DIR", -rc, "cannot create it");
	else if ((rc = uc_run(argv, tmp, &err, &err))) rc = apt_failed("packages", rc, err.p);
	else rc = adopt(pool, tmp, debs);
	uc_rmtree(tmp);
	uc_cleanup_pop();
	uc_buf_free(&err);
	free(tmp);
	return rc;
}

int uc_deb_fetch(const char *cache, struct uc_debs *debs)
{
	char *pool = uc_path_join(cache, "deb/pool");
	struct uc_vec wanted = { 0 };
	struct uc_progress p = { 0 };
	int rc = uc_mkdirs(pool, 0777);

	if (rc) rc = uc_fail_os(UC_ST_CANTCREAT, pool, "use --cache DIR", -rc, "cannot create it");
	for (size_t i = 0; !rc && i < debs->n; i++)
		if (!present(pool, debs->v[i].file))
			uc_vec_take(&wanted,
				    uc_xasprintf("%s=%s", debs->v[i].name, debs->v[i].version));
	if (!rc && wanted.n) {
		char *label = uc_xasprintf("fetching %zu packages", wanted.n);

		uc_progress_start(&p, label, 0, false);
		rc = download(pool, debs, &wanted);
		uc_progress_end(&p);
		free(label);
	}
	uc_vec_free(&wanted);
	free(pool);
	return rc;
}
