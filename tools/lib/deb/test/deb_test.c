// SPDX-License-Identifier: BSD-3-Clause
// sources: ../licence.c ../../rootfs/package.c ../../util/file.c ../../util/sha256.c
// sources: ../name.c ../control.c ../script.c ../select.c ../../util/mem.c ../../util/vec.c
// sources: ../../util/map.c ../../util/path.c
// sources: ../../cli/msg.c ../../cli/progress.c ../../cli/value.c
// libs: -lxxhash
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <unicore/deb.h>

static void file_names_give_name_and_version(void **state)
{
	char *name, *version;

	assert_true(uc_deb_parse_name("zlib1g_1%3a1.2.13.dfsg-1_amd64.deb", &name, &version));
	assert_string_equal(name, "zlib1g");
	assert_string_equal(version, "1:1.2.13.dfsg-1");
	free(name);
	free(version);
	assert_false(uc_deb_parse_name("x.deb", &name, &version));
	assert_false(uc_deb_parse_name("a_1_amd64_more.deb", &name, &version));
	assert_false(uc_deb_parse_name("../a_1_amd64.deb", &name, &version));
	assert_false(uc_deb_parse_name("-o_1_amd64.deb", &name, &version));
}

static void only_package_names_are_accepted(void **state)
{
	assert_true(uc_deb_valid_name("libstdc++6"));
	assert_true(uc_deb_valid_name("lua5.4"));
	assert_false(uc_deb_valid_name("-y"));
	assert_false(uc_deb_valid_name("a b"));
	assert_false(uc_deb_valid_name("Upper"));
	assert_false(uc_deb_valid_name("a"));
	assert_false(uc_deb_valid_name("a/b"));
}

static void read_script(const char *script, struct uc_deb_effects *fx)
{
	*fx = (struct uc_deb_effects){ 0 };
	uc_deb_script(script, strlen(script), fx);
}

static void alternatives_are_read_from_scripts(void **state)
{
	struct uc_deb_effects fx;

	read_script("#!/bin/sh\ncase $1 in configure)\n  update-alternatives --install "
		    "/usr/bin/lua lua \\\n"
		    "    /usr/bin/lua5.4 20 --slave /usr/share/x lm /usr/share/y\n;;\nesac\n",
		    &fx);
	assert_string_equal(uc_map_get(&fx.links, "/usr/bin/lua"), "/usr/bin/lua5.4");
	assert_string_equal(uc_map_get(&fx.links, "/usr/share/x"), "/usr/share/y");
	uc_deb_effects_free(&fx);
}

static void loops_and_variables_are_expanded(void **state)
{
	struct uc_deb_effects fx;

	read_script("DIR=/usr/bin\nfor p in convert identify; do\n"
		    " update-alternatives --install $DIR/$p $p \"${DIR}/$p-im6\" 10\ndone\n"
		    "update-alternatives --install $UNKNOWN/x x /y 1\n",
		    &fx);
	assert_int_equal(fx.links.n, 2);
	assert_string_equal(uc_map_get(&fx.links, "/usr/bin/convert"), "/usr/bin/convert-im6");
	assert_string_equal(uc_map_get(&fx.links, "/usr/bin/identify"), "/usr/bin/identify-im6");
	uc_deb_effects_free(&fx);
}

static void users_and_owners_are_read_from_scripts(void **state)
{
	struct uc_deb_effects fx;

	read_script("U=redis\nif ! getent passwd $U >/dev/null; then adduser --system --home "
		    "/var/lib/redis --quiet --group $U || true; fi\n"
		    "addgroup --system --quiet ssl-cert 2>/dev/null\nadduser $U ssl-cert\necho "
		    "adduser --system no\n"
		    "G=\"$U\"\nchown -R $U:$G /var/lib/redis /var/log/redis\nchown x "
		    "\"$DPKG_ROOT/y\"\n[ -n \"$X\" ] && quiet=--quiet\n"
		    "adduser --system $quiet --home /p $UNKNOWN --gecos \"A B\" pg\n",
		    &fx);
	assert_int_equal(fx.users.n, 2);
	assert_string_equal(uc_map_get(&fx.users, "pg"), "/p");
	assert_string_equal(uc_map_get(&fx.users, "redis"), "/var/lib/redis");
	assert_int_equal(fx.groups.n, 3);
	assert_string_equal(uc_map_get(&fx.chowns, "/var/log/redis"), "redis:redis");
	assert_int_equal(fx.chowns.n, 2);
	uc_deb_effects_free(&fx);
}

