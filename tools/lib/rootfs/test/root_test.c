// SPDX-License-Identifier: BSD-3-Clause
// sources: ../root.c ../tree.c ../skeleton.c ../ldcache.c ../unpack.c ../owners.c ../../util/mem.c
// sources: ../../util/vec.c ../../util/map.c
// sources: ../../util/path.c ../../util/file.c ../../util/sha256.c ../../cli/msg.c
// sources: ../../cli/progress.c ../../cli/value.c
// libs: -lxxhash -larchive
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <archive.h>
#include <archive_entry.h>

#include <unicore/rootfs.h>
#include <unicore/unpack.h>

struct place {
	char dir[32];
	struct uc_root root;
};

static int make_place(void **state)
{
	struct place *p = calloc(1, sizeof(*p));

	snprintf(p->dir, sizeof(p->dir), "%s", "/tmp/uc-root-XXXXXX");
	*state = p;
	if (!mkdtemp(p->dir)) return -1;
	p->root.dir = p->dir;
	return 0;
}

static int remove_place(void **state)
{
	struct place *p = *state;
	int rc = uc_rmtree(p->dir);

	free(p);
	return rc;
}

static void put(struct place *p, const char *path, const char *text)
{
	char *host = uc_root_host(&p->root, path), *dir = uc_path_dir(host);

	assert_int_equal(uc_mkdirs(dir, 0755), 0);
	assert_int_equal(uc_file_write(host, text, strlen(text), 0644), 0);
	free(dir);
	free(host);
}

static void put_link(struct place *p, const char *path, const char *target)
{
	char *host = uc_root_host(&p->root, path), *dir = uc_path_dir(host);

	assert_int_equal(uc_mkdirs(dir, 0755), 0);
	assert_int_equal(symlink(target, host), 0);
	free(dir);
	free(host);
}

/* ---- lookups ---- */

static void links_are_followed_inside_the_root_only(void **state)
{
	struct place *p = *state;
	struct uc_vec trail = { 0 };
	char *canon;

	put(p, "/usr/lib/libx.so.1.2", "x");
	put_link(p, "/lib", "usr/lib");
	put_link(p, "/usr/lib/libx.so.1", "/lib/libx.so.1.2");
	put_link(p, "/escape", "../../../etc");
	put_link(p, "/loop", "loop");
	assert_int_equal(uc_root_lookup(&p->root, "/lib/libx.so.1", false, &trail, &canon, NULL),
			 0);
	assert_string_equal(canon, "/usr/lib/libx.so.1.2");
	assert_int_equal(trail.n, 2);
	assert_string_equal(trail.v[0], "/lib");
	assert_string_equal(trail.v[1], "/usr/lib/libx.so.1");
	free(canon);
	uc_vec_free(&trail);
	assert_int_equal(uc_root_lookup(&p->root, "/escape/passwd", false, NULL, &canon, NULL),
			 -ENOENT);
	assert_int_equal(uc_root_lookup(&p->root, "/loop", false, NULL, &canon, NULL), -ELOOP);
	assert_int_equal(
		uc_root_lookup(&p->root, "/usr/lib/libx.so.1.2/y", false, NULL, &canon, NULL),
		-ENOTDIR);
	assert_int_equal(uc_root_lookup(&p->root, "/../../usr/..", false, NULL, &canon, NULL), 0);
	assert_string_equal(canon, "/");
	free(canon);
}

static void glob_finds_sorted_matches(void **state)
{
	struct place *p = *state;
	struct uc_vec out = { 0 };

	put(p, "/a/p2/x.conf", "");
	put(p, "/a/p1/x.conf", "");
	put(p, "/a/p1/.hidden.conf", "");
	uc_root_glob(&p->root, "/a/*/*.conf", &out);
	assert_int_equal(out.n, 2);
	assert_string_equal(out.v[0], "/a/p1/x.conf");
	assert_string_equal(out.v[1], "/a/p2/x.conf");
	uc_vec_free(&out);
}

/* ---- trees ---- */

static void files_land_behind_links_of_the_tree(void **state)
{
	struct uc_tree t = { 0 };
	char *c;

	assert_int_equal(uc_tree_link(&t, "/bin", "usr/bin", 0, 0), 0);
	assert_int_equal(uc_tree_text(&t, "/bin/sh", "x", 1, 0755), 0);
	assert_non_null(uc_tree_get(&t, "/usr/bin/sh"));
	assert_null(uc_tree_get(&t, "/bin/sh"));
	c = uc_tree_resolve(&t, "/bin/sh");
	assert_string_equal(c, "/usr/bin/sh");
	free(c);
	assert_int_equal(uc_tree_text(&t, "/bin/sh/x", "x", 1, 0755), -ENOTDIR);
	assert_int_equal(uc_tree_text(&t, "/usr", "x", 1, 0755), -EISDIR);
	assert_int_equal(uc_tree_text(&t, "rel", "x", 1, 0755), -EINVAL);
	assert_int_equal(uc_tree_link(&t, "/l1", "l2", 0, 0), 0);
	assert_int_equal(uc_tree_link(&t, "/l2", "l1", 0, 0), 0);
	assert_int_equal(uc_tree_text(&t, "/l1/x", "x", 1, 0755), -ELOOP);
	uc_tree_free(&t);
}

