// SPDX-License-Identifier: BSD-3-Clause
/* Calls that wait for a signal. */
#include <asm/errno.h>
#include <uc/user.h>
#include "internal.h"

#define NSEC_PER_SEC 1000000000ull

static void sleep_until_signal(void)
{
	while (!uc_signal_pending()) {
		(void)uc_sched_block(UC_FOREVER, true);
		uc_signal_recalc(uc_task_current()); /* a mark left by a signal taken otherwise */
	}
}

long uc_sys_pause(void)
{
	sleep_until_signal();
	return -UC_ERESTARTNOHAND;
}

long uc_sys_rt_sigsuspend(uc_uptr set, uint64_t size)
{
	uc_sigset s;
	int r = uc_sigset_read(&s, set, size);

	if (r < 0)
		return r;
	uc_signal_begin_mask(s);
	sleep_until_signal();
	uc_signal_end_mask(true);
	return -UC_ERESTARTNOHAND;
}

static int read_deadline(uc_uptr p, uc_nsec *out)
{
	struct __kernel_timespec ts;
	uc_nsec now = uc_time_mono(), rel;

	if (!p) {
		*out = UC_FOREVER;
		return 0;
	}
	if (uc_user_read(&ts, p, sizeof(ts)) < 0)
		return -EFAULT;
	if (ts.tv_sec < 0 || ts.tv_nsec < 0 || ts.tv_nsec >= (long long)NSEC_PER_SEC)
		return -EINVAL;
	if (__builtin_mul_overflow((uint64_t)ts.tv_sec, NSEC_PER_SEC, &rel) ||
	    __builtin_add_overflow(rel, (uint64_t)ts.tv_nsec, &rel) ||
	    __builtin_add_overflow(rel, now, out))
		*out = UC_FOREVER;
	return 0;
}

/* Unblocks `set` while sleeping, so that a signal of it wakes this thread, then takes it. */
static int wait_for(uc_sigset set, uc_nsec deadline, struct uc_siginfo *info)
{
	struct uc_task *t = uc_task_current();
	int sig = uc_signal_take(set, info), r;

	if (sig || deadline <= uc_time_mono())
		return sig ? sig : -EAGAIN;
	t->real_blocked = t->blocked;
	uc_signal_set_blocked(t->blocked & ~set);
	uc_signal_recalc(t);
	r = uc_signal_pending() ? -EINTR : uc_sched_block(deadline, true);
	uc_signal_set_blocked(t->real_blocked);
	t->real_blocked = 0;
	sig = uc_signal_take(set, info);
	uc_signal_recalc(t);
	if (sig)
		return sig;
	return r == -ETIMEDOUT ? -EAGAIN : -EINTR;
}

long uc_sys_rt_sigtimedwait(uc_uptr set, uc_uptr uinfo, uc_uptr timeout, uint64_t size)
{
	struct uc_siginfo info;
	uc_nsec deadline = 0;
	uc_sigset s;
	int r = uc_sigset_read(&s, set, size);

	if (r == 0)
		r = read_deadline(timeout, &deadline);
	if (r < 0)
		return r;
	r = wait_for(s & ~UC_SIG_UNBLOCKABLE, deadline, &info);
	if (r > 0 && uinfo && uc_user_write(uinfo, &info, sizeof(info)) < 0)
		return -EFAULT;
	return r;
}