static void relations_are_read_from_control_files(void **state)
{
	static const char text[] =
		"Package: x\nDepends: a1 (>= 1.0), b2:any | c3,\n d4 [amd64]\nPre-Depends: e5\n"
		"Provides: v6 (= 2)\nDescription: Depends: no\n more, f7\n";
	struct uc_deb d = { 0 };

	uc_deb_control(text, strlen(text), &d);
	assert_int_equal(d.depends.n, 5);
	assert_true(uc_vec_has(&d.depends, "b2") && uc_vec_has(&d.depends, "c3") &&
		    uc_vec_has(&d.depends, "e5"));
	assert_int_equal(d.provides.n, 1);
	uc_vec_free(&d.depends);
	uc_vec_free(&d.provides);
}

static void ballast_and_programs_are_told_by_path(void **state)
{
	assert_true(uc_deb_is_ballast("/usr/share/doc/x/changelog.gz"));
	assert_false(uc_deb_is_ballast("/usr/lib/x86_64-linux-gnu/libx.a"));
	assert_false(uc_deb_is_ballast("/usr/share/docbook/x"));
	assert_false(uc_deb_is_ballast("/usr/lib/x86_64-linux-gnu/libx.so.1"));
	assert_true(uc_deb_is_program_path("/usr/bin/x"));
	assert_false(uc_deb_is_program_path("/usr/bin/dir/x"));
	assert_false(uc_deb_is_program_path("/usr/lib/x"));
}

static void add_deb(struct uc_debs *d, const char *name, bool wanted, const char *const *paths)
{
	struct uc_deb *x;

	d->v = uc_xrealloc(d->v, (d->n + 1) * sizeof(*d->v));
	x = &d->v[d->n++];
	*x = (struct uc_deb){ .file = uc_xstrdup(name),
			      .name = uc_xstrdup(name),
			      .version = uc_xstrdup("1"),
			      .wanted = wanted };
	for (; *paths; paths++) uc_vec_add(&x->paths, *paths);
}

static void data_comes_from_packages_without_programs(void **state)
{
	static const char *const own[] = { "/usr/bin/app", "/usr/lib/app/plug.so", NULL };
	static const char *const lib[] = { "/usr/lib/x86_64-linux-gnu/libd.so.1",
					   "/usr/share/d/table", NULL };
	static const char *const tool[] = { "/usr/bin/tool", "/usr/share/tool/x", NULL };
	static const char *const blas[] = { "/usr/lib/x86_64-linux-gnu/blas/libblas.so.3", NULL };
	static const char *const data[] = { "/usr/share/tool-data/x", NULL };
	struct uc_input in = { 0 };
	struct uc_debs d = { 0 };

	add_deb(&d, "app", true, own);
	add_deb(&d, "libd1", false, lib);
	add_deb(&d, "tool", false, tool);
	add_deb(&d, "libblas3", false, blas);
	add_deb(&d, "tool-data", false, data);
	uc_vec_add(&d.v[0].depends, "libd");
	uc_vec_add(&d.v[0].depends, "tool");
	uc_vec_add(&d.v[1].provides, "libd");
	uc_vec_add(&d.v[2].depends, "tool-data");
	uc_deb_select(&d, &in);
	assert_true(uc_vec_has(&in.picks, "/usr/bin/app"));
	assert_true(uc_vec_has(&in.picks, "/usr/lib/app/plug.so"));
	assert_true(uc_vec_has(&in.picks, "/usr/share/d/table"));
	assert_false(uc_vec_has(&in.picks, "/usr/lib/x86_64-linux-gnu/libd.so.1"));
	assert_false(uc_vec_has(&in.picks, "/usr/share/tool/x"));
	assert_false(uc_vec_has(&in.picks, "/usr/share/tool-data/x"));
	assert_string_equal(uc_map_get(&in.by_name, "libblas.so.3"),
			    "/usr/lib/x86_64-linux-gnu/blas/libblas.so.3");
	assert_string_equal(uc_packages_of(&in.packages, "/usr/share/d/table")->name, "libd1");
	for (size_t i = 0; i < in.by_name.n; i++) free(in.by_name.e[i].value);
	uc_map_free(&in.by_name);
	uc_vec_free(&in.picks);
	uc_packages_free(&in.packages);
	uc_debs_free(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file_names_give_name_and_version),
		cmocka_unit_test(only_package_names_are_accepted),
		cmocka_unit_test(alternatives_are_read_from_scripts),
		cmocka_unit_test(loops_and_variables_are_expanded),
		cmocka_unit_test(users_and_owners_are_read_from_scripts),
		cmocka_unit_test(relations_are_read_from_control_files),
		cmocka_unit_test(ballast_and_programs_are_told_by_path),
		cmocka_unit_test(data_comes_from_packages_without_programs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
