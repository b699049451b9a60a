// SPDX-License-Identifier: BSD-3-Clause
/*
 * The root file system: EROFS, uncompressed, every file's data at a multiple of 4 KiB and padded
 * with zeros, so that the guest maps files straight from the image. The same tree gives the same
 * bytes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xxhash.h>

#include <unicore/msg.h>

#include "internal.h"

#define DEFAULT_MTIME 946684800u

uint32_t uc_image_mtime(void)
{
	const char *s = getenv("SOURCE_DATE_EPOCH");
	char *end;
	unsigned long long v = s ? strtoull(s, &end, 10) : 0;

	return s && *s && !*end && v <= UINT32_MAX ? (uint32_t)v : DEFAULT_MTIME;
}

static int hash_file(XXH3_state_t *h, const char *path)
{
	char chunk[65536];
	FILE *f = fopen(path, "re");
	size_t n;

	if (!f) return -errno;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0) XXH3_128bits_update(h, chunk, n);
	n = (size_t)ferror(f);
	fclose(f);
	return n ? -EIO : 0;
}

/* RFC 9562 version 8: vendor-defined. */
static void uuid_text(XXH128_canonical_t *c, char uuid[37])
{
	c->digest[6] = (c->digest[6] & 0x0f) | 0x80;
	c->digest[8] = (c->digest[8] & 0x3f) | 0x80;
	for (int i = 0, at = 0; i < 16; i++)
		at += snprintf(uuid + at, 37 - (size_t)at, "%02x%s", c->digest[i],
			       i == 3 || i == 5 || i == 7 || i == 9 ? "-" : "");
}

/* The volume's UUID is a hash of all that is in it. */
static int content_uuid(const struct uc_tree *t, char uuid[37])
{
	XXH3_state_t *h = XXH3_createState();
	XXH128_canonical_t c;
	int rc = 0;

	XXH3_128bits_reset(h);
	for (size_t i = 0; i < t->nodes.n && !rc; i++) {
		const struct uc_node *n = t->nodes.e[i].value;
		uint32_t meta[4] = { n->kind, n->mode, n->uid, n->gid };

		XXH3_128bits_update(h, t->nodes.e[i].key, strlen(t->nodes.e[i].key) + 1);
		XXH3_128bits_update(h, meta, sizeof(meta));
		if (n->host) rc = hash_file(h, n->host);
		else if (n->text) XXH3_128bits_update(h, n->text, n->len);
	}
	XXH128_canonicalFromHash(&c, XXH3_128bits_digest(h));
	XXH3_freeState(h);
	uuid_text(&c, uuid);
	return rc;
}

static int run_mkfs(const char *uuid, const char *out, const char *dir)
{
	char *stamp = uc_xasprintf("-T%u", uc_image_mtime()), *u = uc_xasprintf("-U%s", uuid);
	/* env: with SOURCE_DATE_EPOCH set mkfs.erofs would use larger inodes. */
	const char *argv[] = { "env",
			       "-u",
			       "SOURCE_DATE_EPOCH",
			       "mkfs.erofs",
			       "-x-1",
			       stamp,
			       u,
			       "-Enoinline_data",
			       "--quiet",
			       out,
			       dir,
			       geteuid() ? "--all-root" : NULL,
			       NULL };
	struct uc_buf err = { 0 };
	int rc = uc_run(argv, NULL, &err, &err);

	if (rc == 127)
		rc = uc_fail(UC_ST_UNAVAILABLE, "mkfs.erofs", "install erofs-utils",
			     "it is not there");
	else if (rc < 0) rc = uc_fail_os(UC_ST_OSERR, "mkfs.erofs", NULL, -rc, "cannot run it");
	else if (rc)
		rc = uc_fail(UC_ST_CANTCREAT, out, "is the disk full?",
			     "mkfs.erofs ended with status %d: %s", rc, err.p ? err.p : "");
	uc_buf_free(&err);
	free(stamp);
	free(u);
	return rc;
}

/* mkfs.erofs writes page by page, and a host that caches a file in the pieces in which it was
 * written maps it page by page for all who run the image: a copy is in large ones. */
static int write_image(const char *uuid, const char *out, const char *dir)
{
	char *pages = uc_xasprintf("%s.pages", out);
	int rc = run_mkfs(uuid, pages, dir), err = 0;

	if (!rc && ((unlink(out) && errno != ENOENT && (err = -errno)) ||
		    (err = uc_file_copy(pages, out, 0644))))
		rc = uc_fail_os(UC_ST_CANTCREAT, out, "is the disk full?", -err, "cannot write it");
	unlink(pages);
	free(pages);
	return rc;
}

int uc_erofs_again(const char *dir, const char *seed, const char *out)
{
	XXH128_canonical_t c;
	char uuid[37];

	XXH128_canonicalFromHash(&c, XXH3_128bits(seed, strlen(seed)));
	uuid_text(&c, uuid);
	return write_image(uuid, out, dir);
}

int uc_erofs_extract(const char *image, const char *dir)
{
	char *to = uc_xasprintf("--extract=%s", dir);
	const char *argv[] = { "fsck.erofs", to, image, NULL };
	struct uc_buf err = { 0 };
	int rc = uc_run(argv, NULL, &err, &err);

	if (rc == 127)
		rc = uc_fail(UC_ST_UNAVAILABLE, "fsck.erofs", "install erofs-utils",
			     "it is not there");
	else if (rc < 0) rc = uc_fail_os(UC_ST_OSERR, "fsck.erofs", NULL, -rc, "cannot run it");
	else if (rc)
		rc = uc_fail(UC_ST_DATA, image, "build the image again",
			     "fsck.erofs ended with status %d: %s", rc, err.p ? err.p : "");
	uc_buf_free(&err);
	free(to);
	return rc;
}

static int rewrite(const char *dir, struct uc_rewrite_stats *stats)
{
	int rc = uc_rewrite_tree(dir, stats);

	if (rc)
		return uc_fail_os(UC_ST_OSERR, "system-call sites",
				  "--no-rewrite leaves them to the trap", -rc,
				  "cannot rewrite them");
	uc_note(1, "%u system-call sites in %u files rewritten, %u left", stats->sites,
		stats->files, stats->sites_left);
	return 0;
}

int uc_erofs_make(struct uc_tree *t, const char *scratch, const char *out,
		  struct uc_rewrite_stats *stats)
{
	char uuid[37];
	int rc = uc_tree_stage(t, scratch, uc_image_mtime());

	if (!rc && (rc = content_uuid(t, uuid)))
		rc = uc_fail_os(UC_ST_NOINPUT, "the files of the image", NULL, -rc,
				"cannot read them again");
	if (!rc && stats) rc = rewrite(scratch, stats);
	if (!rc) rc = write_image(uuid, out, scratch);
	return rc;
}
