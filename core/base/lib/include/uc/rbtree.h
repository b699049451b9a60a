// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_RBTREE_H
#define UC_RBTREE_H
/* Intrusive balanced binary search tree ordered by a caller-supplied comparison. The tree never
 * allocates. Context: any; the caller serialises. Cormen et al., "Introduction to Algorithms",
 * ch. 13. */
#include <uc/types.h>
struct uc_rbnode {
	struct uc_rbnode *parent, *left, *right;
	bool red;
};
struct uc_rbtree {
	struct uc_rbnode *root;
};
/* Links n as a child slot: find *link (NULL) and parent by walking from &t->root. */
void uc_rb_link(struct uc_rbtree *t, struct uc_rbnode *n, struct uc_rbnode *parent,
		struct uc_rbnode **link);
void uc_rb_erase(struct uc_rbtree *t, struct uc_rbnode *n);
struct uc_rbnode *uc_rb_first(const struct uc_rbtree *t);
struct uc_rbnode *uc_rb_last(const struct uc_rbtree *t);
struct uc_rbnode *uc_rb_next(const struct uc_rbnode *n);
struct uc_rbnode *uc_rb_prev(const struct uc_rbnode *n);
#endif
