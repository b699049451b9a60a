// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/msg.h>
#include <unicore/tree.h>

struct stage {
	const struct uc_tree *t;
	const char *dir;
	uint32_t mtime;
	bool root;           /* owners can be set */
	struct uc_map inode; /* "dev:ino" of a copied file -> staged path: hard links stay links */
};

static int make_file(struct stage *s, const struct uc_node *n, const char *to)
{
	char key[64];
	struct stat st;
	void **seen;
	int rc;

	if (!n->host) {
		rc = uc_file_write(to, n->text, n->len, 0600);
		return rc ? rc : chmod(to, n->mode) ? -errno : 0;
	}
	if (stat(n->host, &st)) return -errno;
	if (st.st_nlink > 1) {
		snprintf(key, sizeof(key), "%llx:%llx", (unsigned long long)st.st_dev,
			 (unsigned long long)st.st_ino);
		seen = uc_map_put(&s->inode, key);
		if (*seen && !link(*seen, to)) return 0;
		rc = uc_file_copy(n->host, to, n->mode);
		if (!rc && !*seen) *seen = uc_xstrdup(to);
		return rc;
	}
	return uc_file_copy(n->host, to, n->mode);
}

static uint32_t le32(const unsigned char *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* The source of a/__pycache__/b.cpython-311.pyc is a/b.py. */
static char *pyc_source(const char *path)
{
	const char *base = uc_path_base(path), *dot = strchr(base, '.');
	char *cache = uc_path_dir(path), *dir = uc_path_dir(cache), *name, *src = NULL;

	if (dot && uc_has_suffix(cache, "/__pycache__")) {
		name = uc_xasprintf("%.*s.py", (int)(dot - base), base);
		src = uc_path_join(dir, name);
		free(name);
	}
	free(cache);
	free(dir);
	return src;
}

/*
 * A byte-compiled Python file holds its source's time stamp (PEP 552: flags 0, then mtime, then
 * size). All files of an image have one time stamp; without this Python would compile at every
 * start.
 */
static int fix_pyc(struct stage *s, const char *path, const char *staged)
{
	char *src = pyc_source(path);
	const struct uc_node *n = src ? uc_tree_get(s->t, src) : NULL;
	unsigned char head[16], stamp[4];
	struct stat st;
	int fd, rc = 0;

	free(src);
	if (!n || !n->host || stat(n->host, &st)) return 0;
	fd = open(staged, O_RDWR | O_CLOEXEC);
	if (fd < 0) return -errno;
	if (pread(fd, head, sizeof(head), 0) == sizeof(head) && head[2] == '\r' &&
	    head[3] == '\n' && le32(head + 4) == 0 && le32(head + 8) == (uint32_t)st.st_mtime &&
	    le32(head + 12) == (uint32_t)st.st_size) {
		for (int i = 0; i < 4; i++) stamp[i] = (unsigned char)(s->mtime >> (8 * i));
		if (pwrite(fd, stamp, 4, 8) != 4) rc = -EIO;
	}
	close(fd);
	return rc;
}

static int make_node(struct stage *s, const char *path, const struct uc_node *n)
{
	char *to = uc_xasprintf("%s%s", s->dir, path);
	int rc = 0;

	switch (n->kind) {
	case UC_NODE_DIR:
		/* Modes are set at the end: a folder may be one that cannot be written to. */
		if (strcmp(path, "/") && mkdir(to, 0700) && errno != EEXIST) rc = -errno;
		break;
	case UC_NODE_LINK:
		if (symlink(n->text, to)) rc = -errno;
		break;
	case UC_NODE_FILE:
		rc = make_file(s, n, to);
		if (!rc && uc_has_suffix(path, ".pyc")) rc = fix_pyc(s, path, to);
		break;
	}
	if (!rc && s->root && lchown(to, n->uid, n->gid)) rc = -errno;
	/* chown clears the set-id bits. */
	if (!rc && s->root && n->kind == UC_NODE_FILE && (n->mode & 06000) && chmod(to, n->mode))
		rc = -errno;
	free(to);
	return rc;
}

static int set_dir_modes(struct stage *s)
{
	for (size_t i = s->t->nodes.n; i-- > 0;) {
		const struct uc_map_entry *e = &s->t->nodes.e[i];
		const struct uc_node *n = e->value;
		char *to;
		int rc;

		if (n->kind != UC_NODE_DIR) continue;
		to = uc_xasprintf("%s%s", s->dir, e->key);
		rc = chmod(to, n->mode);
		free(to);
		if (rc)
			return uc_fail_os(UC_ST_CANTCREAT, e->key, NULL, errno,
					  "cannot set its mode");
	}
	return 0;
}

int uc_tree_stage(const struct uc_tree *t, const char *dir, uint32_t mtime)
{
	struct stage s = { .t = t, .dir = dir, .mtime = mtime, .root = geteuid() == 0 };
	int rc = 0;

	/* Parents come before what they hold in bytewise order. */
	uc_map_sort((struct uc_map *)&t->nodes);
	if (mkdir(dir, 0755) || chmod(dir, 0755))
		return uc_fail_os(UC_ST_CANTCREAT, dir, NULL, errno, "cannot create it");
	for (size_t i = 0; i < t->nodes.n && !rc; i++) {
		const struct uc_node *n = t->nodes.e[i].value;

		rc = make_node(&s, t->nodes.e[i].key, n);
		if (rc == -ENOENT || rc == -EACCES)
			rc = uc_fail_os(UC_ST_NOINPUT, n->host ? n->host : t->nodes.e[i].key, NULL,
					-rc, "cannot copy it");
		else if (rc)
			rc = uc_fail_os(UC_ST_CANTCREAT, t->nodes.e[i].key, "is the disk full?",
					-rc, "cannot write it");
	}
	if (!rc) rc = set_dir_modes(&s);
	for (size_t i = 0; i < s.inode.n; i++) free(s.inode.e[i].value);
	uc_map_free(&s.inode);
	return rc;
}
