// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_FS_TEST_FIXTURE_H
#define UC_FS_TEST_FIXTURE_H
/* A mounted root on the image of make-image.sh for each test, and helpers to use it. */
#include "fake.h"
#include <linux/falloc.h>
#include <linux/fcntl.h>
#include <linux/xattr.h>

extern struct uc_fstype rfs_tmpfs_type;
static struct uc_fsctx *fs;

static inline int setup(void **state)
{
	struct uc_super *sb;
	fake_uid = fake_gid = 0;
	fake_fsize = UINT64_MAX;
	assert_int_equal(
		uc_rootfs_new(fake_image, (uc_paddr)(uintptr_t)fake_image, fake_image_len, &sb), 0);
	assert_int_equal(uc_vfs_mount_root(sb), 0);
	fs = uc_fsctx_new();
	fs->umask = 0;
	return 0;
}

/* Everything that the test left must go with the mount. */
static inline int teardown(void **state)
{
	struct uc_super *sb = uc_vfs_root->sb;
	struct uc_dentry *root = uc_vfs_root;
	uc_fsctx_unref(fs);
	uc_dcache_prune(root);
	uc_dcache_shrink(UINT32_MAX);
	assert_int_equal(root->refs, 1);
	assert_true(uc_list_empty(&root->children));
	uc_vfs_forget_root();
	sb->kill(sb);
	assert_int_equal(fake_live_frames, 0);
	return 0;
}

/* ---- helpers ---- */

static inline struct uc_file *try_open(const char *path, int flags)
{
	return uc_vfs_open(fs, NULL, path, flags, 0644);
}

static inline struct uc_file *must_open(const char *path, int flags)
{
	struct uc_file *f = try_open(path, flags);
	if (UC_IS_ERR(f))
		fail_msg("open %s: %ld", path, UC_PTR_ERR(f));
	return f;
}

static inline long open_error(const char *path, int flags)
{
	struct uc_file *f = try_open(path, flags);
	if (UC_IS_ERR(f))
		return UC_PTR_ERR(f);
	uc_file_unref(f);
	return 0;
}

static inline ssize_t read_at(struct uc_file *f, void *buf, size_t n, uint64_t pos)
{
	struct uc_iovec v;
	struct uc_iter it;
	uc_iter_kernel(&it, &v, buf, n);
	return uc_file_read(f, &it, &pos);
}

static inline ssize_t write_at(struct uc_file *f, const void *buf, size_t n, uint64_t pos)
{
	struct uc_iovec v;
	struct uc_iter it;
	uc_iter_kernel(&it, &v, (void *)buf, n);
	return uc_file_write(f, &it, &pos);
}

static inline void put_file(const char *path, const char *text)
{
	struct uc_file *f = must_open(path, O_RDWR | O_CREAT | O_TRUNC);
	assert_int_equal(write_at(f, text, strlen(text), 0), strlen(text));
	uc_file_unref(f);
}

static inline void expect_text(const char *path, const char *text)
{
	char buf[256];
	struct uc_file *f = must_open(path, O_RDONLY);
	ssize_t n = read_at(f, buf, sizeof(buf) - 1, 0);
	assert_true(n >= 0);
	buf[n] = 0;
	assert_string_equal(buf, text);
	uc_file_unref(f);
}

static inline long stat_path(const char *path, unsigned flags, struct statx *st)
{
	struct uc_dentry *d = uc_vfs_lookup(fs, NULL, path, flags);
	if (UC_IS_ERR(d))
		return UC_PTR_ERR(d);
	long r = uc_inode_stat(d->inode, st);
	uc_dentry_unref(d);
	return r;
}

static inline long exists(const char *path)
{
	struct statx st;
	return stat_path(path, 0, &st);
}

struct names { unsigned n; char name[400][32]; };

static inline int add_name(void *ctx, const char *name, size_t len, uint64_t ino, unsigned dtype,
		    uint64_t next)
{
	struct names *l = ctx;
	assert_true(l->n < 400 && len < 32);
	memcpy(l->name[l->n], name, len);
	l->name[l->n++][len] = 0;
	return 0;
}

static inline unsigned count_name(const struct names *l, const char *name)
{
	unsigned n = 0;
	for (unsigned k = 0; k < l->n; k++)
		n += !strcmp(l->name[k], name);
	return n;
}

static inline void list(const char *path, struct names *l)
{
	l->n = 0;
	struct uc_file *f = must_open(path, O_RDONLY | O_DIRECTORY);
	assert_int_equal(uc_file_readdir(f, add_name, l), 0);
	uc_file_unref(f);
}
#endif
