// SPDX-License-Identifier: BSD-3-Clause
// sources: ../help.c ../man.c ../complete.c ../prose.c ../parse.c ../msg.c ../progress.c ../value.c
/* Help, manual and completion name every visible option and are accepted by the programs that
 * read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <unicore/cli.h>

struct opts {
	bool flag, hidden;
	const char *file, *maybe;
	struct uc_strlist list;
	int choice;
};

static const char *const choices[] = { "one", "two", NULL };
static const struct uc_opt table[] = {
	UC_OPT_FLAG('f', "flag", struct opts, flag, "it's a [flag]: really",
		    .more = ".starts with a dot"),
	UC_OPT_FLAG(0, "secret", struct opts, hidden, "not shown", .flags = UC_OPT_HIDDEN),
	UC_OPT_STRING('o', "file", "FILE", UC_HINT_FILE, struct opts, file, "a file"),
	UC_OPT_MAYBE(0, "maybe", "N", UC_HINT_NONE, struct opts, maybe, "perhaps a value"),
	UC_OPT_LIST('e', "env", "NAME=VALUE", UC_HINT_NONE, struct opts, list, "many"),
	UC_OPT_ENUM(0, "choice", choices, struct opts, choice, "one of two"),
	UC_OPT_END
};

static int no_main(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static const struct uc_section sections[] = {
	{ "Notes", "First.\n\n'Quoted' line.\n\n  example --flag\n  second\n\nLast \\ one." },
	{ NULL, NULL },
};
static const struct uc_cmd thing = { .name = "thing",
				     .main = no_main,
				     .synopsis = "[options] FILE",
				     .summary = "do a thing",
				     .description = "Does it.",
				     .opts = table,
				     .sections = sections,
				     .max_args = 1,
				     .positional = UC_HINT_FILE };
static const struct uc_cmd other = { .name = "other",
				     .main = no_main,
				     .synopsis = "[COMMAND]",
				     .summary = "it's another",
				     .description = "Does that.",
				     .max_args = 1,
				     .positional = UC_HINT_COMMAND };
static const struct uc_cmd *const cmds[] = { &thing, &other, NULL };

static char *text;
static size_t text_len;

static FILE *begin(void)
{
	free(text);
	text = NULL;
	return open_memstream(&text, &text_len);
}

static void names_all(const char *dashes)
{
	for (const struct uc_opt *o = table; o->name; o++) {
		char want[64];

		snprintf(want, sizeof(want), "%s%s", dashes, o->name);
		if (o->flags & UC_OPT_HIDDEN)
			assert_null(strstr(text, want));
		else if (!strstr(text, want))
			fail_msg("%s is not in %s", want, text);
	}
}

/* Runs a program on the text; skips if it is not installed. */
static int accepted_by(const char *program, const char *const args[])
{
	FILE *f = tmpfile();

	assert_int_equal(fwrite(text, 1, text_len, f), text_len);
	fflush(f);
	rewind(f);
	pid_t pid = fork();
	if (!pid) {
		dup2(fileno(f), 0);
		dup2(fileno(fopen("/dev/null", "w")), 1);
		execvp(program, (char *const *)args);
		_exit(127);
	}
	int st;
	waitpid(pid, &st, 0);
	fclose(f);
	return WIFEXITED(st) ? WEXITSTATUS(st) : -1;
}

static void help_is_complete_and_fits(void **state)
{
	FILE *f = begin();

	(void)state;
	uc_cli_help(&thing, f);
	fclose(f);
	names_all("--");
	assert_non_null(strstr(text, "--choice one|two"));
	assert_non_null(strstr(text, "--maybe[=N]"));
	for (const char *p = text; *p; p += strcspn(p, "\n") + 1)
		assert_true(strcspn(p, "\n") <= 88);
}

static void manual_is_valid_roff(void **state)
{
	static const char *const groff[] = { "groff", "-man", "-ww", "-Tutf8", "-z", NULL };
	FILE *f = begin();

	(void)state;
	uc_cli_man(&thing, f);
	fclose(f);
	names_all("\\-\\-");
	assert_non_null(strstr(text, ".SH NOTES\n"));
	/* a line of text never starts with a control character */
	assert_non_null(strstr(text, "\n\\&.starts with a dot"));
	assert_non_null(strstr(text, "\n\\&'Quoted' line."));
	assert_non_null(strstr(text, "Last \\e one."));
	assert_non_null(strstr(text, ".EX\nexample \\-\\-flag\nsecond\n.EE\n"));
	int st = accepted_by("groff", groff);
	assert_true(st == 0 || st == 127);
	f = begin();
	uc_cli_man_main(cmds, f);
	fclose(f);
	assert_non_null(strstr(text, "\\fBother\\fR"));
	assert_non_null(strstr(text, ".TP\n124\n"));
}

static void bash_completion_works(void **state)
{
	static const char *const check[] = { "bash", "-n", NULL };
	static const char *const use[] = {
		"bash", "-c",
		"eval \"$(cat)\"; t() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($#-1)); _unicore; "
		"echo \"${COMPREPLY[*]}\"; }\n"
		"[ \"$(t unicore t)\" = thing ] && [ \"$(t unicore thing --ch)\" = --choice ] && "
		"[ \"$(t unicore thing --choice t)\" = two ] && "
		"[ \"$(t unicore other o)\" = other ] && [ -n \"$(t unicore thing -o /etc/pass)\" "
		"]",
		NULL
	};
	FILE *f = begin();

	(void)state;
	uc_cli_complete_bash(cmds, f);
	fclose(f);
	names_all("--");
	assert_int_equal(accepted_by("bash", check), 0);
	assert_int_equal(accepted_by("bash", use), 0);
}

static void zsh_and_fish_completion_parse(void **state)
{
	static const char *const zsh[] = { "zsh", "-n", NULL }, *const fish[] = { "fish", "-n",
										  NULL };
	FILE *f = begin();
	int st;

	(void)state;
	uc_cli_complete_zsh(cmds, f);
	fclose(f);
	names_all("--");
	st = accepted_by("zsh", zsh);
	assert_true(st == 0 || st == 127);
	f = begin();
	uc_cli_complete_fish(cmds, f);
	fclose(f);
	names_all("-l ");
	st = accepted_by("fish", fish);
	assert_true(st == 0 || st == 127);
}

static int cleanup(void **state)
{
	(void)state;
	free(text);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(help_is_complete_and_fits),
		cmocka_unit_test(manual_is_valid_roff),
		cmocka_unit_test(bash_completion_works),
		cmocka_unit_test(zsh_and_fish_completion_parse),
	};

	return cmocka_run_group_tests(tests, NULL, cleanup);
}
