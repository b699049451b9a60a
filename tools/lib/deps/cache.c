// SPDX-License-Identifier: BSD-3-Clause
/*
 * Results are kept in a database by the contents of the files they were made from. What was asked
 * for (a source's name) leads there as long as no file has another time, size or inode, so that a
 * second question reads no file.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <sqlite3.h>
#include <xxhash.h>

#include <unicore/msg.h>

#include "view.h"

/* Changes whenever results of older analyses are no longer those of this one. */
#define SELF "/proc/self/exe" /* another analysis may find something else */

struct uc_deps_cache {
	sqlite3 *db;
};

static const char schema[] =
	"PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
	"CREATE TABLE IF NOT EXISTS result(content TEXT PRIMARY KEY, doc TEXT NOT NULL);"
	"CREATE TABLE IF NOT EXISTS question(key TEXT PRIMARY KEY, files TEXT NOT NULL, "
	"content TEXT NOT NULL);";

struct uc_deps_cache *uc_deps_cache_open(const char *dir)
{
	struct uc_deps_cache *c = uc_xzalloc(sizeof(*c));
	char *path = uc_path_join(dir, "deps.sqlite");

	if (sqlite3_open(path, &c->db) || sqlite3_busy_timeout(c->db, 2000) ||
	    sqlite3_exec(c->db, schema, NULL, NULL, NULL)) {
		uc_note(1, "%s: %s; nothing is kept", path, sqlite3_errmsg(c->db));
		uc_deps_cache_close(c);
		c = NULL;
	}
	free(path);
	return c;
}

void uc_deps_cache_close(struct uc_deps_cache *c)
{
	if (!c)
		return;
	sqlite3_close(c->db);
	free(c);
}

/* The columns of the one row with this key; n results, allocated. false: there is none. */
static bool row(struct uc_deps_cache *c, const char *sql, const char *key, char **out, int n)
{
	sqlite3_stmt *s = NULL;
	bool found = !sqlite3_prepare_v2(c->db, sql, -1, &s, NULL) &&
		     !sqlite3_bind_text(s, 1, key, -1, SQLITE_STATIC) &&
		     sqlite3_step(s) == SQLITE_ROW;

	for (int i = 0; found && i < n; i++)
		out[i] = uc_xstrdup((const char *)sqlite3_column_text(s, i));
	sqlite3_finalize(s);
	return found;
}

static void write_row(struct uc_deps_cache *c, const char *sql, const char *const *v, int n)
{
	sqlite3_stmt *s = NULL;
	bool ok = !sqlite3_prepare_v2(c->db, sql, -1, &s, NULL);

	for (int i = 0; ok && i < n; i++)
		ok = !sqlite3_bind_text(s, i + 1, v[i], -1, SQLITE_STATIC);
	if (!ok || sqlite3_step(s) != SQLITE_DONE)
		uc_note(1, "cache of results: %s", sqlite3_errmsg(c->db));
	sqlite3_finalize(s);
}

/* ---- states of files ---- */

static void add_state(struct uc_buf *b, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		uc_buf_printf(b, "- %s\n", path);
	else
		uc_buf_printf(b, "%lld.%09ld %lld %llu %s\n", (long long)st.st_mtim.tv_sec,
			      st.st_mtim.tv_nsec, (long long)st.st_size,
			      (unsigned long long)st.st_ino, path);
}

/* Is each file of a list as it was? */
static bool unchanged(const char *files)
{
	bool same = true;

	while (*files && same) {
		size_t n = strcspn(files, "\n");
		const char *path = memchr(files, '/', n);
		struct uc_buf now = { 0 };
		char *name = path ? uc_xstrndup(path, n - (size_t)(path - files)) : NULL;

		if (name)
			add_state(&now, name);
		same = name && now.n == n + 1 && !memcmp(now.p, files, n);
		uc_buf_free(&now);
		free(name);
		files += n + (files[n] == '\n');
	}
	return same;
}

static char *content_key(const struct uc_deps *d)
{
	XXH3_state_t *x = XXH3_createState();
	struct uc_buf self = { 0 };
	XXH128_hash_t h;

	XXH3_128bits_reset(x);
	add_state(&self, SELF);
	XXH3_128bits_update(x, self.p, self.n);
	uc_buf_free(&self);
	for (size_t i = 0; i < d->nfiles; i++) {
		const struct uc_deps_file *f = &d->files[i];
		size_t n;
		char *p = uc_file_map(f->host, &n), role = (char)(f->role | f->set_id << 4);

		XXH3_128bits_update(x, f->path, strlen(f->path) + 1);
		XXH3_128bits_update(x, &role, 1);
		if (p)
			XXH3_128bits_update(x, p, n);
		if (p)
			munmap(p, n);
	}
	h = XXH3_128bits_digest(x);
	XXH3_freeState(x);
	return uc_xasprintf("%016llx%016llx", (unsigned long long)h.high64,
			    (unsigned long long)h.low64);
}

/* ---- questions ---- */

static json_t *result(struct uc_deps_cache *c, const char *content)
{
	json_t *doc = NULL;
	char *text;

	if (!row(c, "SELECT doc FROM result WHERE content = ?", content, &text, 1))
		return NULL;
	doc = json_loads(text, 0, NULL);
	free(text);
	return doc;
}

json_t *uc_deps_cache_ask(struct uc_deps_cache *c, const char *key)
{
	json_t *doc = NULL;
	char *v[2];

	if (!c || !row(c, "SELECT files, content FROM question WHERE key = ?", key, v, 2))
		return NULL;
	if (unchanged(v[0]))
		doc = result(c, v[1]);
	free(v[0]);
	free(v[1]);
	return doc;
}

json_t *uc_deps_cache_find(struct uc_deps_cache *c, const struct uc_deps *d)
{
	char *content;
	json_t *doc;

	if (!c)
		return NULL;
	content = content_key(d);
	doc = result(c, content);
	free(content);
	return doc;
}

void uc_deps_cache_put(struct uc_deps_cache *c, const char *key, const struct uc_deps *d,
		       const json_t *doc)
{
	char *content, *text;
	struct uc_buf files = { 0 };

	if (!c)
		return;
	content = content_key(d);
	text = json_dumps(doc, JSON_COMPACT);
	/* Where libraries are searched. */
	add_state(&files, SELF);
	add_state(&files, "/etc/ld.so.cache");
	add_state(&files, "/etc/ld.so.conf");
	for (size_t i = 0; i < d->nfiles; i++)
		add_state(&files, d->files[i].host);
	write_row(c, "INSERT OR REPLACE INTO result VALUES(?, ?)",
		  (const char *const[]){ content, text }, 2);
	if (key)
		write_row(c, "INSERT OR REPLACE INTO question VALUES(?, ?, ?)",
			  (const char *const[]){ key, files.p, content }, 3);
	uc_buf_free(&files);
	free(content);
	free(text);
}
