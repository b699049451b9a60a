// SPDX-License-Identifier: BSD-3-Clause
// sources: ../root.c ../tree.c ../pick.c ../program.c ../script.c ../library.c ../closure.c
// sources: ../byname.c ../rules.c ../nsswitch.c ../../elf/parse.c
// sources: ../../elf/file.c ../../util/mem.c ../../util/vec.c
// sources: ../../util/map.c ../../util/path.c ../../util/file.c ../../util/sha256.c ../../cli/msg.c
// sources: ../../cli/progress.c ../../cli/value.c
// libs: -lxxhash -lelf
// data: ../../elf/fuzz/corpus-elf_parse/
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/rootfs.h>

/*
 * Small programs and libraries from the decoder's seeds: `dyn` needs libb.so.1 (which is libb.so)
 * by DT_RUNPATH $ORIGIN/../lib and has glibc's interpreter; `static` needs nothing.
 */
struct fixture {
	char dir[32];
	struct uc_root root;
	struct uc_tree tree;
	struct uc_map cache;
	struct uc_rootfs r;
};

static int set_up(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	snprintf(f->dir, sizeof(f->dir), "%s", "/tmp/uc-closure-XXXXXX");
	*state = f;
	if (!mkdtemp(f->dir)) return -1;
	f->root.dir = f->dir;
	f->r = (struct uc_rootfs){ .root = &f->root, .tree = &f->tree, .cache = &f->cache };
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	int rc = uc_rmtree(f->dir);

	for (size_t i = 0; i < f->cache.n; i++) free(f->cache.e[i].value);
	uc_map_free(&f->cache);
	uc_rootfs_free(&f->r);
	uc_tree_free(&f->tree);
	free(f);
	return rc;
}

static void install(struct fixture *f, const char *seed, const char *path)
{
	const char *data = getenv("UC_TEST_DATA");
	char *from = uc_path_join(data ? data : "tools/lib/elf/fuzz/corpus-elf_parse", seed);
	char *to = uc_root_host(&f->root, path), *dir = uc_path_dir(to);

	assert_int_equal(uc_mkdirs(dir, 0755), 0);
	assert_int_equal(uc_file_copy(from, to, 0755), 0);
	free(from);
	free(to);
	free(dir);
}

static void text(struct fixture *f, const char *path, const char *content)
{
	char *to = uc_root_host(&f->root, path), *dir = uc_path_dir(to);

	assert_int_equal(uc_mkdirs(dir, 0755), 0);
	assert_int_equal(uc_file_write(to, content, strlen(content), 0755), 0);
	free(to);
	free(dir);
}

static void link_to(struct fixture *f, const char *path, const char *target)
{
	char *to = uc_root_host(&f->root, path);

	assert_int_equal(symlink(target, to), 0);
	free(to);
}

