// SPDX-License-Identifier: BSD-3-Clause
/* Processes as files: pidfd_open(2), pidfd_send_signal(2), pidfd_getfd(2). */
#include "pidfd.h"
#include <asm/errno.h>
#include <asm/poll.h>
#include <linux/pidfd.h>
#include <uc/fmt.h>
#include <uc/heap.h>
#include <uc/part.h>
#include <uc/string.h>
#include <uc/user.h>
#include "internal.h"
#include "kill.h"

UC_NEEDS_PART(jobctl);

/* One for a process, shared by its descriptors; outlives the process. */
struct uc_pidfd { uint32_t refs; struct uc_proc *proc; /* NULL: reaped */ struct uc_waitq q; };

static unsigned pidfd_poll(struct uc_file *f, struct uc_poll *p)
{
	struct uc_pidfd *pf = f->priv;

	uc_poll_wait(p, &pf->q);
	return !pf->proc || pf->proc->zombie ? POLLIN | POLLRDNORM : 0;
}

static void unref(struct uc_pidfd *pf)
{
	if (--pf->refs)
		return;
	if (pf->proc)
		pf->proc->pidfd = NULL;
	uc_heap_free(pf);
}

static void pidfd_release(struct uc_file *f)
{
	unref(f->priv);
}

static ssize_t pidfd_fdinfo(struct uc_file *f, char *buf, size_t cap)
{
	const struct uc_pidfd *pf = f->priv;
	int pid = pf->proc ? pf->proc->pid : -1;

	return uc_snprintf(buf, cap, "Pid:\t%d\nNSpid:\t%d\n", pid, pid);
}

static const struct uc_file_ops pidfd_ops = { .poll = pidfd_poll,
					      .release = pidfd_release,
					      .fdinfo = pidfd_fdinfo };

void uc_pidfd_event(struct uc_proc *p, bool reaped)
{
	struct uc_pidfd *pf = p->pidfd;

	if (reaped)
		pf->proc = NULL;
	uc_waitq_wake(&pf->q, UINT32_MAX, POLLIN | POLLRDNORM);
}

static struct uc_pidfd *of_proc(struct uc_proc *p)
{
	if (!p->pidfd) {
		p->pidfd = uc_heap_zalloc(sizeof(*p->pidfd));
		if (!p->pidfd)
			return NULL;
		p->pidfd->proc = p;
		uc_waitq_init(&p->pidfd->q);
	}
	p->pidfd->refs++;
	return p->pidfd;
}

int uc_pidfd_new(struct uc_proc *p, unsigned flags)
{
	struct uc_pidfd *pf = of_proc(p);
	struct uc_file *f;
	int fd;

	if (!pf)
		return -ENOMEM;
	f = uc_file_new(&pidfd_ops, O_RDWR | (flags & PIDFD_NONBLOCK), pf);
	if (!f) {
		unref(pf);
		return -ENOMEM;
	}
	f->anon_name = "anon_inode:[pidfd]";
	fd = uc_fd_install(uc_proc_current()->fds, f, 0, true);
	if (fd < 0)
		uc_file_unref(f);
	return fd;
}

/* The object behind a descriptor with a reference, or NULL. */
static struct uc_pidfd *get(int fd, unsigned *flags)
{
	struct uc_file *f = uc_fd_get(uc_proc_current()->fds, fd);
	struct uc_pidfd *pf = NULL;

	if (!f)
		return NULL;
	if (f->ops == &pidfd_ops) {
		pf = f->priv;
		pf->refs++;
		*flags = f->flags;
	}
	uc_file_unref(f);
	return pf;
}

int uc_pidfd_pid(int fd, bool *nonblock)
{
	unsigned flags;
	struct uc_pidfd *pf = get(fd, &flags);
	int pid;

	if (!pf)
		return -EBADF;
	pid = pf->proc ? pf->proc->pid : 0;
	*nonblock = flags & O_NONBLOCK;
	unref(pf);
	return pid;
}

long uc_sys_pidfd_open(int pid, unsigned flags)
{
	struct uc_proc *p;

	if (flags & ~(unsigned)PIDFD_NONBLOCK || pid <= 0)
		return -EINVAL;
	p = uc_proc_find(pid);
	if (!p)
		return uc_task_find(pid) ? -EINVAL : -ESRCH;
	return uc_pidfd_new(p, flags);
}

/* A folder /proc/PID names the process too; number, 0 or -EBADF. */
static int proc_folder_pid(int fd)
{
	struct uc_file *f = uc_fd_get(uc_proc_current()->fds, fd);
	const struct uc_dentry *d = f ? f->dentry : NULL;
	long pid = -EBADF;

	if (d && !strcmp(d->sb->type, "proc") && d->parent->inode == d->sb->root &&
	    d->name[0] >= '0' && d->name[0] <= '9') {
		pid = 0;
		for (const char *c = d->name; *c >= '0' && *c <= '9'; c++)
			pid = pid * 10 + *c - '0';
	}
	if (f)
		uc_file_unref(f);
	return (int)pid;
}

long uc_sys_pidfd_send_signal(int fd, int sig, uc_uptr uinfo, unsigned flags)
{
	struct uc_siginfo info;
	struct uc_proc *p;
	bool nonblock;
	int pid, r = 0;

	if (flags)
		return -EINVAL;
	pid = uc_pidfd_pid(fd, &nonblock);
	if (pid < 0)
		pid = proc_folder_pid(fd);
	if (pid < 0)
		return pid;
	if (!uinfo)
		uc_kill_info(&info, sig, SI_USER);
	else
		r = uc_kill_read_info(&info, uinfo, -1, pid);
	if (r < 0)
		return r;
	if (((siginfo_t *)info.raw)->si_signo != sig || !uc_kill_valid(sig))
		return -EINVAL;
	p = pid ? uc_proc_find(pid) : NULL;
	return p ? uc_kill_checked(p, sig, &info) : -ESRCH;
}

/* ptrace's rule: the same user in every way, or root. */
static bool may_look_into(const struct uc_proc *p)
{
	const struct uc_proc *me = uc_proc_current();

	return me->euid == 0 || me == p ||
	       (me->uid == p->euid && me->uid == p->suid && me->uid == p->uid &&
		me->gid == p->egid && me->gid == p->sgid && me->gid == p->gid && p->dumpable);
}

long uc_sys_pidfd_getfd(int pidfd, int fd, unsigned flags)
{
	struct uc_proc *p;
	struct uc_file *f;
	bool nonblock;
	int pid, r;

	if (flags)
		return -EINVAL;
	pid = uc_pidfd_pid(pidfd, &nonblock);
	if (pid < 0)
		return pid;
	p = pid ? uc_proc_find(pid) : NULL;
	if (!p || !p->fds)
		return -ESRCH;
	if (!may_look_into(p))
		return -EPERM;
	f = uc_fd_get(p->fds, fd);
	if (!f)
		return -EBADF;
	r = uc_fd_install(uc_proc_current()->fds, f, 0, true);
	if (r < 0)
		uc_file_unref(f);
	return r;
}
