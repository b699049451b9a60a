// SPDX-License-Identifier: BSD-3-Clause
// sources: ../parse.c ../value.c ../help.c ../prose.c ../msg.c ../progress.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <unicore/cli.h>

struct opts {
	bool force, color;
	int verbose, fmt;
	const char *out, *gdb;
	uint64_t mem, count;
	double wait;
	struct uc_strlist env;
};

static const char *const formats[] = { "text", "json", NULL };
static const struct uc_opt table[] = {
	UC_OPT_FLAG('f', "force", struct opts, force, "overwrite"),
	UC_OPT_FLAG(0, "color", struct opts, color, "use colours", .flags = UC_OPT_NEGATABLE),
	UC_OPT_COUNT('v', "verbose", struct opts, verbose, "say more"),
	UC_OPT_STRING('o', "output", "DIR", UC_HINT_DIR, struct opts, out, "where"),
	UC_OPT_MAYBE(0, "gdb", "PORT", UC_HINT_NONE, struct opts, gdb, "wait"),
	UC_OPT_SIZE('m', "memory", "SIZE", struct opts, mem, "memory", .min = 1 << 20,
		    .max = 1 << 30),
	UC_OPT_UINT('n', "count", "N", struct opts, count, "how many"),
	UC_OPT_SECONDS(0, "wait", "SECONDS", struct opts, wait, "how long"),
	UC_OPT_LIST('e', "env", "NAME=VALUE", UC_HINT_NONE, struct opts, env, "variable"),
	UC_OPT_ENUM(0, "format", formats, struct opts, fmt, "form"),
	UC_OPT_END
};

static int no_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static const struct uc_cmd anywhere = { .name = "cmd",
					.main = no_main,
					.synopsis = "[options] FILE...",
					.summary = "test",
					.description = "Tests.",
					.opts = table,
					.max_args = 3 };
static const struct uc_cmd stops = { .name = "cmd",
				     .main = no_main,
				     .synopsis = "[options] IMAGE [ARGS]",
				     .summary = "test",
				     .description = "Tests.",
				     .opts = table,
				     .min_args = 1,
				     .max_args = UC_ARGS_ANY,
				     .stop_after = 1 };

static struct opts o;
static struct uc_args args;
static char message[4096]; /* what the parse printed on stderr */

/* Parses the words; returns the status and keeps what was printed. */
static int parse(const struct uc_cmd *cmd, const char *const *words)
{
	char *argv[16] = { (char *)"cmd" };
	int argc = 1, keep = dup(STDERR_FILENO);
	FILE *f = tmpfile();

	free(args.v);
	free(o.env.items);
	memset(&o, 0, sizeof(o));
	for (; words[argc - 1]; argc++)
		argv[argc] = (char *)words[argc - 1];
	fflush(stderr);
	dup2(fileno(f), STDERR_FILENO);
	int st = uc_cli_parse(cmd, argc, argv, &o, &args);
	fflush(stderr);
	dup2(keep, STDERR_FILENO);
	close(keep);
	rewind(f);
	message[fread(message, 1, sizeof(message) - 1, f)] = 0;
	fclose(f);
	return st;
}
#define WORDS(...)                                                                                 \
	(const char *const[])                                                                      \
	{                                                                                          \
		__VA_ARGS__, NULL                                                                  \
	}

static void options_and_values_in_every_form(void **state)
{
	(void)state;
	assert_int_equal(
		parse(&anywhere, WORDS("-fvv", "--output", "a", "-m64M", "-n", "7", "--env=A=1",
				       "-eB=2", "--format=json", "x", "--wait", "500ms", "--gdb")),
		-1);
	assert_true(o.force);
	assert_int_equal(o.verbose, 2);
	assert_string_equal(o.out, "a");
	assert_int_equal(o.mem, 64 << 20);
	assert_int_equal(o.count, 7);
	assert_int_equal(o.env.n, 2);
	assert_string_equal(o.env.items[1], "B=2");
	assert_int_equal(o.fmt, 1);
	assert_true(o.wait > 0.49 && o.wait < 0.51);
	assert_string_equal(o.gdb, "");
	assert_int_equal(args.n, 1);
	assert_string_equal(args.v[0], "x");
	assert_null(args.v[1]);
}

static void an_optional_value_needs_an_equals_sign(void **state)
{
	(void)state;
	assert_int_equal(parse(&anywhere, WORDS("--gdb", "99")), -1);
	assert_string_equal(o.gdb, "");
	assert_int_equal(args.n, 1);
	assert_int_equal(parse(&anywhere, WORDS("--gdb=99")), -1);
	assert_string_equal(o.gdb, "99");
}

static void a_negatable_flag_can_be_cleared(void **state)
{
	(void)state;
	assert_int_equal(parse(&anywhere, WORDS("--color", "--no-color")), -1);
	assert_false(o.color);
	assert_int_equal(parse(&anywhere, WORDS("--no-force")), UC_ST_USAGE);
}

static void what_follows_the_image_belongs_to_the_program(void **state)
{
	(void)state;
	assert_int_equal(parse(&stops, WORDS("-f", "img", "-v", "--output", "--", "-x")), -1);
	assert_int_equal(o.verbose, 0);
	assert_int_equal(args.n, 5);
	assert_string_equal(args.v[1], "-v");
	assert_string_equal(args.v[3], "--");
	/* one leading `--` is dropped, a second one is the program's */
	assert_int_equal(parse(&stops, WORDS("img", "--", "--", "-v")), -1);
	assert_int_equal(args.n, 3);
	assert_string_equal(args.v[1], "--");
	/* and before the image it protects a name that starts with a dash */
	assert_int_equal(parse(&stops, WORDS("--", "-img", "--", "a")), -1);
	assert_int_equal(args.n, 2);
	assert_string_equal(args.v[0], "-img");
	assert_string_equal(args.v[1], "a");
}

