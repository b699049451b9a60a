// SPDX-License-Identifier: BSD-3-Clause
/* ioctl_tty(2) on either side; most of it is about the slave whichever side asks. */
#include "pty_private.h"
#include <asm/fcntl.h>
#include <asm/ioctls.h>
#include <uc/fmt.h>
#include <uc/string.h>
#include <uc/user.h>

#define OLD_TERMIOS sizeof(struct termios)

static long set_termios(struct pty *p, bool master, uc_uptr arg, size_t n, bool flush)
{
	struct termios2 t = p->l.t;
	int r = master ? 0 : uc_ttyjob_check(&p->job, SIGTTOU);

	if (r < 0)
		return r;
	if (uc_user_read(&t, arg, n) < 0)
		return -EFAULT;
	/* As in Linux a pseudo-terminal has 8 bits and no parity. */
	t.c_cflag = (t.c_cflag & ~(unsigned)(CSIZE | PARENB)) | CS8 | CREAD;
	if (flush)
		ldisc_flush_input(&p->l);
	ldisc_set(&p->l, &t);
	pty_changed(p);
	return 0;
}

static long set_size(struct pty *p, uc_uptr arg)
{
	struct pty_size s;

	if (uc_user_read(&s, arg, sizeof(s)) < 0)
		return -EFAULT;
	if (!memcmp(&s, &p->size, sizeof(s)))
		return 0;
	p->size = s;
	pty_signal(p, SIGWINCH);
	return 0;
}

static long flush(struct pty *p, bool master, uc_uptr how)
{
	bool in = how != TCOFLUSH, out = how != TCIFLUSH;

	if (how > TCIOFLUSH)
		return -EINVAL;
	if (master ? out : in)
		ldisc_flush_input(&p->l);
	if (master ? in : out)
		ldisc_flush_output(&p->l);
	pty_changed(p);
	return 0;
}

static long flow(struct pty *p, uc_uptr how)
{
	switch (how) {
	case TCOOFF:
	case TCOON:
		p->l.stopped = how == TCOOFF;
		pty_changed(p);
		return 0;
	case TCIOFF:
	case TCION: /* what the other side is sent */
		ldisc_display(&p->l, p->l.t.c_cc[how == TCIOFF ? VSTOP : VSTART]);
		pty_changed(p);
		return 0;
	default:
		return -EINVAL;
	}
}

/* As if /dev/pts/N were opened, wherever the caller could find it. */
static long open_peer(struct pty *p, int flags)
{
	char path[24];
	struct uc_dentry *d;
	struct uc_file *f;
	int fd;

	uc_snprintf(path, sizeof(path), "/dev/pts/%d", p->n);
	d = uc_vfs_lookup(NULL, NULL, path, 0);
	if (UC_IS_ERR(d))
		return UC_PTR_ERR(d);
	f = uc_vfs_open_dentry(d, flags & (O_ACCMODE | O_NONBLOCK | O_NOCTTY));
	uc_dentry_unref(d);
	if (UC_IS_ERR(f))
		return UC_PTR_ERR(f);
	fd = uc_fd_install(uc_proc_current()->fds, f, 0, flags & O_CLOEXEC);
	if (fd < 0)
		uc_file_unref(f);
	return fd;
}

static long send_signal(struct pty *p, uc_uptr sig)
{
	if (sig < 1 || sig > UC_NSIG || (sig != SIGINT && sig != SIGQUIT && sig != SIGTSTP))
		return -EINVAL;
	pty_signal(p, (int)sig);
	return 0;
}

static long master_only(struct pty *p, unsigned cmd, uc_uptr arg)
{
	uint32_t v;

	switch (cmd) {
	case TIOCGPTN:
		return uc_user_store32(arg, (uint32_t)p->n);
	case TIOCSPTLCK:
		if (uc_user_load32(arg, &v) < 0)
			return -EFAULT;
		p->locked = v;
		return 0;
	case TIOCGPTLCK:
		return uc_user_store32(arg, p->locked);
	case TIOCGPTPEER:
		return open_peer(p, (int)arg);
	case TIOCSIG:
		return send_signal(p, arg);
	case TIOCGPGRP:
		return uc_user_store32(arg, (uint32_t)p->job.pgrp);
	case TIOCGSID:
		return p->job.sid ? uc_user_store32(arg, (uint32_t)p->job.sid) : -ENOTTY;
	case TIOCSPGRP: case TIOCSCTTY: case TIOCNOTTY:
		return -ENOTTY;
	default:
		return uc_unsupported(-ENOTTY, "ioctl %#x on a pseudo-terminal", cmd);
	}
}

long pty_ioctl(struct pty *p, struct uc_file *f, bool master, unsigned cmd, uc_uptr arg)
{
	switch (cmd) {
	case TCGETS:
		return uc_user_write(arg, &p->l.t, OLD_TERMIOS);
	case TCGETS2:
		return uc_user_write(arg, &p->l.t, sizeof(p->l.t));
	case TCSETS: case TCSETSW: case TCSETSF:
		return set_termios(p, master, arg, OLD_TERMIOS, cmd == TCSETSF);
	case TCSETS2: case TCSETSW2: case TCSETSF2:
		return set_termios(p, master, arg, sizeof(p->l.t), cmd == TCSETSF2);
	case TIOCGWINSZ:
		return uc_user_write(arg, &p->size, sizeof(p->size));
	case TIOCSWINSZ:
		return set_size(p, arg);
	case TCFLSH:
		return flush(p, master, arg);
	case TCXONC:
		return flow(p, arg);
	case TCSBRK: case TCSBRKP: /* the other side takes it when it likes */
		return 0;
	case TIOCGETD:
		return uc_user_store32(arg, 0);
	case TIOCOUTQ:
		return uc_user_store32(arg, master ? 0 : p->l.otail - p->l.ohead);
	case FIONREAD:
		return uc_user_store32(arg, master ? p->l.otail - p->l.ohead
						   : ldisc_available(&p->l));
	}
	if (master)
		return master_only(p, cmd, arg);
	switch (cmd) {
	case TIOCGPGRP: case TIOCSPGRP: case TIOCGSID: case TIOCSCTTY: case TIOCNOTTY:
		return uc_ttyjob_ioctl(&p->job, cmd, arg);
	case TIOCGPTN: case TIOCSPTLCK: case TIOCGPTPEER:
		return -ENOTTY;
	default:
		return uc_unsupported(-ENOTTY, "ioctl %#x on a pseudo-terminal", cmd);
	}
}
