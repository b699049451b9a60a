// SPDX-License-Identifier: BSD-3-Clause
/* Delivery of signals on the way out of the kernel, restart of interrupted calls: signal(7). */
#include <asm/errno.h>
#include <asm/unistd.h>
#include "internal.h"
#include "jobctl.h"
#include "sighandle.h"
#include "sigset.h"

static bool in_syscall(const struct uc_regs *r)
{
	return uc_regs_sysnr(r) != UINT64_MAX;
}

static void restart_without_handler(struct uc_regs *r)
{
	switch (-(int64_t)uc_regs_ret(r)) {
	case UC_ERESTARTSYS:
	case UC_ERESTARTNOHAND:
	case UC_ERESTARTNOINTR:
		uc_regs_reissue(r, uc_regs_sysnr(r));
		break;
	case UC_ERESTART_BLOCK:
		uc_regs_reissue(r, __NR_restart_syscall);
		break;
	}
}

UC_NORETURN static void die(struct uc_task *t, const struct uc_regs *r, int sig,
			    struct uc_siginfo *info)
{
	const siginfo_t *si = (const siginfo_t *)info->raw;

	if (uc_sigbit(sig) & UC_SIGSET_SYNC && si->si_code > 0 && !t->proc->exiting)
		uc_report_fault(t, r, sig, si->si_code, (uint64_t)(uintptr_t)si->si_addr);
	uc_proc_exit_group(sig);
}

static void default_action(struct uc_task *t, const struct uc_regs *r, int sig,
			   struct uc_siginfo *info)
{
	switch (uc_sig_default(sig)) {
	case UC_SIGDFL_IGNORE:
	case UC_SIGDFL_CONT:
		return;
	case UC_SIGDFL_STOP:
		if (uc_jobctl_stop && (sig == SIGSTOP || !uc_jobctl_orphaned(t->proc->pgid)))
			uc_jobctl_stop(t->proc, sig);
		return;
	case UC_SIGDFL_TERM:
	case UC_SIGDFL_CORE:
		die(t, r, sig, info);
	}
}

/* Next signal that has a handler; actions without one are taken here. 0: none. */
static int next_handled(struct uc_task *t, const struct uc_regs *r, struct uc_siginfo *info)
{
	for (;;) {
		uint64_t handler;
		int sig;

		if (t->exiting || t->proc->exiting)
			uc_task_exit(t->proc->exit_code);
		if (t->proc->stopped) {
			uc_jobctl_wait(t);
			continue;
		}
		sig = uc_signal_take(~t->blocked, info);
		if (!sig)
			return 0;
		handler = t->proc->sighand->act[sig - 1].handler;
		if (handler == (uint64_t)(uintptr_t)SIG_IGN)
			continue;
		if (handler != (uint64_t)(uintptr_t)SIG_DFL)
			return sig;
		default_action(t, r, sig, info);
	}
}

void uc_signal_deliver(struct uc_regs *r)
{
	struct uc_task *t = uc_task_current();
	bool restartable = in_syscall(r);
	struct uc_siginfo info;
	int sig;

	while ((sig = next_handled(t, r, &info)) != 0) {
		uc_signal_handle(t, r, sig, &info, restartable);
		restartable = false;
	}
	if (restartable)
		restart_without_handler(r);
	if (t->restore_mask) {
		t->restore_mask = false;
		uc_signal_set_blocked(t->saved_mask);
	}
	uc_signal_recalc(t);
}
