// SPDX-License-Identifier: BSD-3-Clause
/* Extended attributes: name spaces and permissions (xattr(7)). */
#include <linux/limits.h>
#include <linux/xattr.h>
#include <uc/part.h>
#include <uc/string.h>
#include "vfs_impl.h"

UC_NEEDS_PART(xattr);

static bool starts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

static int check(struct uc_inode *i, const char *name, bool write)
{
	size_t n = strnlen(name, XATTR_NAME_MAX + 1);
	if (n == 0 || n > XATTR_NAME_MAX)
		return -ERANGE;
	if (write && i->sb && i->sb->readonly)
		return -EROFS;
	uint32_t uid, gid;
	uc_upcall_creds(&uid, &gid);
	if (starts(name, XATTR_USER_PREFIX)) {
		if (!UC_ISREG(i) && !UC_ISDIR(i))
			return write ? -EPERM : -ENODATA;
		return uc_inode_permission(i, write ? UC_MAY_WRITE : UC_MAY_READ);
	}
	if (starts(name, XATTR_TRUSTED_PREFIX))
		return uid == 0 ? 0 : write ? -EPERM : -ENODATA;
	if (starts(name, XATTR_SECURITY_PREFIX))
		return write && uid ? -EPERM : 0;
	return -EOPNOTSUPP;
}

ssize_t uc_vfs_getxattr(struct uc_inode *i, const char *name, void *buf, size_t cap)
{
	int r = check(i, name, false);
	if (r)
		return r;
	return i->ops->getxattr ? i->ops->getxattr(i, name, buf, cap) : -EOPNOTSUPP;
}

ssize_t uc_vfs_listxattr(struct uc_inode *i, char *buf, size_t cap)
{
	return i->ops->listxattr ? i->ops->listxattr(i, buf, cap) : 0;
}

int uc_vfs_setxattr(struct uc_inode *i, const char *name, const void *v, size_t n, int flags)
{
	int r = check(i, name, true);
	if (r)
		return r;
	if (n != SIZE_MAX && n > XATTR_SIZE_MAX)
		return -E2BIG;
	r = i->ops->setxattr ? i->ops->setxattr(i, name, v, n, flags) : -EOPNOTSUPP;
	if (r == 0)
		uc_touched(i, i->alias, IN_ATTRIB);
	return r;
}
