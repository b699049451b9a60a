// SPDX-License-Identifier: BSD-3-Clause
/* Directories: own names first, then the image's unless a whiteout or an own name hides them. */
#include <uc/abi/rewrite.h>
#include <uc/used.h>
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
	uint64_t nid, hash;
	int r = uc_erofs_lookup(&rfs_of(dir)->lower, &dir->lower, name, len, &nid);
	if (r)
		return UC_ERR_PTR(r);
	hash = child_hash(dir, name, len);
	if (uc_used)
		uc_used(hash);
	return rfs_get(rfs_of(dir), nid, hash);
}

static struct uc_inode *lookup(struct uc_inode *dir, const char *name, size_t len)
{
	return (struct uc_inode *)rfs_dir_find(rfs_node(dir), name, len);
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
	.create = rfs_create,
	.link = rfs_link,
	.unlink = rfs_unlink,
	.symlink = rfs_symlink,
	.rename = rfs_rename,
	.readdir = rfs_readdir,
	.tmpfile = rfs_tmpfile,
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
