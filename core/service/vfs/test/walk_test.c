// SPDX-License-Identifier: BSD-3-Clause
// sources: ../../../base/lib/rbtree.c ../../erofs/super.c ../../erofs/inode.c ../../erofs/dir.c
// sources: ../../erofs/xattr.c ../../rootfs/attr.c ../../rootfs/data.c ../../rootfs/dir.c
// sources: ../../rootfs/map.c ../../rootfs/memfd.c ../../rootfs/names.c ../../rootfs/node.c
// sources: ../../rootfs/pagemap.c ../../rootfs/rewrite.c ../../rootfs/rw_decode.c
// sources: ../../rootfs/dir_new.c ../../rootfs/seek.c ../../rootfs/setattr.c
// sources: ../../rootfs/statfs.c ../../rootfs/super.c ../../rootfs/tmpfs.c ../../rootfs/xattr.c
// sources: ../attr.c ../dcache.c ../dpath.c ../fdtable.c ../file.c ../fsctx.c ../inode.c
// sources: ../iter.c ../lookup.c ../mknod.c ../seek.c ../truncate.c ../mount_path.c ../mount.c
// sources: ../names.c ../open.c ../open_dentry.c ../readdir.c ../rename.c ../stat.c ../unlink.c
// sources: ../walk.c ../xattr.c ../../rootfs/dir_change.c ../../rootfs/dir_list.c
// sources: ../../rootfs/fallocate.c ../../rootfs/write.c
// cflags: -ffreestanding
// data: ../../rootfs/test/root.erofs
// Path walk, open flags, permissions, mounts and descriptors.
#include "../../rootfs/test/fixture.h"
#include <linux/falloc.h>
#include <linux/fcntl.h>
#include <linux/stat.h>
#include <linux/xattr.h>

/* ---- path walk ---- */

static void walk_finds_and_reports(void **state)
{
	static const struct { const char *path; unsigned flags; long want;
	} cases[] = {
		{ "/", 0, 0 },
		{ "//", 0, 0 },
		{ ".", 0, 0 },
		{ "/..", 0, 0 },
		{ "/../../a", 0, 0 },
		{ "", 0, -ENOENT },
		{ "", UC_LOOKUP_EMPTY, 0 },
		{ "/a/hello", 0, 0 },
		{ "a/hello", 0, 0 },
		{ "/a//./b/../hello", 0, 0 },
		{ "/a/hello/", 0, -ENOTDIR },
		{ "/a/hello/.", 0, -ENOTDIR },
		{ "/a/hello/x", 0, -ENOTDIR },
		{ "/a/nothing", 0, -ENOENT },
		{ "/nothing/x", 0, -ENOENT },
		{ "/a/", 0, 0 },
		{ "/a/link", UC_LOOKUP_FOLLOW, 0 },
		{ "/a/link", 0, 0 },
		{ "/a/link/", 0, -ENOTDIR },
		{ "/a/abs", UC_LOOKUP_FOLLOW, 0 },
		{ "/a/dirlink/hard", 0, 0 },
		{ "/a/dirlink/", 0, 0 },
		{ "/a/dirlink/../link", UC_LOOKUP_FOLLOW, 0 },
		{ "/loop1", UC_LOOKUP_FOLLOW, -ELOOP },
		{ "/loop1", 0, 0 },
		{ "/loop1/x", 0, -ELOOP },
		{ "/a/hello", UC_LOOKUP_DIRECTORY, -ENOTDIR },
		{ "/a/dirlink", UC_LOOKUP_DIRECTORY | UC_LOOKUP_FOLLOW, 0 },
		{ "/big/name-000", 0, 0 },
		{ "/big/name-199", 0, 0 },
		{ "/big/name-200", 0, -ENOENT },
		{ "/big/name", 0, -ENOENT },
		{ "/big/zzz", 0, -ENOENT },
		{ "/big/!", 0, -ENOENT },
	};
	struct statx st;
	for (size_t k = 0; k < UC_ARRAY_SIZE(cases); k++) {
		long r = stat_path(cases[k].path, cases[k].flags, &st);
		if (r != cases[k].want)
			fail_msg("%s: %ld, wanted %ld", cases[k].path, r, cases[k].want);
	}
}

static void walk_limits_lengths(void **state)
{
	char path[5000], name[300];
	memset(name, 'n', sizeof(name));
	name[256] = 0;
	assert_int_equal(exists(name), -ENAMETOOLONG);
	name[255] = 0;
	assert_int_equal(exists(name), -ENOENT);
	memset(path, '/', sizeof(path));
	path[4096] = 0;
	assert_int_equal(exists(path), -ENAMETOOLONG);
	path[4095] = 0;
	assert_int_equal(exists(path), 0);
}

