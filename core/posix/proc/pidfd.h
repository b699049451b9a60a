// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PROC_PIDFD_H
#define UC_PROC_PIDFD_H
/*
 * Descriptors that stand for a process: pidfd_open(2). The part is optional: the other files of the
 * µlib refer to it weakly, so it is there when one of its calls is.
 */
#include <uc/proc.h>

/* The process ended (reaped false) or its number becomes free (true). Only if p->pidfd. */
__attribute__((weak)) void uc_pidfd_event(struct uc_proc *p, bool reaped);
/* A descriptor of the current process for p. The caller makes it known only when nothing can fail
 * any more; uc_fd_close undoes it. fd, -ENOMEM or -EMFILE. */
__attribute__((weak)) int uc_pidfd_new(struct uc_proc *p, unsigned flags);
/* Number of the process behind descriptor fd, 0 if it was reaped; *nonblock: O_NONBLOCK is set.
 * -EBADF: no such descriptor, or of something else. */
__attribute__((weak)) int uc_pidfd_pid(int fd, bool *nonblock);
#endif
