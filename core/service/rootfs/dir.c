// SPDX-License-Identifier: BSD-3-Clause
/* Directories: own names first, then the image's unless a whiteout or an own name hides them. */
#include <linux/fs.h>
#include "rootfs_impl.h"

static bool has_lower(const struct rfs_node *dir) { return dir->nid != RFS_NO_NID; }

static bool in_lower(struct rfs_node *dir, const char *name, size_t len)
{
	uint64_t nid;
	return has_lower(dir) &&
	       uc_erofs_lookup(&rfs_of(dir)->lower, &dir->lower, name, len, &nid) == 0;
}

static struct rfs_node *find(struct rfs_node *dir, const char *name, size_t len)
{
	struct rfs_name *e = rfs_names_find(dir, name, len);
	if (e && e->node)
		uc_inode_ref(&e->node->i);
	if (e)
		return e->node ? e->node : UC_ERR_PTR(-ENOENT);
	if (!has_lower(dir))
		return UC_ERR_PTR(-ENOENT);
	uint64_t nid;
	int r = uc_erofs_lookup(&rfs_of(dir)->lower, &dir->lower, name, len, &nid);
	return r ? UC_ERR_PTR(r) : rfs_get(rfs_of(dir), nid);
}

static struct uc_inode *lookup(struct uc_inode *dir, const char *name, size_t len)
{
	return (struct uc_inode *)find(rfs_node(dir), name, len);
}

static void stamp_dir(struct rfs_node *dir)
{
	dir->mtime = dir->ctime = rfs_now(rfs_of(dir));
	rfs_changed(dir);
}

static void stamp_node(struct rfs_node *n)
{
	n->ctime = rfs_now(rfs_of(n));
	rfs_changed(n);
}

/* Makes sure that dir has an own entry for name, so that changing it cannot fail. A new one is a
 * whiteout. */
static struct rfs_name *own_entry(struct rfs_node *dir, const char *name, size_t len, bool *fresh)
{
	struct rfs_name *e = rfs_names_find(dir, name, len);
	*fresh = !e;
	if (e)
		return e;
	e = rfs_name_new(name, len, NULL);
	if (!e)
		return UC_ERR_PTR(-ENOMEM);
	int r = rfs_names_insert(dir, e);
	if (r == 0)
		return e;
	uc_heap_free(e);
	return UC_ERR_PTR(r);
}

/* Points e at node, taking over the caller's reference. */
static void set_entry(struct rfs_name *e, struct rfs_node *node)
{
	struct rfs_node *old = e->node;
	e->node = node;
	if (old)
		uc_inode_unref(&old->i);
}

/* The name is gone: a whiteout stays only where the image has the name. */
static void clear_entry(struct rfs_node *dir, struct rfs_name *e)
{
	set_entry(e, NULL);
	if (!in_lower(dir, e->name, e->len))
		rfs_names_erase(dir, e);
}

/* Enters a new name for node, taking over the caller's reference on success. */
static int enter(struct rfs_node *dir, const char *name, size_t len, struct rfs_node *node)
{
	bool fresh;
	struct rfs_name *e = own_entry(dir, name, len, &fresh);
	if (UC_IS_ERR(e))
		return -ENOSPC;
	if (e->node)
		return -EEXIST;
	set_entry(e, node);
	stamp_dir(dir);
	return 0;
}

/* ---- new names ---- */

static struct uc_inode *enter_new(struct uc_inode *dir, const char *name, size_t len,
				  struct rfs_node *n)
{
	uc_inode_ref(&n->i); /* one for the entry, one for the caller */
	int r = enter(rfs_node(dir), name, len, n);
	if (r) {
		uc_inode_unref(&n->i);
		uc_inode_unref(&n->i);
		return UC_ERR_PTR(r);
	}
	if (rfs_isdir(n))
		rfs_node(dir)->nlink++;
	return &n->i;
}

static struct uc_inode *create(struct uc_inode *dir, const char *name, size_t len, uint32_t mode,
			       uint64_t rdev)
{
	struct rfs_node *n = rfs_make(dir->sb->priv, dir, mode);
	if (!n)
		return UC_ERR_PTR(-ENOSPC);
	n->i.rdev = rdev;
	return enter_new(dir, name, len, n);
}

