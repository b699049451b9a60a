// SPDX-License-Identifier: BSD-3-Clause
#include <uc/rbtree.h>

static void rotate(struct uc_rbtree *t, struct uc_rbnode *x, bool left)
{
	struct uc_rbnode *y = left ? x->right : x->left;
	struct uc_rbnode *mid = left ? y->left : y->right;
	if (left) x->right = mid;
	else x->left = mid;
	if (mid) mid->parent = x;
	y->parent = x->parent;
	if (!x->parent) t->root = y;
	else if (x->parent->left == x) x->parent->left = y;
	else x->parent->right = y;
	if (left) y->left = x;
	else y->right = x;
	x->parent = y;
}

void uc_rb_link(struct uc_rbtree *t, struct uc_rbnode *n, struct uc_rbnode *parent,
		struct uc_rbnode **link)
{
	n->parent = parent;
	n->left = n->right = NULL;
	n->red = true;
	*link = n;
	while ((parent = n->parent) && parent->red) {
		struct uc_rbnode *g = parent->parent;
		bool pl = g->left == parent;
		struct uc_rbnode *uncle = pl ? g->right : g->left;
		if (uncle && uncle->red) {
			parent->red = uncle->red = false;
			g->red = true;
			n = g;
			continue;
		}
		if (n == (pl ? parent->right : parent->left)) {
			rotate(t, parent, pl);
			parent = n;
		}
		parent->red = false;
		g->red = true;
		rotate(t, g, !pl);
		break;
	}
	t->root->red = false;
}

static void replace(struct uc_rbtree *t, struct uc_rbnode *old, struct uc_rbnode *new)
{
	if (!old->parent) t->root = new;
	else if (old->parent->left == old) old->parent->left = new;
	else old->parent->right = new;
	if (new) new->parent = old->parent;
}

static void erase_fixup(struct uc_rbtree *t, struct uc_rbnode *x, struct uc_rbnode *parent)
{
	while (x != t->root && (!x || !x->red)) {
		bool left = parent->left == x;
		struct uc_rbnode *w = left ? parent->right : parent->left;
		if (w->red) {
			w->red = false;
			parent->red = true;
			rotate(t, parent, left);
			w = left ? parent->right : parent->left;
		}
		struct uc_rbnode *near = left ? w->left : w->right,
				 *far = left ? w->right : w->left;
		if ((!near || !near->red) && (!far || !far->red)) {
			w->red = true;
			x = parent;
			parent = x->parent;
			continue;
		}
		if (!far || !far->red) {
			near->red = false;
			w->red = true;
			rotate(t, w, !left);
			w = left ? parent->right : parent->left;
			far = left ? w->right : w->left;
		}
		w->red = parent->red;
		parent->red = far->red = false;
		rotate(t, parent, left);
		x = t->root;
		break;
	}
	if (x) x->red = false;
}

void uc_rb_erase(struct uc_rbtree *t, struct uc_rbnode *n)
{
	struct uc_rbnode *child, *parent;
	bool red;
	if (!n->left || !n->right) {
		child = n->left ? n->left : n->right;
		parent = n->parent;
		red = n->red;
		replace(t, n, child);
	} else {
		struct uc_rbnode *s = n->right;
		while (s->left) s = s->left;
		child = s->right;
		red = s->red;
		if (s->parent == n) {
			parent = s;
		} else {
			parent = s->parent;
			replace(t, s, child);
			s->right = n->right;
			s->right->parent = s;
		}
		replace(t, n, s);
		s->left = n->left;
		s->left->parent = s;
		s->red = n->red;
	}
	if (!red) erase_fixup(t, child, parent);
}

struct uc_rbnode *uc_rb_first(const struct uc_rbtree *t)
{
	struct uc_rbnode *n = t->root;
	while (n && n->left) n = n->left;
	return n;
}

struct uc_rbnode *uc_rb_last(const struct uc_rbtree *t)
{
	struct uc_rbnode *n = t->root;
	while (n && n->right) n = n->right;
	return n;
}

struct uc_rbnode *uc_rb_next(const struct uc_rbnode *n)
{
	if (n->right) {
		for (n = n->right; n->left; n = n->left) {}
		return (struct uc_rbnode *)n;
	}
	while (n->parent && n == n->parent->right) n = n->parent;
	return n->parent;
}

struct uc_rbnode *uc_rb_prev(const struct uc_rbnode *n)
{
	if (n->left) {
		for (n = n->left; n->right; n = n->right) {}
		return (struct uc_rbnode *)n;
	}
	while (n->parent && n == n->parent->left) n = n->parent;
	return n->parent;
}
