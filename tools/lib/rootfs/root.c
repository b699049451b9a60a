// SPDX-License-Identifier: BSD-3-Clause
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/root.h>

#define MAX_LINKS 40 /* as the kernel's MAXSYMLINKS */

char *uc_root_host(const struct uc_root *r, const char *path)
{
	return uc_xasprintf("%s%s", r->dir, path);
}

struct walk {
	const struct uc_root *r;
	char *cur;  /* canonical so far */
	char *rest; /* still to be walked */
	int links;
	struct stat st;
};

/* Splits the next component off w->rest; NULL at the end. */
static char *next_component(struct walk *w)
{
	char *p = w->rest + strspn(w->rest, "/");
	size_t n = strcspn(p, "/");
	char *name = n ? uc_xstrndup(p, n) : NULL;

	memmove(w->rest, p + n, strlen(p + n) + 1);
	return name;
}

static bool at_end(const struct walk *w) { return !w->rest[strspn(w->rest, "/")]; }

static int follow(struct walk *w, const char *host, const char *candidate, struct uc_vec *trail)
{
	char *target, *rest;

	if (++w->links > MAX_LINKS) return -ELOOP;
	target = uc_readlink_dup(AT_FDCWD, host);
	if (!target) return -errno;
	if (trail) uc_vec_add_once(trail, candidate);
	rest = uc_xasprintf("%s/%s", target, w->rest);
	free(w->rest);
	w->rest = rest;
	if (target[0] == '/') w->cur[1] = 0; /* back to "/" */
	free(target);
	return 0;
}

static int step(struct walk *w, const char *name, bool nofollow, struct uc_vec *trail)
{
	char *candidate, *host;
	int rc = 0;

	if (!strcmp(name, ".")) return 0;
	if (!strcmp(name, "..")) {
		char *up = uc_path_dir(w->cur);

		free(w->cur);
		w->cur = up;
		return 0;
	}
	candidate = uc_path_join(w->cur, name);
	host = uc_root_host(w->r, candidate);
	if (lstat(host, &w->st)) rc = -errno;
	else if (S_ISLNK(w->st.st_mode) && !(nofollow && at_end(w)))
		rc = follow(w, host, candidate, trail);
	else if (!S_ISDIR(w->st.st_mode) && !at_end(w)) rc = -ENOTDIR;
	else {
		free(w->cur);
		w->cur = candidate;
		candidate = NULL;
	}
	free(candidate);
	free(host);
	return rc;
}

int uc_root_lookup(const struct uc_root *r, const char *path, bool nofollow, struct uc_vec *trail,
		   char **canon, struct stat *st)
{
	struct walk w = { .r = r, .cur = uc_xstrdup("/"), .rest = uc_xstrdup(path) };
	char *name, *host;
	int rc = 0;

	while (!rc && (name = next_component(&w))) {
		rc = step(&w, name, nofollow, trail);
		free(name);
	}
	if (!rc) {
		/* The last component may have been "..", or the path "/": look again. */
		host = uc_root_host(r, w.cur);
		if (lstat(*host ? host : "/", &w.st)) rc = -errno;
		free(host);
	}
	free(w.rest);
	if (rc || !canon) {
		free(w.cur);
		if (canon) *canon = NULL;
	} else {
		*canon = w.cur;
	}
	if (!rc && st) *st = w.st;
	return rc;
}

bool uc_root_has(const struct uc_root *r, const char *path)
{
	struct stat st;

	return !uc_root_lookup(r, path, false, NULL, NULL, &st) && !S_ISDIR(st.st_mode);
}

int uc_root_list(const struct uc_root *r, const char *dir, struct uc_vec *names)
{
	char *canon, *host;
	struct dirent *d;
	DIR *h;
	int rc = uc_root_lookup(r, dir, false, NULL, &canon, NULL);

	if (rc) return rc;
	host = uc_root_host(r, canon);
	h = opendir(host);
	rc = h ? 0 : -errno;
	free(host);
	free(canon);
	if (rc) return rc;
	while ((d = readdir(h)))
		if (strcmp(d->d_name, ".") && strcmp(d->d_name, "..")) uc_vec_add(names, d->d_name);
	closedir(h);
	uc_vec_sort(names);
	return 0;
}

static void glob_below(const struct uc_root *r, const char *dir, const char *pattern,
		       struct uc_vec *out)
{
	size_t n = strcspn(pattern, "/");
	char *part = uc_xstrndup(pattern, n), *path;
	const char *rest = pattern + n + strspn(pattern + n, "/");
	struct uc_vec names = { 0 };

	if (strpbrk(part, "*?[")) uc_root_list(r, dir, &names);
	else uc_vec_add(&names, part);
	for (size_t i = 0; i < names.n; i++) {
		if (fnmatch(part, names.v[i], FNM_PERIOD)) continue;
		path = uc_path_join(dir, names.v[i]);
		if (*rest) glob_below(r, path, rest, out);
		else if (!uc_root_lookup(r, path, false, NULL, NULL, NULL))
			uc_vec_add_once(out, path);
		free(path);
	}
	uc_vec_free(&names);
	free(part);
}

void uc_root_glob(const struct uc_root *r, const char *pattern, struct uc_vec *out)
{
	glob_below(r, "/", pattern + strspn(pattern, "/"), out);
}

void uc_root_owner(const struct uc_root *r, const char *canon, const struct stat *st,
		   struct uc_owner *out)
{
	const struct uc_owner *o = r->owners ? uc_map_get(r->owners, canon) : NULL;

	if (o) *out = *o;
	else if (r->keep_owner)
		*out = (struct uc_owner){ st->st_uid, st->st_gid, st->st_mode & 07777 };
	else *out = (struct uc_owner){ 0, 0, st->st_mode & 07777 };
}
