// SPDX-License-Identifier: BSD-3-Clause
// cflags: -ffreestanding
// sources: ../text.c ../tree.c ../inode.c ../file.c ../../vfs/iter.c ../../../base/lib/parse.c
#include <linux/stat.h>
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <asm/errno.h>
#include <uc/pseudofs.h>
#include <uc/string.h>
#include <uc/user.h>

char *strstr(const char *a, const char *b);
size_t uc_user_write_some(uc_uptr dst, const void *src, size_t n) { return 0; }
size_t uc_user_read_some(void *dst, uc_uptr src, size_t n) { return 0; }
int uc_user_zero(uc_uptr dst, size_t n) { return -EFAULT; }
uc_nsec uc_time_real(void) { return 5000000000u; }
void uc_inode_init(struct uc_inode *i, struct uc_super *sb, const struct uc_inode_ops *ops,
		   const struct uc_file_ops *fops, uint32_t mode)
{
	i->sb = sb;
	i->ops = ops;
	i->fops = fops;
	i->mode = mode;
	i->refs = 1;
}
loff_t uc_file_seek_size(struct uc_file *f, loff_t off, int whence, uint64_t size)
{
	return (loff_t)(f->pos = (uint64_t)off);
}

/* ---- a file system with a few entries and processes 1, 5 and 70 ---- */
static int generation;
static ssize_t show_long(char *buf, size_t cap, const struct uc_pseudo_key *k)
{
	struct uc_text t = { buf, cap, 0 };

	for (int i = 0; i < 1000; i++)
		uc_text_printf(&t, "line %d of %d\n", i, generation);
	return (ssize_t)t.len;
}
static ssize_t show_pid(char *buf, size_t cap, int pid)
{
	struct uc_text t = { buf, cap, 0 };

	uc_text_printf(&t, "pid %d\n", pid);
	return (ssize_t)t.len;
}
static const int pids[] = { 1, 5, 70 };
static int next(const struct uc_pseudo_key *dir, int after)
{
	for (unsigned i = 0; i < 3; i++)
		if (pids[i] > after)
			return pids[i];
	return -1;
}
static bool exists(const struct uc_pseudo_key *k)
{
	return k->pid == 1 || k->pid == 5 || k->pid == 70;
}
static struct uc_pseudo_entry pid_dir = { .name = "PID", .mode = S_IFDIR | 0555 };
static const struct uc_pseudo_numbered numbered = { next, exists, UC_PSEUDO_PID, &pid_dir };
static struct uc_pseudo_entry long_file = { .name = "long",
					    .mode = S_IFREG | 0444,
					    .show = show_long };
static struct uc_pseudo_entry deep_file = { .name = "deep",
					    .mode = S_IFREG | 0444,
					    .show_pid = show_pid };
static struct uc_pseudo_entry pid_file = { .name = "who",
					   .mode = S_IFREG | 0444,
					   .show_pid = show_pid };
static struct uc_pseudo_fs fs = { .sb.type = "test", .root.numbered = &numbered };

static struct uc_inode *find(struct uc_inode *dir, const char *name)
{
	return dir->ops->lookup(dir, name, strlen(name));
}

static char *contents(struct uc_inode *i)
{
	struct uc_file f = { .ops = i->fops, .inode = i };
	static char buf[40000];
	size_t done = 0;

	for (;;) {
		struct uc_iovec one;
		struct uc_iter it;
		ssize_t n;

		uc_iter_kernel(&it, &one, buf + done, 777);
		n = f.ops->read(&f, &it, &f.pos);
		assert_true(n >= 0);
		done += (size_t)n;
		if (!n)
			break;
	}
	buf[done] = 0;
	f.ops->release(&f);
	return buf;
}

static void finds_static_and_numbered_entries(void **state)
{
	struct uc_inode *root = fs.sb.root, *d, *s, *i;

	i = find(root, "long");
	assert_int_equal(i->mode, S_IFREG | 0444);
	i->ops->release(i);
	d = find(root, "70");
	i = find(d, "who");
	assert_string_equal(contents(i), "pid 70\n");
	i->ops->release(i);
	d->ops->release(d);
	d = find(root, "sys");
	s = find(d, "kernel");
	i = find(s, "deep");
	assert_string_equal(contents(i), "pid 0\n");
	i->ops->release(i);
	s->ops->release(s);
	d->ops->release(d);
}

static void refuses_other_names(void **state)
{
	static const char *const names[] = { "6",   "05",     "+5",          "5x", "",
					     "lon", "longer", "99999999999", "-1", "PID" };

	for (unsigned i = 0; i < UC_ARRAY_SIZE(names); i++)
		assert_ptr_equal(find(fs.sb.root, names[i]), UC_ERR_PTR(-ENOENT));
}

/* A reader sees one version of a text however small its reads are. */
static void a_long_text_is_read_whole_and_consistent(void **state)
{
	struct uc_inode *i = find(fs.sb.root, "long");
	char *s = contents(i);

	assert_non_null(strstr(s, "line 0 of 0\n"));
	assert_non_null(strstr(s, "line 999 of 0\n"));
	generation = 1;
	assert_non_null(strstr(contents(i), "line 999 of 1\n"));
	i->ops->release(i);
}

struct listing { char names[20][16]; unsigned n, room; uint64_t pos; };
static int gather(void *ctx, const char *name, size_t len, uint64_t ino, unsigned dtype,
		  uint64_t next_pos)
{
	struct listing *l = ctx;

	if (!l->room)
		return 1;
	l->room--;
	memcpy(l->names[l->n], name, len);
	l->names[l->n++][len] = 0;
	l->pos = next_pos;
	return 0;
}

static void lists_each_entry_once_in_pieces_of_any_size(void **state)
{
	for (unsigned piece = 1; piece < 8; piece++) {
		struct listing l = { .pos = 2 };
		unsigned before;

		do {
			before = l.n;
			l.room = piece;
			fs.sb.root->ops->readdir(fs.sb.root, l.pos, gather, &l);
		} while (l.n > before);
		assert_int_equal(l.n, 5);
		assert_string_equal(l.names[0], "long");
		assert_string_equal(l.names[4], "70");
	}
}

static void duplicate_names_are_refused(void **state)
{
	static struct uc_pseudo_entry again = { .name = "deep", .mode = S_IFREG };

	assert_int_equal(uc_pseudo_add(&fs, "sys/kernel", &again), -EEXIST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_static_and_numbered_entries),
		cmocka_unit_test(refuses_other_names),
		cmocka_unit_test(a_long_text_is_read_whole_and_consistent),
		cmocka_unit_test(lists_each_entry_once_in_pieces_of_any_size),
		cmocka_unit_test(duplicate_names_are_refused),
	};

	uc_pseudo_add(&fs, "", &long_file);
	uc_pseudo_add(&fs, "sys/kernel", &deep_file);
	uc_pseudo_add_to(&pid_dir, "", &pid_file);
	uc_pseudo_super(&fs);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
