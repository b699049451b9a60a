// SPDX-License-Identifier: BSD-3-Clause
// sources: ../../../base/lib/rbtree.c ../../erofs/super.c ../../erofs/inode.c ../../erofs/dir.c
// sources: ../../erofs/xattr.c ../attr.c ../data.c ../dir.c ../map.c ../memfd.c ../names.c
// sources: ../node.c ../pagemap.c ../rewrite.c ../rw_decode.c ../dir_new.c ../seek.c ../setattr.c
// sources: ../statfs.c ../super.c ../tmpfs.c ../xattr.c ../../vfs/attr.c ../../vfs/dcache.c
// sources: ../../vfs/dpath.c ../../vfs/fdtable.c ../../vfs/file.c ../../vfs/fsctx.c
// sources: ../../vfs/inode.c ../../vfs/iter.c ../../vfs/lookup.c ../../vfs/mknod.c
// sources: ../../vfs/seek.c ../../vfs/truncate.c ../../vfs/mount_path.c ../../vfs/mount.c
// sources: ../../vfs/names.c ../../vfs/open.c ../../vfs/open_dentry.c ../../vfs/readdir.c
// sources: ../../vfs/rename.c ../../vfs/stat.c ../../vfs/unlink.c ../../vfs/walk.c
// sources: ../../vfs/xattr.c ../dir_change.c ../dir_list.c ../fallocate.c ../write.c
// cflags: -ffreestanding
// data: root.erofs
// Overlay and tmpfs semantics on the image of make-image.sh.
#include "fixture.h"
#include <linux/falloc.h>
#include <linux/fcntl.h>
#include <linux/xattr.h>

/* ---- overlay ---- */

static void image_files_read_back(void **state)
{
	static const struct {
		const char *path;
		size_t size;
	} files[] = { { "/a/ten", 10000 }, { "/a/eight", 8192 }, { "/bin/prog", 12288 } };
	uint8_t *buf = malloc(20000);
	for (size_t k = 0; k < UC_ARRAY_SIZE(files); k++) {
		struct uc_file *f = must_open(files[k].path, O_RDONLY);
		assert_int_equal(read_at(f, buf, 20000, 0), files[k].size);
		for (size_t i = 0; i < files[k].size; i++)
			assert_int_equal(buf[i], fake_pattern(i));
		assert_int_equal(read_at(f, buf, 100, 8190), UC_MIN(100u, files[k].size - 8190));
		assert_int_equal(buf[0], fake_pattern(8190));
		assert_int_equal(read_at(f, buf, 100, files[k].size), 0);
		assert_int_equal(uc_file_seek(f, -5, 2), files[k].size - 5);
		uc_file_unref(f);
	}
	free(buf);
	assert_int_equal(fake_live_frames, 0);
}

static void a_write_copies_one_page(void **state)
{
	uint8_t buf[10000];
	struct uc_file *f = must_open("/a/ten", O_RDWR);
	assert_int_equal(write_at(f, "XYZ", 3, 5000), 3);
	assert_int_equal(fake_live_frames, 1);
	assert_int_equal(read_at(f, buf, sizeof(buf), 0), 10000);
	for (size_t i = 0; i < sizeof(buf); i++)
		assert_int_equal(buf[i], i >= 5000 && i < 5003 ? "XYZ"[i - 5000] : fake_pattern(i));
	uc_file_unref(f);
	uc_dcache_shrink(UINT32_MAX);
	f = must_open("/a/ten", O_RDONLY);
	assert_int_equal(read_at(f, buf, 3, 5000), 3);
	assert_memory_equal(buf, "XYZ", 3);
	uc_file_unref(f);
}

static void hard_links_share_a_change(void **state)
{
	struct statx st, st2;
	put_file("/a/hello", "changed");
	uc_dcache_shrink(UINT32_MAX);
	expect_text("/a/b/hard", "changed");
	assert_int_equal(stat_path("/a/hello", 0, &st), 0);
	assert_int_equal(stat_path("/a/b/hard", 0, &st2), 0);
	assert_int_equal(st.stx_ino, st2.stx_ino);
	assert_int_equal(st.stx_nlink, 2);
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/a/hello", false), 0);
	assert_int_equal(stat_path("/a/b/hard", 0, &st), 0);
	assert_int_equal(st.stx_nlink, 1);
	expect_text("/a/b/hard", "changed");
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/a/b/hard", false), 0);
	assert_int_equal(fake_live_frames, 0);
}