static struct uc_inode *make_symlink(struct uc_inode *dir, const char *name, size_t len,
				     const char *target)
{
	struct rfs_node *n = rfs_make(dir->sb->priv, dir, S_IFLNK | 0777);
	if (!n)
		return UC_ERR_PTR(-ENOSPC);
	n->link.text = uc_heap_strdup(target);
	if (!n->link.text) {
		uc_inode_unref(&n->i);
		return UC_ERR_PTR(-ENOSPC);
	}
	n->size = strlen(target);
	return enter_new(dir, name, len, n);
}

static int make_link(struct uc_inode *dir, const char *name, size_t len, struct uc_inode *target)
{
	struct rfs_node *n = rfs_node(target);
	if (!n->nlink && !(n->flags & RFS_TMPFILE))
		return -ENOENT;
	uc_inode_ref(target);
	int r = enter(rfs_node(dir), name, len, n);
	if (r) {
		uc_inode_unref(target);
		return r;
	}
	n->flags &= (uint16_t)~RFS_TMPFILE;
	n->nlink++;
	stamp_node(n);
	return 0;
}

static struct uc_inode *tmpfile(struct uc_inode *dir, uint32_t mode)
{
	struct rfs_node *n = rfs_make(dir->sb->priv, dir, mode);
	if (!n)
		return UC_ERR_PTR(-ENOSPC);
	n->nlink = 0;
	n->flags |= RFS_TMPFILE;
	return &n->i;
}

/* ---- listing ---- */

#define POS_OWN   (1ull << 62)  /* position: | key of the next own entry */
#define POS_LOWER 3ull          /* position: + position in the image's directory */

static int list_lower(struct rfs_node *dir, uint64_t at, uc_filldir fill, void *ctx)
{
	struct uc_erofs_entry e;
	int r;
	while ((r = uc_erofs_readdir(&rfs_of(dir)->lower, &dir->lower, &at, &e)) > 0) {
		if (rfs_names_find(dir, e.name, e.len))
			continue;
		if (fill(ctx, e.name, e.len, e.nid, e.dtype, POS_LOWER + at))
			return 1;
	}
	return r;
}

/* fill may block while names come and go: the entry is copied and found again by key. */
static int list_own(struct rfs_node *dir, uint64_t key, uc_filldir fill, void *ctx)
{
	struct rfs_name *e;
	char name[256];
	for (; (e = rfs_names_from(dir, key)); key = key + 1) {
		key = rfs_name_key(e);
		if (!e->node)
			continue;
		size_t len = e->len;
		memcpy(name, e->name, len);
		name[len] = 0;
		if (fill(ctx, name, len, e->node->i.ino, (e->node->i.mode & S_IFMT) >> 12,
			 POS_OWN | (key + 1)))
			return 1;
	}
	return 0;
}

static int readdir(struct uc_inode *i, uint64_t pos, uc_filldir fill, void *ctx)
{
	struct rfs_node *dir = rfs_node(i);
	if (pos & POS_OWN)
		return list_own(dir, pos & ~POS_OWN, fill, ctx);
	if (has_lower(dir)) {
		int r = list_lower(dir, pos < POS_LOWER ? 0 : pos - POS_LOWER, fill, ctx);
		if (r)
			return r;
	}
	return list_own(dir, 0, fill, ctx);
}

static int stop_at_once(void *ctx, const char *name, size_t len, uint64_t ino, unsigned dtype,
			uint64_t next)
{
	return 1;
}

static bool is_empty(struct rfs_node *dir) { return readdir(&dir->i, 0, stop_at_once, NULL) == 0; }

/* ---- removal and renaming ---- */

static void lose_child(struct rfs_node *dir)
{
	if (dir->nlink > 2)
		dir->nlink--;
}

/* Link counts when `n` loses its name in dir. */
static void lose_name(struct rfs_node *dir, struct rfs_node *n)
{
	if (rfs_isdir(n)) {
		n->nlink = 0;
		lose_child(dir);
	} else if (n->nlink) { /* a damaged image may have more names than it counts */
		n->nlink--;
	}
	stamp_node(n);
	rfs_drop_link(n);
}

static int unlink(struct uc_inode *i, const char *name, size_t len, struct uc_inode *victim)
{
	struct rfs_node *dir = rfs_node(i), *n = rfs_node(victim);
	if (rfs_isdir(n) && !is_empty(n))
		return -ENOTEMPTY;
	bool fresh;
	struct rfs_name *e = own_entry(dir, name, len, &fresh);
	if (UC_IS_ERR(e))
		return (int)UC_PTR_ERR(e);
	clear_entry(dir, e);
	lose_name(dir, n);
	stamp_dir(dir);
	return 0;
}

