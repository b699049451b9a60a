// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/msg.h>
#include <unicore/oci.h>
#include <unicore/unpack.h>

#define JSON_MAX    (16u << 20)
#define INDEX_DEPTH 4

struct layout {
	char *dir, *tag; /* tag: NULL if none is given */
	const char *spec;
};

/* ---- blobs ---- */

static char *blob_path(const struct layout *l, const struct uc_oci_blob *b)
{
	return uc_xasprintf("%s/blobs/sha256/%s", l->dir, b->digest + 7);
}

static int check_blob(const struct layout *l, const struct uc_oci_blob *b)
{
	char *path = blob_path(l, b), hex[65];
	struct stat st;
	int rc = stat(path, &st) ? -errno : uc_file_sha256(path, hex);

	if (rc)
		rc = uc_fail_os(UC_ST_DATA, path, "copy the image again", -rc,
				"a blob of the image is missing");
	else if ((uint64_t)st.st_size != b->size || strcmp(hex, b->digest + 7))
		rc = uc_fail(UC_ST_DATA, path, "copy the image again",
			     "it does not match its digest or size");
	free(path);
	return rc;
}

static int read_blob(const struct layout *l, const struct uc_oci_blob *b, struct uc_buf *out)
{
	char *path = blob_path(l, b);
	int rc = check_blob(l, b);

	if (!rc && (rc = uc_file_read(path, JSON_MAX, out)))
		rc = uc_fail_os(UC_ST_DATA, path, NULL, -rc, "cannot read it");
	free(path);
	return rc;
}

/* ---- from the tag to the manifest ---- */

static int bad_index(const struct layout *l, const char *why, const struct uc_vec *tags)
{
	struct uc_buf b = { 0 };
	char *fix;
	int rc;

	for (size_t i = 0; i < tags->n; i++) uc_buf_printf(&b, "%s%s", i ? ", " : "", tags->v[i]);
	fix = b.n ? uc_xasprintf("write oci:LAYOUT:TAG with one of %s", b.p) : NULL;
	rc = uc_fail(tags->n ? UC_ST_NOINPUT : UC_ST_DATA, l->spec, fix, "%s", why);
	uc_buf_free(&b);
	free(fix);
	return rc;
}

static int find_manifest(const struct layout *l, struct uc_oci_blob *out)
{
	char *path = uc_path_join(l->dir, "index.json");
	const char *tag = l->tag;
	struct uc_vec tags = { 0 };
	struct uc_buf b;
	int rc = uc_file_read(path, JSON_MAX, &b);

	if (rc)
		rc = uc_fail_os(UC_ST_NOINPUT, path, "give the folder of an OCI image layout", -rc,
				"cannot read it");
	free(path);
	for (int depth = 0; !rc; depth++) {
		const char *why = uc_oci_index(b.p, b.n, tag, out, depth ? NULL : &tags);

		uc_buf_free(&b);
		if (why || depth == INDEX_DEPTH)
			rc = bad_index(l, why ? why : "its indexes are nested too deeply", &tags);
		if (rc || !out->is_index) break;
		/* Below a tag's index, only the platform is chosen. */
		tag = NULL;
		rc = read_blob(l, out, &b);
	}
	uc_vec_free(&tags);
	return rc;
}

static int read_manifest(const struct layout *l, const struct uc_oci_blob *blob,
			 struct uc_oci_manifest *m)
{
	const char *why;
	struct uc_buf b;
	int rc = read_blob(l, blob, &b);

	if (rc) return rc;
	why = uc_oci_manifest(b.p, b.n, m);
	uc_buf_free(&b);
	return why ? uc_fail(UC_ST_DATA, l->spec, NULL, "%s", why) : 0;
}

/* ---- layers into a root in the cache ---- */

static int unpack_layers(const struct layout *l, const struct uc_oci_manifest *m, const char *tmp)
{
	struct uc_unpack u = { .root.dir = uc_path_join(tmp, "root"), .whiteouts = true };
	char *index = uc_path_join(tmp, "owners");
	struct uc_progress p = { 0 };
	struct uc_buf b = { 0 };
	int rc = uc_mkdirs(u.root.dir, 0755);

	if (rc)
		rc = uc_fail_os(UC_ST_CANTCREAT, u.root.dir, "use --cache DIR", -rc,
				"cannot create it");
	uc_progress_start(&p, "unpacking layers", m->nlayers, false);
	for (size_t i = 0; i < m->nlayers && !rc; i++) {
		char *path = blob_path(l, &m->layer[i]);

		rc = check_blob(l, &m->layer[i]);
		if (!rc) rc = uc_unpack_file(&u, path);
		uc_unpack_next(&u);
		uc_progress_update(&p, i + 1);
		free(path);
	}
	uc_progress_end(&p);
	uc_owners_write(&u.owners, &b);
	if (!rc && (rc = uc_file_write(index, b.p ? b.p : "", b.n, 0644)))
		rc = uc_fail_os(UC_ST_CANTCREAT, index, "use --cache DIR", -rc, "cannot write it");
	uc_buf_free(&b);
	free(index);
	free(u.root.dir);
	uc_unpack_free(&u);
	return rc;
}

