// SPDX-License-Identifier: BSD-3-Clause
/*
 * A set of packages becomes one root in the cache: <cache>/deb/root/<key>/{root,index}. It is made
 * in a folder of its own and moved into place when complete.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include <unicore/deb.h>
#include <unicore/msg.h>
#include <unicore/unpack.h>

#define INDEX_MAGIC "unicore-deb-root 11"
#define CONTROL_MAX (1u << 20)

/* ---- one package: an ar archive with control.tar.* and data.tar.* ---- */

struct nested {
	struct archive *outer;
	char block[65536];
};

static la_ssize_t nested_read(struct archive *a, void *arg, const void **block)
{
	struct nested *n = arg;
	la_ssize_t got = archive_read_data(n->outer, n->block, sizeof(n->block));

	if (got < 0) archive_set_error(a, EIO, "%s", archive_error_string(n->outer));
	*block = n->block;
	return got;
}

static struct archive *open_nested(struct nested *n)
{
	struct archive *a = archive_read_new();

	archive_read_support_format_tar(a);
	archive_read_support_filter_all(a);
	if (archive_read_open(a, n, NULL, nested_read, NULL) == ARCHIVE_OK) return a;
	archive_read_free(a);
	return NULL;
}

static void take_control_file(struct archive *a, struct archive_entry *e, struct uc_deb *d,
			      struct uc_deb_effects *fx)
{
	const char *name = archive_entry_pathname(e);
	bool script = name && !strcmp(uc_path_base(name), "postinst");
	la_int64_t size = archive_entry_size(e);
	char *text;

	if ((!script && !(name && !strcmp(uc_path_base(name), "control"))) || size <= 0 ||
	    size > CONTROL_MAX)
		return;
	text = uc_xmalloc((size_t)size + 1);
	text[size] = 0;
	if (archive_read_data(a, text, (size_t)size) == size) {
		if (script) uc_deb_script(text, (size_t)size, fx);
		else uc_deb_control(text, (size_t)size, d);
	}
	free(text);
}

static int read_control(struct archive *a, struct uc_deb *d, struct uc_deb_effects *fx,
			const char *what)
{
	struct archive_entry *e;
	int rc;

	while ((rc = archive_read_next_header(a, &e)) == ARCHIVE_OK || rc == ARCHIVE_WARN)
		take_control_file(a, e, d, fx);
	return rc == ARCHIVE_EOF
		       ? 0
		       : uc_fail(UC_ST_DATA, what, "remove it, it will be fetched again",
				 "its control part is damaged: %s", archive_error_string(a));
}

static int read_members(struct archive *outer, struct uc_unpack *u, struct uc_deb *d,
			struct uc_deb_effects *fx, const char *what)
{
	struct nested *n = uc_xzalloc(sizeof(*n));
	struct archive_entry *e;
	bool data = false;
	int rc = 0;

	n->outer = outer;
	while (!rc && archive_read_next_header(outer, &e) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(e);
		bool control = name && uc_has_prefix(name, "control.tar");
		struct archive *inner;

		if (!control && !(name && uc_has_prefix(name, "data.tar"))) continue;
		inner = open_nested(n);
		if (!inner) break;
		rc = control ? read_control(inner, d, fx, what) : uc_unpack_entries(u, inner, what);
		data |= !control;
		archive_read_free(inner);
	}
	free(n);
	if (!rc && !data)
		rc = uc_fail(UC_ST_DATA, what, "remove it, it will be fetched again",
			     "it is no Debian package");
	return rc;
}

static int unpack_one(const char *path, struct uc_unpack *u, struct uc_deb *d,
		      struct uc_deb_effects *fx)
{
	struct archive *a = archive_read_new();
	int rc;

	archive_read_support_format_ar(a);
	if (archive_read_open_filename(a, path, 1 << 16) != ARCHIVE_OK)
		rc = uc_fail(UC_ST_DATA, path, "remove it, it will be fetched again", "%s",
			     archive_error_string(a));
	else rc = read_members(a, u, d, fx, path);
	archive_read_free(a);
	return rc;
}

/* ---- the index ---- */

static void list_lines(struct uc_buf *b, char kind, const struct uc_vec *v)
{
	for (size_t i = 0; i < v->n; i++) uc_buf_printf(b, "%c%s\n", kind, v->v[i]);
}