static void unlinked_files_live_until_closed(void **state)
{
	char buf[8];
	struct uc_file *f = must_open("/a/ten", O_RDWR);
	assert_int_equal(write_at(f, "q", 1, 0), 1);
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/a/ten", false), 0);
	assert_int_equal(exists("/a/ten"), -ENOENT);
	assert_int_equal(read_at(f, buf, 1, 0), 1);
	assert_int_equal(buf[0], 'q');
	uc_file_unref(f);
	assert_int_equal(fake_live_frames, 0);
	put_file("/a/ten", "again");
	expect_text("/a/ten", "again");
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/a/ten", false), 0);
	assert_int_equal(exists("/a/ten"), -ENOENT);
}

static void directories_merge(void **state)
{
	static struct names l;
	put_file("/big/zz-new", "");
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/big/name-005", false), 0);
	put_file("/big/name-006", "x");
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/big/name-007", false), 0);
	put_file("/big/name-007", "y");
	list("/big", &l);
	assert_int_equal(l.n, 2 + 200);
	assert_int_equal(count_name(&l, "."), 1);
	assert_int_equal(count_name(&l, ".."), 1);
	assert_int_equal(count_name(&l, "zz-new"), 1);
	assert_int_equal(count_name(&l, "name-005"), 0);
	assert_int_equal(count_name(&l, "name-006"), 1);
	assert_int_equal(count_name(&l, "name-007"), 1);
}

static int take_three(void *ctx, const char *name, size_t len, uint64_t ino, unsigned dtype,
		      uint64_t next)
{
	struct names *l = ctx;
	return l->n % 4 == 3 ? 1 : add_name(ctx, name, len, ino, dtype, next);
}

static void listing_continues_while_names_go(void **state)
{
	static struct names l;
	char path[64];
	l.n = 0;
	for (int k = 0; k < 50; k++) {
		snprintf(path, sizeof(path), "/big/own-%d", k);
		put_file(path, "");
	}
	struct uc_file *f = must_open("/big", O_RDONLY | O_DIRECTORY);
	for (unsigned before = 1; before != l.n;) {
		before = l.n;
		assert_int_equal(uc_file_readdir(f, take_three, &l), 0);
		if (l.n % 4 != 3)
			break;
		snprintf(path, sizeof(path), "/big/%s", l.name[l.n - 1]);
		strcpy(l.name[l.n++], "*");
		if (!strstr(path, "/."))
			assert_int_equal(uc_vfs_unlink(fs, NULL, path, false), 0);
	}
	uc_file_unref(f);
	for (unsigned k = 0; k < l.n; k++)
		if (l.name[k][0] != '*')
			assert_int_equal(count_name(&l, l.name[k]), 1);
	assert_int_equal(l.n - count_name(&l, "*"), 2 + 250);
}

static void rmdir_wants_empty(void **state)
{
	struct statx st;
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/a", true), -ENOTEMPTY);
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/a/hello", true), -ENOTDIR);
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/a", false), -EISDIR);
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/empty/.", true), -EINVAL);
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/empty/..", true), -ENOTEMPTY);
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/", true), -EBUSY);
	assert_int_equal(stat_path("/", 0, &st), 0);
	uint32_t before = st.stx_nlink;
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/empty/", true), 0);
	assert_int_equal(exists("/empty"), -ENOENT);
	assert_int_equal(stat_path("/", 0, &st), 0);
	assert_int_equal(st.stx_nlink, before - 1);
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/a/b/hard", false), 0);
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/a/b", true), 0);
	assert_int_equal(uc_vfs_mknod(fs, NULL, "/a/b", S_IFDIR | 0755, 0), 0);
	assert_int_equal(exists("/a/b/hard"), -ENOENT);
	struct uc_file *dir = must_open("/a/b", O_RDONLY);
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/a/b", true), 0);
	struct uc_file *f = uc_vfs_open(fs, dir->dentry, "late", O_CREAT | O_RDWR, 0644);
	assert_int_equal(UC_PTR_ERR(f), -ENOENT);
	uc_file_unref(dir);
}

