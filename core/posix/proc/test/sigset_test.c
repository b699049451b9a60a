// SPDX-License-Identifier: BSD-3-Clause
/* Default actions and order of delivery: signal(7). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "sigset.h"

static void default_actions_are_those_of_signal_7(void **state)
{
	const int core[] = { SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGFPE,
			     SIGSEGV, SIGBUS, SIGSYS,  SIGXCPU, SIGXFSZ };
	const int term[] = { SIGHUP,    SIGINT,  SIGKILL,   SIGPIPE, SIGALRM,
			     SIGTERM,   SIGUSR1, SIGUSR2,   SIGIO,   SIGPROF,
			     SIGVTALRM, SIGPWR,  SIGSTKFLT, 34,      64 };
	const int stop[] = { SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU },
		  ignore[] = { SIGCHLD, SIGURG, SIGWINCH };

	for (unsigned i = 0; i < UC_ARRAY_SIZE(core); i++)
		assert_int_equal(uc_sig_default(core[i]), UC_SIGDFL_CORE);
	for (unsigned i = 0; i < UC_ARRAY_SIZE(term); i++)
		assert_int_equal(uc_sig_default(term[i]), UC_SIGDFL_TERM);
	for (unsigned i = 0; i < UC_ARRAY_SIZE(stop); i++)
		assert_int_equal(uc_sig_default(stop[i]), UC_SIGDFL_STOP);
	for (unsigned i = 0; i < UC_ARRAY_SIZE(ignore); i++)
		assert_int_equal(uc_sig_default(ignore[i]), UC_SIGDFL_IGNORE);
	assert_int_equal(uc_sig_default(SIGCONT), UC_SIGDFL_CONT);
}

static void faults_come_before_other_signals(void **state)
{
	assert_int_equal(uc_sig_first(UC_SIGBIT(SIGHUP) | UC_SIGBIT(SIGSEGV)), SIGSEGV);
	assert_int_equal(uc_sig_first(UC_SIGBIT(SIGUSR1) | UC_SIGBIT(SIGHUP)), SIGHUP);
	assert_int_equal(uc_sig_first(UC_SIGBIT(64)), 64);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(default_actions_are_those_of_signal_7),
		cmocka_unit_test(faults_come_before_other_signals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
