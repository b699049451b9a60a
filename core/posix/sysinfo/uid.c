// SPDX-License-Identifier: BSD-3-Clause
/* User identities: credentials(7), setuid(2), setreuid(2), setresuid(2), setfsuid(2). */
#include <asm/errno.h>
#include <uc/caps.h>
#include <uc/user.h>
#include "cred.h"

#define KEEP UINT32_MAX

long uc_sys_getuid(void) { return uc_proc_current()->uid; }
long uc_sys_geteuid(void) { return uc_proc_current()->euid; }

static bool may_become(const struct uc_proc *p, uint32_t id)
{
	return id == KEEP || p->euid == 0 || id == p->uid || id == p->euid || id == p->suid;
}

static void apply(struct uc_proc *p, uint32_t uid, uint32_t euid, uint32_t suid)
{
	uint32_t was[3] = { p->uid, p->euid, p->suid };

	if (euid != KEEP && euid != p->euid)
		p->pdeath_sig = 0; /* prctl(2), PR_SET_PDEATHSIG */
	if (uid != KEEP)
		p->uid = uid;
	if (euid != KEEP)
		p->euid = euid;
	if (suid != KEEP)
		p->suid = suid;
	p->fsuid = p->euid;
	if (p->caps.set)
		uc_caps_new_user(p, was[0], was[1], was[2]);
}

long uc_sys_setuid(uint32_t uid)
{
	struct uc_proc *p = uc_proc_current();
	if (uid == KEEP)
		return -EINVAL;
	if (p->euid == 0)
		apply(p, uid, uid, uid);
	else if (uid == p->uid || uid == p->suid)
		apply(p, KEEP, uid, KEEP);
	else
		return -EPERM;
	return 0;
}

long uc_sys_setreuid(uint32_t uid, uint32_t euid)
{
	struct uc_proc *p = uc_proc_current();
	bool real_ok = uid == KEEP || p->euid == 0 || uid == p->uid || uid == p->euid;
	if (!real_ok || !may_become(p, euid))
		return -EPERM;
	bool saves = uid != KEEP || (euid != KEEP && euid != p->uid);
	apply(p, uid, euid, KEEP);
	if (saves)
		p->suid = p->euid;
	return 0;
}

long uc_sys_setresuid(uint32_t uid, uint32_t euid, uint32_t suid)
{
	struct uc_proc *p = uc_proc_current();
	if (!may_become(p, uid) || !may_become(p, euid) || !may_become(p, suid))
		return -EPERM;
	apply(p, uid, euid, suid);
	return 0;
}

long uc_sys_getresuid(uc_uptr uid, uc_uptr euid, uc_uptr suid)
{
	const struct uc_proc *p = uc_proc_current();
	int r = uc_user_store32(uid, p->uid);
	if (!r)
		r = uc_user_store32(euid, p->euid);
	return r ? r : uc_user_store32(suid, p->suid);
}

long uc_sys_setfsuid(uint32_t uid)
{
	struct uc_proc *p = uc_proc_current();
	uint32_t old = p->fsuid;
	if (uid != KEEP && (may_become(p, uid) || uid == p->fsuid))
		p->fsuid = uid;
	return old;
}
