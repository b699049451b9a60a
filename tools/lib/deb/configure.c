// SPDX-License-Identifier: BSD-3-Clause
/*
 * What maintainer scripts would do and programs rely on, done without running the scripts: links of
 * update-alternatives, the bundle of certificates, byte-compiled Python modules.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/deb.h>
#include <unicore/msg.h>

#define BUNDLE "/etc/ssl/certs/ca-certificates.crt"

static void make_link(const char *dir, const char *path, const char *target, struct uc_deb *d)
{
	struct uc_root root = { .dir = (char *)dir };
	char *parent = uc_path_dir(path), *canon, *at, *host;

	if (!uc_root_has(&root, path) &&
	    !uc_root_lookup(&root, parent, false, NULL, &canon, NULL)) {
		at = uc_path_join(canon, uc_path_base(path));
		host = uc_root_host(&root, at);
		if (!symlink(target, host)) uc_vec_add(&d->paths, at);
		free(host);
		free(at);
		free(canon);
	}
	free(parent);
}

/* The package that has path. */
static struct uc_deb *owner_of(struct uc_debs *debs, const char *path)
{
	for (size_t i = 0; i < debs->n; i++)
		if (uc_vec_has(&debs->v[i].paths, path)) return &debs->v[i];
	return NULL;
}

void uc_deb_link_alternatives(const char *dir, const struct uc_map *links, struct uc_debs *debs)
{
	struct uc_root root = { .dir = (char *)dir };

	for (size_t i = 0; i < links->n; i++) {
		struct uc_deb *d;
		char *canon;

		if (uc_root_lookup(&root, links->e[i].value, true, NULL, &canon, NULL)) continue;
		d = owner_of(debs, canon);
		if (d) make_link(dir, links->e[i].key, links->e[i].value, d);
		free(canon);
	}
}

/* ---- certificates: /usr/share/ca-certificates/mozilla/X.crt, as update-ca-certificates does
 * ---- */

static bool is_certificate(const char *path)
{
	return uc_path_below(path, "/usr/share/ca-certificates") && uc_has_suffix(path, ".crt");
}

static int bundle_certificates(const char *dir, struct uc_deb *d)
{
	struct uc_vec keep = { 0 };
	struct uc_buf all = { 0 }, one;
	char *host, *parent;
	int rc = 0;

	for (size_t i = 0; i < d->paths.n; i++) {
		if (!is_certificate(d->paths.v[i])) {
			uc_vec_add(&keep, d->paths.v[i]);
			continue;
		}
		host = uc_xasprintf("%s%s", dir, d->paths.v[i]);
		if (!uc_file_read(host, 1 << 20, &one)) {
			uc_buf_add(&all, one.p, one.n);
			uc_buf_str(&all, "\n");
			uc_buf_free(&one);
		}
		free(host);
	}
	if (all.n) {
		host = uc_xasprintf("%s%s", dir, BUNDLE);
		parent = uc_path_dir(host);
		rc = uc_mkdirs(parent, 0755);
		if (!rc) rc = uc_file_write(host, all.p, all.n, 0644);
		uc_vec_add(&keep, BUNDLE);
		uc_vec_free(&d->paths);
		d->paths = keep;
		/* OpenSSL looks here first; the folder of hashed names is not made. */
		make_link(dir, "/usr/lib/ssl/cert.pem", BUNDLE, d);
		free(parent);
		free(host);
	} else {
		uc_vec_free(&keep);
	}
	uc_buf_free(&all);
	return rc;
}

/* ---- Python: modules are compiled once here instead of at each start ---- */

static const char *python_of(const struct uc_deb *d)
{
	for (size_t i = 0; i < d->paths.n; i++)
		if (!fnmatch("/usr/bin/python3.[0-9]*", d->paths.v[i], 0) &&
		    !strchr(uc_path_base(d->paths.v[i]), '-'))
			return d->paths.v[i];
	return NULL;
}

static void run_compileall(const char *dir, const char *python)
{
	char *home = uc_xasprintf("PYTHONHOME=%s/usr", dir),
	     *ld = uc_xasprintf("%s/usr/lib64/ld-linux-x86-64.so.2", dir);
	char *libs = uc_xasprintf("%s/usr/lib/x86_64-linux-gnu", dir),
	     *exe = uc_xasprintf("%s%s", dir, python);
	char *stdlib = uc_xasprintf("%s/usr/lib/%s", dir, uc_path_base(python));
	char *dist = uc_xasprintf("%s/usr/lib/python3", dir);
	/* unchecked-hash: valid whatever time stamps the image gives to the sources */
	const char *argv[] = { "env",
			       "-i",
			       home,
			       "PYTHONDONTWRITEBYTECODE=1",
			       "PYTHONHASHSEED=0",
			       "SOURCE_DATE_EPOCH=0",
			       ld,
			       "--library-path",
			       libs,
			       exe,
			       "-S",
			       "-s",
			       "-m",
			       "compileall",
			       "-q",
			       "-j1",
			       "-s",
			       dir,
			       "-p",
			       "/",
			       "--invalidation-mode",
			       "unchecked-hash",
			       stdlib,
			       dist,
			       NULL };
	struct uc_progress p = { 0 };
	struct uc_buf out = { 0 };
	int rc;

	if (access(dist, F_OK)) argv[sizeof(argv) / sizeof(*argv) - 2] = NULL;
	uc_progress_start(&p, "compiling Python modules", 0, false);
	rc = uc_run(argv, NULL, &out, &out);
	uc_progress_end(&p);
	if (rc)
		uc_note(1, "some Python modules are not byte-compiled: %.*s",
			(int)(out.n < 400 ? out.n : 400), out.p ? out.p : "");
	uc_buf_free(&out);
	free(home);
	free(ld);
	free(libs);
	free(exe);
	free(stdlib);
	free(dist);
}

/* Adds X/__pycache__/Y.cpython-NN.pyc to the package that has X/Y.py. */
static void adopt_compiled(const char *dir, const char *python, struct uc_debs *debs)
{
	const char *minor = python + strlen("/usr/bin/python3.");

	for (size_t i = 0; i < debs->n; i++)
		for (size_t k = 0, n = debs->v[i].paths.n; k < n; k++) {
			const char *path = debs->v[i].paths.v[k], *base = uc_path_base(path);
			char *parent, *pyc, *host;

			if (!uc_has_suffix(base, ".py") || !uc_path_below(path, "/usr/lib"))
				continue;
			parent = uc_path_dir(path);
			pyc = uc_xasprintf("%s/__pycache__/%.*s.cpython-3%s.pyc", parent,
					   (int)strlen(base) - 3, base, minor);
			host = uc_xasprintf("%s%s", dir, pyc);
			if (!access(host, R_OK)) uc_vec_add(&debs->v[i].paths, pyc);
			free(parent);
			free(pyc);
			free(host);
		}
}

int uc_deb_configure(const char *dir, struct uc_debs *debs)
{
	const char *python = NULL;
	int rc = 0;

	for (size_t i = 0; i < debs->n && !rc; i++) {
		if (!strcmp(debs->v[i].name, "ca-certificates"))
			rc = bundle_certificates(dir, &debs->v[i]);
		if (!python) python = python_of(&debs->v[i]);
	}
	if (python) {
		char *copy = uc_xstrdup(python); /* the lists grow */

		run_compileall(dir, copy);
		adopt_compiled(dir, copy, debs);
		free(copy);
	}
	return rc ? uc_fail_os(UC_ST_CANTCREAT, dir, "use --cache DIR", -rc, "cannot write there")
		  : 0;
}
