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
#include <uc/user.h>

struct winsize uc_tty_size_override;

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

struct winsize uc_tty_size(void)
{
	struct uc_mux_winsize w = uc_console_winsize();

	if (uc_tty_size_override.rows || uc_tty_size_override.cols)
		return uc_tty_size_override;
	return (struct winsize){ w.rows, w.cols, w.xpixel, w.ypixel };
}

void uc_tty_size_changed(void)
{
	uc_tty_size_override = (struct winsize){ 0 };
	uc_tty_signal_foreground(SIGWINCH);
}

static long tty_ioctl(struct uc_file *f, unsigned cmd, uc_uptr arg)
{
	struct winsize w;

	switch (cmd) {
	case TCGETS:
		return uc_user_write(arg, uc_console_termios(), sizeof(struct termios));
	case TIOCGWINSZ:
		w = uc_tty_size();
		return uc_user_write(arg, &w, sizeof(w));
	}
	if (uc_tty_control)
		return uc_tty_control(cmd, arg);
	return uc_not_linked(-ENOTTY, "ioctl %#x on a terminal", cmd);
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
