// SPDX-License-Identifier: BSD-3-Clause
/* The console as a controlling terminal. */
#include "stdio_private.h"
#include "tty_private.h"
#include <uc/proc.h>
#include <uc/stdio.h>
#include <uc/ttyjob.h>

static struct uc_ttyjob console = { .id = UC_CTTY_CONSOLE };

void uc_tty_adopt_init(void)
{
	struct uc_proc *p = uc_proc_init;

	if (!p)
		return;
	p->ctty = UC_CTTY_CONSOLE;
	console.sid = p->sid;
	console.pgrp = p->pgid;
}

int uc_tty_check_foreground(int sig)
{
	return uc_ttyjob_check(&console, sig);
}

void uc_tty_signal_foreground(int sig)
{
	if (console.pgrp && uc_signal_pgrp(console.pgrp, sig, NULL) == 0)
		return;
	if (uc_proc_init)
		uc_signal_proc(uc_proc_init, sig, NULL);
}

void uc_stdio_signal(int sig)
{
	if (sig > 0 && sig <= UC_NSIG)
		uc_tty_signal_foreground(sig);
}

void uc_stdio_winch(void)
{
	uc_tty_size_changed();
}

long uc_tty_job_ioctl(unsigned cmd, uc_uptr arg)
{
	return uc_ttyjob_ioctl(&console, cmd, arg);
}
