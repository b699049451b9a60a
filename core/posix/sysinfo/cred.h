// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_CRED_H
#define UC_CRED_H
/* Privilege is what effective user 0 has: capabilities(7) as far as identities decide them. */
#include <uc/proc.h>

static inline bool cred_privileged(void)
{
	return uc_proc_current()->euid == 0;
}
/* May the caller change the scheduling of p (CAP_SYS_NICE aside: the same owner)? */
static inline bool cred_owns(const struct uc_proc *p)
{
	const struct uc_proc *me = uc_proc_current();
	return me->euid == 0 || me->euid == p->euid || me->euid == p->uid;
}
#endif