static void names_are_checked(void **state)
{
	assert_int_equal(uc_vfs_mknod(fs, NULL, "/a", S_IFDIR, 0), -EEXIST);
	assert_int_equal(uc_vfs_mknod(fs, NULL, "/a/.", S_IFDIR, 0), -EEXIST);
	assert_int_equal(uc_vfs_mknod(fs, NULL, "/", S_IFDIR, 0), -EEXIST);
	assert_int_equal(uc_vfs_mknod(fs, NULL, "/x/y", S_IFDIR, 0), -ENOENT);
	assert_int_equal(uc_vfs_mknod(fs, NULL, "/newdir/", S_IFDIR | 0755, 0), 0);
	assert_int_equal(uc_vfs_mknod(fs, NULL, "/newfile/", S_IFREG | 0755, 0), -ENOENT);
	assert_int_equal(uc_vfs_symlink(fs, "", NULL, "/s"), -ENOENT);
	assert_int_equal(uc_vfs_symlink(fs, "x", NULL, "/loop1"), -EEXIST);
	assert_int_equal(uc_vfs_unlink(fs, NULL, "/a/hello/", false), -ENOTDIR);
	struct uc_dentry *d = uc_vfs_lookup(fs, NULL, "/a", 0);
	assert_int_equal(uc_vfs_link(fs, d, NULL, "/a2"), -EPERM);
	uc_dentry_unref(d);
}

static void rename_moves(void **state)
{
	struct statx st;
	assert_int_equal(uc_vfs_rename(fs, NULL, "/a/hello", NULL, "/hi", 0), 0);
	expect_text("/hi", "hello\n");
	assert_int_equal(exists("/a/hello"), -ENOENT);
	expect_text("/a/b/hard", "hello\n");
	assert_int_equal(uc_vfs_rename(fs, NULL, "/hi", NULL, "/a/b/hard", 0), 0);
	expect_text("/hi", "hello\n"); /* the same inode: nothing happens */
	assert_int_equal(uc_vfs_rename(fs, NULL, "/a/ten", NULL, "/a/eight", RENAME_NOREPLACE),
			 -EEXIST);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/a/ten", NULL, "/a/eight", 0), 0);
	assert_int_equal(stat_path("/a/eight", 0, &st), 0);
	assert_int_equal(st.stx_size, 10000);
	assert_int_equal(exists("/a/ten"), -ENOENT);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/a/none", NULL, "/b", 0), -ENOENT);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/a", NULL, "/a/b/c", 0), -EINVAL);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/a/b", NULL, "/a", 0), -ENOTEMPTY);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/a", NULL, "/hi", 0), -ENOTDIR);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/hi", NULL, "/a", 0), -EISDIR);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/hi/", NULL, "/x", 0), -ENOTDIR);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/a/..", NULL, "/x", 0), -EBUSY);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/a", NULL, "/big", 0), -ENOTEMPTY);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/a", NULL, "/empty", 0), 0);
	expect_text("/empty/b/hard", "hello\n");
	assert_int_equal(exists("/a"), -ENOENT);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/empty/b", NULL, "/big", RENAME_EXCHANGE), 0);
	expect_text("/big/hard", "hello\n");
	assert_int_equal(exists("/empty/b/name-000"), 0);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/big", NULL, "/gone", RENAME_EXCHANGE), -ENOENT);
}

static void attributes_survive_the_cache(void **state)
{
	struct statx st;
	struct uc_dentry *d = uc_vfs_lookup(fs, NULL, "/a/eight", 0);
	struct uc_attr a = { .valid = UC_ATTR_MODE | UC_ATTR_MTIME,
			     .mode = 0711,
			     .mtime = { 1000, 5 } };
	assert_int_equal(uc_vfs_setattr(d->inode, &a), 0);
	uc_dentry_unref(d);
	uc_dcache_shrink(UINT32_MAX);
	assert_int_equal(stat_path("/a/eight", 0, &st), 0);
	assert_int_equal(st.stx_mode, S_IFREG | 0711);
	assert_int_equal(st.stx_mtime.tv_sec, 1000);
	assert_int_equal(st.stx_mtime.tv_nsec, 5);
	assert_int_equal(stat_path("/null", 0, &st), 0);
	assert_int_equal(st.stx_mode & S_IFMT, S_IFCHR);
	assert_int_equal(st.stx_rdev_major, 1);
	assert_int_equal(st.stx_rdev_minor, 3);
}

