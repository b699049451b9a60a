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

struct winsize { uint16_t rows, cols, xpixel, ypixel; };
/* Set by TIOCSWINSZ; the host's next change replaces it. */
extern struct winsize uc_tty_size_override;
struct winsize uc_tty_size(void);
/* Part tty_control (uc/part.h): any other ioctl. */
__attribute__((weak)) long uc_tty_control(unsigned cmd, uc_uptr arg);
#endif
