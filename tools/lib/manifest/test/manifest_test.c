// SPDX-License-Identifier: BSD-3-Clause
// sources: ../parse.c ../yaml.c ../../util/mem.c ../../util/vec.c ../../util/path.c ../../cli/msg.c
// sources: ../../cli/progress.c ../../cli/value.c ../../util/base64.c
// libs: -lyaml
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include <unicore/manifest.h>

static void a_complete_manifest_is_understood(void **state)
{
	static const char text[] =
		"version: 1\nname: demo\nsources: [deb:sqlite3, 'dir:x']\nexec: /bin/x\nargs:\n- "
		"-v\n- ''\n"
		"env: {A: b, C: ''}\ncwd: /w\nuser: '1000:1000'\nhostname: h\n"
		"files:\n- plain\n- {from: a, to: /b, mode: 0600}\n- to: /c\n  text: |\n    hello\n"
		"calls: [read, write]\nulibs: {heap: tlsf}\nwith: trace\nmemory: 64M\nloglevel: "
		"debug\nallow_missing: true\n";
	struct uc_manifest_error err;
	struct uc_manifest m;

	assert_int_equal(uc_manifest_parse(text, strlen(text), &m, &err), 0);
	assert_string_equal(m.name, "demo");
	assert_int_equal(m.sources.n, 2);
	assert_true(m.has_args);
	assert_int_equal(m.args.n, 2);
	assert_string_equal(m.env.v[1], "C=");
	assert_int_equal(m.nfiles, 3);
	assert_string_equal(m.files[0].from, "plain");
	assert_int_equal(m.files[1].mode, 0600);
	assert_string_equal(m.files[2].text, "hello\n");
	assert_true(m.has_calls);
	assert_string_equal(m.choose.v[0], "heap=tlsf");
	assert_string_equal(m.with.v[0], "trace");
	assert_int_equal(m.memory, 64 << 20);
	assert_int_equal(m.loglevel, 3);
	assert_true(m.allow_missing);
	uc_manifest_free(&m);
}

static void mistakes_are_located_and_explained(void **state)
{
	static const struct {
		const char *text;
		unsigned line, column;
		const char *why, *fix;
	} v[] = {
		{ "source: x\nvresion: 1\n", 2, 1, "unknown key", "version" },
		{ "source: x\nenv:\n  A: [1]\n", 3, 6, "text", "quotes" },
		{ "source: x\nname: a\nname: b\n", 3, 1, "twice", "" },
		{ "source: x\nmemory: lots\n", 2, 9, "size", "64M" },
		{ "source: x\nfiles:\n- to: relative\n  text: a\n", 3, 3, "absolute", "/" },
		{ "source: x\nfiles:\n- from: a\n  text: a\n", 3, 3, "either", "" },
		{ "source: x\nloglevel: 9\n", 2, 11, "log level", "" },
		{ "version: 2\nsource: x\n", 1, 10, "version", "" },
		{ "name: x\n", 1, 1, "no source", "source:" },
		{ "- a\n- b\n", 1, 1, "keys", "" },
		{ "source: [a\n", 2, 1, "not valid YAML", "" },
		{ "", 1, 1, "empty", "" },
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		struct uc_manifest_error err;
		struct uc_manifest m;

		assert_int_equal(uc_manifest_parse(v[i].text, strlen(v[i].text), &m, &err),
				 -EINVAL);
		assert_int_equal(err.line, v[i].line);
		assert_int_equal(err.column, v[i].column);
		assert_non_null(strstr(err.why, v[i].why));
		assert_non_null(strstr(err.fix, v[i].fix));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_complete_manifest_is_understood),
		cmocka_unit_test(mistakes_are_located_and_explained),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
