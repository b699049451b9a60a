// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/user.h>
#include "internal.h"

int uc_sigset_read(uc_sigset *out, uc_uptr p, uint64_t size)
{
	if (size != sizeof(*out))
		return -EINVAL;
	return uc_user_read(out, p, sizeof(*out));
}

static int apply(int how, uc_sigset set)
{
	uc_sigset now = uc_task_current()->blocked;

	switch (how) {
	case SIG_BLOCK:
		set |= now;
		break;
	case SIG_UNBLOCK:
		set = now & ~set;
		break;
	case SIG_SETMASK:
		break;
	default:
		return -EINVAL;
	}
	uc_signal_set_blocked(set);
	return 0;
}

long uc_sys_rt_sigprocmask(int how, uc_uptr set, uc_uptr old, uint64_t size)
{
	uc_sigset s, before = uc_task_current()->blocked;
	int r;

	if (size != sizeof(uc_sigset))
		return -EINVAL;
	if (set) {
		r = uc_sigset_read(&s, set, size);
		if (r == 0)
			r = apply(how, s);
		if (r < 0)
			return r;
	}
	return old ? uc_user_write(old, &before, sizeof(before)) : 0;
}

long uc_sys_rt_sigpending(uc_uptr set, uint64_t size)
{
	struct uc_task *t = uc_task_current();
	uc_sigset s = (t->pending.set | t->proc->pending.set) & t->blocked;

	if (size > sizeof(s))
		return -EINVAL;
	return uc_user_write(set, &s, size);
}
