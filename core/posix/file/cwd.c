// SPDX-License-Identifier: BSD-3-Clause
#include <uc/filecall.h>
#include <uc/heap.h>
#include <uc/part.h>
#include <uc/string.h>

UC_NEEDS_PART(mkdir_p);

static long copy_path(uc_uptr ubuf, uint64_t size, const char *path)
{
	size_t n = strlen(path) + 1;

	if (n > size)
		return -ERANGE;
	return uc_user_write(ubuf, path, n) < 0 ? -EFAULT : (long)n;
}

long uc_sys_getcwd(uc_uptr ubuf, uint64_t size)
{
	struct uc_fsctx *fs = uc_upcall_fsctx();
	char *buf, *path;
	long r;

	if (fs->cwd->unlinked)
		return -ENOENT;
	buf = uc_heap_alloc(UC_PATH_MAX);
	if (!buf)
		return -ENOMEM;
	path = uc_dentry_show(fs->cwd, fs->root, buf, UC_PATH_MAX);
	r = UC_IS_ERR(path) ? UC_PTR_ERR(path) : copy_path(ubuf, size, path);
	uc_heap_free(buf);
	return r;
}

static void replace(struct uc_dentry **slot, struct uc_dentry *d)
{
	struct uc_dentry *old = *slot;

	*slot = d;
	uc_dentry_unref(old);
}

/* A directory that the caller may enter, referenced. */
static struct uc_dentry *enter(uc_uptr path)
{
	struct uc_dentry *d =
		uc_path_lookup(AT_FDCWD, path, UC_LOOKUP_FOLLOW | UC_LOOKUP_DIRECTORY);
	int r;

	if (UC_IS_ERR(d))
		return d;
	r = uc_vfs_permission(d->inode, UC_MAY_EXEC);
	if (r < 0) {
		uc_dentry_unref(d);
		return UC_ERR_PTR(r);
	}
	return d;
}

long uc_sys_chdir(uc_uptr path)
{
	struct uc_dentry *d = enter(path);

	if (UC_IS_ERR(d))
		return UC_PTR_ERR(d);
	replace(&uc_upcall_fsctx()->cwd, d);
	return 0;
}

long uc_sys_fchdir(unsigned fd)
{
	struct uc_file *f = uc_fget_path((int)fd);
	long r;

	if (!f)
		return -EBADF;
	r = !f->dentry || (f->inode->mode & S_IFMT) != S_IFDIR
		    ? -ENOTDIR
		    : uc_vfs_permission(f->inode, UC_MAY_EXEC);
	if (r == 0) {
		uc_dentry_ref(f->dentry);
		replace(&uc_upcall_fsctx()->cwd, f->dentry);
	}
	uc_file_unref(f);
	return r;
}

long uc_sys_chroot(uc_uptr path)
{
	uint32_t uid, gid;
	struct uc_dentry *d = enter(path);

	if (UC_IS_ERR(d))
		return UC_PTR_ERR(d);
	uc_upcall_creds(&uid, &gid);
	if (uid != 0) {
		uc_dentry_unref(d);
		return -EPERM;
	}
	replace(&uc_upcall_fsctx()->root, d);
	return 0;
}