static void writing_clears_set_id(void **state)
{
	struct statx st;
	struct uc_file *f = must_open("/a/suid", O_WRONLY);
	fake_uid = 5;
	assert_int_equal(write_at(f, "y", 1, 0), 1);
	fake_uid = 0;
	uc_file_unref(f);
	assert_int_equal(stat_path("/a/suid", 0, &st), 0);
	assert_int_equal(st.stx_mode & 07777, 0755);
}

static void the_clock_is_asked_only_for_changes(void **state)
{
	struct statx st;
	unsigned before = fake_clock_asked;
	expect_text("/a/hello", "hello\n");
	assert_int_equal(stat_path("/a/hello", 0, &st), 0);
	assert_int_equal(st.stx_mtime.tv_sec, 1700000000);
	assert_int_equal(uc_vfs_mkdir_p("/run/x/y", 0755), 0);
	assert_int_equal(fake_clock_asked, before);
	assert_int_equal(stat_path("/run/x/y", 0, &st), 0);
	assert_int_equal(st.stx_mtime.tv_sec, 1700000000);
	put_file("/run/f", "");
	assert_true(fake_clock_asked > before);
	assert_int_equal(stat_path("/run/f", 0, &st), 0);
	assert_int_equal(st.stx_mtime.tv_sec, 1800000000);
}

/* ---- size and holes ---- */

static void truncated_bytes_do_not_come_back(void **state)
{
	uint8_t buf[10000];
	struct uc_file *f = must_open("/a/ten", O_RDWR);
	assert_int_equal(uc_file_truncate(f, 100), 0);
	assert_int_equal(uc_file_truncate(f, 9000), 0);
	assert_int_equal(read_at(f, buf, sizeof(buf), 0), 9000);
	for (size_t i = 0; i < 9000; i++)
		assert_int_equal(buf[i], i < 100 ? fake_pattern(i) : 0);
	assert_int_equal(write_at(f, "A", 1, 8999), 1);
	assert_int_equal(uc_file_truncate(f, 8998), 0);
	assert_int_equal(uc_file_truncate(f, 9000), 0);
	assert_int_equal(read_at(f, buf, 2, 8998), 2);
	assert_int_equal(buf[1], 0);
	uc_file_unref(f);
	f = must_open("/a/eight", O_RDWR | O_TRUNC);
	assert_int_equal(read_at(f, buf, 10, 0), 0);
	uc_file_unref(f);
}

static void sparse_files_are_sparse(void **state)
{
	struct statx st;
	uint8_t buf[4] = { 1, 1, 1, 1 };
	struct uc_file *f = must_open("/sparse", O_RDWR | O_CREAT);
	assert_int_equal(write_at(f, "end", 3, 1ull << 40), 3);
	assert_int_equal(fake_live_frames, 1);
	assert_int_equal(read_at(f, buf, 4, 12345), 4);
	assert_int_equal(buf[0] | buf[1] | buf[2] | buf[3], 0);
	assert_int_equal(uc_file_stat(f, &st), 0);
	assert_int_equal(st.stx_size, (1ull << 40) + 3);
	assert_int_equal(st.stx_blocks, 8);
	assert_int_equal(uc_file_seek(f, 0, SEEK_DATA), 1ull << 40);
	assert_int_equal(uc_file_seek(f, 0, SEEK_HOLE), 0);
	assert_int_equal(uc_file_seek(f, 1ll << 40, SEEK_HOLE), (1ull << 40) + 3);
	assert_int_equal(uc_file_seek(f, (1ll << 40) + 3, SEEK_DATA), -ENXIO);
	assert_int_equal(uc_file_seek(f, -1, 0), -EINVAL);
	assert_int_equal(write_at(f, "x", 1, INT64_MAX), -EFBIG);
	assert_int_equal(uc_file_truncate(f, 4096), 0);
	assert_int_equal(fake_live_frames, 0);
	uc_file_unref(f);
}

