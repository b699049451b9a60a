// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PROC_SIGSET_H
#define UC_PROC_SIGSET_H
/* Classification of signals: signal(7). Pure. */
#include <asm/signal.h>
#include <uc/types.h>

enum uc_sigdefault {
	UC_SIGDFL_TERM,
	UC_SIGDFL_CORE,
	UC_SIGDFL_IGNORE,
	UC_SIGDFL_STOP,
	UC_SIGDFL_CONT
};
#define UC_SIGBIT(sig) (1ull << ((sig) - 1))
#define UC_SIGSET_STOP                                                                             \
	(UC_SIGBIT(SIGSTOP) | UC_SIGBIT(SIGTSTP) | UC_SIGBIT(SIGTTIN) | UC_SIGBIT(SIGTTOU))
#define UC_SIGSET_IGNORE (UC_SIGBIT(SIGCHLD) | UC_SIGBIT(SIGURG) | UC_SIGBIT(SIGWINCH))
#define UC_SIGSET_CORE                                                                             \
	(UC_SIGBIT(SIGQUIT) | UC_SIGBIT(SIGILL) | UC_SIGBIT(SIGTRAP) | UC_SIGBIT(SIGABRT) |        \
	 UC_SIGBIT(SIGFPE) | UC_SIGBIT(SIGSEGV) | UC_SIGBIT(SIGBUS) | UC_SIGBIT(SIGSYS) |          \
	 UC_SIGBIT(SIGXCPU) | UC_SIGBIT(SIGXFSZ))
/* Caused by the instruction the thread executed: delivered before all others. */
#define UC_SIGSET_SYNC                                                                             \
	(UC_SIGBIT(SIGSEGV) | UC_SIGBIT(SIGBUS) | UC_SIGBIT(SIGILL) | UC_SIGBIT(SIGTRAP) |         \
	 UC_SIGBIT(SIGFPE) | UC_SIGBIT(SIGSYS))

static inline enum uc_sigdefault uc_sig_default(int sig)
{
	uint64_t b = UC_SIGBIT(sig);

	if (b & UC_SIGSET_CORE)
		return UC_SIGDFL_CORE;
	if (b & UC_SIGSET_IGNORE)
		return UC_SIGDFL_IGNORE;
	if (b & UC_SIGSET_STOP)
		return UC_SIGDFL_STOP;
	return sig == SIGCONT ? UC_SIGDFL_CONT : UC_SIGDFL_TERM;
}

/* The number Linux delivers first of a non-empty set: synchronous ones, then the lowest. */
static inline int uc_sig_first(uint64_t set)
{
	uint64_t sync = set & UC_SIGSET_SYNC;

	return __builtin_ctzll(sync ? sync : set) + 1;
}
#endif
