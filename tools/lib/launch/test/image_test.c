// SPDX-License-Identifier: BSD-3-Clause
// sources: ../image.c ../../util/mem.c ../../util/vec.c ../../util/path.c ../../util/file.c
// sources: ../../util/sha256.c
// sources: ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
// libs: -ljansson
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <unicore/msg.h>
#include <unicore/runimage.h>

static const char *decode(const char *text, struct uc_run_image *img)
{
	static char why[256];

	memset(img, 0, sizeof(*img));
	return uc_run_image_decode(text, strlen(text), img, why);
}

static void a_full_description(void **state)
{
	struct uc_run_image img;

	(void)state;
	assert_null(decode(
		"{\"exec\":\"/bin/x\",\"argv\":[\"x\",\"-a\"],\"env\":[\"A=1\"],\"cwd\":\"/w\","
		"\"uid\":5,\"gid\":6,\"hostname\":\"h\",\"loglevel\":2,\"trace\":true,"
		"\"root_bytes\":4096,\"memory\":1048576,\"calls\":[\"read\"],\"later\":{}}",
		&img));
	assert_string_equal(img.exec, "/bin/x");
	assert_int_equal(img.argv.n, 2);
	assert_string_equal(img.env.v[0], "A=1");
	assert_string_equal(img.cwd, "/w");
	assert_string_equal(img.hostname, "h");
	assert_int_equal(img.uid, 5);
	assert_int_equal(img.gid, 6);
	assert_int_equal(img.loglevel, 2);
	assert_true(img.trace);
	assert_int_equal(img.root_bytes, 4096);
	assert_int_equal(img.memory, 1 << 20);
	uc_run_image_free(&img);
}

static void the_least_description(void **state)
{
	struct uc_run_image img;

	(void)state;
	assert_null(decode("{\"exec\":\"/bin/x\"}", &img));
	assert_string_equal(img.argv.v[0], "/bin/x");
	assert_int_equal(img.loglevel, -1);
	assert_false(img.trace);
	uc_run_image_free(&img);
	assert_null(decode("{\"argv\":[\"x\"],\"cwd\":null}", &img));
	assert_null(img.exec);
	uc_run_image_free(&img);
}

static void what_is_malformed_is_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "line 1: " },
		{ "[]", "it is not a JSON object" },
		{ "{}", "it names no program" },
		{ "{\"argv\":[]}", "it names no program" },
		{ "{\"exec\":\"\"}", "its program has no name" },
		{ "{\"exec\":3}", "exec, cwd, hostname and digest must be" },
		{ "{\"exec\":\"/x\",\"argv\":\"x\"}", "argv and env must be arrays of strings" },
		{ "{\"exec\":\"/x\",\"env\":[1]}", "argv and env must be arrays of strings" },
		{ "{\"exec\":\"/x\",\"uid\":-1}",
		  "memory, root_bytes, loglevel, uid and gid must be" },
		{ "{\"exec\":\"/x\",\"uid\":4294967296}",
		  "memory, root_bytes, loglevel, uid and gid must be" },
		{ "{\"exec\":\"/x\",\"loglevel\":4}",
		  "memory, root_bytes, loglevel, uid and gid must be" },
		{ "{\"exec\":\"/x\",\"version\":2}", "it was written by another version" },
		{ "{\"exec\":\"/x\",\"arch\":\"vax\"}", "the image is for another kind of" },
		{ "{\"exec\":\"/x\",\"argv_fixed\":2}", "argv_fixed must be a number of" },
		{ "{\"exec\":\"/x\",\"ulibs\":[1]}", "ulibs must be an array of strings" },
		{ "{\"exec\":\"/x\",\"users\":{\"a\":1}}", "programs, users and groups must be" },
		{ "{\"exec\":\"/x\",\"programs\":[]}", "programs, users and groups must be" },
		{ "{\"exec\":\"/x\",\"exec\":\"/y\"}", "line 1: duplicate" },
		{ "{\"exec\":\"/x\\u0000y\"}", "line 1: " },
		{ "{\"exec\":\"/x\"} more", "line 1: " },
	};
	struct uc_run_image img;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *why = decode(cases[i].text, &img);

		if (!why || strncmp(why, cases[i].why, strlen(cases[i].why)))
			fail_msg("%s: %s", cases[i].text, why ? why : "accepted");
		uc_run_image_free(&img);
	}
}

static void a_missing_image_is_said(void **state)
{
	struct uc_run_image img;

	(void)state;
	assert_int_equal(uc_run_image_load("/nonexistent", &img), UC_ST_NOINPUT);
	assert_false(uc_is_image("/nonexistent"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_description),
		cmocka_unit_test(the_least_description),
		cmocka_unit_test(what_is_malformed_is_refused),
		cmocka_unit_test(a_missing_image_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
