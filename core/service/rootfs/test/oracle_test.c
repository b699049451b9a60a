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
// Random file operations on rootfs and on the host's file system: results must be the same.
#include "fake.h"
#include <asm/unistd.h>
#include <linux/falloc.h>
#include <linux/fcntl.h>

extern long syscall(long nr, ...);
extern int *__errno_location(void);
extern char *mkdtemp(char *);

/* The host's result as a kernel would return it. */
static long host_result(long r) { return r < 0 ? -*__errno_location() : r; }
#define HOST(name, ...) host_result(syscall(__NR_##name, __VA_ARGS__))

static struct uc_fsctx *fs;
static uint64_t seed;
static char log_text[256]; /* the operation being compared */

static unsigned rnd(unsigned n)
{
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)(seed >> 33) % n;
}

/* ---- names ---- */

static const char *const words[] = { "b",       "c", "d",    "hello", "ten", "link",
				     "dirlink", "x", "hard", ".",     "abs2" };

static void make_path(char *buf, bool dots)
{
	unsigned n = 1 + (rnd(3) ? 0 : rnd(3));
	bool up = false;
	buf[0] = 0;
	for (unsigned k = 0; k < n; k++) {
		const char *w = words[rnd(UC_ARRAY_SIZE(words))];
		if (dots && !up && rnd(12) == 0) {
			w = "..";
			up = true;
		}
		strcat(buf, w);
		if (k + 1 < n || rnd(12) == 0)
			strcat(buf, "/");
	}
}

/* ---- comparison ---- */

static void same(long ours, long hosts)
{
	if (ours != hosts)
		fail_msg("%s: %ld here, %ld on the host", log_text, ours, hosts);
}

static long our_read(struct uc_file *f, void *buf, size_t n, uint64_t pos)
{
	struct uc_iovec v;
	struct uc_iter it;
	uc_iter_kernel(&it, &v, buf, n);
	return uc_file_read(f, &it, &pos);
}

static long our_write(struct uc_file *f, const void *buf, size_t n, uint64_t pos)
{
	struct uc_iovec v;
	struct uc_iter it;
	uc_iter_kernel(&it, &v, (void *)buf, n);
	return uc_file_write(f, &it, &pos);
}

static void compare_contents(struct uc_file *f, int fd)
{
	static char a[70000], b[70000];
	memset(a, 1, sizeof(a));
	memset(b, 1, sizeof(b));
	same(our_read(f, a, sizeof(a), 0), HOST(pread64, fd, b, sizeof(b), 0L));
	if (memcmp(a, b, sizeof(a)))
		fail_msg("%s: contents differ", log_text);
}

static void compare_stat(const char *path)
{
	struct statx a, b;
	struct uc_dentry *d = uc_vfs_lookup(fs, NULL, path, 0);
	long r = UC_IS_ERR(d) ? UC_PTR_ERR(d) : uc_inode_stat(d->inode, &a);
	if (!UC_IS_ERR(d))
		uc_dentry_unref(d);
	same(r, HOST(statx, AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &b));
	if (r)
		return;
	same(a.stx_mode, b.stx_mode);
	bool isdir = (a.stx_mode & S_IFMT) == S_IFDIR;
	if (!isdir) {
		same((long)a.stx_size, (long)b.stx_size);
		same(a.stx_nlink, b.stx_nlink);
	}
}

struct list { unsigned n; char name[64][24]; };

static int add(void *ctx, const char *name, size_t len, uint64_t ino, unsigned dtype, uint64_t next)
{
	struct list *l = ctx;
	assert_true(l->n < 64 && len < 24);
	memcpy(l->name[l->n], name, len);
	l->name[l->n++][len] = 0;
	return 0;
}

static int by_name(const void *a, const void *b) { return strcmp(a, b); }

static void host_list(int fd, struct list *l)
{
	char buf[4096];
	long n;
	l->n = 0;
	while ((n = HOST(getdents64, fd, buf, sizeof(buf))) > 0)
		for (long at = 0; at < n; at += *(uint16_t *)(buf + at + 16))
			add(l, buf + at + 19, strlen(buf + at + 19), 0, 0, 0);
}

static void compare_listing(struct uc_file *f, int fd)
{
	struct list a = { 0 }, b;
	int r = uc_file_readdir(f, add, &a);
	if (r == -ENOENT)
		return;
	assert_int_equal(r, 0);
	host_list(fd, &b);
	qsort(a.name, a.n, 24, by_name);
	qsort(b.name, b.n, 24, by_name);
	same(a.n, b.n);
	for (unsigned k = 0; k < a.n; k++)
		if (strcmp(a.name[k], b.name[k]))
			fail_msg("%s: %s here, %s on the host", log_text, a.name[k], b.name[k]);
}

