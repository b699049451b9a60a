// SPDX-License-Identifier: BSD-3-Clause
/* setitimer(2), getitimer(2), alarm(2). ITIMER_REAL lives in the process, the others are rare. */
#include <asm/errno.h>
#include <uc/heap.h>
#include "ptimer.h"

static void real_expired(struct uc_timer *t)
{
	struct uc_proc *p = UC_CONTAINER(t, struct uc_proc, itimer_real);
	if (p->itimer_interval) {
		uc_nsec next, now = uc_time_mono();
		ctimer_periods(t->deadline, p->itimer_interval, now, &next);
		uc_timer_arm(t, UC_MAX(next, now + ptimer_rest(p, SIGALRM)));
	}
	uc_signal_proc(p, SIGALRM, NULL);
}

static void get_real(struct uc_proc *p, uc_nsec *value, uc_nsec *interval)
{
	uc_nsec now = uc_time_mono(), at = p->itimer_real.deadline;
	*interval = p->itimer_interval;
	*value = 0;
	if (p->itimer_real.armed)
		*value = at > now ? at - now : 1;
}

static void set_real(struct uc_proc *p, uc_nsec value, uc_nsec interval)
{
	uc_timer_cancel(&p->itimer_real);
	uc_timer_init(&p->itimer_real, real_expired, NULL);
	p->itimer_interval = interval;
	if (value)
		uc_timer_arm(&p->itimer_real, uc_deadline_in(value));
}

static void cpu_expired(struct ctimer *ct)
{
	struct ptimer *t = UC_CONTAINER(ct, struct ptimer, ct);
	ctimer_forward(ct, ptimer_rest(t->proc, t->sig));
	uc_signal_proc(t->proc, t->sig, NULL);
}

/* The timer on CPU time for `which`, made if `create`. NULL: none, or no memory. */
static struct ptimer *cpu_timer(struct uc_proc *p, int which, bool create)
{
	int id = which == ITIMER_VIRTUAL ? PTIMER_VIRTUAL : PTIMER_PROF;
	struct clock c = { CLOCK_KIND_PROC, p->pid };
	struct ptimer *t = ptimer_find(p, id);
	if (t || !create)
		return t;
	t = ptimer_new(p, id, &c, cpu_expired);
	if (t)
		t->sig = which == ITIMER_VIRTUAL ? SIGVTALRM : SIGPROF;
	return t;
}

static void get(int which, uc_nsec *value, uc_nsec *interval)
{
	struct uc_proc *p = uc_proc_current();
	*value = *interval = 0;
	if (which == ITIMER_REAL) {
		get_real(p, value, interval);
		return;
	}
	const struct ptimer *t = cpu_timer(p, which, false);
	if (t)
		ctimer_get(&t->ct, value, interval);
}

static int set(int which, uc_nsec value, uc_nsec interval)
{
	struct uc_proc *p = uc_proc_current();
	if (which == ITIMER_REAL) {
		set_real(p, value, interval);
		return 0;
	}
	struct ptimer *t = cpu_timer(p, which, value != 0);
	if (t)
		return ctimer_start(&t->ct, value, interval, false);
	return value ? -ENOMEM : 0;
}

static int write_timers(uc_uptr out, uc_nsec value, uc_nsec interval)
{
	struct __kernel_old_itimerval v = { uc_ns_to_timeval(interval), uc_ns_to_timeval(value) };
	/* A running timer never reads as stopped. */
	if (value && !v.it_value.tv_sec && !v.it_value.tv_usec)
		v.it_value.tv_usec = 1;
	return uc_user_write(out, &v, sizeof(v));
}

static bool valid(int which)
{
	return which == ITIMER_REAL || which == ITIMER_VIRTUAL || which == ITIMER_PROF;
}

long uc_sys_getitimer(int which, uc_uptr out)
{
	uc_nsec value, interval;
	if (!valid(which))
		return -EINVAL;
	get(which, &value, &interval);
	return write_timers(out, value, interval);
}

long uc_sys_setitimer(int which, uc_uptr in, uc_uptr old_out)
{
	struct __kernel_old_itimerval v = { 0 };
	uc_nsec value, interval, old, old_interval;
	int r = in ? uc_user_read(&v, in, sizeof(v)) : 0; /* NULL stops it, as in Linux */
	if (!r)
		r = uc_timeval_to_ns(&v.it_value, &value);
	if (!r)
		r = uc_timeval_to_ns(&v.it_interval, &interval);
	if (!r && !valid(which))
		r = -EINVAL;
	if (r)
		return r;
	get(which, &old, &old_interval);
	r = set(which, value, interval);
	return !r && old_out ? write_timers(old_out, old, old_interval) : r;
}

long uc_sys_alarm(unsigned seconds)
{
	uc_nsec old, interval;
	get(ITIMER_REAL, &old, &interval);
	set(ITIMER_REAL, seconds * UC_NSEC_PER_SEC, 0);
	uint64_t left = (old + UC_NSEC_PER_SEC / 2) / UC_NSEC_PER_SEC;
	return (long)(old && !left ? 1 : left);
}
