// SPDX-License-Identifier: BSD-3-Clause
// sources: ../map.c ../../util/mem.c ../../util/vec.c ../../util/map.c ../../util/file.c
// sources: ../../util/path.c ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
// libs: -lxxhash
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>

#include <unicore/members.h>

static int parse(const char *text, struct uc_members *m)
{
	char *copy = uc_xstrdup(text);
	int rc = uc_members_parse(copy, m);

	free(copy);
	return rc;
}

static const char map[] =
	"Archive member included to satisfy reference by file (symbol)\n\n"
	"/l/plat_kvm.a(pvh.S.o)\n                              (uc_pvh_note)\n"
	"/l/posix_file.a(open.c.o)\n                              /l/plat_kvm.a(pvh.S.o) "
	"(uc_sys_open)\n"
	"/l/dev_bus.a(bus.c.o)         (--whole-archive)\n"
	"/l/gone.a(gone.c.o)           /l/plat_kvm.a(pvh.S.o) (gone)\n"
	"\nDiscarded input sections\n\n .text          0x0        0x5 /l/gone.a(gone.c.o)\n"
	"\nMemory Configuration\n\nName Origin\n\nLinker script and memory map\n\n"
	".text           0x0    0x12\n"
	" .text.boot     0x0000000000000000      0x103 /l/plat_kvm.a(pvh.S.o)\n"
	"                0x0000000000000000                uc_pvh_entry\n"
	" *fill*         0x0000000000000308        0x8 cccccccc\n"
	" .text.uc_a_name_that_is_long\n"
	"                0x0000000000000843      0x7d7 /l/posix_file.a(open.c.o)\n"
	" .bss.x         0x0000000000000900       0x10 /l/posix_file.a(open.c.o)\n"
	" .debug_info    0x0000000000000900       0x10 /l/posix_file.a(open.c.o)\n"
	" .data          0x0000000000000900        0x4 /l/dev_bus.a(bus.c.o)\n";

static void a_map_gives_objects_and_sections(void **state)
{
	struct uc_members m;

	assert_int_equal(parse(map, &m), 0);
	uc_members_compact(&m);
	assert_int_equal(m.n, 3);
	assert_string_equal(m.v[0].ulib, "plat_kvm");
	assert_string_equal(m.v[0].object, "pvh.S");
	assert_int_equal(m.v[0].bytes, 0x103);
	assert_string_equal(m.v[1].object, "open.c");
	assert_int_equal(m.v[1].nsections, 2);
	assert_int_equal(m.v[1].bytes, 0x7d7);
	uc_members_free(&m);
}

static void a_map_says_for_what_members_were_taken(void **state)
{
	struct uc_members m;

	assert_int_equal(parse(map, &m), 0);
	assert_string_equal(m.v[0].symbol, "uc_pvh_note");
	assert_int_equal(m.v[1].why, UC_WHY_SYMBOL);
	assert_int_equal(m.v[1].by, 0);
	assert_string_equal(m.v[1].symbol, "uc_sys_open");
	assert_int_equal(m.v[2].why, UC_WHY_DRIVER);
	uc_members_free(&m);
}

static void other_texts_are_refused(void **state)
{
	struct uc_members m;

	assert_int_equal(parse("", &m), -EINVAL);
	assert_int_equal(parse("\nLinker script and memory map\n", &m), -EINVAL);
	assert_int_equal(uc_members_read("/nonexistent", &m), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_map_gives_objects_and_sections),
		cmocka_unit_test(a_map_says_for_what_members_were_taken),
		cmocka_unit_test(other_texts_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
