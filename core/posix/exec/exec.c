// SPDX-License-Identifier: BSD-3-Clause
/* Program loading: from a path to an address space ready to run. */
#include <asm/errno.h>
#include <linux/fcntl.h>
#include <uc/heap.h>
#include <uc/random.h>
#include <uc/string.h>
#include "exec_internal.h"
#include "script.h"

#define HEAD_LEN 1024u   /* covers the program headers of ordinary files */
#define SCRIPT_DEPTH 5   /* an interpreter may be a script itself */
#define S_ISUID_ 04000u
#define S_ISGID_ 02000u
#define S_IXGRP_ 00010u

int (*uc_exec_map_vdso)(struct uc_mm *mm, uint64_t *ehdr);

/* One program start. The vectors of scripts are rebuilt; `owned` files and vectors are ours. */
struct job {
	struct uc_mm *mm;
	struct uc_fsctx *fs;
	const struct uc_exec_creds *creds;
	struct uc_file *f;
	bool own_file;
	const char *name;       /* what a script's interpreter is to open */
	char *const *argv;
	char **own_argv;
	char *head[SCRIPT_DEPTH + 1]; /* first bytes of each file; script lines stay referenced by argv */
	size_t head_len;
	unsigned depth;
};

int exec_read(struct uc_file *f, uint64_t off, void *buf, size_t n)
{
	struct uc_iovec v;
	struct uc_iter it;
	ssize_t r;

	uc_iter_kernel(&it, &v, buf, n);
	while (it.left) {
		r = uc_file_read(f, &it, &off);
		if (r < 0)
			return (int)r;
		if (r == 0)
			return -EIO;
	}
	return 0;
}

int uc_exec_check(struct uc_file *f, const struct uc_exec_creds *creds)
{
	if (!f->inode || (f->inode->mode & S_IFMT) != S_IFREG)
		return -EACCES;
	(void)creds; /* the file system ids follow them */
	return uc_inode_permission(f->inode, UC_MAY_EXEC);
}

struct uc_file *uc_exec_open(struct uc_fsctx *fs, struct uc_dentry *at, const char *path, bool follow,
			     const struct uc_exec_creds *creds)
{
	struct uc_dentry *d = uc_vfs_lookup(fs, at, path, follow ? UC_LOOKUP_FOLLOW : 0);
	struct uc_file *f;
	int r;

	if (UC_IS_ERR(d))
		return UC_ERR_PTR(UC_PTR_ERR(d));
	if ((d->inode->mode & S_IFMT) == S_IFLNK)
		f = UC_ERR_PTR(-ELOOP);
	else if ((d->inode->mode & S_IFMT) != S_IFREG)
		f = UC_ERR_PTR(-EACCES);
	else
		f = uc_vfs_open_dentry(d, O_EXEC_INTERNAL);
	uc_dentry_unref(d);
	if (UC_IS_ERR(f))
		return f;
	r = uc_exec_check(f, creds);
	if (r < 0) {
		uc_file_unref(f);
		return UC_ERR_PTR(r);
	}
	return f;
}
