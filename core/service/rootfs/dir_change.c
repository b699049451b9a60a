// SPDX-License-Identifier: BSD-3-Clause
/* Names that go: removal and renaming. */
#include <linux/fs.h>
#include <uc/part.h>
#include "rootfs_impl.h"

UC_PART(unlink);
UC_NEEDS_PART(readdir); /* is a directory empty? */

static bool in_lower(struct rfs_node *dir, const char *name, size_t len)
{
	uint64_t nid;
	return rfs_has_lower(dir) &&
	       uc_erofs_lookup(&rfs_of(dir)->lower, &dir->lower, name, len, &nid) == 0;
}

/* The name is gone: a whiteout stays only where the image has the name. */
static void clear_entry(struct rfs_node *dir, struct rfs_name *e)
{
	rfs_dir_set(e, NULL);
	if (!in_lower(dir, e->name, e->len))
		rfs_names_erase(dir, e);
}

static int stop_at_once(void *ctx, const char *name, size_t len, uint64_t ino, unsigned dtype,
			uint64_t next)
{
	return 1;
}

static bool is_empty(struct rfs_node *dir)
{
	return rfs_readdir(&dir->i, 0, stop_at_once, NULL) == 0;
}

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
	rfs_stamp_node(n);
	rfs_drop_link(n);
}

int rfs_unlink(struct uc_inode *i, const char *name, size_t len, struct uc_inode *victim)
{
	struct rfs_node *dir = rfs_node(i), *n = rfs_node(victim);
	if (rfs_isdir(n) && !is_empty(n))
		return -ENOTEMPTY;
	bool fresh;
	struct rfs_name *e = rfs_dir_own(dir, name, len, &fresh);
	if (UC_IS_ERR(e))
		return (int)UC_PTR_ERR(e);
	clear_entry(dir, e);
	lose_name(dir, n);
	rfs_stamp_dir(dir);
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
	rfs_dir_set(to, n);
	if (exchange) {
		rfs_dir_set(from, victim);
		moved_dir(victim, nd, od);
		rfs_stamp_node(victim);
	} else {
		clear_entry(od, from);
		if (victim)
			lose_name(nd, victim);
	}
	moved_dir(n, od, nd);
	rfs_stamp_node(n);
	rfs_stamp_dir(od);
	rfs_stamp_dir(nd);
}

static int do_rename(struct rfs_node *od, const char *on, size_t ol, struct rfs_node *nd,
		     const char *nn, size_t nl, struct rfs_node *n, struct rfs_node *victim,
		     bool exchange)
{
	bool fresh_from, fresh_to;
	struct rfs_name *from = rfs_dir_own(od, on, ol, &fresh_from);
	if (UC_IS_ERR(from))
		return (int)UC_PTR_ERR(from);
	struct rfs_name *to = rfs_dir_own(nd, nn, nl, &fresh_to);
	if (UC_IS_ERR(to)) {
		if (fresh_from)
			rfs_names_erase(od, from);
		return (int)UC_PTR_ERR(to);
	}
	commit_rename(od, from, nd, to, n, victim, exchange);
	return 0;
}

int rfs_rename(struct uc_inode *oi, const char *on, size_t ol, struct uc_inode *ni,
		  const char *nn, size_t nl, struct uc_inode *vi, unsigned flags)
{
	struct rfs_node *od = rfs_node(oi), *nd = rfs_node(ni), *victim = vi ? rfs_node(vi) : NULL;
	bool exchange = flags & RENAME_EXCHANGE;
	if (victim && !exchange && rfs_isdir(victim) && !is_empty(victim))
		return -ENOTEMPTY;
	struct rfs_node *n = rfs_dir_find(od, on, ol);
	if (UC_IS_ERR(n))
		return (int)UC_PTR_ERR(n);
	int r = do_rename(od, on, ol, nd, nn, nl, n, victim, exchange);
	uc_inode_unref(&n->i);
	return r;
}
