// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/msg.h>
#include <unicore/rootfs.h>

static int add_link(struct uc_rootfs *r, const char *path)
{
	char *host = uc_root_host(r->root, path), *target = uc_readlink_dup(AT_FDCWD, host);
	int rc = target ? 0 : -errno;

	if (target && !uc_tree_get(r->tree, path)) rc = uc_tree_link(r->tree, path, target, 0, 0);
	/* A folder made earlier where the root has a link: both lead to the same files. */
	if (rc == -EISDIR) rc = 0;
	free(target);
	free(host);
	return rc;
}

/* Parents of a canonical path, with the modes and owners they have in the root. */
static int add_parents(struct uc_rootfs *r, const char *canon)
{
	char *dir = uc_path_dir(canon);
	int rc = 0;

	if (strcmp(dir, "/") && !uc_tree_get(r->tree, dir)) {
		char *host = uc_root_host(r->root, dir);
		struct uc_owner own;
		struct stat st;

		rc = add_parents(r, dir);
		if (!rc && lstat(host, &st)) rc = -errno;
		if (!rc) {
			uc_root_owner(r->root, dir, &st, &own);
			rc = uc_tree_dir(r->tree, dir, own.mode, own.uid, own.gid);
		}
		free(host);
	}
	free(dir);
	return rc;
}

static int add_node(struct uc_rootfs *r, const char *canon, const struct stat *st)
{
	struct uc_owner own;
	char *host;
	int rc;

	uc_root_owner(r->root, canon, st, &own);
	switch (st->st_mode & S_IFMT) {
	case S_IFDIR: return uc_tree_dir(r->tree, canon, own.mode, own.uid, own.gid);
	case S_IFLNK: return add_link(r, canon);
	case S_IFREG:
		host = uc_root_host(r->root, canon);
		rc = uc_tree_file(r->tree, canon, host, own.mode, own.uid, own.gid);
		free(host);
		if (!rc && !r->whole) uc_rootfs_object(r, canon, NULL, true);
		if (!rc && !r->whole && (own.mode & 0111)) uc_rootfs_script_beside(r, canon);
		return rc;
	default: /* devices, sockets and pipes belong to the running system */ return 0;
	}
}

static int pick(struct uc_rootfs *r, const char *path, bool nofollow, char **canon_out,
		struct stat *st)
{
	struct uc_vec trail = { 0 };
	char *canon;
	int rc = uc_root_lookup(r->root, path, nofollow, &trail, &canon, st);

	for (size_t i = 0; !rc && i < trail.n; i++) {
		rc = add_parents(r, trail.v[i]);
		if (!rc) rc = add_link(r, trail.v[i]);
	}
	if (!rc) rc = add_parents(r, canon);
	if (!rc && strcmp(canon, "/") && !uc_tree_get(r->tree, canon)) rc = add_node(r, canon, st);
	uc_vec_free(&trail);
	if (canon_out) *canon_out = canon;
	else free(canon);
	return rc;
}

int uc_rootfs_pick(struct uc_rootfs *r, const char *path)
{
	struct stat st;

	return pick(r, path, false, NULL, &st);
}

static bool skipped(const char *name, const char *skip)
{
	bool hit = false;
	char *copy, *save, *p;

	if (!skip) return false;
	copy = uc_xstrdup(skip);
	for (p = strtok_r(copy, " ", &save); p && !hit; p = strtok_r(NULL, " ", &save))
		hit = !fnmatch(p, name, 0);
	free(copy);
	return hit;
}

static int pick_below(struct uc_rootfs *r, const char *canon, const char *skip, int depth)
{
	struct uc_vec names = { 0 };
	int rc = depth > 64 ? -ELOOP : uc_root_list(r->root, canon, &names);

	for (size_t i = 0; !rc && i < names.n; i++) {
		struct stat st;
		char *path;

		if (skipped(names.v[i], skip)) continue;
		path = uc_path_join(canon, names.v[i]);
		rc = pick(r, path, true, NULL, &st);
		/* A link in a folder also stands for what it points to, unless that is a folder. */
		if (!rc && S_ISLNK(st.st_mode) && !r->whole && uc_root_has(r->root, path))
			rc = uc_rootfs_pick(r, path);
		if (!rc && S_ISDIR(st.st_mode)) rc = pick_below(r, path, skip, depth + 1);
		if (rc && !r->failed) r->failed = uc_root_host(r->root, path);
		free(path);
	}
	uc_vec_free(&names);
	return rc;
}

int uc_rootfs_pick_tree(struct uc_rootfs *r, const char *path, const char *skip)
{
	struct stat st;
	char *canon;
	int rc = pick(r, path, false, &canon, &st);

	if (!rc && S_ISDIR(st.st_mode)) rc = pick_below(r, canon, skip, 0);
	free(canon);
	return rc;
}
