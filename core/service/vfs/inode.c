// SPDX-License-Identifier: BSD-3-Clause
#include <uc/string.h>
#include "vfs_impl.h"

const struct uc_vfs_watch_ops *uc_vfs_watch;
void (*uc_vfs_invalidate)(struct uc_vmobj *o, uint64_t pgoff, uint64_t npages, bool copies);

void uc_inode_init(struct uc_inode *i, struct uc_super *sb, const struct uc_inode_ops *ops,
		   const struct uc_file_ops *fops, uint32_t mode)
{
	i->sb = sb;
	i->ops = ops;
	i->fops = fops;
	i->mode = mode;
	i->refs = 1;
	uc_list_init(&i->flocks);
}

void uc_inode_ref(struct uc_inode *i) { i->refs++; }

void uc_inode_unref(struct uc_inode *i)
{
	if (--i->refs == 0)
		i->ops->release(i);
}

int uc_inode_permission_as(const struct uc_inode *i, unsigned may, uint32_t uid, uint32_t gid)
{
	uint32_t mode = i->mode;
	if (uid == 0) {
		bool no_exec = (may & UC_MAY_EXEC) && !UC_ISDIR(i) && !(mode & 0111);
		return no_exec ? -EACCES : 0;
	}
	if (i->uid == uid)
		mode >>= 6;
	else if (i->gid == gid || uc_upcall_in_group(i->gid))
		mode >>= 3;
	return (mode & may) == may ? 0 : -EACCES;
}

int uc_inode_permission(const struct uc_inode *i, unsigned may)
{
	uint32_t uid, gid;
	uc_upcall_creds(&uid, &gid);
	return uc_inode_permission_as(i, may, uid, gid);
}

/* Devices, FIFOs and sockets can be written on a read-only file system. */
static bool write_refused(const struct uc_inode *i)
{
	return i->sb && i->sb->readonly && (UC_ISREG(i) || UC_ISDIR(i) || UC_ISLNK(i));
}

int uc_vfs_permission(struct uc_inode *i, unsigned mask)
{
	if ((mask & UC_MAY_WRITE) && write_refused(i))
		return -EROFS;
	return uc_inode_permission(i, mask);
}

int uc_vfs_access(struct uc_dentry *d, unsigned may, uint32_t uid, uint32_t gid)
{
	if ((may & UC_MAY_WRITE) && write_refused(d->inode))
		return -EROFS;
	return uc_inode_permission_as(d->inode, may, uid, gid);
}

bool uc_inode_owner_or_root(const struct uc_inode *i)
{
	uint32_t uid, gid;
	uc_upcall_creds(&uid, &gid);
	return uid == 0 || uid == i->uid;
}

void uc_vfs_new_owner(const struct uc_inode *dir, uint32_t *mode, uint32_t *uid, uint32_t *gid)
{
	uc_upcall_creds(uid, gid);
	if (!(dir->mode & S_ISGID))
		return;
	*gid = dir->gid;
	if ((*mode & S_IFMT) == S_IFDIR)
		*mode |= S_ISGID;
}

static struct uc_inode *of_vmobj(struct uc_vmobj *o)
{
	return UC_CONTAINER(o, struct uc_inode, vmobj);
}

/* The name is held while the inode is mapped, so that /proc/self/maps can show it. */
void uc_inode_vmobj_ref(struct uc_vmobj *o)
{
	struct uc_inode *i = of_vmobj(o);
	uc_inode_ref(i);
	if (i->maps++ == 0 && i->alias) {
		uc_dentry_ref(i->alias);
		i->alias_held = true;
	}
}

void uc_inode_vmobj_unref(struct uc_vmobj *o)
{
	struct uc_inode *i = of_vmobj(o);
	if (--i->maps == 0 && i->alias_held) {
		i->alias_held = false;
		uc_dentry_unref(i->alias);
	}
	uc_inode_unref(i);
}

void uc_inode_vmobj_describe(struct uc_vmobj *o, char *buf, size_t cap, uint64_t *dev,
			     uint64_t *ino)
{
	struct uc_inode *i = of_vmobj(o);
	*dev = i->sb ? i->sb->dev : 0;
	*ino = i->ino;
	if (!cap)
		return;
	buf[0] = 0;
	if (!i->alias)
		return;
	char *s = uc_dentry_show(i->alias, NULL, buf, cap);
	if (!UC_IS_ERR(s))
		memmove(buf, s, strlen(s) + 1);
}
