// SPDX-License-Identifier: BSD-3-Clause
// sources: ../decode.c ../../util/mem.c ../../util/vec.c ../../util/path.c ../../cli/msg.c
// sources: ../../cli/progress.c ../../cli/value.c
// libs: -ljansson
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <unicore/oci.h>

#define D1  "sha256:1111111111111111111111111111111111111111111111111111111111111111"
#define D2  "sha256:2222222222222222222222222222222222222222222222222222222222222222"
#define REF "\"annotations\":{\"org.opencontainers.image.ref.name\":"

static const char *index_of(const char *text, const char *tag, struct uc_oci_blob *b,
			    struct uc_vec *tags)
{
	return uc_oci_index(text, strlen(text), tag, b, tags);
}

static void the_tag_and_platform_choose_a_manifest(void **state)
{
	static const char text[] =
		"{\"manifests\":["
		"{\"digest\":\"" D1
		"\",\"size\":1,\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\"}," REF
		"\"v1\"}},"
		"{\"digest\":\"" D2
		"\",\"size\":2,\"platform\":{\"os\":\"linux\",\"architecture\":\"amd64\"}," REF
		"\"v1\"}},"
		"{\"digest\":\"" D1
		"\",\"size\":3,\"mediaType\":\"application/vnd.oci.image.index.v1+json\"," REF
		"\"v2\"}}]}";
	struct uc_vec tags = { 0 };
	struct uc_oci_blob b;

	assert_null(index_of(text, "v1", &b, &tags));
	assert_string_equal(b.digest, D2);
	assert_int_equal(b.size, 2);
	assert_false(b.is_index);
	assert_null(index_of(text, "v2", &b, &tags));
	assert_true(b.is_index);
	assert_int_equal(tags.n, 2);
	assert_string_equal(index_of(text, "v3", &b, &tags), "it has no such tag");
	assert_string_equal(index_of(text, NULL, &b, &tags), "it holds several images");
	assert_null(index_of(text, NULL, &b, NULL));
	uc_vec_free(&tags);
}

static void bad_indexes_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"[]",
		"{}",
		"{\"manifests\":[]}",
		"{\"manifests\":[{}]}",
		"{\"manifests\":[3]}",
		"{\"manifests\":[{\"digest\":\"sha256:../../etc\",\"size\":1}]}",
		"{\"manifests\":[{\"digest\":\"md5:00\",\"size\":1}]}",
		"{\"manifests\":[{\"digest\":\"" D1 "\",\"size\":-1}]}",
		"{\"manifests\":[{\"digest\":\"" D1 "\",\"size\":\"1\"}]}",
	};
	struct uc_oci_blob b;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_non_null(index_of(bad[i], NULL, &b, NULL));
}

static void a_manifest_lists_its_layers(void **state)
{
	static const char text[] =
		"{\"config\":{\"digest\":\"" D1 "\",\"size\":9},\"layers\":["
		"{\"digest\":\"" D2 "\",\"size\":1},{\"digest\":\"" D1 "\",\"size\":2}]}";
	struct uc_oci_manifest *m = calloc(1, sizeof(*m));

	assert_null(uc_oci_manifest(text, strlen(text), m));
	assert_int_equal(m->nlayers, 2);
	assert_string_equal(m->layer[0].digest, D2);
	assert_non_null(uc_oci_manifest("{\"config\":{}}", 13, m));
	free(m);
}

static void the_configuration_gives_the_start(void **state)
{
	static const char text[] =
		"{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{\"Entrypoint\":[\"/a\"],"
		"\"Cmd\":[\"b\"],\"Env\":[\"X=1\"],\"WorkingDir\":\"/w\",\"User\":\"u:g\"}}";
	struct uc_oci_config c;

	assert_null(uc_oci_config(text, strlen(text), &c));
	assert_string_equal(c.entrypoint.v[0], "/a");
	assert_string_equal(c.cmd.v[0], "b");
	assert_string_equal(c.env.v[0], "X=1");
	assert_string_equal(c.cwd, "/w");
	assert_string_equal(c.user, "u:g");
	uc_oci_config_free(&c);
	assert_non_null(uc_oci_config("{\"os\":\"windows\"}", 16, &c));
	assert_non_null(uc_oci_config("{\"config\":{\"Cmd\":\"x\"}}", 22, &c));
	assert_null(uc_oci_config("{\"config\":null}", 15, &c));
	uc_oci_config_free(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_tag_and_platform_choose_a_manifest),
		cmocka_unit_test(bad_indexes_are_refused),
		cmocka_unit_test(a_manifest_lists_its_layers),
		cmocka_unit_test(the_configuration_gives_the_start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
