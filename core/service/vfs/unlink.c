// SPDX-License-Identifier: BSD-3-Clause
/* unlink(2) and rmdir(2). */
#include <uc/part.h>
#include "vfs_impl.h"

UC_NEEDS_PART(unlink);

static int bad_last(const struct uc_walk *w, bool rmdir)
{
	if (!rmdir)
		return -EISDIR;
	if (w->kind == UC_LAST_DOTDOT)
		return -ENOTEMPTY;
	return w->kind == UC_LAST_DOT ? -EINVAL : -EBUSY;
}

static int remove_name(struct uc_walk *w, struct uc_dentry *d, bool rmdir)
{
	struct uc_inode *dir = w->cur->inode;
	if (w->slash && !rmdir)
		return UC_ISDIR(d->inode) ? -EISDIR : -ENOTDIR;
	int r = uc_may_delete(w->cur, d, rmdir);
	if (r)
		return r;
	if (!dir->ops->unlink)
		return -EPERM;
	r = dir->ops->unlink(dir, w->last, w->last_len, d->inode);
	if (r)
		return r;
	if (!rmdir)
		uc_touched(d->inode, NULL, IN_ATTRIB);
	uc_dcache_deleted(d);
	uc_named(w->cur, w->last, w->last_len, d->inode, IN_DELETE);
	return 0;
}

int uc_vfs_unlink(struct uc_fsctx *fs, struct uc_dentry *at, const char *path, bool rmdir)
{
	struct uc_walk w;
	uc_vfs_prepare_change();
	int r = uc_walk_begin(&w, fs, at, path);
	if (r == 0 && w.kind != UC_LAST_NAME)
		r = bad_last(&w, rmdir);
	if (r == 0) {
		struct uc_dentry *d = uc_dcache_lookup(w.cur, w.last, w.last_len);
		r = UC_IS_ERR(d) ? (int)UC_PTR_ERR(d) : remove_name(&w, d, rmdir);
		if (!UC_IS_ERR(d))
			uc_dentry_unref(d);
	}
	uc_walk_end(&w);
	return r;
}
