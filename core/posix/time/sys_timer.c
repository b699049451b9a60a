// SPDX-License-Identifier: BSD-3-Clause
/* timer_create(2), timer_settime(2), timer_gettime(2), timer_getoverrun(2), timer_delete(2). */
#include <asm/errno.h>
#include <uc/init.h>
#include <uc/string.h>
#include "itimerspec.h"
#include "ptimer.h"

static siginfo_t *si(struct uc_siginfo *i)
{
	return (siginfo_t *)i->raw;
}

static void make_info(const struct ptimer *t, struct uc_siginfo *info)
{
	memset(info, 0, sizeof(*info));
	si(info)->si_signo = t->sig;
	si(info)->si_code = SI_TIMER;
	si(info)->si_tid = t->id;
	memcpy(&si(info)->si_value, &t->value, sizeof(t->value));
}

/* The thread a SIGEV_THREAD_ID timer notifies, or NULL: ended. */
static struct uc_task *target(const struct ptimer *t)
{
	struct uc_task *task = uc_task_find(t->tid);
	return task && task->proc == t->proc ? task : NULL;
}

static bool signal_waits(const struct ptimer *t)
{
	const struct uc_sigpending *q = &t->proc->pending;
	if (t->notify == SIGEV_THREAD_ID) {
		const struct uc_task *task = target(t);
		if (!task)
			return false;
		q = &task->pending;
	}
	return q->set & uc_sigbit(t->sig);
}

static void send(struct ptimer *t)
{
	struct uc_siginfo info;
	make_info(t, &info);
	if (t->notify == SIGEV_THREAD_ID) {
		struct uc_task *task = target(t);
		if (task)
			uc_signal_task(task, t->sig, &info);
	} else {
		uc_signal_proc(t->proc, t->sig, &info);
	}
	/* Not waiting: it was ignored and dropped. */
	t->queued = signal_waits(t);
}

/*
 * At most one signal of a timer waits at a time; expirations meanwhile are its overrun. A signal
 * that was flushed instead of taken is noticed here because its number is not pending any more.
 */
static void on_expired(struct ctimer *ct)
{
	struct ptimer *t = UC_CONTAINER(ct, struct ptimer, ct);
	uint64_t n = ctimer_forward(ct, ptimer_rest(t->proc, t->sig));
	if (t->notify == SIGEV_NONE)
		return;
	if (t->queued && signal_waits(t)) {
		t->overrun += n;
		return;
	}
	t->overrun = n - 1;
	send(t);
}

static int overrun_of(uint64_t n)
{
	return (int)UC_MIN(n, (uint64_t)INT32_MAX); /* DELAYTIMER_MAX */
}

static void on_signal_taken(struct uc_siginfo *info)
{
	struct ptimer *t = ptimer_find(uc_proc_current(), si(info)->si_tid);
	if (!t || t->sig != si(info)->si_signo)
		return;
	t->queued = false;
	t->overrun_taken = t->overrun;
	t->overrun = 0;
	si(info)->si_overrun = overrun_of(t->overrun_taken);
}

static int check_event(const struct sigevent *e)
{
	const struct uc_task *task;
	switch (e->sigev_notify) {
	case SIGEV_NONE:
		return 0;
	case SIGEV_THREAD_ID:
		task = uc_task_find(e->_sigev_un._tid);
		if (!task || task->proc != uc_proc_current())
			return -EINVAL;
		break;
	case SIGEV_SIGNAL:
	case SIGEV_THREAD:
		break;
	default:
		return -EINVAL;
	}
	return e->sigev_signo > 0 && e->sigev_signo <= UC_NSIG ? 0 : -EINVAL;
}

static int free_id(struct uc_proc *p)
{
	int id = 0;
	while (ptimer_find(p, id))
		id++;
	return id;
}

long uc_sys_timer_create(int clockid, uc_uptr event, uc_uptr id_out)
{
	struct uc_proc *p = uc_proc_current();
	struct sigevent e = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
	struct clock c;
	int id = free_id(p);
	int r = event ? uc_user_read(&e, event, sizeof(e)) : 0;
	if (!r)
		r = clock_for_timer(clockid, &c);
	if (!r)
		r = check_event(&e);
	if (r)
		return r;
	if (!event)
		e.sigev_value.sival_ptr = (void *)(intptr_t)id;
	struct ptimer *t = ptimer_new(p, id, &c, on_expired);
	if (!t)
		return -EAGAIN;
	t->sig = e.sigev_signo;
	t->notify = e.sigev_notify;
	t->tid = e._sigev_un._tid;
	memcpy(&t->value, &e.sigev_value, sizeof(t->value));
	r = uc_user_write(id_out, &id, sizeof(id));
	if (r)
		ptimer_delete(t);
	return r;
}

static struct ptimer *get(int id)
{
	return id < 0 ? NULL : ptimer_find(uc_proc_current(), id);
}

long uc_sys_timer_settime(int id, int flags, uc_uptr new_value, uc_uptr old_value)
{
	uc_nsec value, interval, old, old_interval;
	if (!new_value)
		return -EINVAL;
	int r = itimerspec_read(new_value, &value, &interval);
	if (r)
		return r;
	struct ptimer *t = get(id);
	if (!t)
		return -EINVAL;
	ctimer_get(&t->ct, &old, &old_interval);
	t->overrun = t->overrun_taken = 0;
	r = ctimer_start(&t->ct, value, interval, flags & TIMER_ABSTIME);
	return !r && old_value ? itimerspec_write(old_value, old, old_interval) : r;
}

long uc_sys_timer_gettime(int id, uc_uptr out)
{
	uc_nsec value, interval;
	struct ptimer *t = get(id);
	if (!t)
		return -EINVAL;
	ctimer_get(&t->ct, &value, &interval);
	return itimerspec_write(out, value, interval);
}

long uc_sys_timer_getoverrun(int id)
{
	const struct ptimer *t = get(id);
	return t ? overrun_of(t->overrun_taken) : -EINVAL;
}

long uc_sys_timer_delete(int id)
{
	struct ptimer *t = get(id);
	if (!t)
		return -EINVAL;
	ptimer_delete(t);
	return 0;
}

static int timer_hook(void)
{
	uc_proc_hooks.timer_signal = on_signal_taken;
	return 0;
}
UC_INITCALL(UC_STAGE_CORE, timer_hook);
