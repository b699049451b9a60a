// SPDX-License-Identifier: BSD-3-Clause
#include <uc/part.h>
#include "vfs_impl.h"

UC_NEEDS_PART(readdir);

struct listing { struct uc_file *f; uc_filldir fill; void *ctx; };

/* Advances the file position over each entry that was taken. */
static int take(void *arg, const char *name, size_t len, uint64_t ino, unsigned dtype,
		uint64_t next_pos)
{
	struct listing *l = arg;
	int r = l->fill(l->ctx, name, len, ino, dtype, next_pos);
	if (r == 0)
		l->f->pos = next_pos;
	return r;
}

static const struct uc_dentry *dir_above(const struct uc_dentry *d)
{
	while (d->parent == d && d->covers)
		d = d->covers;
	return d->parent;
}

static int list(struct uc_file *f, struct listing *l)
{
	enum { DIR_TYPE = S_IFDIR >> 12 };
	struct uc_dentry *d = f->dentry;
	if (d->unlinked)
		return -ENOENT;
	if (f->pos == 0 && take(l, ".", 1, d->inode->ino, DIR_TYPE, 1))
		return 0;
	if (f->pos == 1 && take(l, "..", 2, dir_above(d)->inode->ino, DIR_TYPE, 2))
		return 0;
	if (!f->inode->ops->readdir)
		return -ENOTDIR;
	int r = f->inode->ops->readdir(f->inode, f->pos, take, l);
	uc_file_touched(f, IN_ACCESS);
	return r < 0 ? r : 0;
}

int uc_file_readdir(struct uc_file *f, uc_filldir fill, void *ctx)
{
	if (f->flags & O_PATH)
		return -EBADF;
	if (!f->inode || !f->dentry || !UC_ISDIR(f->inode))
		return -ENOTDIR;
	struct listing l = { f, fill, ctx };
	uc_mutex_lock(&f->pos_lock);
	int r = list(f, &l);
	uc_mutex_unlock(&f->pos_lock);
	return r;
}
