// SPDX-License-Identifier: BSD-3-Clause
// sources: ../systab.c ../parts.c ../ulibs.c ../calls.c ../archive.c ../../util/mem.c
// sources: ../../util/vec.c ../libdir.c
// sources: ../../util/map.c ../../util/file.c
// sources: ../../util/path.c ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
// libs: -lelf -lxxhash
// data: ../../../../abi/
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <unicore/link.h>

static char *temp_file(const char *text)
{
	char *path = uc_xstrdup("/tmp/uc-link-XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
	return path;
}

static void the_table_of_calls_is_read(void **state)
{
	static const char text[] = "# comment\n0 read fd obuf size =size +restart\n\n"
				   "2 open path =fd\n";
	struct uc_systab t;
	unsigned line;

	assert_int_equal(uc_systab_parse(text, strlen(text), &t, &line), 0);
	assert_int_equal(t.n, 3);
	assert_int_equal(uc_systab_number(&t, "open"), 2);
	assert_int_equal(uc_systab_number(&t, "write"), -1);
	assert_null(t.name[1]);
	assert_true(t.path[2] && !t.path[0]);
	assert_true(t.restarts[0] && !t.restarts[2]);
	assert_string_equal(uc_systab_nearest(&t, "raed"), "read");
	uc_systab_free(&t);
}

static void malformed_tables_are_located(void **state)
{
	static const char *const bad[] = { "0 read\nx\n", "0 read\n0 write\n", "0 a\n5000 b\n",
					   "0 a\n1 B*\n", "0 a\n1\n" };
	struct uc_systab t;
	unsigned line;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(uc_systab_parse(bad[i], strlen(bad[i]), &t, &line), -EINVAL);
		assert_int_equal(line, 2);
	}
}

static void the_shipped_table_is_complete(void **state)
{
	const char *data = getenv("UC_TEST_DATA");
	char *path = uc_path_join(data ? data : "abi", "syscalls.tab");
	struct uc_systab t;

	assert_int_equal(uc_systab_load(path, &t), 0);
	free(path);
	assert_int_equal(uc_systab_number(&t, "read"), 0);
	assert_int_equal(uc_systab_number(&t, "exit_group"), 231);
	assert_int_equal(uc_systab_number(&t, "futex_waitv"), 449);
	uc_systab_free(&t);
}

static void a_list_of_calls_is_checked(void **state)
{
	static const char tab[] = "0 read\n1 write\n";
	char *good = temp_file("# wanted\nread  # one\n\n write\nread\n"),
	     *bad = temp_file("read\nwrit\n");
	struct uc_systab t;
	struct uc_vec v;
	unsigned line;

	assert_int_equal(uc_systab_parse(tab, strlen(tab), &t, &line), 0);
	assert_int_equal(uc_calls_load(good, &t, &v), 0);
	assert_int_equal(v.n, 2);
	uc_vec_free(&v);
	assert_int_equal(uc_calls_load(bad, &t, &v), UC_ST_DATA);
	assert_int_equal(uc_calls_load("/nonexistent/calls", &t, &v), UC_ST_NOINPUT);
	unlink(good);
	unlink(bad);
	free(good);
	free(bad);
	uc_systab_free(&t);
}

static const uint32_t *some_values(void *arg, const char *call, const char *argument, size_t *n)
{
	static const uint32_t wait = 128;

	assert_string_equal(argument, "op");
	*n = 1;
	return !strcmp(arg, call) ? &wait : NULL;
}

static void parts_go_by_calls_and_arguments(void **state)
{
	static const char tab[] = "0 read\n1 futex\n2 fork\npart any\npart two fork\n"
				  "part other futex op 0x7f not 0 1\npart pi futex op 0x7f 6\n";
	static const char *const bad[] = { "part \n", "part a b c\n", "part a b c 1\n" };
	struct uc_vec calls = { 0 }, parts = { 0 };
	struct uc_systab t;
	unsigned line;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(uc_systab_parse(bad[i], strlen(bad[i]), &t, &line), -EINVAL);
	assert_int_equal(uc_systab_parse(tab, strlen(tab), &t, &line), 0);
	uc_parts_needed(&t, NULL, &parts);
	assert_int_equal(parts.n, 4);
	uc_vec_free(&parts);
	uc_vec_add(&calls, "read");
	uc_vec_add(&calls, "futex");
	uc_parts_needed(&t, &calls, &parts);
	assert_true(parts.n == 3 && !uc_vec_has(&parts, "two"));
	uc_vec_free(&parts);
	uc_parts_exclude(&t, some_values, "read", &calls); /* nothing is known of futex */
	assert_int_equal(calls.n, 2);
	uc_parts_exclude(&t, some_values, "futex", &calls);
	assert_true(calls.n == 4 && uc_vec_has(&calls, "!other") && uc_vec_has(&calls, "!pi"));
	uc_parts_needed(&t, &calls, &parts);
	assert_true(parts.n == 1 && uc_vec_has(&parts, "any"));
	uc_vec_free(&parts);
	uc_vec_free(&calls);
	uc_systab_free(&t);
}

static bool chosen(const struct uc_ulibs *u, const char *name)
{
	for (size_t i = 0; i < u->n; i++)
		if (!strcmp(u->v[i].name, name)) return u->v[i].chosen;
	return false;
}

static bool mentions(void *arg, const char *text) { return !strcmp(arg, text); }

