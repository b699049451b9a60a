// SPDX-License-Identifier: BSD-3-Clause
/* Delivery of signals on the way out of the kernel, restart of interrupted calls: signal(7). */
#include <asm/errno.h>
#include <asm/unistd.h>
#include <uc/string.h>
#include <uc/user.h>
#include "altstack.h"
#include "internal.h"
#include "jobctl.h"
#include "sigset.h"

static void reissue(struct uc_regs *r, uint64_t nr)
{
	uc_regs_set_pc(r, uc_regs_restart_pc(r));
	uc_regs_set_ret(r, nr);
}

static bool in_syscall(const struct uc_regs *r)
{
	return uc_regs_sysnr(r) != UINT64_MAX;
}

static void restart_before_handler(struct uc_regs *r, uint64_t sa_flags)
{
	switch (-(int64_t)uc_regs_ret(r)) {
	case UC_ERESTARTSYS:
		if (sa_flags & SA_RESTART)
			reissue(r, uc_regs_sysnr(r));
		else
			uc_regs_set_ret(r, (uint64_t)-EINTR);
		break;
	case UC_ERESTARTNOINTR:
		reissue(r, uc_regs_sysnr(r));
		break;
	case UC_ERESTARTNOHAND:
	case UC_ERESTART_BLOCK:
		uc_regs_set_ret(r, (uint64_t)-EINTR);
		break;
	}
}

static void restart_without_handler(struct uc_regs *r)
{
	switch (-(int64_t)uc_regs_ret(r)) {
	case UC_ERESTARTSYS:
	case UC_ERESTARTNOHAND:
	case UC_ERESTARTNOINTR:
		reissue(r, uc_regs_sysnr(r));
		break;
	case UC_ERESTART_BLOCK:
		reissue(r, __NR_restart_syscall);
		break;
	}
}

/* Without rt_sigaction no signal has a handler, and the image has no frames for them. */
__attribute__((weak)) int uc_sigframe_push(struct uc_regs *r, const struct uc_sigframe_in *in);

static int push_frame(struct uc_task *t, struct uc_regs *r, int sig, const struct uc_siginfo *info,
		      const struct uc_sigaction *a)
{
	uint64_t sp = uc_regs_sp(r);
	bool alt = a->flags & SA_ONSTACK && uc_altstack_usable(t, sp);
	struct uc_sigframe_in in = {
		.sig = sig,
		.handler = a->handler,
		.restorer = a->restorer,
		.flags = a->flags,
		.mask = t->restore_mask ? t->saved_mask : t->blocked,
		.siginfo = info->raw,
		.altstack_sp = t->altstack_sp,
		.altstack_size = t->altstack_size,
		.altstack_flags = uc_altstack_flags(t, sp),
		.sp = alt ? t->altstack_sp + t->altstack_size : sp,
		.fault_addr = t->fault.addr,
		.fault_err = t->fault.err,
		.fault_trapno = t->fault.trapno,
	};
	bool on_alt = alt || uc_altstack_on(t, sp);

	if (!uc_sigframe_push || uc_sigframe_push(r, &in) < 0)
		return -EFAULT;
	if (on_alt && uc_regs_sp(r) < t->altstack_sp)
		return -EFAULT;
	if (t->altstack_flags & UC_SS_AUTODISARM && alt)
		uc_altstack_reset(t);
	return 0;
}

static void run_handler(struct uc_task *t, struct uc_regs *r, int sig,
			const struct uc_siginfo *info)
{
	struct uc_sigaction *slot = &t->proc->sighand->act[sig - 1], a = *slot;
	uc_sigset block = a.mask;

	if (uc_proc_hooks.rseq_interrupt)
		uc_proc_hooks.rseq_interrupt(r);
	if (a.flags & SA_RESETHAND)
		slot->handler = (uint64_t)(uintptr_t)SIG_DFL;
	if (push_frame(t, r, sig, info, &a) < 0) {
		/* No stack for the handler: SIGSEGV, fatally if it is SIGSEGV that failed. */
		if (sig == SIGSEGV)
			slot->handler = (uint64_t)(uintptr_t)SIG_DFL;
		uc_signal_force(SIGSEGV, SI_KERNEL, 0);
		return;
	}
	t->restore_mask = false;
	if (!(a.flags & SA_NODEFER))
		block |= uc_sigbit(sig);
	uc_signal_set_blocked(t->blocked | block);
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
		if (sig == SIGSTOP || !uc_jobctl_orphaned(t->proc->pgid))
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
		if (restartable)
			restart_before_handler(r, t->proc->sighand->act[sig - 1].flags);
		restartable = false;
		run_handler(t, r, sig, &info);
	}
	if (restartable)
		restart_without_handler(r);
	if (t->restore_mask) {
		t->restore_mask = false;
		uc_signal_set_blocked(t->saved_mask);
	}
	uc_signal_recalc(t);
}