static void holes_are_punched(void **state)
{
	static uint8_t buf[12288];
	struct uc_file *f = must_open("/bin/prog", O_RDWR);
	const int punch = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;
	assert_int_equal(f->ops->fallocate(f, punch, 4000, 4300), 0);
	assert_int_equal(read_at(f, buf, sizeof(buf), 0), 12288);
	for (size_t i = 0; i < sizeof(buf); i++)
		assert_int_equal(buf[i], i >= 4000 && i < 8300 ? 0 : fake_pattern(i));
	assert_int_equal(uc_file_seek(f, 0, SEEK_HOLE), 4096);
	assert_int_equal(uc_file_seek(f, 4096, SEEK_DATA), 8192);
	assert_int_equal(f->ops->fallocate(f, 0, 12288, 8192), 0);
	struct statx st;
	assert_int_equal(uc_file_stat(f, &st), 0);
	assert_int_equal(st.stx_size, 20480);
	assert_int_equal(st.stx_blocks, 4 * 8);
	assert_int_equal(f->ops->fallocate(f, FALLOC_FL_COLLAPSE_RANGE, 0, 4096), -EOPNOTSUPP);
	assert_int_equal(f->ops->fallocate(f, 0, 0, 0), -EINVAL);
	uc_file_unref(f);
}

static void limits_hold(void **state)
{
	struct uc_file *f = must_open("/f", O_RDWR | O_CREAT);
	fake_fsize = 10;
	assert_int_equal(write_at(f, "0123456789a", 11, 0), 10); /* as much as there is room for */
	assert_int_equal(write_at(f, "a", 1, 10), -EFBIG);
	fake_fsize = UINT64_MAX;
	assert_int_equal(uc_file_truncate(f, 0), 0);
	fake_frames_limit = 0;
	assert_int_equal(write_at(f, "0", 1, 0), -ENOSPC);
	fake_frames_limit = 100000;
	struct uc_iovec v[2] = { { (uint64_t)(uintptr_t)"abcd", 4 }, { (uint64_t)-4096, 4096 } };
	struct uc_iter it = { .iov = v, .niov = 2, .left = 4100 };
	uint64_t pos = 0;
	assert_int_equal(uc_file_write(f, &it, &pos), 4);
	it = (struct uc_iter){ .iov = v + 1, .niov = 1, .left = 4096 };
	assert_int_equal(uc_file_write(f, &it, &pos), -EFAULT);
	uc_file_unref(f);
	expect_text("/f", "abcd");
}

/* ---- mappings ---- */

static struct uc_vm_page get_page(struct uc_file *f, uint64_t pgoff, enum uc_vm_access access,
				  int want)
{
	struct uc_vm_page p = { 0 };
	assert_int_equal(f->inode->vmobj.ops->page(&f->inode->vmobj, pgoff, access, &p), want);
	return p;
}

static bool in_image(uc_paddr pa)
{
	return pa >= (uc_paddr)(uintptr_t)fake_image &&
	       pa < (uc_paddr)(uintptr_t)fake_image + fake_image_len;
}

static void mappings_use_the_image(void **state)
{
	struct uc_file *f = must_open("/a/ten", O_RDWR);
	struct uc_vm_page p = get_page(f, 0, UC_VM_READ, 0);
	assert_true(in_image(p.pa));
	assert_int_equal(p.run, 2);
	p = get_page(f, 2, UC_VM_READ, 0); /* the tail is padded in a copy */
	assert_false(in_image(p.pa));
	uint8_t *b = (uint8_t *)(uintptr_t)p.pa;
	assert_int_equal(b[10000 - 8192 - 1], fake_pattern(9999));
	assert_int_equal(b[10000 - 8192], 0);
	assert_int_equal(b[4095], 0);
	uc_frame_unref(p.pa);
	get_page(f, 3, UC_VM_READ, -ERANGE);
	p = get_page(f, 0, UC_VM_WRITE, 0);
	assert_false(in_image(p.pa));
	*(uint8_t *)(uintptr_t)p.pa = 'W';
	uc_frame_unref(p.pa);
	uint8_t c;
	assert_int_equal(read_at(f, &c, 1, 0), 1);
	assert_int_equal(c, 'W');
	p = get_page(f, 1, UC_VM_READ, 0);
	assert_int_equal(p.run, 1);
	assert_int_equal(uc_file_truncate(f, 4096), 0);
	get_page(f, 1, UC_VM_READ, -ERANGE);
	uc_file_unref(f);
}