static void moved_dir(struct rfs_node *n, struct rfs_node *from, struct rfs_node *to)
{
	if (!rfs_isdir(n) || from == to)
		return;
	lose_child(from);
	to->nlink++;
}

/* Both entries exist and cannot fail any more. from's reference on n moves to `to`. */
static void commit_rename(struct rfs_node *od, struct rfs_name *from, struct rfs_node *nd,
			  struct rfs_name *to, struct rfs_node *n, struct rfs_node *victim,
			  bool exchange)
{
	uc_inode_ref(&n->i);
	if (victim && exchange)
		uc_inode_ref(&victim->i);
	set_entry(to, n);
	if (exchange) {
		set_entry(from, victim);
		moved_dir(victim, nd, od);
		stamp_node(victim);
	} else {
		clear_entry(od, from);
		if (victim)
			lose_name(nd, victim);
	}
	moved_dir(n, od, nd);
	stamp_node(n);
	stamp_dir(od);
	stamp_dir(nd);
}

static int do_rename(struct rfs_node *od, const char *on, size_t ol, struct rfs_node *nd,
		     const char *nn, size_t nl, struct rfs_node *n, struct rfs_node *victim,
		     bool exchange)
{
	bool fresh_from, fresh_to;
	struct rfs_name *from = own_entry(od, on, ol, &fresh_from);
	if (UC_IS_ERR(from))
		return (int)UC_PTR_ERR(from);
	struct rfs_name *to = own_entry(nd, nn, nl, &fresh_to);
	if (UC_IS_ERR(to)) {
		if (fresh_from)
			rfs_names_erase(od, from);
		return (int)UC_PTR_ERR(to);
	}
	commit_rename(od, from, nd, to, n, victim, exchange);
	return 0;
}

static int rename(struct uc_inode *oi, const char *on, size_t ol, struct uc_inode *ni,
		  const char *nn, size_t nl, struct uc_inode *vi, unsigned flags)
{
	struct rfs_node *od = rfs_node(oi), *nd = rfs_node(ni), *victim = vi ? rfs_node(vi) : NULL;
	bool exchange = flags & RENAME_EXCHANGE;
	if (victim && !exchange && rfs_isdir(victim) && !is_empty(victim))
		return -ENOTEMPTY;
	struct rfs_node *n = find(od, on, ol);
	if (UC_IS_ERR(n))
		return (int)UC_PTR_ERR(n);
	int r = do_rename(od, on, ol, nd, nn, nl, n, victim, exchange);
	uc_inode_unref(&n->i);
	return r;
}

/* ---- symbolic links ---- */

static const char *link_text(struct uc_inode *i, size_t *len)
{
	struct rfs_node *n = rfs_node(i);
	if (n->link.text) {
		*len = n->size;
		return n->link.text;
	}
	const char *text;
	return uc_erofs_link_text(&rfs_of(n)->lower, &n->lower, &text, len) ? NULL : text;
}

static ssize_t readlink(struct uc_inode *i, char *buf, size_t cap)
{
	size_t len;
	const char *text = link_text(i, &len);
	if (!text)
		return -EUCLEAN;
	len = UC_MIN(len, cap);
	memcpy(buf, text, len);
	return (ssize_t)len;
}

const struct uc_inode_ops rfs_dir_ops = {
	.lookup = lookup,
	.create = create,
	.link = make_link,
	.unlink = unlink,
	.symlink = make_symlink,
	.rename = rename,
	.readdir = readdir,
	.tmpfile = tmpfile,
	.getattr = rfs_getattr,
	.setattr = rfs_setattr,
	.getxattr = rfs_getxattr,
	.listxattr = rfs_listxattr,
	.setxattr = rfs_setxattr,
	.release = rfs_release,
};
const struct uc_inode_ops rfs_link_ops = {
	.link_text = link_text, .readlink = readlink,
	.getattr = rfs_getattr,
	.setattr = rfs_setattr,
	.getxattr = rfs_getxattr,
	.listxattr = rfs_listxattr,
	.setxattr = rfs_setxattr,
	.release = rfs_release,
};
/* Devices, FIFOs, sockets: what they do comes from elsewhere (uc_vfs_chrdev_open,
 * uc_vfs_fifo_open). */
const struct uc_inode_ops rfs_special_ops = {
	.getattr = rfs_getattr,
	.setattr = rfs_setattr,
	.getxattr = rfs_getxattr,
	.listxattr = rfs_listxattr,
	.setxattr = rfs_setxattr,
	.release = rfs_release,
};
