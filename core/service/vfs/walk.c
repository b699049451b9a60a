// SPDX-License-Identifier: BSD-3-Clause
/*
 * The path walk (path_resolution(7)): from a start directory component by component, following
 * symbolic links with a chain of the texts still to be walked instead of recursion.
 */
#include <uc/heap.h>
#include <uc/string.h>
#include "vfs_impl.h"

struct uc_dentry *uc_mount_top(struct uc_dentry *d)
{
	while (d->mounted) {
		struct uc_dentry *up = d->mounted;
		uc_dentry_ref(up);
		uc_dentry_unref(d);
		d = up;
	}
	return d;
}

static void set_cur(struct uc_walk *w, struct uc_dentry *d)
{
	struct uc_dentry *old = w->cur;
	w->cur = d;
	if (old)
		uc_dentry_unref(old);
}

static void text_release(struct uc_walk_text *t)
{
	uc_heap_free(t->heap);
	if (t->holder)
		uc_dentry_unref(t->holder);
	t->heap = NULL;
	t->holder = NULL;
}

static void text_pop(struct uc_walk *w)
{
	struct uc_walk_text *prev = w->text.prev;
	text_release(&w->text);
	w->text = *prev;
	uc_heap_free(prev);
}

void uc_walk_end(struct uc_walk *w)
{
	while (w->text.prev)
		text_pop(w);
	text_release(&w->text);
	if (w->cur)
		uc_dentry_unref(w->cur);
	w->cur = NULL;
}

/* Makes the target text of link the one to be walked; what remains of the present one is kept. */
static int text_push(struct uc_walk *w, struct uc_dentry *link)
{
	struct uc_inode *i = link->inode;
	size_t n = 0;
	char *heap = NULL;
	const char *s = i->ops->link_text ? i->ops->link_text(i, &n) : NULL;
	if (!s) {
		if (!i->ops->readlink)
			return -EINVAL;
		heap = uc_heap_alloc(UC_PATH_MAX);
		if (!heap)
			return -ENOMEM;
		ssize_t r = i->ops->readlink(i, heap, UC_PATH_MAX);
		if (r < 0 || r >= (ssize_t)UC_PATH_MAX) {
			uc_heap_free(heap);
			return r < 0 ? (int)r : -ENAMETOOLONG;
		}
		s = heap;
		n = (size_t)r;
	}
	if (w->text.p < w->text.end) {
		struct uc_walk_text *keep = uc_heap_alloc(sizeof(*keep));
		if (!keep) {
			uc_heap_free(heap);
			return -ENOMEM;
		}
		*keep = w->text;
		w->text.prev = keep;
	} else {
		text_release(&w->text);
	}
	w->text.holder = link;
	uc_dentry_ref(link);
	w->text.heap = heap;
	w->text.p = s;
	w->text.end = s + n;
	return n ? 0 : -ENOENT;
}

static void go_up(struct uc_walk *w)
{
	struct uc_dentry *d = w->cur;
	while (d != w->root && d->parent == d && d->covers)
		d = d->covers;
	if (d != w->root)
		d = d->parent;
	uc_dentry_ref(d);
	set_cur(w, uc_mount_top(d));
}

static int may_search(const struct uc_walk *w)
{
	if (!UC_ISDIR(w->cur->inode))
		return -ENOTDIR;
	return w->uid ? uc_inode_permission_as(w->cur->inode, UC_MAY_EXEC, w->uid, w->gid) : 0;
}

static enum uc_walk_kind kind_of(const char *s, size_t n)
{
	if (s[0] != '.' || n > 2)
		return UC_LAST_NAME;
	if (n == 1)
		return UC_LAST_DOT;
	return s[1] == '.' ? UC_LAST_DOTDOT : UC_LAST_NAME;
}

/* Takes the next component off the text, with the slashes behind it. False: there is none. */
static bool next_component(struct uc_walk *w)
{
	struct uc_walk_text *t = &w->text;
	while (t->p < t->end && *t->p == '/')
		t->p++;
	if (t->p == t->end)
		return false;
	w->last = t->p;
	while (t->p < t->end && *t->p != '/')
		t->p++;
	w->last_len = (size_t)(t->p - w->last);
	w->kind = kind_of(w->last, w->last_len);
	bool slash = t->p < t->end;
	while (t->p < t->end && *t->p == '/')
		t->p++;
	if (slash && t->p == t->end && !t->prev)
		w->slash = true;
	return true;
}

