// SPDX-License-Identifier: BSD-3-Clause
/* rename(2), renameat2(2). */
#include <linux/fs.h>
#include <uc/part.h>
#include "vfs_impl.h"

UC_NEEDS_PART(unlink);

struct move {
	struct uc_walk from, to;
	struct uc_dentry *old, *victim; /* victim NULL: the new name is free */
	unsigned flags;
};

static bool is_ancestor(const struct uc_dentry *a, const struct uc_dentry *d)
{
	for (;; d = d->parent) {
		if (d == a)
			return true;
		if (d->parent == d)
			return false;
	}
}

static struct uc_dentry *mount_root_of(struct uc_dentry *d)
{
	while (d->parent != d)
		d = d->parent;
	return d;
}

static int look(struct move *m)
{
	bool noreplace = m->flags & RENAME_NOREPLACE;
	if (mount_root_of(m->from.cur) != mount_root_of(m->to.cur))
		return -EXDEV;
	if (m->from.kind != UC_LAST_NAME)
		return -EBUSY;
	if (m->to.kind != UC_LAST_NAME)
		return noreplace ? -EEXIST : -EBUSY;
	struct uc_dentry *d = uc_dcache_lookup(m->from.cur, m->from.last, m->from.last_len);
	if (UC_IS_ERR(d))
		return (int)UC_PTR_ERR(d);
	m->old = d;
	d = uc_dcache_lookup(m->to.cur, m->to.last, m->to.last_len);
	if (UC_IS_ERR(d) && d != UC_ERR_PTR(-ENOENT))
		return (int)UC_PTR_ERR(d);
	m->victim = UC_IS_ERR(d) ? NULL : d;
	if (m->victim && noreplace)
		return -EEXIST;
	return !m->victim && (m->flags & RENAME_EXCHANGE) ? -ENOENT : 0;
}

static int check_shape(const struct move *m)
{
	bool exchange = m->flags & RENAME_EXCHANGE;
	bool old_dir = UC_ISDIR(m->old->inode);
	if (!old_dir && (m->from.slash || (!exchange && m->to.slash)))
		return -ENOTDIR;
	if (exchange && m->to.slash && !UC_ISDIR(m->victim->inode))
		return -ENOTDIR;
	if (is_ancestor(m->old, m->to.cur))
		return -EINVAL;
	if (m->victim && is_ancestor(m->victim, m->from.cur))
		return exchange ? -EINVAL : -ENOTEMPTY;
	return 0;
}

/* A directory that changes its parent has its ".." rewritten. */
static int may_reparent(const struct move *m, struct uc_dentry *d)
{
	if (!UC_ISDIR(d->inode) || m->from.cur == m->to.cur)
		return 0;
	return uc_inode_permission(d->inode, UC_MAY_WRITE);
}

static int check_rights(const struct move *m)
{
	bool old_dir = UC_ISDIR(m->old->inode);
	bool exchange = m->flags & RENAME_EXCHANGE;
	int r = uc_may_delete(m->from.cur, m->old, old_dir);
	if (r == 0 && !m->victim)
		r = uc_may_create(m->to.cur);
	else if (r == 0)
		r = uc_may_delete(m->to.cur, m->victim,
				  exchange ? UC_ISDIR(m->victim->inode) : old_dir);
	if (r == 0)
		r = may_reparent(m, m->old);
	if (r == 0 && exchange)
		r = may_reparent(m, m->victim);
	return r;
}

static void update_cache(struct move *m)
{
	if (m->flags & RENAME_EXCHANGE) {
		uc_dcache_unhash(m->victim);
		uc_dcache_move(m->old, m->to.cur, m->to.last, m->to.last_len);
		uc_dcache_move(m->victim, m->from.cur, m->from.last, m->from.last_len);
		return;
	}
	if (m->victim)
		uc_dcache_deleted(m->victim);
	uc_dcache_move(m->old, m->to.cur, m->to.last, m->to.last_len);
}

static void tell(const struct move *m)
{
	if (!uc_vfs_watch)
		return;
	struct uc_inode *od = m->from.cur->inode, *nd = m->to.cur->inode;
	bool exchange = m->flags & RENAME_EXCHANGE;
	uc_vfs_watch->moved(od, m->from.last, m->from.last_len, nd, m->to.last, m->to.last_len,
			    m->old->inode, m->victim && !exchange ? m->victim->inode : NULL);
	if (exchange)
		uc_vfs_watch->moved(nd, m->to.last, m->to.last_len, od, m->from.last,
				    m->from.last_len, m->victim->inode, NULL);
}

static int move(struct move *m)
{
	int r = look(m);
	if (r == 0)
		r = check_shape(m);
	if (r)
		return r;
	if (m->victim && m->victim->inode == m->old->inode)
		return 0;
	r = check_rights(m);
	struct uc_inode *od = m->from.cur->inode, *nd = m->to.cur->inode;
	if (r == 0 && !od->ops->rename)
		r = -EPERM;
	if (r == 0)
		r = od->ops->rename(od, m->from.last, m->from.last_len, nd, m->to.last,
				    m->to.last_len, m->victim ? m->victim->inode : NULL, m->flags);
	if (r == 0) {
		update_cache(m);
		tell(m);
	}
	return r;
}

int uc_vfs_rename(struct uc_fsctx *fs, struct uc_dentry *oat, const char *opath,
		  struct uc_dentry *nat, const char *npath, unsigned flags)
{
	const unsigned both = RENAME_NOREPLACE | RENAME_EXCHANGE;
	if ((flags & ~both) || (flags & both) == both)
		return -EINVAL;
	struct move m = { .flags = flags };
	uc_vfs_prepare_change();
	int r = uc_walk_begin(&m.from, fs, oat, opath);
	if (r == 0)
		r = uc_walk_begin(&m.to, fs, nat, npath);
	if (r == 0)
		r = move(&m);
	if (m.old)
		uc_dentry_unref(m.old);
	if (m.victim)
		uc_dentry_unref(m.victim);
	uc_walk_end(&m.to);
	uc_walk_end(&m.from);
	return r;
}