static int write_index(const char *dir, const struct uc_debs *debs, const struct uc_map *owners)
{
	char *path = uc_path_join(dir, "index");
	struct uc_buf b = { 0 }, o = { 0 };
	int rc;

	uc_buf_printf(&b, INDEX_MAGIC "\n");
	for (size_t i = 0; i < debs->n; i++) {
		uc_buf_printf(&b, "P%s\n", debs->v[i].file);
		if (debs->v[i].source) uc_buf_printf(&b, "S%s\n", debs->v[i].source);
		if (debs->v[i].sha256) uc_buf_printf(&b, "H%s\n", debs->v[i].sha256);
		list_lines(&b, 'D', &debs->v[i].depends);
		list_lines(&b, 'V', &debs->v[i].provides);
		list_lines(&b, 'p', &debs->v[i].paths);
	}
	uc_owners_write(owners, &o);
	for (char *line = o.p, *nl; line && *line; line = nl + 1) {
		nl = strchr(line, '\n');
		uc_buf_printf(&b, "O%.*s\n", (int)(nl - line), line);
	}
	rc = uc_file_write(path, b.p, b.n, 0644);
	uc_buf_free(&b);
	uc_buf_free(&o);
	free(path);
	return rc;
}

static struct uc_deb *deb_by_file(struct uc_debs *debs, const char *file)
{
	for (size_t i = 0; i < debs->n; i++)
		if (!strcmp(debs->v[i].file, file)) return &debs->v[i];
	return NULL;
}

static void set_text(char **field, const char *text)
{
	free(*field);
	*field = uc_xstrdup(text);
}

static bool index_line(char *line, struct uc_debs *debs, struct uc_deb **deb, struct uc_input *in)
{
	char *owner;
	bool ok;

	switch (line[0]) {
	case 'P': *deb = deb_by_file(debs, line + 1); return *deb != NULL;
	case 'S':
	case 'H':
		if (*deb)
			set_text(line[0] == 'S' ? &(*deb)->source : &(*deb)->sha256, line + 1);
		return *deb != NULL;
	case 'D':
	case 'V':
	case 'p':
		if (*deb)
			uc_vec_add(line[0] == 'p'   ? &(*deb)->paths
				   : line[0] == 'D' ? &(*deb)->depends
						    : &(*deb)->provides,
				   line + 1);
		return *deb != NULL;
	case 'O':
		owner = uc_xasprintf("%s\n", line + 1);
		ok = !uc_owners_read(owner, strlen(owner), &in->owners);
		free(owner);
		return ok;
	default: return false;
	}
}

static bool read_index(const char *dir, struct uc_debs *debs, struct uc_input *in)
{
	char *path = uc_path_join(dir, "index"), *save, *line;
	struct uc_deb *deb = NULL;
	struct uc_buf b;
	bool ok;

	if (uc_file_read(path, 1u << 28, &b)) {
		free(path);
		return false;
	}
	free(path);
	line = strtok_r(b.p, "\n", &save);
	ok = line && !strcmp(line, INDEX_MAGIC);
	while (ok && (line = strtok_r(NULL, "\n", &save))) ok = index_line(line, debs, &deb, in);
	uc_buf_free(&b);
	return ok;
}

/* ---- the root ---- */

static char *root_key(const struct uc_debs *debs)
{
	struct uc_sha256 s;
	char hex[65];

	uc_sha256_init(&s);
	uc_sha256_add(&s, INDEX_MAGIC, sizeof(INDEX_MAGIC));
	for (size_t i = 0; i < debs->n; i++)
		uc_sha256_add(&s, debs->v[i].file, strlen(debs->v[i].file) + 1);
	uc_sha256_hex(&s, hex);
	return uc_xstrndup(hex, 32);
}

/* What base-files makes: /bin, /lib … are links into /usr on Debian 12 (packages may still name
 * the old places), and the folders below /var that everything uses. */
static int make_base(const char *root)
{
	static const char *const dirs[] = { "bin", "sbin", "lib", "lib64", "lib32" };
	static const char *const var[] = { "var/lib", "var/log", "var/cache", "var/spool",
					   "var/tmp", "run",     "srv",       "etc" };
	int rc = 0;

	for (size_t i = 0; i < sizeof(var) / sizeof(*var) && !rc; i++) {
		char *path = uc_path_join(root, var[i]);

		rc = uc_mkdirs(path, 0755);
		free(path);
	}
	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs) && !rc; i++) {
		char *usr = uc_xasprintf("%s/usr/%s", root, dirs[i]),
		     *link = uc_path_join(root, dirs[i]);
		char *target = uc_xasprintf("usr/%s", dirs[i]);

		rc = uc_mkdirs(usr, 0755);
		if (!rc && symlink(target, link) && errno != EEXIST) rc = -errno;
		free(usr);
		free(link);
		free(target);
	}
	return rc;
}

