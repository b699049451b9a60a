// SPDX-License-Identifier: BSD-3-Clause
#ifndef UNICORE_TREE_H
#define UNICORE_TREE_H
/*
 * What will be in an image: paths with their kind, mode, owner and where the content comes from.
 * Nothing is written to disk before uc_tree_stage.
 */
#include <stdint.h>
#include <sys/types.h>

#include <unicore/util.h>

enum uc_node_kind { UC_NODE_DIR, UC_NODE_FILE, UC_NODE_LINK };
struct uc_node {
	enum uc_node_kind kind;
	mode_t mode; /* permission bits, set-id and sticky */
	uint32_t uid, gid;
	char *host; /* FILE: copied from here … */
	char *text; /* … or this content (len bytes); LINK: the target */
	size_t len;
	char *why; /* it is there */
};
struct uc_tree {
	struct uc_map nodes; /* absolute clean path -> struct uc_node */
	char *because;       /* why what is added now is there */
};

/*
 * Adding: parents are created (0755, root) if missing; a link among the parents is followed inside
 * the tree, so /bin/x lands in /usr/bin/x when /bin is a link. A later file or link replaces an
 * earlier one. 0; -ENOTDIR: a parent is a file; -EISDIR: a folder is there already (only for files
 * and links); -ELOOP; -EINVAL: not an absolute path.
 */
int uc_tree_dir(struct uc_tree *t, const char *path, mode_t mode, uint32_t uid, uint32_t gid);
int uc_tree_file(struct uc_tree *t, const char *path, const char *host, mode_t mode, uint32_t uid,
		 uint32_t gid);
int uc_tree_text(struct uc_tree *t, const char *path, const void *data, size_t n, mode_t mode);
int uc_tree_link(struct uc_tree *t, const char *path, const char *target, uint32_t uid,
		 uint32_t gid);

/* The reason of everything that is added from now on. */
void uc_tree_because(struct uc_tree *t, const char *fmt, ...) UC_FMT(2, 3);

/* The node at a canonical path. NULL: absent. */
struct uc_node *uc_tree_get(const struct uc_tree *t, const char *path);
char *uc_tree_resolve(const struct uc_tree *t,
		      const char *path); /* canonical path, or NULL; allocated */

/* Accounts that every image has; packages add theirs. */
extern const char uc_skeleton_passwd[], uc_skeleton_group[];
/* Folders and files that every program may expect; what is in the tree already stays. */
void uc_tree_skeleton(struct uc_tree *t);

/*
 * Writes the tree below dir (created; must not exist). Owners are set when running as root.
 * Byte-compiled Python files get the time stamp `mtime`, which all files of the image have, where
 * they matched their source. Prints its message; UC_ST_*.
 */
int uc_tree_stage(const struct uc_tree *t, const char *dir, uint32_t mtime);
/* Numbers for the report. */
void uc_tree_count(const struct uc_tree *t, size_t *files, size_t *dirs, size_t *links);
void uc_tree_free(struct uc_tree *t);
#endif