static void rewritten_text_is_mapped(void **state)
{
	struct uc_file *f = must_open("/bin/prog", O_RDWR);
	struct uc_vmobj *o = &f->inode->vmobj;
	uint64_t vaddr, n;
	assert_int_equal(get_page(f, 0, UC_VM_READ, 0).run, 3);
	assert_int_equal(get_page(f, 0, UC_VM_EXEC, 0).run, 1);
	struct uc_vm_page p = get_page(f, 1, UC_VM_EXEC, 0);
	assert_true(in_image(p.pa));
	assert_int_equal(*(char *)(uintptr_t)p.pa, 'R');
	struct uc_vmobj *stubs = o->ops->stubs(o, &vaddr, &n);
	assert_non_null(stubs);
	assert_int_equal(vaddr, 0x10000);
	assert_int_equal(n, 1);
	assert_int_equal(stubs->ops->page(stubs, 0, UC_VM_EXEC, &p), 0);
	assert_int_equal(*(char *)(uintptr_t)p.pa, 'S');
	assert_int_equal(stubs->ops->page(stubs, 1, UC_VM_EXEC, &p), -ERANGE);
	assert_int_equal(write_at(f, "x", 1, 0), 1);
	assert_null(o->ops->stubs(o, &vaddr, &n));
	p = get_page(f, 1, UC_VM_EXEC, 0);
	assert_int_equal(*(uint8_t *)(uintptr_t)p.pa, fake_pattern(4096));
	uc_file_unref(f);
	f = must_open("/a/ten", O_RDONLY);
	o = &f->inode->vmobj;
	assert_null(o->ops->stubs(o, &vaddr, &n));
	uc_file_unref(f);
}

static void mapped_files_keep_their_name(void **state)
{
	char buf[64];
	uint64_t dev, ino;
	struct uc_file *f = must_open("/a/ten", O_RDONLY);
	struct uc_vmobj *o = &f->inode->vmobj;
	o->ops->ref(o);
	uc_file_unref(f);
	uc_dcache_shrink(UINT32_MAX);
	o->ops->describe(o, buf, sizeof(buf), &dev, &ino);
	assert_string_equal(buf, "/a/ten");
	o->ops->unref(o);
}

/* ---- the rest ---- */

static void xattrs_merge(void **state)
{
	char buf[64];
	struct uc_dentry *d = uc_vfs_lookup(fs, NULL, "/a/hello", 0);
	struct uc_inode *i = d->inode;
	assert_int_equal(uc_vfs_getxattr(i, "user.color", buf, sizeof(buf)), 4);
	assert_memory_equal(buf, "blue", 4);
	assert_int_equal(uc_vfs_getxattr(i, "user.color", buf, 3), -ERANGE);
	assert_int_equal(uc_vfs_getxattr(i, "user.color", NULL, 0), 4);
	assert_int_equal(uc_vfs_getxattr(i, "user.none", buf, 3), -ENODATA);
	assert_int_equal(uc_vfs_getxattr(i, "what.ever", buf, 3), -EOPNOTSUPP);
	assert_int_equal(uc_vfs_setxattr(i, "user.color", "red", 3, XATTR_CREATE), -EEXIST);
	assert_int_equal(uc_vfs_setxattr(i, "user.size", "big", 3, XATTR_REPLACE), -ENODATA);
	assert_int_equal(uc_vfs_setxattr(i, "user.size", "big", 3, 0), 0);
	assert_int_equal(uc_vfs_listxattr(i, buf, sizeof(buf)), 21);
	assert_int_equal(uc_vfs_listxattr(i, NULL, 0), 21);
	assert_int_equal(uc_vfs_setxattr(i, "user.color", NULL, SIZE_MAX, 0), 0);
	assert_int_equal(uc_vfs_getxattr(i, "user.color", buf, sizeof(buf)), -ENODATA);
	uc_dentry_unref(d);
}

static void tmpfile_gets_a_name(void **state)
{
	char buf[64];
	struct uc_file *f = must_open("/empty", O_TMPFILE | O_RDWR);
	assert_int_equal(write_at(f, "tmp", 3, 0), 3);
	assert_non_null(strstr(uc_dentry_show(f->dentry, NULL, buf, sizeof(buf)), "(deleted)"));
	assert_int_equal(uc_vfs_link(fs, f->dentry, NULL, "/empty/named"), 0);
	uc_file_unref(f);
	expect_text("/empty/named", "tmp");
}

