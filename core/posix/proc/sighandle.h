// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PROC_SIGHANDLE_H
#define UC_PROC_SIGHANDLE_H
#include <uc/proc.h>
/* Call nr is made again once the application runs. */
static inline void uc_regs_reissue(struct uc_regs *r, uint64_t nr)
{
	uc_regs_set_pc(r, uc_regs_restart_pc(r));
	uc_regs_set_ret(r, nr);
}
/* Makes t enter its handler of sig when it goes on from r. restartable: r is that of a call, whose
 * result decides whether it is made again after the handler. Part `sighandle` (uc/part.h): without
 * rt_sigaction no signal has a handler. */
__attribute__((weak)) void uc_signal_handle(struct uc_task *t, struct uc_regs *r, int sig,
					    const struct uc_siginfo *info, bool restartable);
#endif
