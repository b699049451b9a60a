// SPDX-License-Identifier: BSD-3-Clause
/* Checks common to the calls that add and remove names, and the helper for start-up. */
#include <uc/heap.h>
#include <uc/part.h>
#include <uc/string.h>
#include <uc/time.h>
#include "vfs_impl.h"

UC_PART(mkdir_p);

bool uc_vfs_prepare_change(void)
{
	static bool asked;
	if (asked || uc_vfs_quiet)
		return false;
	uc_time_real();
	asked = true;
	return true;
}

int uc_may_create(struct uc_dentry *dir)
{
	if (dir->unlinked)
		return -ENOENT;
	if (!dir->inode->ops->create)
		return -EPERM;
	return uc_vfs_permission(dir->inode, UC_MAY_WRITE | UC_MAY_EXEC);
}

static bool sticky_refuses(const struct uc_inode *dir, const struct uc_inode *victim)
{
	return (dir->mode & S_ISVTX) && !uc_inode_owner_or_root(victim) &&
	       !uc_inode_owner_or_root(dir);
}

int uc_may_delete(struct uc_dentry *dir, struct uc_dentry *victim, bool isdir)
{
	int r = uc_vfs_permission(dir->inode, UC_MAY_WRITE | UC_MAY_EXEC);
	if (r)
		return r;
	if (sticky_refuses(dir->inode, victim->inode))
		return -EPERM;
	if (isdir != UC_ISDIR(victim->inode))
		return isdir ? -ENOTDIR : -EISDIR;
	if (victim->parent == victim || victim->mounted)
		return -EBUSY;
	return 0;
}

int uc_vfs_mkdir_p(const char *path, uint32_t mode)
{
	char *copy = uc_heap_strdup(path);
	if (!copy)
		return -ENOMEM;
	int r = 0;
	bool before = uc_vfs_quiet;
	uc_vfs_quiet = true;
	for (char *p = copy; r == 0 && *p;) {
		p += *p == '/';
		while (*p && *p != '/')
			p++;
		char cut = *p;
		*p = 0;
		r = *copy ? uc_vfs_mknod(NULL, NULL, copy, S_IFDIR | mode, 0) : 0;
		if (r == -EEXIST)
			r = 0;
		*p = cut;
	}
	uc_vfs_quiet = before;
	uc_heap_free(copy);
	return r;
}