static void memfd_seals(void **state)
{
	struct uc_file *f = uc_tmpfs_file_new("x", O_RDWR, true);
	assert_false(UC_IS_ERR(f));
	assert_int_equal(write_at(f, "abc", 3, 0), 3);
	assert_int_equal(uc_tmpfs_add_seals(f, F_SEAL_GROW), 0);
	assert_int_equal(write_at(f, "abcd", 4, 0), 3);
	assert_int_equal(write_at(f, "d", 1, 3), -EPERM);
	assert_int_equal(uc_file_truncate(f, 2), 0);
	assert_int_equal(uc_tmpfs_add_seals(f, F_SEAL_SHRINK | F_SEAL_WRITE | F_SEAL_SEAL), 0);
	assert_int_equal(uc_file_truncate(f, 1), -EPERM);
	assert_int_equal(write_at(f, "d", 1, 0), -EPERM);
	assert_int_equal(uc_tmpfs_add_seals(f, F_SEAL_GROW), -EPERM);
	uc_file_unref(f);
}

static void a_cut_off_image_is_refused(void **state)
{
	struct uc_super *sb;
	assert_int_equal(uc_rootfs_new(fake_image, 0, fake_image_len - 4096, &sb), -EUCLEAN);
	assert_int_equal(uc_rootfs_new(fake_image, 0, 100, &sb), -EINVAL);
}

/* Something of everything; results do not matter. */
static void exercise(void)
{
	static struct names l;
	struct uc_file *f = try_open("/a/dirlink/../new", O_RDWR | O_CREAT);
	if (!UC_IS_ERR(f)) {
		write_at(f, "text", 4, 100000);
		uc_file_unref(f);
	}
	f = try_open("/a/link", O_RDWR);
	if (!UC_IS_ERR(f)) {
		write_at(f, "text", 4, 2);
		f->ops->fallocate(f, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096);
		uc_vfs_setxattr(f->inode, "user.x", "y", 1, 0);
		uc_file_unref(f);
	}
	uc_vfs_mknod(fs, NULL, "/dir", S_IFDIR | 0755, 0);
	uc_vfs_symlink(fs, "/a", NULL, "/dir/l");
	uc_vfs_rename(fs, NULL, "/a/ten", NULL, "/dir/ten", 0);
	uc_vfs_rename(fs, NULL, "/a/b", NULL, "/dir", RENAME_EXCHANGE);
	uc_vfs_unlink(fs, NULL, "/a/hello", false);
	f = try_open("/big", O_RDONLY);
	if (!UC_IS_ERR(f)) {
		l.n = 0;
		uc_file_readdir(f, add_name, &l);
		uc_file_unref(f);
	}
	f = uc_tmpfs_file_new("m", O_RDWR, true);
	if (!UC_IS_ERR(f))
		uc_file_unref(f);
	f = try_open("/empty", O_TMPFILE | O_RDWR);
	if (!UC_IS_ERR(f))
		uc_file_unref(f);
}

static void memory_may_run_out_anywhere(void **state)
{
	for (unsigned n = 1; n < 80; n++) {
		fake_heap_countdown = n;
		exercise();
		fake_heap_countdown = 0;
		if (n % 8)
			continue; /* in between, failures add up on one file system */
		teardown(state);
		setup(state);
	}
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(the_clock_is_asked_only_for_changes),
		T(image_files_read_back),
		T(a_write_copies_one_page),
		T(hard_links_share_a_change),
		T(unlinked_files_live_until_closed),
		T(directories_merge),
		T(listing_continues_while_names_go),
		T(rmdir_wants_empty),
		T(names_are_checked),
		T(rename_moves),
		T(attributes_survive_the_cache),
		T(writing_clears_set_id),
		T(truncated_bytes_do_not_come_back),
		T(sparse_files_are_sparse),
		T(holes_are_punched),
		T(limits_hold),
		T(mappings_use_the_image),
		T(rewritten_text_is_mapped),
		T(mapped_files_keep_their_name),
		T(xattrs_merge),
		T(tmpfile_gets_a_name),
		T(memfd_seals),
		T(a_cut_off_image_is_refused),
		T(memory_may_run_out_anywhere),
	};
	fake_load_image(getenv("UC_TEST_DATA"));
	uc_vfs_register_fs(&rfs_tmpfs_type);
	int r = cmocka_run_group_tests(tests, NULL, NULL);
	free(fake_image);
	return r;
}
