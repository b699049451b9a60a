// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_TTYJOB_H
#define UC_TTYJOB_H
/*
 * Job control of a terminal, of whatever kind: its session and foreground process group
 * (termios(3), credentials(7)). Context: thread.
 */
#include <uc/proc.h>

/* id: what uc_proc.ctty says of processes whose controlling terminal it is. */
struct uc_ttyjob { int id, sid, pgrp; /* sid, pgrp 0: none */ };
#define UC_CTTY_CONSOLE 1
#define UC_CTTY_PTY 2 /* plus the number of the pseudo-terminal */

/* It is the controlling terminal of p. */
bool uc_ttyjob_controls(const struct uc_ttyjob *j, const struct uc_proc *p);
/* The caller may use the terminal now: 0; a background process group gets `sig` (SIGTTIN, SIGTTOU)
 * and -UC_ERESTARTSYS, or -EIO if it could not be stopped by it. */
int uc_ttyjob_check(const struct uc_ttyjob *j, int sig);
/* Makes it the controlling terminal of a session leader without one. 0 or -EPERM. */
int uc_ttyjob_acquire(struct uc_ttyjob *j, struct uc_proc *p);
/* TIOCGPGRP, TIOCGSID, TIOCSPGRP, TIOCSCTTY, TIOCNOTTY. */
long uc_ttyjob_ioctl(struct uc_ttyjob *j, unsigned cmd, uc_uptr arg);
/* p gives it up; if p leads the session the foreground group gets SIGHUP and SIGCONT and the
 * terminal is free. */
void uc_ttyjob_leave(struct uc_ttyjob *j, struct uc_proc *p);
/* The terminal goes away: its session has none any more, the leader gets SIGHUP and SIGCONT. */
void uc_ttyjob_hangup(struct uc_ttyjob *j);
#endif
