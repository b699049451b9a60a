// SPDX-License-Identifier: BSD-3-Clause
/* The terminal's ioctls but those by which a program asks whether there is one, and how large. */
#include "stdio_private.h"
#include "tty_private.h"
#include <asm/errno.h>
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <uc/part.h>
#include <uc/proc.h>
#include <uc/string.h>
#include <uc/user.h>

UC_PART(tty_control);

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

static long set_size(uc_uptr arg)
{
	struct winsize old = uc_tty_size(), w;

	if (uc_user_read(&w, arg, sizeof(w)) < 0)
		return -EFAULT;
	uc_tty_size_override = w;
	if (memcmp(&old, &w, sizeof(w)) != 0)
		uc_tty_signal_foreground(SIGWINCH);
	return 0;
}

static long flush(uc_uptr how)
{
	if (how > TCIOFLUSH)
		return -EINVAL;
	if (how != TCOFLUSH && uc_stdio_flush_input)
		uc_stdio_flush_input();
	return 0;
}

long uc_tty_control(unsigned cmd, uc_uptr arg)
{
	switch (cmd) {
	case TCGETS2:
		return uc_user_write(arg, uc_console_termios(), sizeof(struct termios2));
	case TCSETS: case TCSETSW: case TCSETSF:
		return set_termios(arg, sizeof(struct termios), cmd == TCSETSF);
	case TCSETS2: case TCSETSW2: case TCSETSF2:
		return set_termios(arg, sizeof(struct termios2), cmd == TCSETSF2);
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
