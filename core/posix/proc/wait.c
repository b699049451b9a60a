// SPDX-License-Identifier: BSD-3-Clause
/* Waiting for children: wait(2). */
#include <asm/errno.h>
#include <linux/resource.h>
#include <uc/string.h>
#include <uc/user.h>
#include "internal.h"
#include "pidfd.h"
#include "wait_match.h"

#define NSEC_PER_SEC 1000000000ull

struct event { int pid, code, status, wait_status; uint32_t uid; uc_nsec cpu; uint64_t minflt; };

static bool take_exit(struct uc_proc *c, unsigned options, struct event *e)
{
	int sig = c->exit_code & 0x7f;

	if (!c->zombie || !(options & WEXITED))
		return false;
	e->wait_status = c->exit_code;
	e->code = sig ? (c->exit_code & 0x80 ? CLD_DUMPED : CLD_KILLED) : CLD_EXITED;
	e->status = sig ? sig : c->exit_code >> 8 & 0xff;
	return true;
}

static bool take_stop(struct uc_proc *c, unsigned options, struct event *e)
{
	if (!c->stop_pending || !(options & WSTOPPED))
		return false;
	if (!(options & WNOWAIT))
		c->stop_pending = 0;
	e->wait_status = c->stop_code;
	e->code = CLD_STOPPED;
	e->status = c->stop_code >> 8 & 0xff;
	return true;
}

static bool take_continue(struct uc_proc *c, unsigned options, struct event *e)
{
	if (!c->cont_pending || !(options & WCONTINUED))
		return false;
	if (!(options & WNOWAIT))
		c->cont_pending = false;
	e->wait_status = 0xffff;
	e->code = CLD_CONTINUED;
	e->status = SIGCONT;
	return true;
}

static bool take_event(struct uc_proc *c, unsigned options, struct event *e)
{
	if (!take_exit(c, options, e) && !take_stop(c, options, e) && !take_continue(c, options, e))
		return false;
	e->pid = c->pid;
	e->uid = c->uid;
	e->cpu = uc_proc_cpu_ns(c) + c->cpu_children;
	e->minflt = c->minflt_children;
	if (c->zombie && e->code != CLD_STOPPED && e->code != CLD_CONTINUED && !(options & WNOWAIT))
		uc_proc_reap(c);
	return true;
}

/* One look at the children. 1: an event, 0: nothing yet, -ECHILD: nothing to wait for. */
static int look(struct uc_proc *me, const struct uc_wait_sel *s, struct event *e)
{
	int r = -ECHILD;

	UC_LIST_FOREACH(it, &me->children) {
		struct uc_proc *c = UC_LIST_ENTRY(it, struct uc_proc, child_link);

		if (!uc_wait_matches(s, c->pid, c->pgid, c->exit_signal))
			continue;
		if (take_event(c, s->options, e))
			return 1;
		/* A zombie that only an exit wait would see can give no other event. */
		if (!c->zombie || s->options & WEXITED)
			r = 0;
	}
	return r;
}

/* A child that is there wins over a signal, as with SIGCHLD's own handler. */
static int wait_event(const struct uc_wait_sel *s, struct event *e)
{
	struct uc_proc *me = uc_proc_current();
	bool interrupted = false;

	for (;;) {
		int r = look(me, s, e);

		if (r || s->options & WNOHANG)
			return r;
		if (interrupted)
			return -UC_ERESTARTSYS;
		interrupted = uc_waitq_sleep(&me->child_wait, UC_FOREVER, true) == -EINTR;
	}
}

static int write_rusage(uc_uptr p, const struct event *e)
{
	struct rusage ru;

	if (!p)
		return 0;
	memset(&ru, 0, sizeof(ru));
	ru.ru_utime.tv_sec = (long)(e->cpu / NSEC_PER_SEC);
	ru.ru_utime.tv_usec = (long)(e->cpu % NSEC_PER_SEC / 1000);
	ru.ru_minflt = (long)e->minflt;
	return uc_user_write(p, &ru, sizeof(ru));
}

long uc_sys_wait4(int pid, uc_uptr status, int options, uc_uptr rusage)
{
	struct uc_wait_sel s;
	struct event e;
	int r;

	if (options & ~(int)(WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	if (pid == INT32_MIN)
		return -ESRCH;
	uc_wait_sel_pid(&s, pid, uc_proc_current()->pgid);
	s.options = (unsigned)options | WEXITED;
	r = wait_event(&s, &e);
	if (r <= 0)
		return r;
	if (status && uc_user_store32(status, (uint32_t)e.wait_status) < 0)
		return -EFAULT;
	if (write_rusage(rusage, &e) < 0)
		return -EFAULT;
	return e.pid;
}

static int write_child_info(uc_uptr p, const struct event *e)
{
	struct uc_siginfo info;
	siginfo_t *si = (siginfo_t *)info.raw;

	memset(&info, 0, sizeof(info));
	if (e) {
		uc_siginfo_user(&info, SIGCHLD, e->code, e->pid, e->uid);
		si->si_status = e->status;
	}
	/* Only these fields are defined (waitid(2)); the rest of the buffer stays as it was. */
	return uc_user_write(p, &info, offsetof(siginfo_t, si_status) + sizeof(si->si_status));
}

static int select_pidfd(struct uc_wait_sel *s, int fd, bool *nonblock)
{
	int pid;

	if (fd < 0)
		return -EINVAL;
	pid = uc_pidfd_pid ? uc_pidfd_pid(fd, nonblock) : -EBADF;
	if (pid < 0)
		return pid;
	s->type = P_PID;
	s->id = pid; /* 0, reaped: no child has it */
	return 0;
}

static int select_id(struct uc_wait_sel *s, int type, int id, bool *nonblock)
{
	s->type = type;
	s->id = id;
	switch (type) {
	case P_ALL:
		return 0;
	case P_PID:
		return id > 0 ? 0 : -EINVAL;
	case P_PGID:
		if (id == 0)
			s->id = uc_proc_current()->pgid;
		return id >= 0 ? 0 : -EINVAL;
	case P_PIDFD:
		return select_pidfd(s, id, nonblock);
	default:
		return -EINVAL;
	}
}

long uc_sys_waitid(int type, int id, uc_uptr infop, int options, uc_uptr rusage)
{
	const int events = WEXITED | WSTOPPED | WCONTINUED;
	struct uc_wait_sel s = { .options = (unsigned)options };
	bool nonblock = false;
	struct event e;
	int r;

	if (options & ~(int)(WNOHANG | WNOWAIT | events | __WNOTHREAD | __WCLONE | __WALL) ||
	    !(options & events))
		return -EINVAL;
	r = select_id(&s, type, id, &nonblock);
	if (r < 0)
		return r;
	if (nonblock)
		s.options |= WNOHANG;
	r = wait_event(&s, &e);
	if (r < 0)
		return r;
	if (!r && nonblock && !(options & WNOHANG))
		return -EAGAIN;
	if (r && write_rusage(rusage, &e) < 0)
		return -EFAULT;
	if (infop && write_child_info(infop, r ? &e : NULL) < 0)
		return -EFAULT;
	return 0;
}
