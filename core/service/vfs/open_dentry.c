// SPDX-License-Identifier: BSD-3-Clause
#include "vfs_impl.h"
#include "open_impl.h"

int (*uc_vfs_fifo_open)(struct uc_inode *i, struct uc_file *f);
int (*uc_vfs_chrdev_open)(struct uc_inode *i, struct uc_file *f);

int uc_open_flags(unsigned *flags)
{
	unsigned v = *flags;
	if (v & O_PATH) {
		*flags = v & (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		return 0;
	}
	if (v & __O_TMPFILE) {
		if ((v & O_TMPFILE) != O_TMPFILE || (v & O_CREAT) || (v & O_ACCMODE) == O_RDONLY)
			return -EINVAL;
	} else if ((v & (O_CREAT | O_DIRECTORY)) == (O_CREAT | O_DIRECTORY)) {
		return -EINVAL;
	}
	*flags = v | O_LARGEFILE;
	return 0;
}

static unsigned access_of(unsigned flags)
{
	static const uint8_t by_mode[] = { UC_MAY_READ, UC_MAY_WRITE, UC_MAY_READ | UC_MAY_WRITE,
					   UC_MAY_READ | UC_MAY_WRITE };
	return by_mode[flags & O_ACCMODE] | (flags & O_TRUNC ? UC_MAY_WRITE : 0);
}

static int may_open(struct uc_inode *i, unsigned flags)
{
	unsigned may = access_of(flags);
	if (UC_ISLNK(i))
		return -ELOOP;
	if (UC_ISDIR(i) && (may & UC_MAY_WRITE))
		return -EISDIR;
	int r = uc_vfs_permission(i, may);
	if (r)
		return r;
	if ((flags & O_NOATIME) && !uc_inode_owner_or_root(i))
		return -EPERM;
	return 0;
}

static loff_t dir_seek(struct uc_file *f, loff_t off, int whence)
{
	return uc_file_seek_size(f, off, whence, INT64_MAX);
}

static const struct uc_file_ops dir_fops = { .seek = dir_seek };
static const struct uc_file_ops path_fops = { 0 };

static int open_inode(struct uc_inode *i, struct uc_file *f)
{
	switch (i->mode & S_IFMT) {
	case S_IFSOCK:
		return -ENXIO;
	case S_IFIFO:
		if (!i->ops->open)
			return uc_vfs_fifo_open ? uc_vfs_fifo_open(i, f) : -ENXIO;
		break;
	case S_IFCHR:
	case S_IFBLK:
		if (!i->ops->open)
			return uc_vfs_chrdev_open ? uc_vfs_chrdev_open(i, f) : -ENXIO;
		break;
	}
	return i->ops->open ? i->ops->open(i, f) : 0;
}

static struct uc_file *file_on(struct uc_dentry *d, unsigned flags)
{
	struct uc_inode *i = d->inode;
	const struct uc_file_ops *ops = i->fops ? i->fops : UC_ISDIR(i) ? &dir_fops : &path_fops;
	if (flags & O_PATH)
		ops = &path_fops;
	struct uc_file *f = uc_file_new(
		ops, flags & ~(unsigned)(O_CREAT | O_EXCL | O_TRUNC | O_CLOEXEC), NULL);
	if (!f)
		return UC_ERR_PTR(-ENFILE);
	uc_dentry_ref(d);
	uc_inode_ref(i);
	f->dentry = d;
	f->inode = i;
	if (flags & O_PATH)
		return f;
	int r = open_inode(i, f);
	f->flags &= ~(unsigned)O_NOCTTY;
	if (r == 0)
		return f;
	f->ops = NULL; /* it was not opened, so there is nothing to release */
	uc_file_unref(f);
	return UC_ERR_PTR(r);
}

static int truncate_now(struct uc_inode *i, struct uc_file *f)
{
	if (!UC_ISREG(i) || !f->inode->ops->setattr)
		return 0;
	struct uc_attr a = { .valid = UC_ATTR_SIZE };
	int r = i->ops->setattr(i, &a);
	if (r == 0)
		uc_file_touched(f, IN_MODIFY);
	return r;
}

struct uc_file *uc_open_checked(struct uc_dentry *d, unsigned flags, bool created)
{
	if ((flags & O_DIRECTORY) && !UC_ISDIR(d->inode))
		return UC_ERR_PTR(-ENOTDIR);
	int r = created || (flags & O_PATH) ? 0 : may_open(d->inode, flags);
	if (r)
		return UC_ERR_PTR(r);
	struct uc_file *f = file_on(d, flags);
	if (UC_IS_ERR(f) || (flags & O_PATH))
		return f;
	uc_file_touched(f, IN_OPEN);
	if (!created && (flags & O_TRUNC))
		r = truncate_now(d->inode, f);
	if (r == 0)
		return f;
	uc_file_unref(f);
	return UC_ERR_PTR(r);
}

struct uc_file *uc_vfs_open_dentry(struct uc_dentry *d, int oflags)
{
	unsigned flags = (unsigned)oflags & ~(unsigned)(O_CREAT | O_EXCL);
	int r = uc_open_flags(&flags);
	return r ? UC_ERR_PTR(r) : uc_open_checked(d, flags, false);
}

struct uc_file *uc_vfs_open_existing(struct uc_fsctx *fs, const char *path, int flags)
{
	struct uc_dentry *d = uc_vfs_lookup(fs, NULL, path, UC_LOOKUP_FOLLOW);
	if (UC_IS_ERR(d))
		return (void *)d;
	struct uc_file *f = uc_vfs_open_dentry(d, flags);
	uc_dentry_unref(d);
	return f;
}
