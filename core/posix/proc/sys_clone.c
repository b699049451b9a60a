// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/proc.h>
#include "clone.h"

long uc_sys_clone(uint64_t flags, uint64_t stack, uc_uptr parent_tid, uc_uptr child_tid,
		  uint64_t tls)
{
	struct uc_clone c = {
		.flags = flags & 0xffffffffu & ~(uint64_t)CSIGNAL,
		.exit_signal = (int)(flags & CSIGNAL),
		.stack = stack, .parent_tid = parent_tid, .child_tid = child_tid, .tls = tls,
		.pidfd = parent_tid,
	};

	if (c.flags & CLONE_PIDFD && c.flags & CLONE_PARENT_SETTID)
		return -EINVAL;
	c.flags &= ~(uint64_t)(CLONE_DETACHED | CLONE_PTRACE | CLONE_UNTRACED);
	return uc_clone(&c);
}

long uc_sys_fork(void)
{
	struct uc_clone c = { .exit_signal = SIGCHLD };

	return uc_clone(&c);
}

long uc_sys_vfork(void)
{
	struct uc_clone c = { .flags = CLONE_VM | CLONE_VFORK, .exit_signal = SIGCHLD };

	return uc_clone(&c);
}