static int unpack_package(const char *pool, struct uc_deb *d, struct uc_unpack *u,
			  struct uc_deb_effects *fx)
{
	char *file = uc_path_join(pool, d->file);
	int rc = unpack_one(file, u, d, fx);
	char hex[65];

	if (!rc && !uc_file_sha256(file, hex)) set_text(&d->sha256, hex);
	free(file);
	d->paths = u->paths;
	u->paths = (struct uc_vec){ 0 };
	uc_unpack_next(u);
	return rc;
}

static int unpack_packages(const char *pool, struct uc_debs *debs, struct uc_unpack *u,
			   struct uc_deb_effects *fx)
{
	struct uc_progress p = { 0 };
	int rc = 0;

	uc_progress_start(&p, "unpacking", debs->n, false);
	for (size_t i = 0; i < debs->n && !rc; i++) {
		rc = unpack_package(pool, &debs->v[i], u, fx);
		uc_progress_update(&p, i + 1);
	}
	uc_progress_end(&p);
	return rc;
}

static int unpack_all(const char *pool, const char *dir, struct uc_debs *debs)
{
	struct uc_unpack u = { .root.dir = uc_path_join(dir, "root"), .skip = uc_deb_is_ballast };
	struct uc_deb_effects fx = { 0 };
	int rc = make_base(u.root.dir);

	if (rc)
		rc = uc_fail_os(UC_ST_CANTCREAT, u.root.dir, "use --cache DIR", -rc,
				"cannot create it");
	else rc = unpack_packages(pool, debs, &u, &fx);
	if (!rc) uc_deb_link_alternatives(u.root.dir, &fx.links, debs);
	if (!rc) rc = uc_deb_accounts(u.root.dir, &fx, debs, &u.owners);
	if (!rc) rc = uc_deb_configure(u.root.dir, debs);
	if (!rc) uc_deb_triggers(u.root.dir);
	if (!rc && (rc = write_index(dir, debs, &u.owners)))
		rc = uc_fail_os(UC_ST_CANTCREAT, dir, "use --cache DIR", -rc,
				"cannot write the index");
	/* They are read back from the index. */
	for (size_t i = 0; i < debs->n; i++) {
		uc_vec_free(&debs->v[i].depends);
		uc_vec_free(&debs->v[i].provides);
		uc_vec_free(&debs->v[i].paths);
	}
	uc_deb_effects_free(&fx);
	free(u.root.dir);
	uc_unpack_free(&u);
	return rc;
}

static int make_root(const char *cache, const char *dir, struct uc_debs *debs)
{
	char *tmp = uc_xasprintf("%s.tmp%ld", dir, (long)getpid()),
	     *pool = uc_path_join(cache, "deb/pool");
	int rc = uc_mkdirs(tmp, 0777);

	uc_cleanup_push(tmp);
	rc = rc ? uc_fail_os(UC_ST_CANTCREAT, tmp, "use --cache DIR", -rc, "cannot create it")
		: unpack_all(pool, tmp, debs);
	/* Another build may have been faster: it is copying from there. */
	if (!rc && rename(tmp, dir) && errno != EEXIST && errno != ENOTEMPTY)
		rc = uc_fail_os(UC_ST_CANTCREAT, dir, "use --cache DIR", errno,
				"cannot move it into place");
	uc_rmtree(tmp);
	uc_cleanup_pop();
	free(tmp);
	free(pool);
	return rc;
}

int uc_deb_unpack(const char *cache, struct uc_debs *debs, struct uc_input *in)
{
	char *key = root_key(debs), *dir = uc_xasprintf("%s/deb/root/%s", cache, key);
	int rc = 0;

	if (!read_index(dir, debs, in)) {
		rc = make_root(cache, dir, debs);
		if (!rc && !read_index(dir, debs, in))
			rc = uc_fail(UC_ST_INTERNAL, dir, "remove it and try again",
				     "its index cannot be read");
	}
	if (!rc) in->root.dir = uc_path_join(dir, "root");
	free(key);
	free(dir);
	return rc;
}
