// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_TTY_PRIVATE_H
#define UC_TTY_PRIVATE_H
/* Job control of the one terminal: session, foreground process group. */
#include <uc/types.h>
/* The caller may use the terminal now: 0; a background process group gets `sig` and
 * -UC_ERESTARTSYS, or -EIO if it could not be stopped by it. */
int uc_tty_check_foreground(int sig);
void uc_tty_signal_foreground(int sig);
void uc_tty_size_changed(void);
long uc_tty_job_ioctl(unsigned cmd, uc_uptr arg);
#endif
