// SPDX-License-Identifier: BSD-3-Clause
// sources: ../mem.c ../vec.c ../map.c ../path.c ../file.c ../sha256.c ../run.c ../../cli/msg.c
// sources: ../../cli/progress.c ../../cli/value.c ../base64.c
// libs: -lxxhash
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

#include <unicore/util.h>

static void sha256_matches_the_standards_examples(void **state)
{
	static const struct {
		const char *text, *hex;
	} v[] = {
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	};
	char hex[65];

	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		struct uc_sha256 s;

		uc_sha256_init(&s);
		uc_sha256_add(&s, v[i].text, strlen(v[i].text));
		uc_sha256_hex(&s, hex);
		assert_string_equal(hex, v[i].hex);
	}
}

static void sha256_does_not_depend_on_how_input_is_cut(void **state)
{
	char text[301], one[65], cut[65];

	memset(text, 'q', 300);
	for (size_t n = 0; n <= 300; n++) {
		struct uc_sha256 a, b;

		uc_sha256_init(&a);
		uc_sha256_add(&a, text, n);
		uc_sha256_hex(&a, one);
		uc_sha256_init(&b);
		for (size_t at = 0; at < n; at += 7)
			uc_sha256_add(&b, text + at, n - at < 7 ? n - at : 7);
		uc_sha256_hex(&b, cut);
		assert_string_equal(one, cut);
	}
}

static void path_clean_is_textual_and_absolute(void **state)
{
	static const char *const v[][2] = {
		{ "", "/" },
		{ "/", "/" },
		{ "a", "/a" },
		{ "/a//b/", "/a/b" },
		{ "/a/./b", "/a/b" },
		{ "/a/../b", "/b" },
		{ "/../../x", "/x" },
		{ "./usr/bin", "/usr/bin" },
		{ "/a/b/..", "/a" },
		{ "/a/..", "/" },
		{ "..a/b..", "/..a/b.." },
	};

	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		char *c = uc_path_clean(v[i][0]);

		assert_string_equal(c, v[i][1]);
		free(c);
	}
}

static void path_below_needs_a_whole_component(void **state)
{
	assert_true(uc_path_below("/a/b", "/a"));
	assert_true(uc_path_below("/a", "/a"));
	assert_true(uc_path_below("/a", "/"));
	assert_false(uc_path_below("/ab", "/a"));
}

static void map_finds_what_was_put_also_after_sorting(void **state)
{
	struct uc_map m = { 0 };
	char key[16];

	assert_null(uc_map_get(&m, "x"));
	for (intptr_t i = 999; i >= 0; i--) {
		snprintf(key, sizeof(key), "k%03d", (int)i);
		*uc_map_put(&m, key) = (void *)(i + 1);
	}
	uc_map_sort(&m);
	assert_int_equal(m.n, 1000);
	for (intptr_t i = 0; i < 1000; i++) {
		snprintf(key, sizeof(key), "k%03d", (int)i);
		assert_ptr_equal(uc_map_get(&m, key), (void *)(i + 1));
		assert_string_equal(m.e[i].key, key);
	}
	assert_null(uc_map_get(&m, "k1000"));
	uc_map_free(&m);
}

static void files_are_written_read_copied_and_removed(void **state)
{
	char dir[] = "/tmp/uc-util-XXXXXX", hex[65];
	struct uc_buf b;
	struct stat st;

	assert_non_null(mkdtemp(dir));
	char *sub = uc_path_join(dir, "a/b"), *f = uc_path_join(sub, "f"),
	     *g = uc_path_join(sub, "g");
	char *link = uc_path_join(dir, "outside");

	assert_int_equal(uc_mkdirs(sub, 0755), 0);
	assert_int_equal(uc_file_write(f, "hello", 5, 0644), 0);
	assert_int_equal(uc_file_copy(f, g, 0640), 0);
	assert_int_equal(stat(g, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(uc_file_copy(f, g, 0640), -EEXIST);
	assert_int_equal(uc_file_read(g, 5, &b), 0);
	assert_string_equal(b.p, "hello");
	uc_buf_free(&b);
	assert_int_equal(uc_file_read(g, 4, &b), -EFBIG);
	assert_int_equal(uc_file_sha256(g, hex), 0);
	assert_string_equal(hex,
			    "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
	assert_int_equal(symlink("/", link), 0);
	assert_int_equal(chmod(sub, 0500), 0);
	assert_int_equal(uc_rmtree(dir), 0);
	assert_int_equal(access(dir, F_OK), -1);
	assert_int_equal(uc_rmtree(dir), 0);
	free(sub);
	free(f);
	free(g);
	free(link);
}

static void run_collects_output_and_status(void **state)
{
	const char *argv[] = { "sh", "-c", "pwd; echo err >&2; exit 7", NULL };
	const char *missing[] = { "no-such-program-anywhere", NULL };
	struct uc_buf out = { 0 }, err = { 0 };

	assert_int_equal(uc_run(argv, "/", &out, &err), 7);
	assert_string_equal(out.p, "/\n");
	assert_string_equal(err.p, "err\n");
	uc_buf_free(&out);
	uc_buf_free(&err);
	assert_int_equal(uc_run(missing, NULL, &out, NULL), -ENOENT);
	uc_buf_free(&out);
}

static void base64_matches_the_standards_examples(void **state)
{
	static const char *const v[][2] = {
		{ "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" },
	};
	size_t n;

	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++) {
		char *text = uc_base64(v[i][0], strlen(v[i][0]));
		char *back = uc_base64_decode(v[i][1], strlen(v[i][1]), &n);

		assert_string_equal(text, v[i][1]);
		assert_string_equal(back, v[i][0]);
		assert_int_equal(n, strlen(v[i][0]));
		free(text);
		free(back);
	}
}

static void base64_is_of_any_bytes_and_nothing_else(void **state)
{
	uint8_t bytes[256];
	size_t n;
	char *text, *back;

	for (int i = 0; i < 256; i++) bytes[i] = (uint8_t)(i * 7);
	text = uc_base64(bytes, sizeof(bytes));
	back = uc_base64_decode(text, strlen(text), &n);
	assert_int_equal(n, sizeof(bytes));
	assert_memory_equal(back, bytes, n);
	free(text);
	free(back);
	back = uc_base64_decode(" Zm9v\n\tYmFy ", 12, &n);
	assert_string_equal(back, "foobar");
	free(back);
	assert_null(uc_base64_decode("Zm9-", 4, &n));
	assert_null(uc_base64_decode("Zm\0v", 4, &n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sha256_matches_the_standards_examples),
		cmocka_unit_test(sha256_does_not_depend_on_how_input_is_cut),
		cmocka_unit_test(path_clean_is_textual_and_absolute),
		cmocka_unit_test(path_below_needs_a_whole_component),
		cmocka_unit_test(map_finds_what_was_put_also_after_sorting),
		cmocka_unit_test(files_are_written_read_copied_and_removed),
		cmocka_unit_test(run_collects_output_and_status),
		cmocka_unit_test(base64_matches_the_standards_examples),
		cmocka_unit_test(base64_is_of_any_bytes_and_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