static void chroot_is_not_left(void **state)
{
	struct uc_dentry *a = uc_vfs_lookup(fs, NULL, "/a", 0), *old = fs->root;
	fs->root = a;
	assert_int_equal(exists("/hello"), 0);
	assert_int_equal(exists("/../../hello"), 0);
	assert_int_equal(exists("/../big"), -ENOENT);
	struct statx st;
	assert_int_equal(stat_path("/abs", UC_LOOKUP_FOLLOW, &st), -ENOENT);
	fs->root = old;
	uc_dentry_unref(a);
}

static void paths_are_shown(void **state)
{
	char buf[64];
	struct uc_file *f = must_open("/a/dirlink/hard", O_RDONLY);
	assert_string_equal(uc_dentry_path(f->dentry, NULL, buf, sizeof(buf)), "/a/b/hard");
	assert_int_equal(UC_PTR_ERR(uc_dentry_path(f->dentry, NULL, buf, 5)), -ENAMETOOLONG);
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/a/b/hard", false), 0);
	assert_int_equal(UC_PTR_ERR(uc_dentry_path(f->dentry, NULL, buf, sizeof(buf))), -ENOENT);
	assert_string_equal(uc_dentry_show(f->dentry, NULL, buf, sizeof(buf)),
			    "/a/b/hard (deleted)");
	uc_file_unref(f);
	assert_string_equal(uc_dentry_path(uc_vfs_root, NULL, buf, sizeof(buf)), "/");
}

static void permissions_are_checked(void **state)
{
	fake_uid = fake_gid = 1000;
	assert_int_equal(open_error("/a/hello", O_RDONLY), 0);
	assert_int_equal(open_error("/a/hello", O_WRONLY), -EACCES);
	assert_int_equal(open_error("/a/secret", O_RDONLY), -EACCES);
	assert_int_equal(open_error("/a/new", O_WRONLY | O_CREAT), -EACCES);
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/a/hello", false), -EACCES);
	assert_int_equal(uc_vfs_mknod(fs, NULL, "/a/dev", S_IFCHR | 0666, 0), -EPERM);
	struct uc_attr a = { .valid = UC_ATTR_MODE, .mode = 0777 };
	struct uc_dentry *d = uc_vfs_lookup(fs, NULL, "/a", 0);
	assert_int_equal(uc_vfs_setattr(d->inode, &a), -EPERM);
	fake_uid = 0;
	assert_int_equal(uc_vfs_setattr(d->inode, &a), 0);
	uc_dentry_unref(d);
	fake_uid = 1000;
	assert_int_equal(open_error("/a/new", O_WRONLY | O_CREAT | O_EXCL), 0);
	fake_uid = 0;
	a.mode = 0600;
	d = uc_vfs_lookup(fs, NULL, "/a", 0);
	assert_int_equal(uc_vfs_setattr(d->inode, &a), 0);
	uc_dentry_unref(d);
	fake_uid = 1000;
	assert_int_equal(exists("/a/new"), -EACCES);
	fake_uid = 0;
	assert_int_equal(exists("/a/new"), 0);
	assert_int_equal(uc_vfs_permission(uc_vfs_root->inode, UC_MAY_EXEC), 0);
}

static void sticky_directories_protect(void **state)
{
	assert_int_equal(uc_vfs_mknod(fs, NULL, "/tmp", S_IFDIR | 01777, 0), 0);
	fake_uid = 1;
	put_file("/tmp/mine", "1");
	fake_uid = 2;
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/tmp/mine", false), -EPERM);
	fake_uid = 1;
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/tmp/mine", false), 0);
	fake_uid = 0;
}

/* ---- open flags ---- */

static void open_follows_the_flags(void **state)
{
	static const struct { const char *path; int flags; long want;
	} cases[] = {
		{ "/a", O_RDONLY, 0 },
		{ "/a", O_WRONLY, -EISDIR },
		{ "/a", O_RDWR | O_CREAT, -EISDIR },
		{ "/a/hello", O_RDONLY | O_DIRECTORY, -ENOTDIR },
		{ "/a/hello", O_CREAT | O_EXCL | O_RDWR, -EEXIST },
		{ "/a/link", O_NOFOLLOW, -ELOOP },
		{ "/a/link", O_NOFOLLOW | O_PATH, 0 },
		{ "/a/link", O_RDONLY, 0 },
		{ "/a/dirlink", O_NOFOLLOW | O_DIRECTORY, -ENOTDIR },
		{ "/a/dirlink/", O_NOFOLLOW | O_DIRECTORY, 0 },
		{ "/loop1", O_RDONLY, -ELOOP },
		{ "/loop1", O_CREAT | O_EXCL | O_RDWR, -EEXIST },
		{ "/a/new/", O_CREAT | O_RDWR, -EISDIR },
		{ "/a/hello/", O_RDONLY, -ENOTDIR },
		{ "/none", O_RDONLY, -ENOENT },
		{ "/none/x", O_CREAT | O_RDWR, -ENOENT },
		{ "/", O_RDONLY, 0 },
		{ "/a/.", O_CREAT | O_RDWR, -EISDIR },
		{ "/null", O_RDWR, -ENXIO },
		{ "/fifo", O_RDWR, -ENXIO },
		{ "/null", O_PATH, 0 },
		{ "/empty", O_CREAT | O_DIRECTORY, -EINVAL },
		{ "/empty", O_TMPFILE, -EINVAL },
		{ "/empty", O_TMPFILE | O_RDWR, 0 },
		{ "/a/hello", O_TMPFILE | O_RDWR, -ENOTDIR },
		{ "", O_RDONLY, -ENOENT },
	};
	for (size_t k = 0; k < UC_ARRAY_SIZE(cases); k++) {
		long r = open_error(cases[k].path, cases[k].flags);
		if (r != cases[k].want)
			fail_msg("open %s %o: %ld, wanted %ld", cases[k].path, cases[k].flags, r,
				 cases[k].want);
	}
}

