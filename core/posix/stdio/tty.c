// SPDX-License-Identifier: BSD-3-Clause
/* The terminal: reads, writes and ioctls. The line discipline and its settings are the host's. */
#include "stdio_private.h"
#include "tty_private.h"
#include <asm/errno.h>
#include <asm/fcntl.h>
#include <asm/ioctls.h>
#include <asm/poll.h>
#include <asm/termbits.h>
#include <uc/abi/bootparam.h>
#include <uc/proc.h>
#include <uc/string.h>
#include <uc/user.h>

struct winsize { uint16_t rows, cols, xpixel, ypixel; };

/* Set by TIOCSWINSZ; the host's next change replaces it. */
static struct winsize size_override;

/* The stream whose host end is the terminal; -EIO if only standard input is one. */
static int output_stream(void)
{
	unsigned bits = uc_console_streams();

	if (bits & UC_STREAM_STDOUT_TTY)
		return UC_MUX_STDOUT;
	return bits & UC_STREAM_STDERR_TTY ? UC_MUX_STDERR : -EIO;
}

static ssize_t tty_read(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	int r = uc_tty_check_foreground(SIGTTIN);

	if (r < 0)
		return r;
	return uc_console_streams() & UC_STREAM_STDIN_TTY ? uc_stdio_read(f, it) : 0;
}

static ssize_t tty_write(struct uc_file *f, struct uc_iter *it, uint64_t *pos)
{
	const struct termios2 *t = uc_console_termios();
	int s = output_stream(), r = 0;

	if (t->c_lflag & TOSTOP)
		r = uc_tty_check_foreground(SIGTTOU);
	if (r < 0)
		return r;
	return s < 0 ? s : uc_stdio_write((enum uc_mux_stream)s, it);
}

static unsigned tty_poll(struct uc_file *f, struct uc_poll *p)
{
	unsigned mask = POLLOUT | POLLWRNORM;

	if (uc_console_streams() & UC_STREAM_STDIN_TTY)
		mask |= uc_stdio_poll_in(p);
	return mask;
}

static long get_termios(uc_uptr arg, size_t n)
{
	return uc_user_write(arg, uc_console_termios(), n);
}

static long set_termios(uc_uptr arg, size_t n, bool flush)
{
	struct termios2 t;
	int r = uc_tty_check_foreground(SIGTTOU);

	if (r < 0)
		return r;
	memcpy(&t, uc_console_termios(), sizeof(t));
	if (uc_user_read(&t, arg, n) < 0)
		return -EFAULT;
	if (flush && uc_stdio_flush_input)
		uc_stdio_flush_input();
	return uc_console_set_termios(&t);
}

static struct winsize current_size(void)
{
	struct uc_mux_winsize w = uc_console_winsize();

	if (size_override.rows || size_override.cols)
		return size_override;
	return (struct winsize){ w.rows, w.cols, w.xpixel, w.ypixel };
}

static long set_size(uc_uptr arg)
{
	struct winsize old = current_size(), w;

	if (uc_user_read(&w, arg, sizeof(w)) < 0)
		return -EFAULT;
	size_override = w;
	if (memcmp(&old, &w, sizeof(w)) != 0)
		uc_tty_signal_foreground(SIGWINCH);
	return 0;
}

void uc_tty_size_changed(void)
{
	size_override = (struct winsize){ 0 };
	uc_tty_signal_foreground(SIGWINCH);
}

static long flush(uc_uptr how)
{
	if (how > TCIOFLUSH)
		return -EINVAL;
	if (how != TCOFLUSH && uc_stdio_flush_input)
		uc_stdio_flush_input();
	return 0;
}

static long tty_ioctl(struct uc_file *f, unsigned cmd, uc_uptr arg)
{
	struct winsize w;

	switch (cmd) {
	case TCGETS:
		return get_termios(arg, sizeof(struct termios));
	case TCGETS2:
		return get_termios(arg, sizeof(struct termios2));
	case TCSETS: case TCSETSW: case TCSETSF:
		return set_termios(arg, sizeof(struct termios), cmd == TCSETSF);
	case TCSETS2: case TCSETSW2: case TCSETSF2:
		return set_termios(arg, sizeof(struct termios2), cmd == TCSETSF2);
	case TIOCGWINSZ:
		w = current_size();
		return uc_user_write(arg, &w, sizeof(w));
	case TIOCSWINSZ:
		return set_size(arg);
	case TCFLSH:
		return flush(arg);
	case TCSBRK: case TCSBRKP: /* drain: output is never held back here */
		return 0;
	case TIOCOUTQ:
		return uc_user_store32(arg, 0);
	case FIONREAD:
		return uc_user_store32(arg, (uint32_t)uc_console_buffered());
	case TIOCGPGRP: case TIOCSPGRP: case TIOCGSID: case TIOCSCTTY: case TIOCNOTTY:
		return uc_tty_job_ioctl(cmd, arg);
	default:
		return uc_unsupported(-ENOTTY, "ioctl %#x on a terminal", cmd);
	}
}

static int tty_stat(struct uc_file *f, struct statx *st)
{
	return uc_inode_stat(f->inode, st);
}

const struct uc_file_ops uc_tty_file_ops = {
	.read = tty_read,
	.write = tty_write,
	.poll = tty_poll,
	.ioctl = tty_ioctl,
	.stat = tty_stat,
};
