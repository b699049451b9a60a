// SPDX-License-Identifier: BSD-3-Clause
// The EROFS decoder: good images of each kind, and the same with every byte damaged in turn.
// sources: ../super.c ../inode.c ../dir.c ../xattr.c
// data: ../fuzz/corpus-erofs/
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include "../fuzz/erofs_walk.h"

static uint8_t *load(const char *name, size_t *len)
{
	char path[4096];
	snprintf(path, sizeof(path), "%s/%s", getenv("UC_TEST_DATA"), name);
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	*len = (size_t)ftell(f);
	rewind(f);
	uint8_t *p = malloc(*len);
	assert_int_equal(fread(p, 1, *len, f), *len);
	fclose(f);
	return p;
}

static int open_image(struct uc_erofs *fs, const void *p, size_t len)
{
	const char *why = NULL;
	int r = uc_erofs_open(fs, p, 0, len, &why);
	assert_true((r == 0) == (why == NULL));
	return r;
}

static const char *const good[] = { "small.img", "chunk.img", "ext.img" };

static void every_kind_is_read(void **state)
{
	for (unsigned k = 0; k < UC_ARRAY_SIZE(good); k++) {
		size_t len;
		struct uc_erofs fs;
		uint8_t *p = load(good[k], &len);
		assert_int_equal(open_image(&fs, p, len), 0);
		struct erofs_walk w = { .fs = &fs, .budget = 100 };
		erofs_visit(&w, fs.root_nid, 0);
		assert_int_equal(w.files, 2);
		assert_int_equal(w.dirs, 2);
		assert_int_equal(w.links, 1);
		free(p);
	}
}

static bool is_longer(void *ctx, const struct uc_erofs_xattr *x)
{
	if (x->name_len == 6 && !memcmp(x->name, "longer", 6) && x->value_len == 5 &&
	    !memcmp(x->value, "value", 5))
		++*(int *)ctx;
	return true;
}

static void names_and_attributes(void **state)
{
	size_t len;
	struct uc_erofs fs;
	struct uc_erofs_inode root, i;
	uint64_t nid;
	int seen = 0;
	uint8_t *p = load("ext.img", &len);
	assert_int_equal(open_image(&fs, p, len), 0);
	assert_int_equal(uc_erofs_inode(&fs, fs.root_nid, &root), 0);
	assert_int_equal(uc_erofs_lookup(&fs, &root.data, "c", 1, &nid), 0);
	assert_int_equal(uc_erofs_inode(&fs, nid, &i), 0);
	assert_int_equal(i.rdev, 0x103);
	assert_int_equal(i.mtime_ns, 1700000000000000000);
	assert_int_equal(uc_erofs_lookup(&fs, &root.data, "", 0, &nid), -ENOENT);
	assert_int_equal(uc_erofs_lookup(&fs, &root.data, "cc", 2, &nid), -ENOENT);
	assert_int_equal(uc_erofs_xattrs(&fs, fs.root_nid, is_longer, &seen), 0);
	assert_int_equal(seen, 1);
	free(p);
}

static void what_is_not_supported_is_said(void **state)
{
	size_t len;
	struct uc_erofs fs;
	uint8_t *p = load("lz4.img", &len);
	int r = open_image(&fs, p, len);
	if (r == 0) { /* compression may be per file only */
		struct uc_erofs_inode root, i;
		uint64_t nid;
		assert_int_equal(uc_erofs_inode(&fs, fs.root_nid, &root), 0);
		assert_int_equal(uc_erofs_lookup(&fs, &root.data, "x", 1, &nid), 0);
		r = uc_erofs_inode(&fs, nid, &i);
	}
	assert_int_equal(r, -EOPNOTSUPP);
	free(p);
	p = load("small.img", &len);
	p[1024 + 12] = 9;
	assert_int_equal(open_image(&fs, p, len), -EOPNOTSUPP);
	p[1024] ^= 1;
	assert_int_equal(open_image(&fs, p, len), -EINVAL);
	free(p);
}

static void cut_images_are_refused(void **state)
{
	size_t len;
	struct uc_erofs fs;
	uint8_t *p = load("small.img", &len);
	for (size_t n = 0; n < len; n += 512) {
		uint8_t *cut = malloc(n ? n : 1);
		memcpy(cut, p, n);
		assert_int_not_equal(open_image(&fs, cut, n), 0);
		free(cut);
	}
	free(p);
}

static void damage_does_no_harm(void **state)
{
	static const uint8_t value[] = { 0x00, 0xff, 0x7f, 0x01 };
	for (unsigned k = 0; k < UC_ARRAY_SIZE(good); k++) {
		size_t len;
		uint8_t *p = load(good[k], &len);
		for (size_t at = 1024; at < len; at++) {
			uint8_t before = p[at];
			for (unsigned v = 0; v < UC_ARRAY_SIZE(value); v++) {
				struct uc_erofs fs;
				const char *why;
				p[at] = value[v];
				if (p[at] == before || uc_erofs_open(&fs, p, 0, len, &why))
					continue;
				struct erofs_walk w = { .fs = &fs, .budget = 40 };
				erofs_visit(&w, fs.root_nid, 0);
			}
			p[at] = before;
		}
		free(p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_is_read),
		cmocka_unit_test(names_and_attributes),
		cmocka_unit_test(what_is_not_supported_is_said),
		cmocka_unit_test(cut_images_are_refused),
		cmocka_unit_test(damage_does_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
