// SPDX-License-Identifier: BSD-3-Clause
/* Group identities: credentials(7), setgid(2), setregid(2), setresgid(2), setfsgid(2). */
#include <asm/errno.h>
#include <uc/user.h>
#include "cred.h"

#define KEEP UINT32_MAX

long uc_sys_getgid(void) { return uc_proc_current()->gid; }
long uc_sys_getegid(void) { return uc_proc_current()->egid; }

static bool may_become(const struct uc_proc *p, uint32_t id)
{
	return id == KEEP || p->euid == 0 || id == p->gid || id == p->egid || id == p->sgid;
}

static void apply(struct uc_proc *p, uint32_t gid, uint32_t egid, uint32_t sgid)
{
	if (egid != KEEP && egid != p->egid)
		p->pdeath_sig = 0;
	if (gid != KEEP)
		p->gid = gid;
	if (egid != KEEP)
		p->egid = egid;
	if (sgid != KEEP)
		p->sgid = sgid;
	p->fsgid = p->egid;
}

long uc_sys_setgid(uint32_t gid)
{
	struct uc_proc *p = uc_proc_current();
	if (gid == KEEP)
		return -EINVAL;
	if (p->euid == 0)
		apply(p, gid, gid, gid);
	else if (gid == p->gid || gid == p->sgid)
		apply(p, KEEP, gid, KEEP);
	else
		return -EPERM;
	return 0;
}

long uc_sys_setregid(uint32_t gid, uint32_t egid)
{
	struct uc_proc *p = uc_proc_current();
	bool real_ok = gid == KEEP || p->euid == 0 || gid == p->gid || gid == p->egid;
	if (!real_ok || !may_become(p, egid))
		return -EPERM;
	bool saves = gid != KEEP || (egid != KEEP && egid != p->gid);
	apply(p, gid, egid, KEEP);
	if (saves)
		p->sgid = p->egid;
	return 0;
}

long uc_sys_setresgid(uint32_t gid, uint32_t egid, uint32_t sgid)
{
	struct uc_proc *p = uc_proc_current();
	if (!may_become(p, gid) || !may_become(p, egid) || !may_become(p, sgid))
		return -EPERM;
	apply(p, gid, egid, sgid);
	return 0;
}

long uc_sys_getresgid(uc_uptr gid, uc_uptr egid, uc_uptr sgid)
{
	const struct uc_proc *p = uc_proc_current();
	int r = uc_user_store32(gid, p->gid);
	if (!r)
		r = uc_user_store32(egid, p->egid);
	return r ? r : uc_user_store32(sgid, p->sgid);
}

long uc_sys_setfsgid(uint32_t gid)
{
	struct uc_proc *p = uc_proc_current();
	uint32_t old = p->fsgid;
	if (gid != KEEP && (may_become(p, gid) || gid == p->fsgid))
		p->fsgid = gid;
	return old;
}
