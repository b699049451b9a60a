// SPDX-License-Identifier: BSD-3-Clause
// sources: ../clone_check.c
/* The flag rules of clone(2), ERRORS. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "clone.h"

#define PTHREAD                                                                                    \
	(CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |        \
	 CLONE_SETTLS | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID)

static void what_libraries_use_is_accepted(void **state)
{
	assert_int_equal(uc_clone_check(PTHREAD, true), 0);
	assert_int_equal(uc_clone_check(CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID, true), 0);
	assert_int_equal(uc_clone_check(CLONE_VM | CLONE_VFORK, true), 0);
	assert_int_equal(uc_clone_check(CLONE_VM | CLONE_VFORK | CLONE_CLEAR_SIGHAND, true), 0);
}

static void contradictions_are_invalid(void **state)
{
	const uint64_t bad[] = {
		CLONE_THREAD,
		CLONE_THREAD | CLONE_VM,
		CLONE_SIGHAND,
		CLONE_NEWNS | CLONE_FS,
		CLONE_NEWUSER | CLONE_FS,
		CLONE_SIGHAND | CLONE_VM | CLONE_CLEAR_SIGHAND,
		PTHREAD | CLONE_PIDFD,
		PTHREAD | CLONE_NEWPID,
	};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(uc_clone_check(bad[i], false), -EINVAL);
	assert_int_equal(uc_clone_check(CLONE_PARENT, true), -EINVAL);
	assert_int_equal(uc_clone_check(CLONE_PARENT, false), 0);
}

static void what_is_missing_is_told_apart(void **state)
{
	assert_int_equal(uc_clone_check(CLONE_NEWNET, false), -ENOSYS);
	assert_int_equal(uc_clone_check(CLONE_INTO_CGROUP, false), -ENOSYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_libraries_use_is_accepted),
		cmocka_unit_test(contradictions_are_invalid),
		cmocka_unit_test(what_is_missing_is_told_apart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
