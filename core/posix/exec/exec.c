// SPDX-License-Identifier: BSD-3-Clause
/* Program loading: from a path to an address space ready to run. */
#include <asm/errno.h>
#include <linux/fcntl.h>
#include <uc/heap.h>
#include <uc/random.h>
#include <uc/string.h>
#include "exec_internal.h"

#define HEAD_LEN 1024u   /* covers the program headers of ordinary files */
#define MODE_SETUID 04000u
#define MODE_SETGID 02000u
#define MODE_XGRP 00010u

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

static int check_inode(const struct uc_inode *i)
{
	if ((i->mode & S_IFMT) == S_IFLNK)
		return -ELOOP;
	if ((i->mode & S_IFMT) != S_IFREG)
		return -EACCES;
	return uc_inode_permission(i, UC_MAY_EXEC);
}

int uc_exec_check(struct uc_file *f)
{
	return f->inode ? check_inode(f->inode) : -EACCES;
}

struct uc_file *uc_exec_open(struct uc_fsctx *fs, struct uc_dentry *at, const char *path,
			     bool follow)
{
	struct uc_dentry *d = uc_vfs_lookup(fs, at, path, follow ? UC_LOOKUP_FOLLOW : 0);
	struct uc_file *f;
	int r;

	if (UC_IS_ERR(d))
		return UC_ERR_PTR(UC_PTR_ERR(d));
	r = check_inode(d->inode);
	f = r < 0 ? UC_ERR_PTR(r) : uc_vfs_open_dentry(d, O_RDONLY);
	uc_dentry_unref(d);
	return f;
}

/* First bytes of the current file into head[depth]. */
static int read_head(struct exec_job *j)
{
	char *buf = uc_heap_alloc(HEAD_LEN);
	struct uc_iovec v;
	struct uc_iter it;
	uint64_t off = 0;
	ssize_t n;

	if (!buf)
		return -ENOMEM;
	j->head[j->depth] = buf;
	uc_iter_kernel(&it, &v, buf, HEAD_LEN);
	n = uc_file_read(j->f, &it, &off);
	j->head_len = n < 0 ? 0 : (size_t)n;
	return n < 0 ? (int)n : 0;
}

/* Follows #! lines until j->f is something else. */
static int follow_scripts(struct exec_job *j)
{
	int r;

	for (;; j->depth++) {
		r = read_head(j);
		if (r == 0 && exec_interpreter)
			r = exec_interpreter(j);
		if (r <= 0)
			return r;
	}
}

/* Set-user-ID and set-group-ID of the program file: execve(2). */
static void new_creds(const struct exec_job *j, struct uc_exec_image *out)
{
	const struct uc_inode *i = j->f->inode;
	const struct uc_exec_creds *c = j->creds;

	out->euid = c->euid;
	out->egid = c->egid;
	if (!c->no_new_privs && i->mode & MODE_SETUID)
		out->euid = i->uid;
	if (!c->no_new_privs && (i->mode & (MODE_SETGID | MODE_XGRP)) == (MODE_SETGID | MODE_XGRP))
		out->egid = i->gid;
	out->secure = out->euid != c->uid || out->egid != c->gid;
}

static void name_executable(struct uc_mm *mm, struct uc_fsctx *fs, struct uc_file *f)
{
	char *p;

	if (!f->dentry)
		return;
	p = uc_dentry_path(f->dentry, fs->root, mm->exe_path, sizeof(mm->exe_path));
	if (UC_IS_ERR(p))
		mm->exe_path[0] = '\0';
	else
		memmove(mm->exe_path, p, strlen(p) + 1);
}

uint64_t uc_exec_shift;

static int load(struct exec_job *j, const char *path, char *const envp[], uint64_t stack_limit,
		struct uc_exec_image *out)
{
	struct exec_loaded loaded = { 0 };
	struct exec_random rnd;
	struct exec_start s = {
		.execfn = path, .envp = envp, .img = out, .creds = j->creds,
		.loaded = &loaded, .rnd = &rnd, .stack_limit = stack_limit,
	};
	int r = follow_scripts(j);

	if (r < 0)
		return r;
	uc_random_bytes(&rnd, sizeof(rnd));
	rnd.mmap ^= uc_exec_shift << 9;
	rnd.stack ^= uc_exec_shift << 9;
	rnd.pie ^= uc_exec_shift << 9;
	if (uc_exec_shift) rnd.brk = uc_exec_shift;
	exec_layout(j->mm, &rnd, stack_limit);
	r = exec_load_elf(j->mm, j->fs, j->f, j->head[j->depth], j->head_len, &rnd, &s.exec_stack,
			  &loaded);
	if (r < 0)
		return r;
	new_creds(j, out);
	name_executable(j->mm, j->fs, j->f);
	s.argv = j->argv;
	out->entry = loaded.entry;
	return exec_build_stack(j->mm, &s, &out->sp);
}

static void finish(struct exec_job *j)
{
	for (unsigned i = 0; i <= EXEC_SCRIPT_DEPTH; i++)
		uc_heap_free(j->head[i]);
	uc_heap_free(j->own_argv);
	if (j->own_file)
		uc_file_unref(j->f);
}

int uc_exec_load_file(struct uc_mm *mm, struct uc_fsctx *fs, struct uc_file *f, const char *path,
		      char *const argv[], char *const envp[], const struct uc_exec_creds *creds,
		      uint64_t stack_limit, struct uc_exec_image *out)
{
	/* An empty argv gets one empty string. */
	static char *const no_args[] = { (char *)"", NULL };
	struct exec_job j = {
		.mm = mm, .fs = fs, .creds = creds, .f = f, .name = path,
		.argv = argv[0] ? argv : no_args,
	};
	int r = load(&j, path, envp, stack_limit, out);

	finish(&j);
	return r;
}

int uc_exec_load(struct uc_mm *mm, struct uc_fsctx *fs, const char *path, char *const argv[],
		 char *const envp[], const struct uc_exec_creds *creds, uint64_t stack_limit,
		 struct uc_exec_image *out)
{
	struct uc_file *f = uc_exec_open(fs, NULL, path, true);
	int r;

	if (UC_IS_ERR(f))
		return (int)UC_PTR_ERR(f);
	r = uc_exec_load_file(mm, fs, f, path, argv, envp, creds, stack_limit, out);
	uc_file_unref(f);
	return r;
}
