// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_FUTEX_H
#define UC_FUTEX_H
/* Futexes for other parts of the posix layer. Context: thread, in the task's address space. */
#include <uc/proc.h>

/* The current task ends or drops its memory: marks the robust futexes it holds and hands over the
 * priority-inheritance futexes it owns. Bound to uc_proc_hooks when linked. */
void uc_futex_task_exit(struct uc_task *t);
/* Wakes up to max waiters at addr in the current address space. Number woken, or -EFAULT.
 * Part futex_waiters: NULL where nobody else can wait. */
__attribute__((weak)) int uc_futex_wake(uc_uptr addr, unsigned max);
#endif