static void dashes_end_the_options(void **state)
{
	(void)state;
	assert_int_equal(parse(&anywhere, WORDS("a", "--", "-f", "--", "-")),
			 UC_ST_USAGE); /* four */
	assert_int_equal(parse(&anywhere, WORDS("--", "-f", "-")), -1);
	assert_false(o.force);
	assert_int_equal(args.n, 2);
}

static void mistakes_name_the_thing_and_the_remedy(void **state)
{
	static const struct {
		const char *words[4], *text;
	} cases[] = {
		{ { "--outptu" }, "unicore: --outptu: unknown option; did you mean --output? " },
		{ { "-z" }, "unicore: -z: unknown option (see `unicore cmd --help`)\n" },
		{ { "-fz" }, "unicore: -z: unknown option" },
		{ { "--output" }, "unicore: --output: a value is missing (see" },
		{ { "-o" }, "unicore: -o: a value is missing" },
		{ { "--force=1" }, "unicore: --force 1: this option takes no value\n" },
		{ { "-m", "12q" }, "unicore: --memory 12q: not a size (write a number such as" },
		{ { "-m", "1K" }, "unicore: --memory 1K: out of range 1M..1G\n" },
		{ { "-n", "-3" }, "unicore: --count -3: not a number\n" },
		{ { "-n", "99999999999999999999" },
		  "unicore: --count 99999999999999999999: the number is" },
		{ { "--format", "xml" },
		  "unicore: --format xml: not a known value (choose one of text|json)" },
		{ { "--wait", "soon" }, "unicore: --wait soon: not a duration (" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(parse(&anywhere, cases[i].words), UC_ST_USAGE);
		if (strncmp(message, cases[i].text, strlen(cases[i].text)))
			fail_msg("got %s, not %s", message, cases[i].text);
	}
	assert_int_equal(parse(&stops, (const char *const[]){ NULL }), UC_ST_USAGE);
	assert_non_null(strstr(message, "an argument is missing"));
}

static void sizes(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
	} good[] = {
		{ "0", 0 },           { "512", 512 },       { "64K", 65536 },    { "64k", 65536 },
		{ "1MiB", 1 << 20 },  { "1MB", 1 << 20 },   { "1.5M", 3 << 19 }, { "0x1000", 4096 },
		{ "2G", 2ull << 30 }, { "1T", 1ull << 40 }, { "7B", 7 },
	};
	static const char *const bad[] = { "",    "K",   "-1", "1.5", "1X",
					   "1KK", "1.M", " 1", "1 M", "0x" };
	uint64_t v;
	char text[32];

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		assert_int_equal(uc_parse_size(good[i].text, &v), 0);
		assert_int_equal(v, good[i].bytes);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(uc_parse_size(bad[i], &v), -EINVAL);
	assert_int_equal(uc_parse_size("99999999999T", &v), -ERANGE);
	assert_int_equal(uc_parse_size("16777216T", &v), -ERANGE);
	assert_string_equal(uc_size_text(1536, text, sizeof(text)), "1.5K");
	assert_string_equal(uc_size_text(256 << 20, text, sizeof(text)), "256M");
	assert_string_equal(uc_size_text(1023, text, sizeof(text)), "1023");
}

static void durations(void **state)
{
	double v;

	(void)state;
	assert_int_equal(uc_parse_seconds("2m", &v), 0);
	assert_true(v == 120);
	assert_int_equal(uc_parse_seconds(".5", &v), 0);
	assert_true(v == 0.5);
	assert_int_equal(uc_parse_seconds("1h", &v), 0);
	assert_int_equal(uc_parse_seconds("", &v), -EINVAL);
	assert_int_equal(uc_parse_seconds("-1", &v), -EINVAL);
	assert_int_equal(uc_parse_seconds("nan", &v), -EINVAL);
	assert_int_equal(uc_parse_seconds("1e300", &v), -ERANGE);
	assert_int_equal(uc_parse_seconds("0x10", &v), -EINVAL);
}

static void near_names(void **state)
{
	static const char *const names[] = { "build", "run", "version", NULL };

	(void)state;
	assert_string_equal(uc_nearest("biuld", names), "build");
	assert_string_equal(uc_nearest("rnu", names), "run");
	assert_null(uc_nearest("frobnicate", names));
}

static int cleanup(void **state)
{
	(void)state;
	free(args.v);
	free(o.env.items);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_and_values_in_every_form),
		cmocka_unit_test(an_optional_value_needs_an_equals_sign),
		cmocka_unit_test(a_negatable_flag_can_be_cleared),
		cmocka_unit_test(what_follows_the_image_belongs_to_the_program),
		cmocka_unit_test(dashes_end_the_options),
		cmocka_unit_test(mistakes_name_the_thing_and_the_remedy),
		cmocka_unit_test(sizes),
		cmocka_unit_test(durations),
		cmocka_unit_test(near_names),
	};

	return cmocka_run_group_tests(tests, NULL, cleanup);
}
