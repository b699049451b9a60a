// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PROC_KILL_H
#define UC_PROC_KILL_H
/* What the calls that send signals have in common: kill(2), "Permission". */
#include <uc/proc.h>

bool uc_kill_valid(int sig); /* 0 (only a check) or a signal's number */
/* Sends sig if the current process may: 0, -EPERM, -EAGAIN. */
int uc_kill_checked(struct uc_proc *p, int sig, const struct uc_siginfo *info);
/* A signal from the current process. */
void uc_kill_info(struct uc_siginfo *info, int sig, int code);
/* An application's siginfo for process to_pid, its number replaced by sig (< 0: kept). 0, -EFAULT,
 * or -EPERM: only the kernel may claim to be the kernel, except to oneself. */
int uc_kill_read_info(struct uc_siginfo *info, uc_uptr p, int sig, int to_pid);
#endif
