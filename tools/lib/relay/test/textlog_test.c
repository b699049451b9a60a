// SPDX-License-Identifier: BSD-3-Clause
// sources: ../textlog.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../textlog.h"

static char shown[8192];

static void print(void *arg, const char *line, size_t n)
{
	size_t at = strlen(shown);

	(void)arg;
	snprintf(shown + at, sizeof(shown) - at, "[%.*s]", (int)n, line);
}

static struct uc_textlog *fresh(bool show)
{
	static struct uc_textlog t;

	shown[0] = 0;
	t = (struct uc_textlog){ .show = show, .print = print };
	return &t;
}

static void lines_are_cut_across_pieces(void **state)
{
	struct uc_textlog *t = fresh(true);

	(void)state;
	uc_textlog_add(t, "one\ntw", 6);
	assert_string_equal(shown, "[one]");
	uc_textlog_add(t, "o\r\n\nrest", 8);
	assert_string_equal(shown, "[one][two][]");
	uc_textlog_flush(t);
	assert_string_equal(shown, "[one][two][][rest]");
}

static void control_characters_do_not_reach_the_terminal(void **state)
{
	struct uc_textlog *t = fresh(true);

	(void)state;
	uc_textlog_add(t, "a\033[2Jb\tc\x7f\n", 10);
	assert_string_equal(shown, "[a?[2Jb\tc?]");
}

static void hidden_text_is_kept_and_the_oldest_dropped(void **state)
{
	struct uc_textlog *t = fresh(false);
	char line[64];

	(void)state;
	for (int i = 0; i < 5000; i++)
		uc_textlog_add(t, line, (size_t)snprintf(line, sizeof(line), "line %d\n", i));
	assert_true(t->kept_len <= UC_TEXTLOG_KEEP);
	assert_true(t->kept_len > UC_TEXTLOG_KEEP / 4);
	assert_memory_equal(t->kept, "line ", 5); /* starts with a whole line */
	assert_memory_equal(t->kept + t->kept_len - 10, "line 4999\n", 10);
	assert_string_equal(shown, "");
	free(t->kept);
}

static void an_endless_line_is_broken(void **state)
{
	struct uc_textlog *t = fresh(false);

	(void)state;
	for (int i = 0; i < 3000; i++)
		uc_textlog_add(t, "x", 1);
	assert_int_equal(t->kept_len, 2 * (sizeof(t->line) + 1));
	free(t->kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_cut_across_pieces),
		cmocka_unit_test(control_characters_do_not_reach_the_terminal),
		cmocka_unit_test(hidden_text_is_kept_and_the_oldest_dropped),
		cmocka_unit_test(an_endless_line_is_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