static int choose_by(struct uc_ulibs *u, const struct uc_vec *choose, const struct uc_vec *with,
		     const struct uc_vec *without)
{
	struct uc_ulib_choice c = { UC_PLATFORM_KVM, choose,   with, without,
				    mentions,	     "/other", NULL };

	return uc_ulibs_choose(u, &c);
}

static void alternatives_are_chosen_by_name(void **state)
{
	char *path = temp_file("a.a base lib - needed 0 - - -\n"
			       "b.a kern heap_slab heap needed 0 - - -\n"
			       "c.a kern heap_tlsf heap needed 0 - - -\n"
			       "d.a kern sched_coop sched needed 1 - - -\n"
			       "e.a posix trace - option 0 - - -\n"
			       "f.a dev bus - always 0 - - -\n"
			       "g.a posix proc - option 0 /proc/,/other - -\n"
			       "h.a dev virtio_pci - option 1 - - -\n"
			       "i.a plat kvm - needed 0 - kvm -\n"
			       "j.a plat linux - needed 0 - linux -\n");
	struct uc_vec choose = { 0 }, with = { 0 }, without = { 0 }, wrong = { 0 };
	struct uc_ulibs u;

	assert_int_equal(uc_ulibs_load(path, &u), 0);
	assert_int_equal(u.n, 10);
	assert_int_equal(choose_by(&u, NULL, NULL, NULL), 0);
	assert_true(chosen(&u, "lib") && chosen(&u, "heap_slab") && chosen(&u, "bus"));
	assert_false(chosen(&u, "heap_tlsf") || chosen(&u, "trace"));
	assert_true(chosen(&u, "proc") && chosen(&u, "virtio_pci"));
	assert_true(chosen(&u, "kvm") && !chosen(&u, "linux"));
	uc_vec_add(&without, "proc");
	uc_vec_add(&without, "virtio_pci");
	assert_int_equal(choose_by(&u, NULL, NULL, &without), 0);
	assert_false(chosen(&u, "proc") || chosen(&u, "virtio_pci"));
	assert_int_equal(choose_by(&u, NULL, &without, &without), 0);
	assert_true(chosen(&u, "proc"));
	uc_vec_free(&without);
	uc_vec_add(&choose, "heap=tlsf");
	uc_vec_add(&with, "trace");
	assert_int_equal(choose_by(&u, &choose, &with, NULL), 0);
	assert_true(chosen(&u, "heap_tlsf") && chosen(&u, "trace"));
	assert_false(chosen(&u, "heap_slab"));
	uc_vec_add(&wrong, "heap=buddy");
	assert_int_equal(choose_by(&u, &wrong, NULL, NULL), UC_ST_USAGE);
	uc_vec_free(&wrong);
	uc_vec_add(&wrong, "nosuch=x");
	assert_int_equal(choose_by(&u, &wrong, NULL, NULL), UC_ST_USAGE);
	uc_vec_free(&wrong);
	uc_vec_add(&wrong, "bus");
	assert_int_equal(choose_by(&u, NULL, &wrong, NULL), UC_ST_UNAVAILABLE);
	uc_vec_free(&wrong);
	uc_vec_free(&choose);
	uc_vec_free(&with);
	uc_ulibs_free(&u);
	unlink(path);
	free(path);
}

static void alternatives_are_chosen_by_calls(void **state)
{
	char *path = temp_file("d.a kern sched_coop sched needed 1 - - -\n"
			       "e.a kern sched_preempt sched needed 0 - - clone,fork\n");
	struct uc_vec choose = { 0 }, few = { 0 }, more = { 0 };
	struct uc_ulib_choice c = { .platform = UC_PLATFORM_KVM };
	struct uc_ulibs u;

	uc_vec_add(&few, "read");
	uc_vec_add(&more, "read");
	uc_vec_add(&more, "fork");
	uc_vec_add(&choose, "sched=coop");
	assert_int_equal(uc_ulibs_load(path, &u), 0);
	assert_int_equal(uc_ulibs_choose(&u, &c), 0);
	assert_true(chosen(&u, "sched_preempt") && !chosen(&u, "sched_coop"));
	c.calls = &few;
	assert_int_equal(uc_ulibs_choose(&u, &c), 0);
	assert_true(chosen(&u, "sched_coop") && !chosen(&u, "sched_preempt"));
	c.calls = &more;
	assert_int_equal(uc_ulibs_choose(&u, &c), 0);
	assert_true(chosen(&u, "sched_preempt"));
	c.choose = &choose;
	assert_int_equal(uc_ulibs_choose(&u, &c), 0);
	assert_true(chosen(&u, "sched_coop") && !chosen(&u, "sched_preempt"));
	uc_vec_free(&choose);
	uc_vec_free(&few);
	uc_vec_free(&more);
	uc_ulibs_free(&u);
	unlink(path);
	free(path);
}

static void what_is_no_archive_is_refused(void **state)
{
	char *path = temp_file("not an archive");
	struct uc_map calls = { 0 };

	assert_int_equal(uc_archive_names(path, UC_HANDLER, &calls), -EINVAL);
	assert_int_equal(uc_archive_names("/nonexistent.a", UC_HANDLER, &calls), -ENOENT);
	unlink(path);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_of_calls_is_read),
		cmocka_unit_test(malformed_tables_are_located),
		cmocka_unit_test(the_shipped_table_is_complete),
		cmocka_unit_test(a_list_of_calls_is_checked),
		cmocka_unit_test(parts_go_by_calls_and_arguments),
		cmocka_unit_test(alternatives_are_chosen_by_name),
		cmocka_unit_test(alternatives_are_chosen_by_calls),
		cmocka_unit_test(what_is_no_archive_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
