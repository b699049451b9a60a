// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <unicore/tree.h>

#define MAX_LINKS 40

struct uc_node *uc_tree_get(const struct uc_tree *t, const char *path)
{
	return uc_map_get(&t->nodes, path);
}

/*
 * Canonical form of path in the tree. With `last`, a link in the last component is followed too.
 * Components that do not exist are kept: they are going to be made.
 */
static char *canonical(const struct uc_tree *t, const char *path, bool last)
{
	char *done = uc_path_clean(path);
	int links = 0;

	for (size_t i = 1; done[i - 1];) {
		size_t end = i + strcspn(done + i, "/");
		char *head = uc_xstrndup(done, end), *joined, *parent;
		struct uc_node *n = uc_tree_get(t, head);

		if (n && n->kind == UC_NODE_LINK && (done[end] || last)) {
			if (++links > MAX_LINKS) {
				free(head);
				free(done);
				return NULL;
			}
			parent = uc_path_dir(head);
			joined = uc_xasprintf("%s/%s%s", n->text[0] == '/' ? "" : parent, n->text,
					      done + end);
			free(parent);
			free(done);
			done = uc_path_clean(joined);
			free(joined);
			i = 1;
		} else {
			i = end + 1;
			if (!done[end]) {
				free(head);
				break;
			}
		}
		free(head);
	}
	return done;
}

char *uc_tree_resolve(const struct uc_tree *t, const char *path)
{
	char *c = canonical(t, path, true);

	if (c && strcmp(c, "/") && !uc_tree_get(t, c)) {
		free(c);
		c = NULL;
	}
	return c;
}

void uc_tree_because(struct uc_tree *t, const char *fmt, ...)
{
	struct uc_buf b = { 0 };
	va_list ap;

	va_start(ap, fmt);
	uc_buf_vprintf(&b, fmt, ap);
	va_end(ap);
	free(t->because);
	t->because = b.p;
}

static struct uc_node *new_node(struct uc_tree *t, const char *path, enum uc_node_kind kind)
{
	void **slot = uc_map_put(&t->nodes, path);
	struct uc_node *n = *slot;

	if (n) {
		free(n->host);
		free(n->text);
		free(n->why);
	} else {
		n = uc_xmalloc(sizeof(*n));
		*slot = n;
	}
	*n = (struct uc_node){ .kind = kind, .why = uc_xstrdup(t->because ? t->because : "") };
	return n;
}

static int make_parents(struct uc_tree *t, const char *path)
{
	char *dir = uc_path_dir(path);
	struct uc_node *n = uc_tree_get(t, dir);
	int rc = 0;

	if (!strcmp(dir, "/") || (n && n->kind == UC_NODE_DIR)) rc = 0;
	else if (n) rc = -ENOTDIR;
	else if (!(rc = make_parents(t, dir))) new_node(t, dir, UC_NODE_DIR)->mode = 0755;
	free(dir);
	return rc;
}

/* Prepares a place for a node: *at is its canonical path (allocated). */
static int place(struct uc_tree *t, const char *path, enum uc_node_kind kind, char **at)
{
	struct uc_node *old;
	int rc;

	if (path[0] != '/') return -EINVAL;
	*at = canonical(t, path, kind == UC_NODE_DIR);
	if (!*at) return -ELOOP;
	old = uc_tree_get(t, *at);
	if (!strcmp(*at, "/") && kind != UC_NODE_DIR) rc = -EISDIR;
	else if (old && (old->kind == UC_NODE_DIR) != (kind == UC_NODE_DIR))
		rc = kind == UC_NODE_DIR ? -ENOTDIR : -EISDIR;
	else rc = make_parents(t, *at);
	if (rc) {
		free(*at);
		*at = NULL;
	}
	return rc;
}

int uc_tree_dir(struct uc_tree *t, const char *path, mode_t mode, uint32_t uid, uint32_t gid)
{
	struct uc_node *n;
	char *at;
	int rc = place(t, path, UC_NODE_DIR, &at);

	if (rc) return rc;
	n = new_node(t, at, UC_NODE_DIR);
	n->mode = mode & 07777;
	n->uid = uid;
	n->gid = gid;
	free(at);
	return 0;
}

int uc_tree_file(struct uc_tree *t, const char *path, const char *host, mode_t mode, uint32_t uid,
		 uint32_t gid)
{
	struct uc_node *n;
	char *at;
	int rc = place(t, path, UC_NODE_FILE, &at);

	if (rc) return rc;
	n = new_node(t, at, UC_NODE_FILE);
	n->host = uc_xstrdup(host);
	n->mode = mode & 07777;
	n->uid = uid;
	n->gid = gid;
	free(at);
	return 0;
}

int uc_tree_text(struct uc_tree *t, const char *path, const void *data, size_t len, mode_t mode)
{
	struct uc_node *n;
	char *at;
	int rc = place(t, path, UC_NODE_FILE, &at);

	if (rc) return rc;
	n = new_node(t, at, UC_NODE_FILE);
	n->text = uc_xmalloc(len + 1);
	memcpy(n->text, data, len);
	n->text[len] = 0;
	n->len = len;
	n->mode = mode & 07777;
	free(at);
	return 0;
}

int uc_tree_link(struct uc_tree *t, const char *path, const char *target, uint32_t uid,
		 uint32_t gid)
{
	struct uc_node *n;
	char *at;
	int rc = place(t, path, UC_NODE_LINK, &at);

	if (rc) return rc;
	n = new_node(t, at, UC_NODE_LINK);
	n->text = uc_xstrdup(target);
	n->len = strlen(target);
	n->mode = 0777;
	n->uid = uid;
	n->gid = gid;
	free(at);
	return 0;
}

void uc_tree_count(const struct uc_tree *t, size_t *files, size_t *dirs, size_t *links)
{
	size_t count[3] = { 0 };

	for (size_t i = 0; i < t->nodes.n; i++)
		count[((const struct uc_node *)t->nodes.e[i].value)->kind]++;
	*dirs = count[UC_NODE_DIR];
	*files = count[UC_NODE_FILE];
	*links = count[UC_NODE_LINK];
}

void uc_tree_free(struct uc_tree *t)
{
	for (size_t i = 0; i < t->nodes.n; i++) {
		struct uc_node *n = t->nodes.e[i].value;

		free(n->host);
		free(n->text);
		free(n->why);
		free(n);
	}
	uc_map_free(&t->nodes);
	free(t->because);
}
