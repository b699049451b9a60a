// SPDX-License-Identifier: BSD-3-Clause
#include <linux/fcntl.h>
#include "vfs_impl.h"

static struct uc_dentry *start_itself(struct uc_fsctx *fs, struct uc_dentry *at)
{
	struct uc_dentry *d = at ? at : fs && fs->cwd ? fs->cwd : uc_vfs_root;
	if (!d)
		return UC_ERR_PTR(-ENOENT);
	uc_dentry_ref(d);
	return d;
}

struct uc_dentry *uc_vfs_lookup(struct uc_fsctx *fs, struct uc_dentry *at, const char *path,
				unsigned flags)
{
	struct uc_dentry *d;
	if (!*path && (flags & UC_LOOKUP_EMPTY)) {
		d = start_itself(fs, at);
	} else {
		struct uc_walk w;
		int r = uc_walk_begin(&w, fs, at, path);
		d = r ? UC_ERR_PTR(r) : uc_walk_resolve(&w, flags & UC_LOOKUP_FOLLOW);
		uc_walk_end(&w);
	}
	if (!UC_IS_ERR(d) && (flags & UC_LOOKUP_DIRECTORY) && !UC_ISDIR(d->inode)) {
		uc_dentry_unref(d);
		return UC_ERR_PTR(-ENOTDIR);
	}
	return d;
}

int uc_vfs_at(int dirfd, const char *path, struct uc_dentry **out)
{
	*out = NULL;
	if (dirfd == AT_FDCWD || *path == '/')
		return 0;
	struct uc_file *f = uc_fd_get(uc_upcall_fdtable(), dirfd);
	if (!f)
		return -EBADF;
	int r = f->dentry && (!*path || UC_ISDIR(f->inode)) ? 0 : -ENOTDIR;
	if (r == 0) {
		*out = f->dentry;
		uc_dentry_ref(*out);
	}
	uc_file_unref(f);
	return r;
}