static bool read_owners(const char *dir, struct uc_input *in)
{
	char *path = uc_path_join(dir, "owners");
	struct uc_buf b;
	bool ok = !uc_file_read(path, 1u << 28, &b);

	if (ok) {
		ok = !uc_owners_read(b.p, b.n, &in->owners);
		uc_buf_free(&b);
	}
	free(path);
	return ok;
}

static int make_root(const char *cache, const struct layout *l, const struct uc_oci_blob *blob,
		     const struct uc_oci_manifest *m, struct uc_input *in)
{
	char *dir = uc_xasprintf("%s/oci/root/%s", cache, blob->digest + 7);
	char *tmp = uc_xasprintf("%s.tmp%ld", dir, (long)getpid());
	int rc = 0;

	if (!read_owners(dir, in)) {
		uc_cleanup_push(tmp);
		rc = unpack_layers(l, m, tmp);
		if (!rc && rename(tmp, dir)) {
			uc_rmtree(dir);
			if (rename(tmp, dir))
				rc = uc_fail_os(UC_ST_CANTCREAT, dir, "use --cache DIR", errno,
						"cannot move it into place");
		}
		uc_rmtree(tmp);
		uc_cleanup_pop();
		if (!rc && !read_owners(dir, in))
			rc = uc_fail(UC_ST_INTERNAL, dir, "remove it and try again",
				     "its list of owners cannot be read");
	}
	if (!rc) in->root.dir = uc_path_join(dir, "root");
	free(dir);
	free(tmp);
	return rc;
}

/* ---- how the program is started ---- */

static int set_start(const struct layout *l, struct uc_oci_config *c, struct uc_input *in)
{
	for (size_t i = 0; i < c->entrypoint.n; i++) uc_vec_add(&in->argv, c->entrypoint.v[i]);
	in->fixed_args = c->entrypoint.n;
	for (size_t i = 0; i < c->cmd.n; i++) uc_vec_add(&in->argv, c->cmd.v[i]);
	in->env = c->env;
	in->cwd = c->cwd;
	in->user = c->user;
	c->env = (struct uc_vec){ 0 };
	c->cwd = c->user = NULL;
	in->free_program = !c->entrypoint.n;
	if (!in->argv.n) return 0;
	in->exec = uc_input_program(in, in->argv.v[0]);
	return in->exec ? 0
			: uc_fail(UC_ST_NOINPUT, l->spec, "name the program with --exec PATH",
				  "its entry point `%s` is not in its PATH", in->argv.v[0]);
}

static int read_config(const struct layout *l, const struct uc_oci_manifest *m,
		       struct uc_oci_config *c)
{
	const char *why;
	struct uc_buf b;
	int rc = read_blob(l, &m->config, &b);

	if (rc) return rc;
	why = uc_oci_config(b.p, b.n, c);
	uc_buf_free(&b);
	return why ? uc_fail(UC_ST_DATA, l->spec, NULL, "%s", why) : 0;
}

static int open_layout(const char *cache, const struct layout *l, struct uc_oci_manifest *m,
		       struct uc_input *in)
{
	struct uc_oci_config c = { 0 };
	struct uc_oci_blob blob;
	int rc = find_manifest(l, &blob);

	if (!rc) rc = read_manifest(l, &blob, m);
	if (!rc) rc = read_config(l, m, &c);
	if (!rc) rc = make_root(cache, l, &blob, m, in);
	if (!rc) rc = set_start(l, &c, in);
	uc_oci_config_free(&c);
	return rc;
}

int uc_oci_open(const char *cache, const char *spec, struct uc_input *in)
{
	struct layout l = { .dir = uc_xstrdup(spec), .spec = spec };
	struct uc_oci_manifest *m = uc_xzalloc(sizeof(*m));
	char *colon = strrchr(l.dir, ':');
	int rc;

	/* A folder may have a colon in its name. */
	if (access(l.dir, F_OK) && colon) {
		*colon = 0;
		l.tag = colon + 1;
	}
	in->root.keep_owner = false;
	in->whole = true;
	rc = open_layout(cache, &l, m, in);
	free(l.dir);
	free(m);
	return rc;
}
