// SPDX-License-Identifier: BSD-3-Clause
/* Handlers of signals, for images that can install one: sigaction(2). */
#include <asm/errno.h>
#include <uc/part.h>
#include "altstack.h"
#include "internal.h"
#include "sighandle.h"
#include "sigset.h"

UC_PART(sighandle);

static void restart_before_handler(struct uc_regs *r, uint64_t sa_flags)
{
	switch (-(int64_t)uc_regs_ret(r)) {
	case UC_ERESTARTSYS:
		if (sa_flags & SA_RESTART)
			uc_regs_reissue(r, uc_regs_sysnr(r));
		else
			uc_regs_set_ret(r, (uint64_t)-EINTR);
		break;
	case UC_ERESTARTNOINTR:
		uc_regs_reissue(r, uc_regs_sysnr(r));
		break;
	case UC_ERESTARTNOHAND:
	case UC_ERESTART_BLOCK:
		uc_regs_set_ret(r, (uint64_t)-EINTR);
		break;
	}
}

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

	if (uc_sigframe_push(r, &in) < 0)
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

void uc_signal_handle(struct uc_task *t, struct uc_regs *r, int sig, const struct uc_siginfo *info,
		      bool restartable)
{
	if (restartable)
		restart_before_handler(r, t->proc->sighand->act[sig - 1].flags);
	run_handler(t, r, sig, info);
}
