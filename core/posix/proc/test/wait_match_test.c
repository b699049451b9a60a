// SPDX-License-Identifier: BSD-3-Clause
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "wait_match.h"

static struct uc_wait_sel by_pid(int pid, unsigned options)
{
	struct uc_wait_sel s = { .options = options };

	uc_wait_sel_pid(&s, pid, 7);
	return s;
}

static void the_pid_argument_selects(void **state)
{
	struct uc_wait_sel any = by_pid(-1, 0), one = by_pid(12, 0), mine = by_pid(0, 0),
			   group = by_pid(-9, 0);

	assert_true(uc_wait_matches(&any, 12, 9, SIGCHLD));
	assert_true(uc_wait_matches(&one, 12, 9, SIGCHLD));
	assert_false(uc_wait_matches(&one, 13, 9, SIGCHLD));
	assert_true(uc_wait_matches(&mine, 12, 7, SIGCHLD));
	assert_false(uc_wait_matches(&mine, 12, 9, SIGCHLD));
	assert_true(uc_wait_matches(&group, 12, 9, SIGCHLD));
	assert_false(uc_wait_matches(&group, 12, 7, SIGCHLD));
}

static void clone_children_need_their_option(void **state)
{
	struct uc_wait_sel plain = by_pid(-1, 0), clone = by_pid(-1, __WCLONE),
			   all = by_pid(-1, __WALL);

	assert_false(uc_wait_matches(&plain, 1, 1, 0));
	assert_true(uc_wait_matches(&clone, 1, 1, 0));
	assert_false(uc_wait_matches(&clone, 1, 1, SIGCHLD));
	assert_true(uc_wait_matches(&all, 1, 1, 0));
	assert_true(uc_wait_matches(&all, 1, 1, SIGCHLD));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pid_argument_selects),
		cmocka_unit_test(clone_children_need_their_option),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
