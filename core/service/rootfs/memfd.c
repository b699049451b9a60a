// SPDX-License-Identifier: BSD-3-Clause
/* Files without a name (memfd_create) and their seals. */
#include <uc/fmt.h>
#include <uc/part.h>
#include "rootfs_impl.h"

UC_NEEDS_PART(write);

#define ALL_SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE)

static struct rootfs *nameless_fs(void)
{
	static struct uc_super *sb;
	if (!sb) {
		struct uc_super *made = uc_tmpfs_new(0777);
		if (UC_IS_ERR(made))
			return NULL;
		made->dev = uc_vfs_new_dev();
		sb = made;
	}
	return sb->priv;
}

struct uc_file *uc_tmpfs_file_new(const char *name, unsigned flags, bool sealable)
{
	char full[300];
	struct rootfs *fs = nameless_fs();
	struct rfs_node *n = fs ? rfs_make(fs, NULL, S_IFREG | 0777) : NULL;
	if (!n)
		return UC_ERR_PTR(-ENOMEM);
	n->nlink = 0;
	if (sealable)
		n->flags |= RFS_SEALABLE;
	uc_snprintf(full, sizeof(full), "/memfd:%s (deleted)", name);
	struct uc_dentry *d = uc_dentry_anon(&n->i, full);
	struct uc_file *f = d ? uc_file_new_inode(&n->i, flags, NULL) : NULL;
	if (f)
		f->dentry = d;
	else if (d)
		uc_dentry_unref(d);
	uc_inode_unref(&n->i);
	return f ? f : UC_ERR_PTR(-ENOMEM);
}

static struct rfs_node *sealable(struct uc_file *f)
{
	if (!f->inode || f->inode->ops != &rfs_file_ops)
		return NULL;
	return rfs_node(f->inode);
}

int uc_tmpfs_get_seals(struct uc_file *f)
{
	struct rfs_node *n = sealable(f);
	if (!n)
		return -EINVAL;
	return n->flags & RFS_SEALABLE ? n->seals : F_SEAL_SEAL;
}

int uc_tmpfs_add_seals(struct uc_file *f, unsigned seals)
{
	struct rfs_node *n = sealable(f);
	if (!n || (seals & ~(unsigned)ALL_SEALS))
		return -EINVAL;
	unsigned acc = f->flags & O_ACCMODE;
	if (acc != O_WRONLY && acc != O_RDWR)
		return -EPERM;
	if (!(n->flags & RFS_SEALABLE) || (n->seals & F_SEAL_SEAL))
		return -EPERM;
	if ((seals & F_SEAL_WRITE) && !(n->seals & F_SEAL_WRITE) && (n->flags & RFS_SHARED_WRITE))
		return -EBUSY;
	n->seals |= (uint16_t)seals;
	return 0;
}
