// SPDX-License-Identifier: BSD-3-Clause
/* Sending signals: kill(2), tgkill(2), rt_sigqueueinfo(2). */
#include <asm/errno.h>
#include <uc/part.h>
#include <uc/user.h>
#include "internal.h"
#include "kill.h"

UC_NEEDS_PART(jobctl);

static bool permitted(const struct uc_proc *to, int sig)
{
	const struct uc_proc *me = uc_proc_current();

	if (me == to || me->euid == 0 || me->euid == to->suid || me->euid == to->uid ||
	    me->uid == to->suid || me->uid == to->uid)
		return true;
	return sig == SIGCONT && me->sid == to->sid;
}

bool uc_kill_valid(int sig)
{
	return sig >= 0 && sig <= UC_NSIG;
}

void uc_kill_info(struct uc_siginfo *info, int sig, int code)
{
	const struct uc_proc *me = uc_proc_current();

	uc_siginfo_user(info, sig, code, me->pid, me->uid);
}

int uc_kill_checked(struct uc_proc *p, int sig, const struct uc_siginfo *info)
{
	return permitted(p, sig) ? uc_signal_proc(p, sig, info) : -EPERM;
}

/* Every process of a group; pgid 0: every process but pid 1 and the caller. */
static long kill_many(int pgid, int sig, const struct uc_siginfo *info)
{
	const struct uc_proc *me = uc_proc_current();
	long result = -ESRCH;

	UC_LIST_FOREACH(it, &uc_proc_list) {
		struct uc_proc *p = UC_LIST_ENTRY(it, struct uc_proc, all_link);
		int r;

		if (pgid ? p->pgid != pgid : p == me || p == uc_proc_init)
			continue;
		r = uc_kill_checked(p, sig, info);
		if (result != 0)
			result = r;
	}
	return result;
}

long uc_sys_kill(int pid, int sig)
{
	struct uc_siginfo info;
	struct uc_proc *p;

	if (!uc_kill_valid(sig))
		return -EINVAL;
	uc_kill_info(&info, sig, SI_USER);
	if (pid == INT32_MIN)
		return -ESRCH;
	if (pid == -1)
		return kill_many(0, sig, &info);
	if (pid <= 0)
		return kill_many(pid ? -pid : uc_proc_current()->pgid, sig, &info);
	p = uc_proc_find(pid);
	if (!p) {
		/* kill takes any thread's number, and means its process. */
		struct uc_task *t = uc_task_find(pid);
		p = t ? t->proc : NULL;
	}
	return p ? uc_kill_checked(p, sig, &info) : -ESRCH;
}

static long send_thread(int tgid, int tid, int sig, const struct uc_siginfo *info)
{
	struct uc_task *t = uc_task_find(tid);

	if (!t || (tgid > 0 && t->proc->pid != tgid))
		return -ESRCH;
	if (!permitted(t->proc, sig))
		return -EPERM;
	return uc_signal_task(t, sig, info);
}

long uc_sys_tgkill(int tgid, int tid, int sig)
{
	struct uc_siginfo info;

	if (tgid <= 0 || tid <= 0 || !uc_kill_valid(sig))
		return -EINVAL;
	uc_kill_info(&info, sig, SI_TKILL);
	return send_thread(tgid, tid, sig, &info);
}

long uc_sys_tkill(int tid, int sig)
{
	struct uc_siginfo info;

	if (tid <= 0 || !uc_kill_valid(sig))
		return -EINVAL;
	uc_kill_info(&info, sig, SI_TKILL);
	return send_thread(0, tid, sig, &info);
}

int uc_kill_read_info(struct uc_siginfo *info, uc_uptr p, int sig, int to_pid)
{
	siginfo_t *si = (siginfo_t *)info->raw;

	if (uc_user_read(info, p, sizeof(*info)) < 0)
		return -EFAULT;
	if (sig >= 0)
		si->si_signo = sig;
	if ((si->si_code >= 0 || si->si_code == SI_TKILL) && uc_proc_current()->pid != to_pid)
		return -EPERM;
	return 0;
}

long uc_sys_rt_sigqueueinfo(int pid, int sig, uc_uptr uinfo)
{
	struct uc_siginfo info;
	struct uc_proc *p;
	int r = uc_kill_read_info(&info, uinfo, sig, pid);

	if (r < 0)
		return r;
	if (!uc_kill_valid(sig))
		return -EINVAL;
	p = uc_proc_find(pid);
	return p ? uc_kill_checked(p, sig, &info) : -ESRCH;
}

long uc_sys_rt_tgsigqueueinfo(int tgid, int tid, int sig, uc_uptr uinfo)
{
	struct uc_siginfo info;
	int r;

	if (tgid <= 0 || tid <= 0)
		return -EINVAL;
	r = uc_kill_read_info(&info, uinfo, sig, tgid);
	if (r < 0)
		return r;
	return uc_kill_valid(sig) ? send_thread(tgid, tid, sig, &info) : -EINVAL;
}
