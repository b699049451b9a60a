// SPDX-License-Identifier: BSD-3-Clause
/* Paths as arguments of system calls. */
#include <uc/filecall.h>
#include <uc/heap.h>
#include <uc/part.h>
#include <uc/string.h>

UC_NEEDS_PART(mkdir_p);

int uc_user_strdup(char **out, uc_uptr s, size_t cap, int toolong)
{
	char *p = uc_heap_alloc(cap);
	ssize_t n;

	if (!p)
		return -ENOMEM;
	n = uc_user_str(p, s, cap);
	if (n < 0) {
		uc_heap_free(p);
		return n == -ENAMETOOLONG ? toolong : (int)n;
	}
	*out = p;
	return 0;
}

static int path_string(struct uc_pathat *p, uc_uptr upath)
{
	ssize_t n = uc_user_str(p->small, upath, sizeof(p->small));

	p->path = p->small;
	if (n >= 0)
		return 0;
	if (n != -ENAMETOOLONG)
		return (int)n;
	return uc_user_strdup(&p->path, upath, UC_PATH_MAX, -ENAMETOOLONG);
}

static int path_base(struct uc_pathat *p, int dfd, bool empty_ok)
{
	bool empty = !p->path[0];

	p->at = NULL;
	p->dir = NULL;
	if (empty && !empty_ok)
		return -ENOENT;
	if (p->path[0] == '/' || dfd == AT_FDCWD)
		return 0;
	p->dir = uc_fget_path(dfd);
	if (!p->dir)
		return -EBADF;
	p->at = p->dir->dentry;
	if (p->at && (empty || (p->at->inode->mode & S_IFMT) == S_IFDIR))
		return 0;
	uc_file_unref(p->dir);
	return empty ? -ENOENT : -ENOTDIR;
}

int uc_pathat_get(struct uc_pathat *p, int dfd, uc_uptr upath, bool empty_ok)
{
	int r = path_string(p, upath);

	if (r < 0)
		return r;
	p->fs = uc_upcall_fsctx();
	r = path_base(p, dfd, empty_ok);
	if (r < 0 && p->path != p->small)
		uc_heap_free(p->path);
	return r;
}

void uc_pathat_put(struct uc_pathat *p)
{
	if (p->dir)
		uc_file_unref(p->dir);
	if (p->path != p->small)
		uc_heap_free(p->path);
}

struct uc_dentry *uc_path_lookup(int dfd, uc_uptr upath, unsigned lookup)
{
	struct uc_pathat p;
	struct uc_dentry *d;
	int r = uc_pathat_get(&p, dfd, upath, lookup & UC_LOOKUP_EMPTY);

	if (r < 0)
		return UC_ERR_PTR(r);
	d = uc_vfs_lookup(p.fs, p.at, p.path, lookup);
	uc_pathat_put(&p);
	return d;
}
