// SPDX-License-Identifier: BSD-3-Clause
/* Opening, reading, writing and polling both sides. */
#include "pty_private.h"
#include <asm/fcntl.h>
#include <asm/poll.h>
#include <uc/init.h>
#include <uc/pty.h>

#define IN_EVENTS (POLLIN | POLLRDNORM)
#define OUT_EVENTS (POLLOUT | POLLWRNORM)
#define ALL_EVENTS (IN_EVENTS | OUT_EVENTS | POLLHUP | POLLERR)
#define CHUNK 256u
#define NS_PER_DECISECOND ((uc_nsec)100 * 1000 * 1000)

void pty_changed(struct pty *p)
{
	uc_waitq_wake(&p->master, UINT32_MAX, ALL_EVENTS);
	uc_waitq_wake(&p->slave, UINT32_MAX, ALL_EVENTS);
}

void pty_signal(const struct pty *p, int sig)
{
	if (p->job.pgrp)
		uc_signal_pgrp(p->job.pgrp, sig, NULL);
}

static ssize_t interrupted(int r)
{
	return r == -EINTR ? -UC_ERESTARTSYS : r;
}

/* ---- the slave ---- */

/* Moves what can be read now. 0 with *end: the end of a file. */
static ssize_t take(struct pty *p, struct uc_iter *it, bool *end)
{
	uint8_t buf[CHUNK];
	ssize_t done = 0;

	*end = false;
	while (it->left && !*end && ldisc_readable(&p->l)) {
		uint32_t n = ldisc_take(&p->l, buf, (uint32_t)UC_MIN(it->left, sizeof(buf)), end);

		if (n && uc_iter_put(it, buf, n) != (ssize_t)n)
			return done ? done : -EFAULT;
		done += n;
	}
	if (done || *end)
		pty_changed(p);
	return done;
}

/* Until when a read waits, having got `got` bytes; 0: not at all. termios(3), "Canonical and
 * noncanonical mode". */
static uc_nsec deadline_of(const struct pty *p, bool got, uc_nsec start)
{
	uc_nsec t = p->l.t.c_cc[VTIME] * NS_PER_DECISECOND;

	if (p->l.t.c_lflag & ICANON)
		return UC_FOREVER;
	if (!p->l.t.c_cc[VMIN])
		return t ? start + t : 0;
	return t && got ? uc_time_mono() + t : UC_FOREVER;
}

static bool enough(const struct pty *p, ssize_t done, size_t left)
{
	if (p->l.t.c_lflag & ICANON || !left)
		return done > 0;
	return done > 0 && done >= p->l.t.c_cc[VMIN];
}

static ssize_t slave_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	struct pty *p = f->priv;
	uc_nsec start = uc_time_mono();
	ssize_t done = 0;

	if (!it->left)
		return 0;
	for (;;) {
		int r = p->hung_up ? 0 : uc_ttyjob_check(&p->job, SIGTTIN);
		uc_nsec deadline;
		ssize_t n;
		bool end;

		if (r < 0)
			return done ? done : r;
		n = take(p, it, &end);
		if (n < 0)
			return done ? done : n;
		done += n;
		if (end || enough(p, done, it->left) || p->hung_up)
			return done;
		deadline = deadline_of(p, done > 0, start);
		if (!deadline)
			return done;
		if (f->flags & O_NONBLOCK)
			return done ? done : -EAGAIN;
		r = UC_WAIT_EVENT(&p->slave, ldisc_readable(&p->l) || p->hung_up, deadline, true);
		if (r == -ETIMEDOUT)
			return done;
		if (r < 0)
			return done ? done : interrupted(r);
	}
}

static bool may_display(const struct pty *p)
{
	return ldisc_room(&p->l) && !p->l.stopped;
}

static ssize_t slave_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	struct pty *p = f->priv;
	uint8_t buf[CHUNK];
	ssize_t done = 0;

	while (it->left && !p->hung_up) {
		int r = p->l.t.c_lflag & TOSTOP ? uc_ttyjob_check(&p->job, SIGTTOU) : 0;
		ssize_t n;

		if (r < 0)
			return done ? done : r;
		if (!may_display(p) && f->flags & O_NONBLOCK)
			return done ? done : -EAGAIN;
		r = UC_WAIT_EVENT(&p->slave, may_display(p) || p->hung_up, UC_FOREVER, true);
		if (r < 0)
			return done ? done : interrupted(r);
		/* Only as many as there is certainly room for: they cannot be put back. */
		n = (LDISC_OUT - (p->l.otail - p->l.ohead)) / LDISC_OUT_STEP;
		n = uc_iter_get(it, buf, UC_MIN((size_t)n, sizeof(buf)));
		if (n < 0)
			return done ? done : n;
		for (ssize_t i = 0; i < n; i++)
			ldisc_display(&p->l, buf[i]);
		done += n;
		pty_changed(p);
	}
	return done || !it->left ? done : -EIO;
}

static unsigned slave_poll(struct uc_file *f, struct uc_poll *poll)
{
	struct pty *p = f->priv;
	bool lines = p->l.t.c_lflag & ICANON;
	uint32_t need = !lines && !p->l.t.c_cc[VTIME] ? p->l.t.c_cc[VMIN] : 1;
	unsigned mask = 0;

	uc_poll_wait(poll, &p->slave);
	if (p->hung_up)
		return ALL_EVENTS;
	if (ldisc_available(&p->l) >= UC_MAX(need, 1u))
		mask |= IN_EVENTS;
	return may_display(p) ? mask | OUT_EVENTS : mask;
}