/* Magic links lead to a place, others to a text. */
static int enter_link(struct uc_walk *w, struct uc_dentry *link)
{
	if (++w->links > UC_MAX_LINKS)
		return -ELOOP;
	if (link->inode->ops->follow) {
		struct uc_dentry *to = link->inode->ops->follow(link->inode);
		if (UC_IS_ERR(to))
			return (int)UC_PTR_ERR(to);
		set_cur(w, to);
		w->kind = UC_LAST_NONE;
		return 0;
	}
	int r = text_push(w, link);
	if (r == 0 && *w->text.p == '/') {
		uc_dentry_ref(w->root);
		set_cur(w, uc_mount_top(w->root));
		w->kind = UC_LAST_NONE; /* unless components follow */
	}
	return r;
}

/* A component that is not the last: goes through it. */
static int step(struct uc_walk *w)
{
	if (w->kind == UC_LAST_DOT)
		return 0;
	if (w->kind == UC_LAST_DOTDOT) {
		go_up(w);
		return 0;
	}
	struct uc_dentry *d = uc_dcache_lookup(w->cur, w->last, w->last_len);
	if (UC_IS_ERR(d))
		return (int)UC_PTR_ERR(d);
	d = uc_mount_top(d);
	if (!UC_ISLNK(d->inode)) {
		set_cur(w, d);
		return 0;
	}
	int r = enter_link(w, d);
	uc_dentry_unref(d);
	return r;
}

static int walk(struct uc_walk *w)
{
	for (;;) {
		if (!next_component(w)) {
			if (!w->text.prev)
				return 0;
			text_pop(w);
			continue;
		}
		int r = may_search(w);
		if (r)
			return r;
		if (w->text.p == w->text.end && !w->text.prev)
			return 0;
		r = step(w);
		if (r)
			return r;
	}
}

int uc_walk_begin(struct uc_walk *w, struct uc_fsctx *fs, struct uc_dentry *at, const char *path)
{
	memset(w, 0, sizeof(*w));
	size_t n = strnlen(path, UC_PATH_MAX);
	if (n == UC_PATH_MAX)
		return -ENAMETOOLONG;
	if (n == 0)
		return -ENOENT;
	w->root = fs && fs->root ? fs->root : uc_vfs_root;
	if (!w->root)
		return -ENOENT;
	if (path[0] == '/')
		w->cur = w->root;
	else
		w->cur = at ? at : fs && fs->cwd ? fs->cwd : w->root;
	uc_dentry_ref(w->cur);
	w->cur = uc_mount_top(w->cur);
	uc_upcall_creds(&w->uid, &w->gid);
	w->text.p = path;
	w->text.end = path + n;
	w->kind = UC_LAST_NONE;
	return walk(w);
}

int uc_walk_follow(struct uc_walk *w, struct uc_dentry *link)
{
	w->kind = UC_LAST_NONE;
	int r = enter_link(w, link);
	return r ? r : walk(w);
}

struct uc_dentry *uc_walk_last(struct uc_walk *w)
{
	if (w->kind == UC_LAST_NAME) {
		struct uc_dentry *d = uc_dcache_lookup(w->cur, w->last, w->last_len);
		return UC_IS_ERR(d) ? d : uc_mount_top(d);
	}
	if (w->kind == UC_LAST_DOTDOT)
		go_up(w);
	w->kind = UC_LAST_NONE;
	uc_dentry_ref(w->cur);
	return w->cur;
}

struct uc_dentry *uc_walk_resolve(struct uc_walk *w, bool follow)
{
	for (;;) {
		struct uc_dentry *d = uc_walk_last(w);
		if (UC_IS_ERR(d))
			return d;
		if (UC_ISLNK(d->inode) && w->kind == UC_LAST_NAME && (follow || w->slash)) {
			int r = uc_walk_follow(w, d);
			uc_dentry_unref(d);
			if (r)
				return UC_ERR_PTR(r);
			continue;
		}
		if (w->slash && !UC_ISDIR(d->inode)) {
			uc_dentry_unref(d);
			return UC_ERR_PTR(-ENOTDIR);
		}
		return d;
	}
}
