// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PROC_SIGQUEUE_H
#define UC_PROC_SIGQUEUE_H
#include <uc/proc.h>
/* Queues one instance; `limit`: RLIMIT_SIGPENDING for real-time signals. 0, or -EAGAIN. */
int uc_sigpending_add(struct uc_sigpending *q, int sig, const struct uc_siginfo *info,
		      uint64_t limit);
#endif