/* ---- operations: each does the same on both sides ---- */

static void use_file(struct uc_file *f, int fd)
{
	static char data[9000];
	uint64_t pos = rnd(60000);
	long len = 1 + rnd(sizeof(data) - 1);
	switch (rnd(7)) {
	case 0: case 1:
		memset(data, (int)rnd(256), sizeof(data));
		same(our_write(f, data, (size_t)len, pos), HOST(pwrite64, fd, data, len, pos));
		break;
	case 2:
		same(uc_file_truncate(f, pos), HOST(ftruncate, fd, pos));
		break;
	case 3: {
		int mode = rnd(2) ? FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE : 0;
		long r = (f->flags & O_ACCMODE) == O_RDONLY
				 ? -EBADF
				 : f->ops->fallocate(f, mode, pos, (uint64_t)len);
		same(r, HOST(fallocate, fd, mode, pos, len));
		break;
	}
	case 4: {
		int whence = rnd(2) ? SEEK_DATA : SEEK_HOLE;
		long a = uc_file_seek(f, (loff_t)pos, whence), b = HOST(lseek, fd, pos, whence);
		/* What was reserved but not written may count as data or as a hole. */
		if (whence == SEEK_HOLE)
			same(a < 0, b < 0);
		break;
	}
	}
	if ((f->flags & O_ACCMODE) != O_WRONLY)
		compare_contents(f, fd);
}

static void op_open(void)
{
	static const int bits[] = { O_CREAT,    O_EXCL,      O_TRUNC, O_APPEND,
				    O_NOFOLLOW, O_DIRECTORY, O_PATH };
	char path[128];
	int flags = (int)rnd(3);
	make_path(path, true);
	for (unsigned k = 0; k < UC_ARRAY_SIZE(bits); k++)
		if (rnd(k < 1 ? 2 : k < 4 ? 5 : 12) == 0)
			flags |= bits[k];
	if ((flags & O_DIRECTORY) && (flags & O_CREAT) && !(flags & O_PATH))
		flags &= ~O_CREAT; /* Linux before 6.4 differs */
	snprintf(log_text, sizeof(log_text), "open %s %o", path, flags);
	struct uc_file *f = uc_vfs_open(fs, NULL, path, flags, 0644);
	long fd = HOST(openat, AT_FDCWD, path, flags, 0644);
	same(UC_IS_ERR(f) ? UC_PTR_ERR(f) : 0, fd < 0 ? fd : 0);
	if (UC_IS_ERR(f))
		return;
	if (!(flags & O_PATH) && (f->inode->mode & S_IFMT) == S_IFREG)
		use_file(f, (int)fd);
	else if (!(flags & O_PATH) && (f->inode->mode & S_IFMT) == S_IFDIR)
		compare_listing(f, (int)fd);
	uc_file_unref(f);
	HOST(close, fd);
}

static void op_names(void)
{
	char p[128], q[128];
	make_path(p, true);
	make_path(q, false);
	switch (rnd(7)) {
	case 0:
		snprintf(log_text, sizeof(log_text), "mkdir %s", p);
		same(uc_vfs_mknod(fs, NULL, p, S_IFDIR | 0755, 0),
		     HOST(mkdirat, AT_FDCWD, p, 0755));
		break;
	case 1:
		snprintf(log_text, sizeof(log_text), "unlink %s", p);
		same(uc_vfs_unlink(fs, NULL, p, false), HOST(unlinkat, AT_FDCWD, p, 0));
		break;
	case 2:
		snprintf(log_text, sizeof(log_text), "rmdir %s", p);
		same(uc_vfs_unlink(fs, NULL, p, true), HOST(unlinkat, AT_FDCWD, p, AT_REMOVEDIR));
		break;
	case 3: {
		snprintf(log_text, sizeof(log_text), "link %s %s", p, q);
		struct uc_dentry *d = uc_vfs_lookup(fs, NULL, p, 0);
		long r = UC_IS_ERR(d) ? UC_PTR_ERR(d) : uc_vfs_link(fs, d, NULL, q);
		if (!UC_IS_ERR(d))
			uc_dentry_unref(d);
		same(r, HOST(linkat, AT_FDCWD, p, AT_FDCWD, q, 0));
		break;
	}
	case 4:
		snprintf(log_text, sizeof(log_text), "symlink %s %s", q, p);
		same(uc_vfs_symlink(fs, q, NULL, p), HOST(symlinkat, q, AT_FDCWD, p));
		break;
	default: {
		unsigned flags = rnd(4) == 0 ? RENAME_EXCHANGE : rnd(4) == 0 ? RENAME_NOREPLACE : 0;
		snprintf(log_text, sizeof(log_text), "rename %s %s %u", p, q, flags);
		same(uc_vfs_rename(fs, NULL, p, NULL, q, flags),
		     HOST(renameat2, AT_FDCWD, p, AT_FDCWD, q, flags));
		break;
	}
	}
	compare_stat(p);
	compare_stat(q);
}

