// SPDX-License-Identifier: BSD-3-Clause
/* mkdir, mknod, symlink and link: a new name. */
#include <uc/part.h>
#include <uc/string.h>
#include "vfs_impl.h"

UC_NEEDS_PART(create);

/* Walks to the directory of a name that must not exist yet. */
static int begin_new(struct uc_walk *w, struct uc_fsctx *fs, struct uc_dentry *at, const char *path,
		     bool isdir)
{
	uc_vfs_prepare_change();
	int r = uc_walk_begin(w, fs, at, path);
	if (r)
		return r;
	if (w->kind != UC_LAST_NAME)
		return -EEXIST;
	struct uc_dentry *d = uc_dcache_lookup(w->cur, w->last, w->last_len);
	if (!UC_IS_ERR(d)) {
		uc_dentry_unref(d);
		return -EEXIST;
	}
	if (d != UC_ERR_PTR(-ENOENT))
		return (int)UC_PTR_ERR(d);
	if (w->slash && !isdir)
		return -ENOENT;
	return uc_may_create(w->cur);
}

static int enter(struct uc_walk *w, struct uc_inode *i)
{
	if (UC_IS_ERR(i))
		return (int)UC_PTR_ERR(i);
	uc_named(w->cur, w->last, w->last_len, i, IN_CREATE);
	struct uc_dentry *d = uc_dcache_add(w->cur, w->last, w->last_len, i);
	if (!UC_IS_ERR(d))
		uc_dentry_unref(
			d); /* without memory for the cache entry the name exists all the same */
	return 0;
}

static int check_type(uint32_t mode)
{
	uint32_t uid, gid;
	switch (mode & S_IFMT) {
	case S_IFREG: case S_IFDIR: case S_IFIFO: case S_IFSOCK:
		return 0;
	case S_IFCHR: case S_IFBLK:
		uc_upcall_creds(&uid, &gid);
		return uid ? -EPERM : 0;
	}
	return -EINVAL;
}

int uc_vfs_mknod(struct uc_fsctx *fs, struct uc_dentry *at, const char *path, uint32_t mode,
		 uint64_t rdev)
{
	if (!(mode & S_IFMT))
		mode |= S_IFREG;
	int r = check_type(mode);
	if (r)
		return r;
	bool isdir = (mode & S_IFMT) == S_IFDIR;
	mode &= S_IFMT | (isdir ? 01777 : UC_S_IALLUGO);
	mode &= ~(uc_fs_umask(fs) & 0777);
	struct uc_walk w;
	r = begin_new(&w, fs, at, path, isdir);
	if (r == 0)
		r = enter(&w,
			  w.cur->inode->ops->create(w.cur->inode, w.last, w.last_len, mode, rdev));
	uc_walk_end(&w);
	return r;
}

int uc_vfs_symlink(struct uc_fsctx *fs, const char *target, struct uc_dentry *at, const char *path)
{
	size_t n = strnlen(target, UC_PATH_MAX);
	if (n == 0)
		return -ENOENT;
	if (n == UC_PATH_MAX)
		return -ENAMETOOLONG;
	struct uc_walk w;
	int r = begin_new(&w, fs, at, path, false);
	if (r == 0 && !w.cur->inode->ops->symlink)
		r = -EPERM;
	if (r == 0)
		r = enter(&w, w.cur->inode->ops->symlink(w.cur->inode, w.last, w.last_len, target));
	uc_walk_end(&w);
	return r;
}

int uc_vfs_link(struct uc_fsctx *fs, struct uc_dentry *src, struct uc_dentry *at, const char *path)
{
	struct uc_walk w;
	int r = begin_new(&w, fs, at, path, false);
	struct uc_inode *dir = r ? NULL : w.cur->inode;
	if (r == 0 && src->inode->sb != dir->sb)
		r = -EXDEV;
	else if (r == 0 && (UC_ISDIR(src->inode) || !dir->ops->link))
		r = -EPERM;
	if (r == 0)
		r = dir->ops->link(dir, w.last, w.last_len, src->inode);
	if (r == 0) {
		uc_touched(src->inode, NULL, IN_ATTRIB);
		uc_named(w.cur, w.last, w.last_len, src->inode, IN_CREATE);
	}
	uc_walk_end(&w);
	return r;
}
