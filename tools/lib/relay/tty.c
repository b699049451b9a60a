// SPDX-License-Identifier: BSD-3-Clause
/* Linux termios2 directly: the guest's 44 bytes and every speed are kept as they are. */
#include <asm/ioctls.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tty.h"

/* <sys/ioctl.h> declares a struct termios that clashes with asm/termbits.h. */
int ioctl(int fd, unsigned long request, ...);

struct winsize_abi {
	unsigned short row, col, xpixel, ypixel;
};

_Static_assert(sizeof(struct termios2) == 44, "the size in uc/abi/mux.h");

void uc_tty_open(struct uc_tty *t)
{
	*t = (struct uc_tty){ .fd = -1 };
	for (int fd = 0; fd <= 2; fd++) {
		if (!isatty(fd) || ioctl(fd, TCGETS2, &t->saved) < 0)
			continue;
		t->fd = fd;
		t->guest = t->saved;
		return;
	}
}

bool uc_tty_winsize(const struct uc_tty *t, struct uc_mux_winsize *w)
{
	struct winsize_abi ws;

	if (t->fd < 0 || ioctl(t->fd, TIOCGWINSZ, &ws) < 0)
		return false;
	*w = (struct uc_mux_winsize){ ws.row, ws.col, ws.xpixel, ws.ypixel };
	return true;
}

/* Setting a terminal from the background stops a process unless it blocks SIGTTOU. */
static void set(const struct uc_tty *t, const struct termios2 *to)
{
	sigset_t ttou, old;

	sigemptyset(&ttou);
	sigaddset(&ttou, SIGTTOU);
	sigprocmask(SIG_BLOCK, &ttou, &old);
	ioctl(t->fd, TCSETSW2, to);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

void uc_tty_apply(struct uc_tty *t, const void *termios2)
{
	if (t->fd < 0)
		return;
	memcpy(&t->guest, termios2, sizeof(t->guest));
	t->changed = true;
	set(t, &t->guest);
}

void uc_tty_restore(struct uc_tty *t)
{
	if (t->fd >= 0 && t->changed)
		set(t, &t->saved);
}

void uc_tty_resume(struct uc_tty *t)
{
	if (t->fd >= 0 && t->changed)
		set(t, &t->guest);
}

bool uc_tty_raw_output(const struct uc_tty *t)
{
	return t->fd >= 0 && t->changed && !(t->guest.c_oflag & OPOST);
}
