// SPDX-License-Identifier: BSD-3-Clause
#include <linux/limits.h>
#include <linux/xattr.h>
#include <uc/filecall.h>
#include <uc/heap.h>

/* What an extended attribute call works on: an inode, by descriptor or by path. */
static struct uc_inode *target(int fd, uc_uptr path, unsigned lookup)
{
	struct uc_dentry *d;
	struct uc_inode *i;

	if (!path)
		return uc_fd_inode(fd);
	d = uc_path_lookup(AT_FDCWD, path, lookup);
	if (UC_IS_ERR(d))
		return (struct uc_inode *)d;
	i = d->inode;
	uc_inode_ref(i);
	uc_dentry_unref(d);
	return i;
}

static int get_name(char **name, uc_uptr uname)
{
	int r = uc_user_strdup(name, uname, XATTR_NAME_MAX + 1, -ERANGE);

	if (r == 0 && !(*name)[0]) {
		uc_heap_free(*name);
		return -ERANGE;
	}
	return r;
}

static long get(struct uc_inode *i, uc_uptr uname, uc_uptr uval, size_t size)
{
	char *name, *buf = NULL;
	ssize_t r;

	if (UC_IS_ERR(i))
		return UC_PTR_ERR(i);
	r = get_name(&name, uname);
	if (r < 0)
		goto out;
	size = UC_MIN(size, (size_t)XATTR_SIZE_MAX);
	if (size && !(buf = uc_heap_alloc(size)))
		r = -ENOMEM;
	if (r == 0)
		r = uc_vfs_getxattr(i, name, buf, size);
	if (r > 0 && size && uc_user_write(uval, buf, (size_t)r) < 0)
		r = -EFAULT;
	uc_heap_free(buf);
	uc_heap_free(name);
out:
	uc_inode_unref(i);
	return r;
}

static long list(struct uc_inode *i, uc_uptr ulist, size_t size)
{
	char *buf = NULL;
	ssize_t r = 0;

	if (UC_IS_ERR(i))
		return UC_PTR_ERR(i);
	size = UC_MIN(size, (size_t)XATTR_LIST_MAX);
	if (size && !(buf = uc_heap_alloc(size)))
		r = -ENOMEM;
	if (r == 0)
		r = uc_vfs_listxattr(i, buf, size);
	if (r > 0 && size && uc_user_write(ulist, buf, (size_t)r) < 0)
		r = -EFAULT;
	uc_heap_free(buf);
	uc_inode_unref(i);
	return r;
}

/* size SIZE_MAX: remove. */
static long set(struct uc_inode *i, uc_uptr uname, uc_uptr uval, size_t size, int flags)
{
	bool remove = size == SIZE_MAX;
	char *name, *buf = NULL;
	long r;

	if (UC_IS_ERR(i))
		return UC_PTR_ERR(i);
	r = get_name(&name, uname);
	if (r < 0)
		goto out;
	if (!remove && size && !(buf = uc_heap_alloc(size)))
		r = -ENOMEM;
	if (r == 0 && buf && uc_user_read(buf, uval, size) < 0)
		r = -EFAULT;
	if (r == 0)
		r = uc_vfs_setxattr(i, name, buf, size, flags);
	uc_heap_free(buf);
	uc_heap_free(name);
out:
	uc_inode_unref(i);
	return r;
}

static long set_checked(int fd, uc_uptr path, unsigned lookup, uc_uptr name, uc_uptr val,
			size_t size, int flags)
{
	if (flags & ~(XATTR_CREATE | XATTR_REPLACE))
		return -EINVAL;
	if (size > XATTR_SIZE_MAX)
		return -E2BIG;
	return set(target(fd, path, lookup), name, val, size, flags);
}

/* A NULL path is a bad pointer here, not "use the descriptor". */
static uc_uptr nonnull(uc_uptr path)
{
	return path ? path : UC_USER_TOP;
}

long uc_sys_getxattr(uc_uptr path, uc_uptr name, uc_uptr val, size_t n)
{
	return get(target(-1, nonnull(path), UC_LOOKUP_FOLLOW), name, val, n);
}

long uc_sys_lgetxattr(uc_uptr path, uc_uptr name, uc_uptr val, size_t n)
{
	return get(target(-1, nonnull(path), 0), name, val, n);
}

long uc_sys_fgetxattr(int fd, uc_uptr name, uc_uptr val, size_t n)
{
	return get(target(fd, 0, 0), name, val, n);
}

long uc_sys_listxattr(uc_uptr path, uc_uptr buf, size_t n)
{
	return list(target(-1, nonnull(path), UC_LOOKUP_FOLLOW), buf, n);
}

long uc_sys_llistxattr(uc_uptr path, uc_uptr buf, size_t n)
{
	return list(target(-1, nonnull(path), 0), buf, n);
}

long uc_sys_flistxattr(int fd, uc_uptr buf, size_t n)
{
	return list(target(fd, 0, 0), buf, n);
}

long uc_sys_setxattr(uc_uptr path, uc_uptr name, uc_uptr val, size_t n, int flags)
{
	return set_checked(-1, nonnull(path), UC_LOOKUP_FOLLOW, name, val, n, flags);
}

long uc_sys_lsetxattr(uc_uptr path, uc_uptr name, uc_uptr val, size_t n, int flags)
{
	return set_checked(-1, nonnull(path), 0, name, val, n, flags);
}

long uc_sys_fsetxattr(int fd, uc_uptr name, uc_uptr val, size_t n, int flags)
{
	return set_checked(fd, 0, 0, name, val, n, flags);
}

long uc_sys_removexattr(uc_uptr path, uc_uptr name)
{
	return set(target(-1, nonnull(path), UC_LOOKUP_FOLLOW), name, 0, SIZE_MAX, 0);
}

long uc_sys_lremovexattr(uc_uptr path, uc_uptr name)
{
	return set(target(-1, nonnull(path), 0), name, 0, SIZE_MAX, 0);
}

long uc_sys_fremovexattr(int fd, uc_uptr name)
{
	return set(target(fd, 0, 0), name, 0, SIZE_MAX, 0);
}
