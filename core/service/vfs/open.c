// SPDX-License-Identifier: BSD-3-Clause
/* open(2) by path: finding or creating the name. What happens to the inode: open_dentry.c. */
#include <uc/fmt.h>
#include <uc/part.h>
#include "vfs_impl.h"
#include "open_impl.h"

UC_NEEDS_PART(create);
UC_NEEDS_PART(setattr);

static struct uc_dentry *create_in(struct uc_walk *w, struct uc_fsctx *fs, uint32_t mode)
{
	struct uc_inode *dir = w->cur->inode;
	int r = uc_may_create(w->cur);
	if (r)
		return UC_ERR_PTR(r);
	mode = S_IFREG | (mode & UC_S_IALLUGO & ~uc_fs_umask(fs));
	struct uc_inode *i = dir->ops->create(dir, w->last, w->last_len, mode, 0);
	if (UC_IS_ERR(i))
		return (void *)i;
	struct uc_dentry *d = uc_dcache_add(w->cur, w->last, w->last_len, i);
	if (!UC_IS_ERR(d))
		uc_named(w->cur, w->last, w->last_len, i, IN_CREATE);
	return d;
}

/* One look at the last component: the entry, made if it is missing and wanted. */
static struct uc_dentry *last_or_new(struct uc_walk *w, struct uc_fsctx *fs, unsigned flags,
				     uint32_t mode, bool *created)
{
	bool creat = flags & O_CREAT;
	if (creat && w->slash && w->kind == UC_LAST_NAME)
		return UC_ERR_PTR(-EISDIR);
	struct uc_dentry *d = uc_walk_last(w);
	if (!creat || w->kind != UC_LAST_NAME || d != UC_ERR_PTR(-ENOENT))
		return d;
	if (uc_vfs_prepare_change())
		d = uc_walk_last(w);
	if (d == UC_ERR_PTR(-ENOENT)) {
		d = create_in(w, fs, mode);
		*created = !UC_IS_ERR(d);
	}
	return d;
}

static bool wants_link(const struct uc_walk *w, const struct uc_dentry *d, unsigned flags)
{
	if (!UC_ISLNK(d->inode) || w->kind != UC_LAST_NAME)
		return false;
	if ((flags & (O_CREAT | O_EXCL)) == (O_CREAT | O_EXCL))
		return false;
	return !(flags & O_NOFOLLOW) || w->slash;
}

static struct uc_file *finish(struct uc_walk *w, struct uc_dentry *d, unsigned flags, bool created)
{
	if ((flags & O_CREAT) && !created) {
		if (flags & O_EXCL)
			return UC_ERR_PTR(-EEXIST);
		if (UC_ISDIR(d->inode))
			return UC_ERR_PTR(-EISDIR);
	}
	if (w->slash && !UC_ISDIR(d->inode))
		return UC_ERR_PTR(-ENOTDIR);
	return uc_open_checked(d, flags, created);
}

static struct uc_file *open_walk(struct uc_walk *w, struct uc_fsctx *fs, unsigned flags,
				 uint32_t mode)
{
	for (;;) {
		bool created = false;
		struct uc_dentry *d = last_or_new(w, fs, flags, mode, &created);
		if (UC_IS_ERR(d))
			return (void *)d;
		if (!created && wants_link(w, d, flags)) {
			int r = uc_walk_follow(w, d);
			uc_dentry_unref(d);
			if (r)
				return UC_ERR_PTR(r);
			continue;
		}
		struct uc_file *f = finish(w, d, flags, created);
		uc_dentry_unref(d);
		return f;
	}
}

static struct uc_file *tmpfile_in(struct uc_dentry *dir, unsigned flags, uint32_t mode)
{
	if (!UC_ISDIR(dir->inode))
		return UC_ERR_PTR(-ENOTDIR);
	if (!dir->inode->ops->tmpfile)
		return UC_ERR_PTR(-EOPNOTSUPP);
	int r = uc_vfs_permission(dir->inode, UC_MAY_WRITE | UC_MAY_EXEC);
	if (r)
		return UC_ERR_PTR(r);
	struct uc_inode *i = dir->inode->ops->tmpfile(dir->inode, S_IFREG | mode);
	if (UC_IS_ERR(i))
		return (void *)i;
	char name[24];
	int n = uc_snprintf(name, sizeof(name), "#%llu", (unsigned long long)i->ino);
	struct uc_dentry *d = uc_dcache_add(dir, name, (size_t)n, i);
	if (UC_IS_ERR(d))
		return (void *)d;
	uc_dcache_deleted(d);
	struct uc_file *f = uc_open_checked(d, flags & ~(unsigned)O_TMPFILE, true);
	uc_dentry_unref(d);
	return f;
}

static struct uc_file *open_tmpfile(struct uc_walk *w, struct uc_fsctx *fs, unsigned flags,
				    uint32_t mode)
{
	struct uc_dentry *dir = uc_walk_resolve(w, true);
	if (UC_IS_ERR(dir))
		return (void *)dir;
	struct uc_file *f = tmpfile_in(dir, flags, mode & UC_S_IALLUGO & ~uc_fs_umask(fs));
	uc_dentry_unref(dir);
	return f;
}

struct uc_file *uc_vfs_open(struct uc_fsctx *fs, struct uc_dentry *at, const char *path, int oflags,
			    uint32_t mode)
{
	unsigned flags = (unsigned)oflags;
	int r = uc_open_flags(&flags);
	if (r)
		return UC_ERR_PTR(r);
	struct uc_walk w;
	struct uc_file *f;
	r = uc_walk_begin(&w, fs, at, path);
	if (r)
		f = UC_ERR_PTR(r);
	else if ((flags & O_TMPFILE) == O_TMPFILE)
		f = open_tmpfile(&w, fs, flags, mode);
	else
		f = open_walk(&w, fs, flags, mode);
	uc_walk_end(&w);
	return f;
}
