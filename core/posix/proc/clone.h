// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PROC_CLONE_H
#define UC_PROC_CLONE_H
/* What clone, clone3, fork and vfork have in common. */
#include <linux/sched.h>
#include <uc/types.h>

struct uc_clone {
	uint64_t flags;   /* CLONE_*, without the exit signal */
	int exit_signal;
	uint64_t stack;   /* 0: the caller's */
	uc_uptr parent_tid, child_tid, pidfd;
	uint64_t tls;
};
/* Linux's rules about which flags go together, and which need what is not here. 0, -EINVAL or, for
 * flags that are valid but not implemented, -ENOSYS. Pure. */
int uc_clone_check(uint64_t flags, bool parent_is_init);
/* The call itself. Number of the child, or -errno. */
long uc_clone(const struct uc_clone *c);
#endif