static void op_stat(void)
{
	char p[128];
	make_path(p, true);
	snprintf(log_text, sizeof(log_text), "stat %s", p);
	compare_stat(p);
}

/* ---- the same start on both sides ---- */

static void host_put(const char *path, const char *from)
{
	static char buf[20000];
	struct uc_file *f = uc_vfs_open(fs, NULL, from, O_RDONLY, 0);
	assert_false(UC_IS_ERR(f));
	long n = our_read(f, buf, sizeof(buf), 0);
	uc_file_unref(f);
	long fd = HOST(openat, AT_FDCWD, path, O_CREAT | O_WRONLY, 0644);
	assert_true(fd >= 0);
	assert_int_equal(HOST(write, fd, buf, n), n);
	HOST(close, fd);
}

static void host_start(char *base)
{
	assert_non_null(mkdtemp(base));
	assert_int_equal(HOST(chmod, base, 0755), 0);
	assert_int_equal(HOST(chdir, base), 0);
	assert_int_equal(HOST(mkdirat, AT_FDCWD, "a", 0755), 0);
	assert_int_equal(HOST(chdir, "a"), 0);
	assert_int_equal(HOST(mkdirat, AT_FDCWD, "b", 0755), 0);
	host_put("hello", "/a/hello");
	host_put("ten", "/a/ten");
	host_put("eight", "/a/eight");
	host_put("suid", "/a/suid");
	host_put("secret", "/a/secret");
	HOST(linkat, AT_FDCWD, "hello", AT_FDCWD, "b/hard", 0);
	HOST(symlinkat, "hello", AT_FDCWD, "link");
	HOST(symlinkat, "/a/hello", AT_FDCWD, "abs");
	HOST(symlinkat, "../a/b", AT_FDCWD, "dirlink");
}

static int setup(void **state)
{
	static char base[64];
	struct uc_super *sb;
	snprintf(base, sizeof(base), "%s/uc-oracle-XXXXXX",
		 HOST(access, "/dev/shm", 2) == 0 ? "/dev/shm" : "/tmp");
	HOST(umask, 0);
	assert_int_equal(
		uc_rootfs_new(fake_image, (uc_paddr)(uintptr_t)fake_image, fake_image_len, &sb), 0);
	assert_int_equal(uc_vfs_mount_root(sb), 0);
	fs = uc_fsctx_new();
	fs->umask = 0;
	host_start(base);
	assert_int_equal(uc_vfs_mknod(fs, NULL, "/base", S_IFDIR | 0755, 0), 0);
	assert_int_equal(uc_vfs_rename(fs, NULL, "/a", NULL, "/base/a", 0), 0);
	uc_dentry_unref(fs->cwd);
	fs->cwd = uc_vfs_lookup(fs, NULL, "/base/a", 0);
	*state = base;
	return 0;
}

static int teardown(void **state)
{
	char command[128];
	struct uc_dentry *root = uc_vfs_root;
	struct uc_super *sb = root->sb;
	HOST(chdir, "/");
	snprintf(command, sizeof(command), "rm -rf %s", (char *)*state);
	assert_int_equal(system(command), 0);
	uc_fsctx_unref(fs);
	uc_dcache_prune(root);
	uc_dcache_shrink(UINT32_MAX);
	assert_int_equal(root->refs, 1);
	uc_vfs_forget_root();
	sb->kill(sb);
	assert_int_equal(fake_live_frames, 0);
	return 0;
}

static void episode(uint64_t start)
{
	seed = start;
	for (unsigned k = 0; k < 4000; k++) {
		unsigned what = rnd(10);
		if (what < 4)
			op_open();
		else if (what < 8)
			op_names();
		else
			op_stat();
		if (rnd(50) == 0)
			uc_dcache_shrink(UINT32_MAX);
	}
}

static void same_as_host_1(void **state) { episode(1); }
static void same_as_host_2(void **state) { episode(2); }
static void same_as_host_3(void **state) { episode(3); }
static void same_as_host_4(void **state) { episode(4); }
static void same_as_host_5(void **state) { episode(5); }

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(same_as_host_1), T(same_as_host_2), T(same_as_host_3),
		T(same_as_host_4), T(same_as_host_5),
	};
	if (syscall(__NR_geteuid) != 0) {
		print_message(
			"skipped: the comparison needs root, for whom no permission is refused\n");
		return 0;
	}
	fake_load_image(getenv("UC_TEST_DATA"));
	int r = cmocka_run_group_tests(tests, NULL, NULL);
	free(fake_image);
	return r;
}
