// SPDX-License-Identifier: BSD-3-Clause
/* Directories: own names first, then the image's unless a whiteout or an own name hides them. */
#include <linux/fs.h>
#include <uc/abi/rewrite.h>
#include "rootfs_impl.h"

static uint64_t child_hash(const struct rfs_node *dir, const char *name, size_t len)
{
	uint64_t h = uc_rw_hash_step(dir->path_hash, '/');
	while (len--)
		h = uc_rw_hash_step(h, *name++);
	return h;
}

struct rfs_node *rfs_dir_find(struct rfs_node *dir, const char *name, size_t len)
{
	struct rfs_name *e = rfs_names_find(dir, name, len);
	if (e && e->node)
		uc_inode_ref(&e->node->i);
	if (e)
		return e->node ? e->node : UC_ERR_PTR(-ENOENT);
	if (!rfs_has_lower(dir))
		return UC_ERR_PTR(-ENOENT);
	uint64_t nid;
	int r = uc_erofs_lookup(&rfs_of(dir)->lower, &dir->lower, name, len, &nid);
	return r ? UC_ERR_PTR(r) : rfs_get(rfs_of(dir), nid, child_hash(dir, name, len));
}

static struct uc_inode *lookup(struct uc_inode *dir, const char *name, size_t len)
{
	return (struct uc_inode *)rfs_dir_find(rfs_node(dir), name, len);
}

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
	rfs_stamp_node(n);
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
	.unlink = rfs_unlink,
	.symlink = make_symlink,
	.rename = rfs_rename,
	.readdir = rfs_readdir,
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