static void the_skeleton_keeps_what_is_there(void **state)
{
	struct uc_tree t = { 0 };

	uc_tree_text(&t, "/etc/passwd", "mine", 4, 0600);
	uc_tree_dir(&t, "/lib", 0755, 0, 0);
	uc_tree_skeleton(&t);
	assert_string_equal(uc_tree_get(&t, "/etc/passwd")->text, "mine");
	assert_int_equal(uc_tree_get(&t, "/lib")->kind, UC_NODE_DIR);
	assert_int_equal(uc_tree_get(&t, "/bin")->kind, UC_NODE_LINK);
	assert_int_equal(uc_tree_get(&t, "/tmp")->mode, 01777);
	uc_tree_free(&t);
}

static void the_library_cache_is_in_descending_order(void **state)
{
	struct uc_map m = { 0 };
	struct uc_buf b = { 0 };
	uint32_t n, key[3];

	*uc_map_put(&m, "libb.so.9") = "/lib/libb.so.9";
	*uc_map_put(&m, "libb.so.10") = "/lib/libb.so.10";
	*uc_map_put(&m, "liba.so.1") = "/lib/liba.so.1";
	uc_ldcache_make(&m, &b);
	assert_memory_equal(b.p, "glibc-ld.so.cache1.1", 20);
	memcpy(&n, b.p + 20, 4);
	assert_int_equal(n, 3);
	for (int i = 0; i < 3; i++) memcpy(&key[i], b.p + 48 + 24 * i + 4, 4);
	assert_string_equal(b.p + key[0], "libb.so.10");
	assert_string_equal(b.p + key[1], "libb.so.9");
	assert_string_equal(b.p + key[2], "liba.so.1");
	uc_buf_free(&b);
	uc_map_free(&m);
}

/* ---- archives ---- */

struct member {
	const char *path;
	int type;
	const char *data;
	unsigned mode, uid;
};

static char *make_tar(struct place *p, const struct member *m, size_t n)
{
	char *path = uc_xasprintf("%s.tar", p->dir);
	struct archive *a = archive_write_new();

	archive_write_set_format_pax_restricted(a);
	assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
	for (size_t i = 0; i < n; i++) {
		struct archive_entry *e = archive_entry_new();

		archive_entry_set_pathname(e, m[i].path);
		archive_entry_set_perm(e, (mode_t)m[i].mode);
		archive_entry_set_uid(e, m[i].uid);
		if (m[i].type == 'h') {
			archive_entry_set_filetype(e, AE_IFREG);
			archive_entry_set_hardlink(e, m[i].data);
		} else {
			archive_entry_set_filetype(e, (__LA_MODE_T)m[i].type);
		}
		if (m[i].type == AE_IFLNK) archive_entry_set_symlink(e, m[i].data);
		if (m[i].type == AE_IFREG) archive_entry_set_size(e, (la_int64_t)strlen(m[i].data));
		assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
		if (m[i].type == AE_IFREG) archive_write_data(a, m[i].data, strlen(m[i].data));
		archive_entry_free(e);
	}
	archive_write_free(a);
	return path;
}

static int unpack(struct place *p, struct uc_unpack *u, const struct member *m, size_t n)
{
	char *tar = make_tar(p, m, n);
	int rc;

	u->root = p->root;
	rc = uc_unpack_file(u, tar);
	unlink(tar);
	free(tar);
	return rc;
}
#define UNPACK(p, u, m) unpack(p, u, m, sizeof(m) / sizeof(*m))

static bool has(struct place *p, const char *path)
{
	char *host = uc_root_host(&p->root, path);
	struct stat st;
	bool yes = lstat(host, &st) == 0;

	free(host);
	return yes;
}

