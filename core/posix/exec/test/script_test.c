// SPDX-License-Identifier: BSD-3-Clause
// sources: ../script.c
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "script.h"

static char line[UC_SCRIPT_LINE + 1];

static int parse(const char *text, struct uc_script *s)
{
	size_t n = strlen(text);

	memcpy(line, text, n);
	return uc_script_parse(line, n, s);
}

static void splits_interpreter_and_argument(void **state)
{
	struct uc_script s;

	assert_int_equal(parse("#!/bin/sh\necho\n", &s), 0);
	assert_string_equal(s.interp, "/bin/sh");
	assert_null(s.arg);
	assert_int_equal(parse("#! \t/usr/bin/env  python3 -u \t\nx", &s), 0);
	assert_string_equal(s.interp, "/usr/bin/env");
	assert_string_equal(s.arg, "python3 -u");
}

static void accepts_a_file_without_newline(void **state)
{
	struct uc_script s;

	line[9] = 'x';
	assert_int_equal(parse("#!/bin/sh", &s), 0);
	assert_string_equal(s.interp, "/bin/sh");
}

static void refuses_what_is_no_script(void **state)
{
	struct uc_script s;

	assert_int_equal(parse("", &s), -ENOEXEC);
	assert_int_equal(parse("#", &s), -ENOEXEC);
	assert_int_equal(parse("\x7f" "ELF", &s), -ENOEXEC);
	assert_int_equal(parse("#!\n", &s), -ENOEXEC);
	assert_int_equal(parse("#!   \n/bin/sh", &s), -ENOEXEC);
}

static void refuses_a_name_that_is_cut_off(void **state)
{
	struct uc_script s;

	memset(line, 'a', UC_SCRIPT_LINE);
	memcpy(line, "#!/", 3);
	assert_int_equal(uc_script_parse(line, UC_SCRIPT_LINE, &s), -ENOEXEC);
	memset(line, 'a', UC_SCRIPT_LINE);
	memcpy(line, "#!/bin/sh ", 10);
	assert_int_equal(uc_script_parse(line, UC_SCRIPT_LINE, &s), 0);
	assert_string_equal(s.interp, "/bin/sh");
	assert_int_equal(strlen(s.arg), UC_SCRIPT_LINE - 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(splits_interpreter_and_argument),
		cmocka_unit_test(accepts_a_file_without_newline),
		cmocka_unit_test(refuses_what_is_no_script),
		cmocka_unit_test(refuses_a_name_that_is_cut_off),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
