// SPDX-License-Identifier: BSD-3-Clause
#include <uc/user.h>
#include "altstack.h"
#include "internal.h"

long uc_sys_rt_sigreturn(void)
{
	struct uc_task *t = uc_task_current();
	struct uc_regs *r = uc_ctx_regs(&t->thread.ctx);
	uint64_t mask, sp, size;
	uint32_t flags;

	if (uc_sigframe_pop(r, &mask, &sp, &size, &flags) < 0) {
		uc_signal_force(SIGSEGV, SI_KERNEL, 0);
		return 0;
	}
	uc_signal_set_blocked(mask);
	/* What sigaltstack would refuse is left as it is. */
	if (!(flags & SS_DISABLE) && size >= MINSIGSTKSZ) {
		t->altstack_sp = sp;
		t->altstack_size = size;
		t->altstack_flags = flags & UC_SS_AUTODISARM;
	} else if (flags & SS_DISABLE) {
		uc_altstack_reset(t);
	}
	return (long)uc_regs_ret(r);
}

/* Continues what a signal without handler interrupted (UC_ERESTART_BLOCK). */
long uc_sys_restart_syscall(void)
{
	struct uc_restart b = uc_task_current()->restart;

	uc_task_current()->restart.fn = NULL;
	return b.fn ? b.fn(&b) : -4 /* EINTR */;
}