static void an_archive_cannot_write_outside(void **state)
{
	struct place *p = *state;
	char outside[64];
	const struct member m[] = {
		{ "../up", AE_IFREG, "x", 0644, 0 },
		{ "out", AE_IFLNK, "/tmp", 0777, 0 },
		{ "out/uc-escaped", AE_IFREG, "x", 0644, 0 },
		{ "file", AE_IFLNK, "/etc/hostname", 0777, 0 },
		{ "file", AE_IFREG, "replaced", 0644, 0 },
		{ "dots", AE_IFLNK, "../../../../tmp", 0777, 0 },
		{ "dots/uc-escaped2", AE_IFREG, "x", 0644, 0 },
	};
	struct uc_unpack u = { 0 };

	assert_int_equal(UNPACK(p, &u, m), 0);
	assert_int_equal(access("/tmp/uc-escaped", F_OK), -1);
	assert_int_equal(access("/tmp/uc-escaped2", F_OK), -1);
	snprintf(outside, sizeof(outside), "%s/../up", p->dir);
	assert_int_equal(access(outside, F_OK), -1);
	assert_true(has(p, "/up"));
	assert_true(has(p, "/tmp/uc-escaped"));
	assert_true(has(p, "/tmp/uc-escaped2"));
	uc_unpack_free(&u);
}

static void a_hard_link_cannot_reach_outside(void **state)
{
	struct place *p = *state;
	const struct member m[] = {
		{ "etc", AE_IFLNK, "/etc", 0777, 0 },
		{ "stolen", 'h', "etc/passwd", 0644, 0 },
	};
	struct uc_unpack u = { 0 };

	assert_int_equal(UNPACK(p, &u, m), UC_ST_DATA);
	assert_false(has(p, "/stolen"));
	uc_unpack_free(&u);
}

static void owners_and_set_id_bits_are_kept_beside(void **state)
{
	struct place *p = *state;
	const struct member m[] = {
		{ "bin/su", AE_IFREG, "x", 04755, 0 },
		{ "home", AE_IFDIR, NULL, 0700, 1000 },
		{ "plain", AE_IFREG, "x", 0644, 0 },
		{ "again", 'h', "plain", 0644, 0 },
	};
	struct uc_unpack u = { 0 };
	struct uc_map back = { 0 };
	struct uc_buf b = { 0 };
	struct uc_owner *o;
	struct stat st;

	assert_int_equal(UNPACK(p, &u, m), 0);
	char *host = uc_root_host(&p->root, "/bin/su");
	assert_int_equal(stat(host, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0755);
	free(host);
	uc_owners_write(&u.owners, &b);
	assert_int_equal(uc_owners_read(b.p, b.n, &back), 0);
	o = uc_map_get(&back, "/bin/su");
	assert_non_null(o);
	assert_int_equal(o->mode, 04755);
	o = uc_map_get(&back, "/home");
	assert_int_equal(o->uid, 1000);
	assert_null(uc_map_get(&back, "/plain"));
	assert_int_equal(uc_owners_read("nonsense\n", 9, &back), -EINVAL);
	for (size_t i = 0; i < back.n; i++) free(back.e[i].value);
	uc_map_free(&back);
	uc_buf_free(&b);
	uc_unpack_free(&u);
}

static void whiteouts_remove_lower_layers_only(void **state)
{
	struct place *p = *state;
	const struct member lower[] = {
		{ "a/one", AE_IFREG, "1", 0644, 0 },
		{ "a/two", AE_IFREG, "2", 0644, 0 },
		{ "b/old", AE_IFREG, "3", 0644, 0 },
		{ "b/sub/deep", AE_IFREG, "4", 0644, 0 },
	};
	const struct member upper[] = {
		{ "a/.wh.one", AE_IFREG, "", 0644, 0 },
		{ "b/new", AE_IFREG, "5", 0644, 0 },
		{ "b/.wh..wh..opq", AE_IFREG, "", 0644, 0 },
	};
	struct uc_unpack u = { .whiteouts = true };

	assert_int_equal(UNPACK(p, &u, lower), 0);
	uc_unpack_next(&u);
	assert_int_equal(UNPACK(p, &u, upper), 0);
	assert_false(has(p, "/a/one"));
	assert_true(has(p, "/a/two"));
	assert_false(has(p, "/b/old"));
	assert_false(has(p, "/b/sub"));
	assert_true(has(p, "/b/new"));
	assert_false(has(p, "/a/.wh.one"));
	uc_unpack_free(&u);
}

int main(void)
{
#define IN_PLACE(f) cmocka_unit_test_setup_teardown(f, make_place, remove_place)
	const struct CMUnitTest tests[] = {
		IN_PLACE(links_are_followed_inside_the_root_only),
		IN_PLACE(glob_finds_sorted_matches),
		cmocka_unit_test(files_land_behind_links_of_the_tree),
		cmocka_unit_test(the_skeleton_keeps_what_is_there),
		cmocka_unit_test(the_library_cache_is_in_descending_order),
		IN_PLACE(an_archive_cannot_write_outside),
		IN_PLACE(a_hard_link_cannot_reach_outside),
		IN_PLACE(owners_and_set_id_bits_are_kept_beside),
		IN_PLACE(whiteouts_remove_lower_layers_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