static void interpreter(struct fixture *f)
{
	install(f, "static", "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
	text(f, "/usr/lib64/.keep", "");
	link_to(f, "/usr/lib64/ld-linux-x86-64.so.2",
		"../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2");
	link_to(f, "/lib64", "usr/lib64");
	link_to(f, "/lib", "usr/lib");
}

static int closure(struct fixture *f, const char *path)
{
	int rc = uc_rootfs_program(&f->r, path, path, NULL);

	return rc ? rc : uc_rootfs_close(&f->r);
}

static void a_static_program_needs_itself_only(void **state)
{
	struct fixture *f = *state;

	install(f, "static", "/bin/p");
	assert_int_equal(closure(f, "/bin/p"), 0);
	assert_non_null(uc_tree_get(&f->tree, "/bin/p"));
	assert_int_equal(f->tree.nodes.n, 2);
}

static void libraries_are_found_by_the_run_path(void **state)
{
	struct fixture *f = *state;

	interpreter(f);
	install(f, "dyn", "/opt/bin/p");
	install(f, "libb.so", "/opt/lib/libb.so.1.0");
	link_to(f, "/opt/lib/libb.so.1", "libb.so.1.0");
	assert_int_equal(closure(f, "/opt/bin/p"), 0);
	assert_int_equal(uc_tree_get(&f->tree, "/opt/lib/libb.so.1")->kind, UC_NODE_LINK);
	assert_int_equal(uc_tree_get(&f->tree, "/opt/lib/libb.so.1.0")->kind, UC_NODE_FILE);
	assert_int_equal(uc_tree_get(&f->tree, "/lib64")->kind, UC_NODE_LINK);
	assert_non_null(uc_tree_get(&f->tree, "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"));
	/* Found by the run path, so not for the cache of the default folders. */
	assert_null(uc_map_get(&f->cache, "libb.so.1"));
}

static void libraries_are_found_in_configured_folders(void **state)
{
	struct fixture *f = *state;

	interpreter(f);
	install(f, "dyn", "/opt/bin/p");
	install(f, "libb.so", "/srv/special/libb.so.1");
	text(f, "/etc/ld.so.conf", "# comment\ninclude ld.so.conf.d/*.conf\n");
	text(f, "/etc/ld.so.conf.d/a.conf", "/srv/special\n");
	assert_int_equal(closure(f, "/opt/bin/p"), 0);
	assert_string_equal(uc_map_get(&f->cache, "libb.so.1"), "/srv/special/libb.so.1");
}

static void libraries_of_another_kind_are_passed_over(void **state)
{
	struct fixture *f = *state;

	interpreter(f);
	install(f, "dyn", "/opt/bin/p");
	text(f, "/opt/lib/libb.so.1", "not a library");
	install(f, "libb.so", "/usr/lib/libb.so.1");
	assert_int_equal(closure(f, "/opt/bin/p"), 0);
	assert_null(uc_tree_get(&f->tree, "/opt/lib/libb.so.1"));
	assert_non_null(uc_tree_get(&f->tree, "/usr/lib/libb.so.1"));
}

static void a_missing_library_is_an_error_unless_allowed(void **state)
{
	struct fixture *f = *state;

	interpreter(f);
	install(f, "dyn", "/opt/bin/p");
	assert_int_equal(closure(f, "/opt/bin/p"), UC_ST_UNAVAILABLE);
	uc_rootfs_free(&f->r);
	f->r = (struct uc_rootfs){
		.root = &f->root, .tree = &f->tree, .cache = &f->cache, .allow_missing = true
	};
	assert_int_equal(closure(f, "/opt/bin/p"), 0);
}

static void a_plugin_may_lack_a_library(void **state)
{
	struct fixture *f = *state;

	install(f, "static", "/bin/p");
	install(f, "dyn", "/plugins/x.so");
	assert_int_equal(uc_rootfs_program(&f->r, "/bin/p", "p", NULL), 0);
	assert_int_equal(uc_rootfs_pick_tree(&f->r, "/plugins", NULL), 0);
	assert_int_equal(uc_rootfs_close(&f->r), 0);
}

static void alternatives_outside_the_search_path_are_linked(void **state)
{
	struct fixture *f = *state;
	struct uc_map by_name = { 0 };

	interpreter(f);
	install(f, "dyn", "/opt/bin/p");
	install(f, "libb.so", "/usr/lib/x86_64-linux-gnu/kind/libb.so.1");
	*uc_map_put(&by_name, "libb.so.1") = "/usr/lib/x86_64-linux-gnu/kind/libb.so.1";
	f->r.by_name = &by_name;
	assert_int_equal(closure(f, "/opt/bin/p"), 0);
	assert_string_equal(uc_tree_get(&f->tree, "/usr/lib/x86_64-linux-gnu/libb.so.1")->text,
			    "/usr/lib/x86_64-linux-gnu/kind/libb.so.1");
	uc_map_free(&by_name);
}

static void scripts_bring_their_interpreter(void **state)
{
	struct fixture *f = *state;

	install(f, "static", "/usr/bin/lang");
	install(f, "static", "/usr/bin/env");
	text(f, "/a", "#!/usr/bin/lang -x\n");
	text(f, "/b", "#! /usr/bin/env -S A=1 lang -x\n");
	text(f, "/c", "#!/usr/bin/none\n");
	text(f, "/d", "no script\n");
	assert_int_equal(closure(f, "/a"), 0);
	assert_non_null(uc_tree_get(&f->tree, "/usr/bin/lang"));
	assert_null(uc_tree_get(&f->tree, "/usr/bin/env"));
	assert_int_equal(closure(f, "/b"), 0);
	assert_non_null(uc_tree_get(&f->tree, "/usr/bin/env"));
	assert_int_equal(closure(f, "/c"), UC_ST_UNAVAILABLE);
	assert_int_equal(closure(f, "/d"), UC_ST_DATA);
	assert_int_equal(closure(f, "/nosuch"), UC_ST_NOINPUT);
}

static void a_shell_script_brings_what_it_names(void **state)
{
	struct fixture *f = *state;

	install(f, "static", "/bin/sh");
	install(f, "static", "/usr/bin/tool");
	install(f, "static", "/usr/bin/other");
	install(f, "static", "/usr/bin/pager");
	install(f, "static", "/usr/bin/unnamed");
	text(f, "/usr/bin/helper", "#!/bin/sh\nexec other\n");
	text(f, "/usr/bin/s",
	     "#! /bin/sh -e\n# unnamed\ntool=1; x=$(tool a)|helper # unnamed\n${X:-pager} <x\n");
	assert_int_equal(closure(f, "/usr/bin/s"), 0);
	assert_non_null(uc_tree_get(&f->tree, "/bin/sh"));
	assert_non_null(uc_tree_get(&f->tree, "/usr/bin/tool"));
	assert_non_null(uc_tree_get(&f->tree, "/usr/bin/helper"));
	assert_non_null(uc_tree_get(&f->tree, "/usr/bin/other"));
	assert_non_null(uc_tree_get(&f->tree, "/usr/bin/pager"));
	assert_null(uc_tree_get(&f->tree, "/usr/bin/unnamed"));
}

static void a_script_without_its_interpreter_is_refused(void **state)
{
	struct fixture *f = *state;

	text(f, "/bin/s", "#!/bin/absent\n");
	assert_int_equal(closure(f, "/bin/s"), UC_ST_UNAVAILABLE);
}

static void lines_of_shells_are_known(void **state)
{
	(void)state;
	assert_true(uc_script_is_shell("/bin/sh"));
	assert_true(uc_script_is_shell("/bin/bash -e"));
	assert_true(uc_script_is_shell("/usr/bin/env bash"));
	assert_false(uc_script_is_shell("/usr/bin/env python3"));
	assert_false(uc_script_is_shell("/usr/bin/shellfish"));
	assert_false(uc_script_is_shell("/usr/bin/env"));
	assert_false(uc_script_is_shell(""));
}

int main(void)
{
#define TEST(t) cmocka_unit_test_setup_teardown(t, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_static_program_needs_itself_only),
		TEST(libraries_are_found_by_the_run_path),
		TEST(libraries_are_found_in_configured_folders),
		TEST(libraries_of_another_kind_are_passed_over),
		TEST(a_missing_library_is_an_error_unless_allowed),
		TEST(a_plugin_may_lack_a_library),
		TEST(alternatives_outside_the_search_path_are_linked),
		TEST(scripts_bring_their_interpreter),
		TEST(a_shell_script_brings_what_it_names),
		TEST(a_script_without_its_interpreter_is_refused),
		TEST(lines_of_shells_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
