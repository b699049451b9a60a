// SPDX-License-Identifier: BSD-3-Clause
/* New names: files, directories, devices, links. */
#include <uc/part.h>
#include "rootfs_impl.h"

UC_PART(create);

void rfs_stamp_dir(struct rfs_node *dir)
{
	dir->mtime = dir->ctime = rfs_now(rfs_of(dir));
	rfs_changed(dir);
}

void rfs_stamp_node(struct rfs_node *n)
{
	n->ctime = rfs_now(rfs_of(n));
	rfs_changed(n);
}

struct rfs_name *rfs_dir_own(struct rfs_node *dir, const char *name, size_t len, bool *fresh)
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

void rfs_dir_set(struct rfs_name *e, struct rfs_node *node)
{
	struct rfs_node *old = e->node;
	e->node = node;
	if (old)
		uc_inode_unref(&old->i);
}

/* Enters a new name for node, taking over the caller's reference on success. */
static int enter(struct rfs_node *dir, const char *name, size_t len, struct rfs_node *node)
{
	bool fresh;
	struct rfs_name *e = rfs_dir_own(dir, name, len, &fresh);
	if (UC_IS_ERR(e))
		return -ENOSPC;
	if (e->node)
		return -EEXIST;
	rfs_dir_set(e, node);
	rfs_stamp_dir(dir);
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

struct uc_inode *rfs_create(struct uc_inode *dir, const char *name, size_t len, uint32_t mode,
			    uint64_t rdev)
{
	struct rfs_node *n = rfs_make(dir->sb->priv, dir, mode);
	if (!n)
		return UC_ERR_PTR(-ENOSPC);
	n->i.rdev = rdev;
	return enter_new(dir, name, len, n);
}

struct uc_inode *rfs_symlink(struct uc_inode *dir, const char *name, size_t len,
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

int rfs_link(struct uc_inode *dir, const char *name, size_t len, struct uc_inode *target)
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
	rfs_stamp_node(n);
	return 0;
}

struct uc_inode *rfs_tmpfile(struct uc_inode *dir, uint32_t mode)
{
	struct rfs_node *n = rfs_make(dir->sb->priv, dir, mode);
	if (!n)
		return UC_ERR_PTR(-ENOSPC);
	n->nlink = 0;
	n->flags |= RFS_TMPFILE;
	return &n->i;
}
