// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/string.h>
#include <uc/user.h>
#include "altstack.h"

static int check(const struct uc_task *t, const stack_t *ss, uint64_t sp)
{
	unsigned mode = (unsigned)ss->ss_flags & ~UC_SS_AUTODISARM;

	if (uc_altstack_on(t, sp))
		return -EPERM;
	if (mode != 0 && mode != SS_ONSTACK && mode != SS_DISABLE)
		return -EINVAL;
	return mode != SS_DISABLE && ss->ss_size < MINSIGSTKSZ ? -ENOMEM : 0;
}

static void set(struct uc_task *t, const stack_t *ss)
{
	t->altstack_flags = (unsigned)ss->ss_flags & (UC_SS_AUTODISARM | SS_DISABLE);
	t->altstack_sp = ss->ss_flags & SS_DISABLE ? 0 : (uint64_t)(uintptr_t)ss->ss_sp;
	t->altstack_size = ss->ss_flags & SS_DISABLE ? 0 : ss->ss_size;
}

long uc_sys_sigaltstack(uc_uptr new, uc_uptr old)
{
	struct uc_task *t = uc_task_current();
	uint64_t sp = uc_regs_sp(uc_ctx_regs(&t->thread.ctx));
	stack_t ss, before;
	int r;

	memset(&before, 0, sizeof(before));
	before.ss_sp = (void *)(uintptr_t)t->altstack_sp;
	before.ss_size = t->altstack_size;
	before.ss_flags = (int)uc_altstack_flags(t, sp);
	if (new) {
		if (uc_user_read(&ss, new, sizeof(ss)) < 0)
			return -EFAULT;
		r = check(t, &ss, sp);
		if (r < 0)
			return r;
		set(t, &ss);
	}
	return old ? uc_user_write(old, &before, sizeof(before)) : 0;
}
