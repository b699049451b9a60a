// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PROC_JOBCTL_H
#define UC_PROC_JOBCTL_H
/* Job control: POSIX.1-2017 section 3.264 and setpgid(2). A part (uc/part.h) of images in which
 * a process can be stopped: where signals can be sent, or there are more processes. */
#include <uc/proc.h>
/* No member has a living parent in another group of the same session. */
__attribute__((weak)) bool uc_jobctl_orphaned(int pgid);
/* A group that has become orphaned and has stopped members gets SIGHUP and SIGCONT. */
void uc_jobctl_check_orphans(int pgid);
/* Stops the current process because of `sig` and tells the parent. */
__attribute__((weak)) void uc_jobctl_stop(struct uc_proc *p, int sig);
/* SIGCONT was sent to p. */
__attribute__((weak)) void uc_jobctl_continue(struct uc_proc *p);
/* Sleeps while the process is stopped and the task is not killed. */
__attribute__((weak)) void uc_jobctl_wait(struct uc_task *t);
#endif