static void creating_through_a_dangling_link(void **state)
{
	assert_int_equal(uc_vfs_symlink(fs, "target", NULL, "/a/dangling"), 0);
	assert_int_equal(open_error("/a/dangling", O_RDONLY), -ENOENT);
	put_file("/a/dangling", "made");
	expect_text("/a/target", "made");
}

static void access_mode_is_enforced(void **state)
{
	char c = 0;
	struct uc_file *f = must_open("/a/hello", O_WRONLY);
	assert_int_equal(read_at(f, &c, 1, 0), -EBADF);
	uc_file_unref(f);
	f = must_open("/a/hello", O_RDONLY);
	assert_int_equal(write_at(f, &c, 1, 0), -EBADF);
	assert_int_equal(uc_file_truncate(f, 0), -EINVAL);
	uc_file_unref(f);
	f = must_open("/a/hello", O_PATH);
	assert_int_equal(read_at(f, &c, 1, 0), -EBADF);
	uc_file_unref(f);
	f = must_open("/a", O_RDONLY);
	assert_int_equal(read_at(f, &c, 1, 0), -EISDIR);
	uc_file_unref(f);
}

static void append_goes_to_the_end(void **state)
{
	struct uc_file *f = must_open("/a/hello", O_WRONLY | O_APPEND);
	assert_int_equal(write_at(f, "more", 4, 0), 4);
	uc_file_unref(f);
	expect_text("/a/hello", "hello\nmore");
}

/* ---- mounts, descriptors ---- */

static void mounts_cover_and_uncover(void **state)
{
	struct uc_super *sb = uc_tmpfs_new(01777);
	assert_int_equal(uc_vfs_mount(sb, "/mnt/t"), 0);
	put_file("/mnt/t/f", "on tmpfs");
	struct statx st, st2;
	assert_int_equal(stat_path("/mnt/t", 0, &st), 0);
	assert_int_equal(stat_path("/mnt", 0, &st2), 0);
	assert_int_equal(st.stx_mode & 07777, 01777);
	assert_int_not_equal(st.stx_dev_minor, st2.stx_dev_minor);
	assert_int_equal(stat_path("/mnt/t/../../a", 0, &st), 0);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/mnt/t/f", NULL, "/f", 0), -EXDEV);
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/mnt/t", true), -EBUSY);
	char buf[32];
	struct uc_file *f = must_open("/mnt/t/f", O_RDONLY);
	assert_string_equal(uc_dentry_path(f->dentry, NULL, buf, sizeof(buf)), "/mnt/t/f");
	assert_int_equal(uc_vfs_umount(fs, "/mnt/t", 0), -EBUSY);
	uc_file_unref(f);
	assert_int_equal(uc_vfs_umount(fs, "/mnt/t", 0), 0);
	assert_int_equal(exists("/mnt/t/f"), -ENOENT);
	assert_int_equal(uc_vfs_umount(fs, "/mnt/t", 0), -EINVAL);
}

static void tmpfs_options_hold(void **state)
{
	static const char *const bad[] = { "size=x", "mode=9", "what", "huge=never", "uid=" };
	struct uc_fstype *t = uc_vfs_fstypes();
	while (t && strcmp(t->name, "tmpfs"))
		t = t->next;
	assert_non_null(t);
	for (size_t k = 0; k < UC_ARRAY_SIZE(bad); k++)
		assert_int_equal(UC_PTR_ERR(t->mount("none", 0, bad[k])), -EINVAL);
	struct uc_super *sb = t->mount("none", 0, "size=8k,mode=700,uid=7");
	assert_false(UC_IS_ERR(sb));
	assert_int_equal(uc_vfs_mount(sb, "/t"), 0);
	struct statx st;
	assert_int_equal(stat_path("/t", 0, &st), 0);
	assert_int_equal(st.stx_mode, S_IFDIR | 0700);
	assert_int_equal(st.stx_uid, 7);
	static char data[3 * 4096];
	struct uc_file *f = must_open("/t/f", O_RDWR | O_CREAT);
	assert_int_equal(write_at(f, data, sizeof(data), 0), 8192);
	assert_int_equal(write_at(f, data, 1, 8192), -ENOSPC);
	assert_int_equal(uc_file_truncate(f, 4096), 0);
	assert_int_equal(write_at(f, data, 1, 8192), 1);
	uc_file_unref(f);
	assert_int_equal(uc_vfs_umount(fs, "/t", 0), 0);
}

