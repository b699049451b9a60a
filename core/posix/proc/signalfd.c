// SPDX-License-Identifier: BSD-3-Clause
/* Signals as a file: signalfd(2). */
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <asm/poll.h>
#include <linux/signalfd.h>
#include <uc/heap.h>
#include <uc/string.h>
#include "internal.h"
#include "sigset.h"

static void encode(struct signalfd_siginfo *out, const struct uc_siginfo *info)
{
	const siginfo_t *si = (const siginfo_t *)info->raw;
	int sig = si->si_signo, code = si->si_code;

	memset(out, 0, sizeof(*out));
	out->ssi_signo = (uint32_t)sig;
	out->ssi_errno = si->si_errno;
	out->ssi_code = code;
	if (code == SI_TIMER) {
		out->ssi_tid = (uint32_t)si->si_tid;
		out->ssi_overrun = (uint32_t)si->si_overrun;
		out->ssi_ptr = (uint64_t)(uintptr_t)si->si_ptr;
		out->ssi_int = si->si_int;
	} else if (code > 0 && sig < SIGRTMIN && UC_SIGBIT(sig) & UC_SIGSET_SYNC) {
		out->ssi_addr = (uint64_t)(uintptr_t)si->si_addr;
	} else if (code == SI_SIGIO || (code > 0 && code <= NSIGPOLL && sig != SIGCHLD)) {
		out->ssi_band = (uint32_t)si->si_band;
		out->ssi_fd = si->si_fd;
	} else {
		out->ssi_pid = (uint32_t)si->si_pid;
		out->ssi_uid = si->si_uid;
		if (code > 0 && sig == SIGCHLD) {
			out->ssi_status = si->si_status;
			out->ssi_utime = (uint64_t)si->si_utime;
			out->ssi_stime = (uint64_t)si->si_stime;
		} else if (code < 0) {
			out->ssi_ptr = (uint64_t)(uintptr_t)si->si_ptr;
			out->ssi_int = si->si_int;
		}
	}
}

static uc_sigset mask_of(const struct uc_file *f)
{
	return *(const uc_sigset *)f->priv;
}

static bool ready(const struct uc_file *f)
{
	const struct uc_task *t = uc_task_current();

	return (t->pending.set | t->proc->pending.set) & mask_of(f);
}

static int take(struct uc_file *f, bool may_block, struct uc_siginfo *info)
{
	for (;;) {
		int sig = uc_signal_take(mask_of(f), info);

		if (sig)
			return sig;
		if (!may_block || f->flags & O_NONBLOCK)
			return -EAGAIN;
		if (uc_waitq_sleep(&uc_proc_current()->sig_wait, UC_FOREVER, true) == -EINTR &&
		    !ready(f))
			return -UC_ERESTARTSYS;
	}
}

static ssize_t sfd_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	struct signalfd_siginfo out;
	struct uc_siginfo info;
	ssize_t done = 0;

	if (it->left < sizeof(out))
		return -EINVAL;
	while (it->left >= sizeof(out)) {
		int r = take(f, done == 0, &info);

		if (r < 0)
			return done ? done : r;
		encode(&out, &info);
		if (uc_iter_put(it, &out, sizeof(out)) != (ssize_t)sizeof(out))
			return done ? done : -EFAULT;
		done += (ssize_t)sizeof(out);
	}
	return done;
}

static unsigned sfd_poll(struct uc_file *f, struct uc_poll *p)
{
	uc_poll_wait(p, &uc_proc_current()->sig_wait);
	return ready(f) ? POLLIN : 0;
}

static void sfd_release(struct uc_file *f)
{
	uc_heap_free(f->priv);
}

static const struct uc_file_ops sfd_ops = { .read = sfd_read,
					    .poll = sfd_poll,
					    .release = sfd_release };

static int change(int fd, uc_sigset set)
{
	struct uc_file *f = uc_fd_get(uc_proc_current()->fds, fd);
	int r = fd;

	if (!f)
		return -EBADF;
	if (f->ops == &sfd_ops) {
		*(uc_sigset *)f->priv = set;
		uc_waitq_wake(&uc_proc_current()->sig_wait, UINT32_MAX, POLLIN);
	} else {
		r = -EINVAL;
	}
	uc_file_unref(f);
	return r;
}

static int create(uc_sigset set, int flags)
{
	uc_sigset *priv = uc_heap_alloc(sizeof(*priv));
	struct uc_file *f;
	int fd;

	if (!priv)
		return -ENOMEM;
	*priv = set;
	f = uc_file_new(&sfd_ops, O_RDWR | (unsigned)(flags & SFD_NONBLOCK), priv);
	if (!f) {
		uc_heap_free(priv);
		return -ENOMEM;
	}
	f->anon_name = "anon_inode:[signalfd]";
	fd = uc_fd_install(uc_proc_current()->fds, f, 0, flags & SFD_CLOEXEC);
	if (fd < 0)
		uc_file_unref(f);
	return fd;
}

long uc_sys_signalfd4(int fd, uc_uptr mask, uint64_t size, int flags)
{
	uc_sigset set;
	int r;

	if (flags & ~(SFD_CLOEXEC | SFD_NONBLOCK))
		return -EINVAL;
	r = uc_sigset_read(&set, mask, size);
	if (r < 0)
		return r;
	set &= ~UC_SIG_UNBLOCKABLE;
	return fd == -1 ? create(set, flags) : change(fd, set);
}

long uc_sys_signalfd(int fd, uc_uptr mask, uint64_t size)
{
	return uc_sys_signalfd4(fd, mask, size, 0);
}
