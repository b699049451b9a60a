// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_CAPS_H
#define UC_CAPS_H
/*
 * Capability sets of a process, capabilities(7). Until a process asks for others it has what its
 * user number gives it: all for 0, none for the rest. Context: thread.
 */
#include <linux/capability.h>
#include <uc/proc.h>

#define UC_CAPS_ALL ((1ull << (CAP_LAST_CAP + 1)) - 1)

/* The sets as they are, derived or not. */
struct uc_caps uc_caps_of(const struct uc_proc *p);
/* Only if p->caps.set, so absent in images where nothing sets it. After a change from these user
 * numbers; after execve. */
__attribute__((weak)) void uc_caps_new_user(struct uc_proc *p, uint32_t uid, uint32_t euid,
					    uint32_t suid);
__attribute__((weak)) void uc_caps_exec(struct uc_proc *p);
#endif