static void binds_show_a_tree_twice(void **state)
{
	assert_int_equal(uc_vfs_mkdir_p("/m", 0755), 0);
	struct uc_dentry *src = uc_vfs_lookup(fs, NULL, "/a", 0);
	struct uc_dentry *at = uc_vfs_lookup(fs, NULL, "/m", 0);
	assert_int_equal(uc_vfs_bind(src, at), 0);
	uc_dentry_unref(src);
	uc_dentry_unref(at);
	expect_text("/m/hello", "hello\n");
	put_file("/m/hello", "twice");
	expect_text("/a/hello", "twice");
	assert_int_equal(exists("/a/b/hard"), 0);
	assert_int_equal(exists("/a/ten"), 0);
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/m/b/hard", false), 0);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/m/ten", NULL, "/m/ten2", 0), 0);
	assert_int_equal(exists("/a/ten"), -ENOENT);
	assert_int_equal(exists("/a/ten2"), 0);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/a/ten2", NULL, "/m/ten", 0), -EXDEV);
	assert_int_equal(exists("/a/b/hard"), -ENOENT);
	assert_int_equal(exists("/m/../big"), 0);
	assert_int_equal(uc_vfs_umount(fs, "/m", 0), 0);
	assert_int_equal(exists("/m/hello"), -ENOENT);
	expect_text("/a/hello", "twice");
}

static void descriptors(void **state)
{
	struct uc_fdtable *t = uc_fdtable_new();
	for (int k = 0; k < 40; k++)
		assert_int_equal(uc_fd_install(t, must_open("/a/hello", O_RDONLY), 0, k & 1), k);
	assert_int_equal(uc_fd_close(t, 3), 0);
	assert_int_equal(uc_fd_close(t, 3), -EBADF);
	assert_int_equal(uc_fd_close(t, -1), -EBADF);
	assert_int_equal(uc_fd_install(t, must_open("/a/hello", O_RDONLY), 10, false), 40);
	assert_int_equal(uc_fd_install(t, must_open("/a/hello", O_RDONLY), 0, false), 3);
	assert_int_equal(uc_fd_install_at(t, must_open("/a/hello", O_RDONLY), 5, false), 5);
	assert_int_equal(uc_fd_cloexec(t, 5), 0);
	assert_int_equal(uc_fd_cloexec(t, 7), 1);
	uc_fdtable_set_limit(t, 41);
	struct uc_file *f = must_open("/a/hello", O_RDONLY);
	assert_int_equal(uc_fd_install(t, f, 0, false), -EMFILE);
	assert_int_equal(uc_fd_install_at(t, f, 41, false), -EBADF);
	uc_file_unref(f);
	struct uc_fdtable *c = uc_fdtable_fork(t);
	uc_fdtable_close_on_exec(c);
	assert_null(uc_fd_get(c, 7));
	assert_int_equal(uc_fd_next(c, 7), 8);
	uc_fdtable_unref(c);
	fake_fds = t;
	struct uc_dentry *d;
	assert_int_equal(uc_vfs_at(0, "x", &d), -ENOTDIR);
	assert_int_equal(uc_vfs_at(0, "", &d), 0);
	uc_dentry_unref(d);
	assert_int_equal(uc_vfs_at(99, "x", &d), -EBADF);
	assert_int_equal(uc_vfs_at(99, "/x", &d), 0);
	assert_null(d);
	uc_fdtable_unref(t);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(walk_finds_and_reports),
		T(walk_limits_lengths),
		T(chroot_is_not_left),
		T(paths_are_shown),
		T(permissions_are_checked),
		T(sticky_directories_protect),
		T(open_follows_the_flags),
		T(creating_through_a_dangling_link),
		T(access_mode_is_enforced),
		T(append_goes_to_the_end),
		T(mounts_cover_and_uncover),
		T(tmpfs_options_hold),
		T(binds_show_a_tree_twice),
		T(descriptors),
	};
	fake_load_image(getenv("UC_TEST_DATA"));
	uc_vfs_register_fs(&rfs_tmpfs_type);
	int r = cmocka_run_group_tests(tests, NULL, NULL);
	free(fake_image);
	return r;
}
