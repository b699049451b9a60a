// SPDX-License-Identifier: BSD-3-Clause
/* nanosleep(2), clock_nanosleep(2). */
#include <asm/errno.h>
#include "clock.h"

/* CPU clocks only advance while something runs: asked again at least this far apart. */
#define CPU_CLOCK_STEP 1000000ull

static long sleep_until(uc_nsec deadline)
{
	int r;
	while ((r = uc_sched_block(deadline, true)) == 0) {
	}
	return r == -ETIMEDOUT ? 0 : r;
}

/* Until c shows `at`, also if it is set or runs slower than real time. */
static long sleep_on(const struct clock *c, uc_nsec at)
{
	for (;;) {
		uc_nsec now;
		int r = clock_now(c, &now);
		if (r || now >= at)
			return r;
		uc_nsec left = at - now;
		if (c->kind == CLOCK_KIND_PROC)
			left = UC_MAX(left, (uc_nsec)CPU_CLOCK_STEP);
		long s = sleep_until(uc_deadline_in(left));
		if (s)
			return s;
	}
}

static long sleep_relative(const struct clock *c, uc_nsec at, uc_uptr rem);

static long restart_sleep(struct uc_restart *b)
{
	struct clock c = { (enum clock_kind)b->arg[0], (int)b->arg[1] };
	return sleep_relative(&c, b->arg[2], b->arg[3]);
}

static int write_remaining(const struct clock *c, uc_nsec at, uc_uptr rem)
{
	uc_nsec now;
	int r = clock_now(c, &now);
	return r ? r : uc_timespec_write(rem, at > now ? at - now : 0);
}

static long sleep_relative(const struct clock *c, uc_nsec at, uc_uptr rem)
{
	long r = sleep_on(c, at);
	if (r != -EINTR)
		return r;
	if (rem) {
		int w = write_remaining(c, at, rem);
		if (w)
			return w;
	}
	uc_task_current()->restart = (struct uc_restart){ .fn = restart_sleep,
		.arg = { c->kind, (uint64_t)c->id, at, rem } };
	return -UC_ERESTART_BLOCK;
}

static uc_nsec saturating_add(uc_nsec a, uc_nsec b)
{
	return a > UC_NSEC_MAX - UC_MIN(b, UC_NSEC_MAX) ? UC_NSEC_MAX : a + b;
}

long uc_sys_clock_nanosleep(int clockid, int flags, uc_uptr req, uc_uptr rem)
{
	struct clock c;
	uc_nsec ns, now;
	if (clockid == CLOCK_THREAD_CPUTIME_ID)
		return -EOPNOTSUPP; /* it would not end; POSIX's EINVAL is the library's */
	int r = clock_for_timer(clockid, &c);
	if (r)
		return r;
	if (c.kind == CLOCK_KIND_THREAD)
		return c.id == uc_task_current()->tid ? -EINVAL : -EOPNOTSUPP;
	r = uc_timespec_read(&ns, req);
	if (r)
		return r;
	if (flags & TIMER_ABSTIME) {
		long s = sleep_on(&c, ns);
		return s == -EINTR ? -UC_ERESTARTNOHAND : s;
	}
	/* A relative sleep does not notice that the wall clock is set. */
	if (c.kind == CLOCK_KIND_REAL)
		c.kind = CLOCK_KIND_MONO;
	r = clock_now(&c, &now);
	return r ? r : sleep_relative(&c, saturating_add(now, ns), rem);
}

long uc_sys_nanosleep(uc_uptr req, uc_uptr rem)
{
	const struct clock mono = { CLOCK_KIND_MONO, 0 };
	uc_nsec ns;
	int r = uc_timespec_read(&ns, req);
	return r ? r : sleep_relative(&mono, saturating_add(uc_time_mono(), ns), rem);
}
