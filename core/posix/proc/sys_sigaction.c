// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/part.h>
#include <uc/user.h>
#include "internal.h"
#include "sigset.h"

UC_NEEDS_PART(sighandle);

#define SA_KNOWN                                                                                   \
	(SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER |         \
	 SA_RESETHAND | 0x04000000u /* SA_RESTORER */ | 0x800u /* SA_EXPOSE_TAGBITS */)

/* Setting a signal to be ignored discards what is pending of it. */
static void drop_ignored(struct uc_proc *p, int sig)
{
	uint64_t h = p->sighand->act[sig - 1].handler;
	bool dfl = h == (uint64_t)(uintptr_t)SIG_DFL;
	enum uc_sigdefault d = uc_sig_default(sig);

	if (h != (uint64_t)(uintptr_t)SIG_IGN &&
	    !(dfl && (d == UC_SIGDFL_IGNORE || d == UC_SIGDFL_CONT)))
		return;
	uc_sigpending_flush(&p->pending, uc_sigbit(sig));
	UC_LIST_FOREACH(it, &p->tasks)
		uc_sigpending_flush(&UC_LIST_ENTRY(it, struct uc_task, link)->pending,
				    uc_sigbit(sig));
}

long uc_sys_rt_sigaction(int sig, uc_uptr act, uc_uptr old, uint64_t size)
{
	struct uc_proc *p = uc_proc_current();
	struct uc_sigaction a, before;

	if (size != sizeof(uc_sigset))
		return -EINVAL;
	if (act && uc_user_read(&a, act, sizeof(a)) < 0)
		return -EFAULT;
	if (sig < 1 || sig > UC_NSIG || (act && uc_sigbit(sig) & UC_SIG_UNBLOCKABLE))
		return -EINVAL;
	before = p->sighand->act[sig - 1];
	if (act) {
		a.flags &= SA_KNOWN; /* unknown bits read back as zero: sigaction(2) */
		a.mask &= ~UC_SIG_UNBLOCKABLE;
		p->sighand->act[sig - 1] = a;
		drop_ignored(p, sig);
	}
	if (old && uc_user_write(old, &before, sizeof(before)) < 0)
		return -EFAULT;
	return 0;
}
