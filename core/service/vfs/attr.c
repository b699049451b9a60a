// SPDX-License-Identifier: BSD-3-Clause
/* Attribute changes: who may do what (chmod, chown, truncate, utimensat, path_resolution). */
#include <uc/time.h>
#include <uc/part.h>
#include "vfs_impl.h"

UC_NEEDS_PART(setattr);

static int may_chown(const struct uc_inode *i, const struct uc_attr *a)
{
	uint32_t uid, gid;
	uc_upcall_creds(&uid, &gid);
	if (uid == 0)
		return 0;
	if ((a->valid & UC_ATTR_UID) && !(uid == i->uid && a->uid == i->uid))
		return -EPERM;
	if ((a->valid & UC_ATTR_GID) &&
	    !(uid == i->uid && (a->gid == i->gid || a->gid == gid || uc_upcall_in_group(a->gid))))
		return -EPERM;
	return 0;
}

static int may_change(struct uc_inode *i, const struct uc_attr *a)
{
	if (i->sb && i->sb->readonly)
		return -EROFS;
	if ((a->valid & (UC_ATTR_UID | UC_ATTR_GID)) && may_chown(i, a))
		return -EPERM;
	if ((a->valid & UC_ATTR_MODE) && !uc_inode_owner_or_root(i))
		return -EPERM;
	if (a->valid & UC_ATTR_SIZE) {
		if (!UC_ISREG(i))
			return UC_ISDIR(i) ? -EISDIR : -EINVAL;
		return uc_inode_permission(i, UC_MAY_WRITE);
	}
	if ((a->valid & (UC_ATTR_ATIME | UC_ATTR_MTIME)) && !uc_inode_owner_or_root(i))
		return a->valid & UC_ATTR_NOW ? uc_inode_permission(i, UC_MAY_WRITE) : -EPERM;
	return 0;
}

/* Set-id bits do not survive a change of owner, nor set-group-id a chmod by someone outside the
 * group. */
static void adjust_mode(const struct uc_inode *i, struct uc_attr *a)
{
	uint32_t uid, gid;
	uc_upcall_creds(&uid, &gid);
	if ((a->valid & (UC_ATTR_UID | UC_ATTR_GID)) && !UC_ISDIR(i) &&
	    (i->mode & (S_ISUID | S_ISGID))) {
		if (!(a->valid & UC_ATTR_MODE))
			a->mode = i->mode;
		a->valid |= UC_ATTR_MODE;
		a->mode &= ~(uint32_t)S_ISUID;
		if (i->mode & S_IXGRP)
			a->mode &= ~(uint32_t)S_ISGID;
	}
	if ((a->valid & UC_ATTR_MODE) && uid && i->gid != gid && !uc_upcall_in_group(i->gid))
		a->mode &= ~(uint32_t)S_ISGID;
	if (a->valid & UC_ATTR_MODE)
		a->mode = (i->mode & S_IFMT) | (a->mode & UC_S_IALLUGO);
}

static void fill_now(struct uc_attr *a)
{
	uc_nsec now = uc_time_real();
	struct __kernel_timespec ts = { .tv_sec = (int64_t)(now / 1000000000u),
					.tv_nsec = (long long)(now % 1000000000u) };
	a->atime = a->mtime = ts;
	a->valid &= ~(unsigned)UC_ATTR_NOW;
}

/* A change of one of the times stands for what changes it. */
static unsigned change_of(unsigned valid)
{
	unsigned mask = valid & (UC_ATTR_MODE | UC_ATTR_UID | UC_ATTR_GID) ? IN_ATTRIB : 0;
	bool a = valid & UC_ATTR_ATIME, m = valid & UC_ATTR_MTIME;
	if (valid & UC_ATTR_SIZE)
		mask |= IN_MODIFY;
	if (a && m)
		mask |= IN_ATTRIB;
	else if (a || m)
		mask |= a ? IN_ACCESS : IN_MODIFY;
	return mask;
}

int uc_vfs_setattr(struct uc_inode *i, const struct uc_attr *wanted)
{
	struct uc_attr a = *wanted;
	int r = may_change(i, &a);
	if (r)
		return r;
	if (!i->ops->setattr)
		return -EPERM;
	if (UC_ISLNK(i) && (a.valid & UC_ATTR_MODE))
		return -EOPNOTSUPP;
	if (a.valid & UC_ATTR_SIZE) {
		r = uc_upcall_check_fsize(a.size);
		if (r)
			return r;
	}
	adjust_mode(i, &a);
	if (a.valid & UC_ATTR_NOW)
		fill_now(&a);
	r = i->ops->setattr(i, &a);
	if (r == 0)
		uc_touched(i, i->alias, change_of(a.valid));
	return r;
}