static long slave_ioctl(struct uc_file *f, unsigned cmd, uc_uptr arg)
{
	struct pty *p = f->priv;

	return p->hung_up ? -EIO : pty_ioctl(p, f, false, cmd, arg);
}

static void slave_release(struct uc_file *f)
{
	struct pty *p = f->priv;

	if (--p->opens == 0)
		pty_changed(p);
	uc_inode_unref(&p->inode);
}

const struct uc_file_ops pty_slave_ops = { .read = slave_read,
					   .write = slave_write,
					   .poll = slave_poll,
					   .ioctl = slave_ioctl,
					   .release = slave_release };

int pty_open_slave(struct pty *p, struct uc_file *f)
{
	struct uc_proc *me = uc_proc_current();

	if (p->hung_up || p->locked)
		return -EIO;
	f->ops = &pty_slave_ops;
	f->priv = p;
	uc_inode_ref(&p->inode);
	p->opens++;
	p->was_open = true;
	if (!(f->flags & O_NOCTTY) && me->pid == me->sid && !me->ctty && !p->job.sid)
		uc_ttyjob_acquire(&p->job, me);
	return 0;
}

/* ---- the master ---- */

static bool slave_closed(const struct pty *p)
{
	return p->was_open && !p->opens;
}

static bool displayed(const struct pty *p)
{
	return p->l.ohead != p->l.otail;
}

static ssize_t master_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	struct pty *p = f->priv;
	uint8_t buf[CHUNK];
	ssize_t done = 0;
	int r;

	if (!it->left)
		return 0;
	if (!displayed(p)) {
		if (!slave_closed(p) && f->flags & O_NONBLOCK)
			return -EAGAIN;
		r = UC_WAIT_EVENT(&p->master, displayed(p) || slave_closed(p), UC_FOREVER, true);
		if (r < 0)
			return interrupted(r);
		if (!displayed(p))
			return -EIO;
	}
	while (it->left && displayed(p)) {
		uint32_t n = ldisc_take_output(&p->l, buf,
					       (uint32_t)UC_MIN(it->left, sizeof(buf)));

		if (uc_iter_put(it, buf, n) != (ssize_t)n)
			return done ? done : -EFAULT;
		done += n;
	}
	pty_changed(p);
	return done;
}

static void type(struct pty *p, uint8_t c)
{
	int sig = ldisc_type(&p->l, c);

	if (!sig)
		return;
	pty_signal(p, sig);
	ldisc_signalled(&p->l, c);
}

static ssize_t master_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	struct pty *p = f->priv;
	ssize_t done = 0;

	while (it->left) {
		uint8_t c;
		int r;

		if (!ldisc_may_type(&p->l)) {
			pty_changed(p);
			if (f->flags & O_NONBLOCK)
				return done ? done : -EAGAIN;
			r = UC_WAIT_EVENT(&p->master, ldisc_may_type(&p->l), UC_FOREVER, true);
			if (r < 0)
				return done ? done : interrupted(r);
		}
		if (uc_iter_get(it, &c, 1) != 1)
			return done ? done : -EFAULT;
		type(p, c);
		done++;
	}
	pty_changed(p);
	return done;
}

static unsigned master_poll(struct uc_file *f, struct uc_poll *poll)
{
	struct pty *p = f->priv;
	unsigned mask = 0;

	uc_poll_wait(poll, &p->master);
	if (displayed(p))
		mask |= IN_EVENTS;
	if (slave_closed(p))
		mask |= POLLHUP;
	return ldisc_may_type(&p->l) ? mask | OUT_EVENTS : mask;
}

static long master_ioctl(struct uc_file *f, unsigned cmd, uc_uptr arg)
{
	return pty_ioctl(f->priv, f, true, cmd, arg);
}

static void master_release(struct uc_file *f)
{
	struct pty *p = f->priv;

	p->hung_up = true;
	uc_ttyjob_hangup(&p->job);
	pty_changed(p);
	pty_gone(p);
}

const struct uc_file_ops pty_master_ops = { .read = master_read,
					    .write = master_write,
					    .poll = master_poll,
					    .ioctl = master_ioctl,
					    .release = master_release };

static int ptmx_open(struct uc_file *f)
{
	struct pty *p = pty_new();

	if (UC_IS_ERR(p))
		return (int)UC_PTR_ERR(p);
	f->ops = &pty_master_ops;
	f->priv = p;
	return 0;
}

/* ---- controlling terminals ---- */

static struct pty *controlling(const struct uc_proc *me)
{
	UC_LIST_FOREACH(it, &pty_all) {
		struct pty *p = UC_LIST_ENTRY(it, struct pty, link);

		if (uc_ttyjob_controls(&p->job, me))
			return p;
	}
	return NULL;
}

int uc_pty_open_ctty(struct uc_file *f)
{
	struct pty *p = controlling(uc_proc_current());

	return p ? pty_open_slave(p, f) : -ENXIO;
}

static void session_ends(struct uc_proc *leader)
{
	struct pty *p = controlling(leader);

	if (p)
		uc_ttyjob_leave(&p->job, leader);
}

static int pty_start(void)
{
	int r = uc_devfs_register("ptmx", 0666, 5, 2, NULL, NULL);

	uc_proc_hooks.session_end = session_ends;
	return r < 0 ? r : uc_devfs_on_open(5, 2, ptmx_open);
}
UC_INITCALL(UC_STAGE_FS, pty_start);

static int pty_late(void)
{
	return pty_devpts_mount();
}
UC_INITCALL(UC_STAGE_LATE, pty_late);
