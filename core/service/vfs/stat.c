// SPDX-License-Identifier: BSD-3-Clause
#include <uc/string.h>
#include "vfs_impl.h"

static void stat_common(struct uc_inode *i, struct statx *st)
{
	st->stx_mask = STATX_BASIC_STATS;
	st->stx_blksize = UC_PAGE_SIZE;
	st->stx_nlink = 1;
	st->stx_mode = (uint16_t)i->mode;
	st->stx_uid = i->uid;
	st->stx_gid = i->gid;
	st->stx_ino = i->ino;
	st->stx_rdev_major = uc_dev_major(i->rdev);
	st->stx_rdev_minor = uc_dev_minor(i->rdev);
}

int uc_inode_stat(struct uc_inode *i, struct statx *st)
{
	memset(st, 0, sizeof(*st));
	stat_common(i, st);
	int r = i->ops->getattr ? i->ops->getattr(i, st) : 0;
	if (r == 0 && i->sb) {
		st->stx_dev_major = uc_dev_major(i->sb->dev);
		st->stx_dev_minor = uc_dev_minor(i->sb->dev);
	}
	return r;
}

int uc_file_stat(struct uc_file *f, struct statx *st)
{
	if (f->ops && f->ops->stat) {
		memset(st, 0, sizeof(*st));
		return f->ops->stat(f, st);
	}
	if (f->inode)
		return uc_inode_stat(f->inode, st);
	memset(st, 0, sizeof(*st));
	st->stx_mask = STATX_BASIC_STATS;
	st->stx_mode = 0600;
	st->stx_nlink = 1;
	st->stx_blksize = UC_PAGE_SIZE;
	return 0;
}

ssize_t uc_vfs_readlink(struct uc_dentry *d, char *buf, size_t cap)
{
	struct uc_inode *i = d->inode;
	if (!UC_ISLNK(i))
		return -EINVAL;
	size_t n;
	const char *text = i->ops->link_text ? i->ops->link_text(i, &n) : NULL;
	if (!text)
		return i->ops->readlink ? i->ops->readlink(i, buf, cap) : -EINVAL;
	n = UC_MIN(n, cap);
	memcpy(buf, text, n);
	return (ssize_t)n;
}
