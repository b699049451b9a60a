// SPDX-License-Identifier: BSD-3-Clause
/* Nodes: image inodes brought into memory on lookup, new ones, and their end. */
#include <uc/time.h>
#include "rootfs_impl.h"

int64_t rfs_now(struct rootfs *fs)
{
	return uc_vfs_quiet ? fs->lower.build_ns : (int64_t)uc_time_real();
}

/* ---- image inodes in memory ---- */

static struct rfs_node **bucket(struct rootfs *fs, uint64_t nid)
{
	uint32_t h = (uint32_t)(nid ^ nid >> 32) * 0x9e3779b1u;
	return &fs->table[(h >> 8) & (fs->table_size - 1)];
}

static bool table_grow(struct rootfs *fs)
{
	uint32_t old_size = fs->table_size, size = old_size ? old_size * 4 : 64;
	struct rfs_node **old = fs->table, **bigger = uc_heap_calloc(size, sizeof(*bigger));
	if (!bigger)
		return old_size != 0; /* longer chains only */
	fs->table = bigger;
	fs->table_size = size;
	for (uint32_t k = 0; k < old_size; k++) {
		for (struct rfs_node *n = old[k], *next; n; n = next) {
			next = n->next;
			struct rfs_node **b = bucket(fs, n->nid);
			n->next = *b;
			*b = n;
		}
	}
	uc_heap_free(old);
	return true;
}

static bool table_add(struct rootfs *fs, struct rfs_node *n)
{
	if (fs->table_used >= fs->table_size * 2 && !table_grow(fs))
		return false;
	struct rfs_node **b = bucket(fs, n->nid);
	n->next = *b;
	*b = n;
	fs->table_used++;
	return true;
}

static void table_remove(struct rootfs *fs, struct rfs_node *n)
{
	struct rfs_node **p = bucket(fs, n->nid);
	while (*p != n)
		p = &(*p)->next;
	*p = n->next;
	n->next = NULL;
	fs->table_used--;
}

static void set_type(struct rfs_node *n, struct rootfs *fs, uint32_t mode)
{
	const struct uc_inode_ops *ops = &rfs_special_ops;
	const struct uc_file_ops *fops = NULL;
	switch (mode & S_IFMT) {
	case S_IFDIR: ops = &rfs_dir_ops; break;
	case S_IFLNK: ops = &rfs_link_ops; break;
	case S_IFREG:
		ops = &rfs_file_ops;
		fops = &rfs_file_fops;
		n->i.vmobj.ops = &rfs_vmobj_ops;
		uc_mutex_init(&n->file.lock);
		break;
	}
	uc_inode_init(&n->i, &fs->sb, ops, fops, mode);
}

static struct rfs_node *from_image(struct rootfs *fs, const struct uc_erofs_inode *e,
				   uint64_t path_hash)
{
	struct rfs_node *n = uc_heap_zalloc(sizeof(*n));
	if (!n)
		return UC_ERR_PTR(-ENOMEM);
	set_type(n, fs, e->mode);
	n->i.ino = n->nid = e->nid;
	n->path_hash = path_hash;
	n->i.rdev = e->rdev;
	n->i.uid = e->uid;
	n->i.gid = e->gid;
	n->nlink = e->nlink;
	n->lower = e->data;
	n->size = e->data.size;
	n->atime = n->mtime = n->ctime = n->btime = e->mtime_ns;
	if (rfs_isreg(n))
		n->file.lower_len = n->size;
	if (table_add(fs, n))
		return n;
	uc_heap_free(n);
	return UC_ERR_PTR(-ENOMEM);
}

struct rfs_node *rfs_get(struct rootfs *fs, uint64_t nid, uint64_t path_hash)
{
	if (fs->table) {
		for (struct rfs_node *n = *bucket(fs, nid); n; n = n->next) {
			if (n->nid == nid) {
				uc_inode_ref(&n->i);
				return n;
			}
		}
	}
	struct uc_erofs_inode e;
	int r = uc_erofs_inode(&fs->lower, nid, &e);
	return r ? UC_ERR_PTR(r) : from_image(fs, &e, path_hash);
}

/* ---- new nodes ---- */

struct rfs_node *rfs_make(struct rootfs *fs, struct uc_inode *dir, uint32_t mode)
{
	struct rfs_node *n = uc_heap_zalloc(sizeof(*n));
	if (!n)
		return NULL;
	uint32_t uid, gid;
	if (dir)
		uc_vfs_new_owner(dir, &mode, &uid, &gid);
	else
		uc_upcall_creds(&uid, &gid);
	set_type(n, fs, mode);
	n->i.uid = uid;
	n->i.gid = gid;
	n->i.ino = fs->next_ino++;
	n->nid = RFS_NO_NID;
	n->nlink = rfs_isdir(n) ? 2 : 1;
	n->atime = n->mtime = n->ctime = n->btime = rfs_now(fs);
	return n;
}

void rfs_changed(struct rfs_node *n)
{
	if (n->nid == RFS_NO_NID || (n->flags & RFS_PINNED) || !n->nlink)
		return;
	n->flags |= RFS_PINNED;
	uc_inode_ref(&n->i);
}

void rfs_drop_link(struct rfs_node *n)
{
	if (n->nlink || !(n->flags & RFS_PINNED))
		return;
	n->flags &= (uint16_t)~RFS_PINNED;
	uc_inode_unref(&n->i);
}

/* ---- the end ---- */

/* The file system goes: nothing needs to be remembered about the image any more. */
void rfs_unpin_all(struct rootfs *fs)
{
	for (uint32_t k = 0; k < fs->table_size; k++) {
		for (struct rfs_node *n = fs->table[k]; n; n = n->next) {
			if (!(n->flags & RFS_PINNED))
				continue;
			n->flags &= (uint16_t)~RFS_PINNED;
			uc_inode_unref(&n->i);
			k--; /* the chain may have changed: once more */
			break;
		}
	}
}

static void destroy(struct rfs_node *n)
{
	rfs_xattrs_free(n);
	switch (n->i.mode & S_IFMT) {
	case S_IFREG: rfs_data_free(n); break;
	case S_IFDIR: rfs_names_free(n); break;
	case S_IFLNK: uc_heap_free(n->link.text); break;
	}
	uc_heap_free(n);
}

/* A directory that goes lets go of its children: a list instead of recursion over the depth of the
 * tree. */
void rfs_xattrs_free(struct rfs_node *n)
{
	while (n->xattrs) {
		struct rfs_xattr *x = n->xattrs;
		n->xattrs = x->next;
		uc_heap_free(x);
	}
}

void rfs_release(struct uc_inode *i)
{
	static struct rfs_node *dying;
	static bool draining;
	struct rfs_node *n = rfs_node(i);
	if (n->nid != RFS_NO_NID)
		table_remove(rfs_of(n), n);
	n->next = dying;
	dying = n;
	if (draining)
		return;
	draining = true;
	while ((n = dying)) {
		dying = n->next;
		destroy(n);
	}
	draining = false;
}
