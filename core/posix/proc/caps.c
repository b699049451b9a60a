// SPDX-License-Identifier: BSD-3-Clause
#include <uc/caps.h>
#include <linux/securebits.h>

struct uc_caps uc_caps_of(const struct uc_proc *p)
{
	uint64_t own = p->euid == 0 ? UC_CAPS_ALL : 0;

	if (p->caps.set)
		return p->caps;
	return (struct uc_caps){ .effective = own, .permitted = own, .bounding = UC_CAPS_ALL };
}

static bool any_root(uint32_t uid, uint32_t euid, uint32_t suid)
{
	return uid == 0 || euid == 0 || suid == 0;
}

/* capabilities(7), "Effect of user ID changes on capabilities". */
void uc_caps_new_user(struct uc_proc *p, uint32_t uid, uint32_t euid, uint32_t suid)
{
	struct uc_caps *c = &p->caps;

	if (c->securebits & issecure_mask(SECURE_NO_SETUID_FIXUP))
		return;
	if (any_root(uid, euid, suid) && !any_root(p->uid, p->euid, p->suid)) {
		if (!c->keep && !(c->securebits & issecure_mask(SECURE_KEEP_CAPS)))
			c->permitted = c->effective = 0;
		c->ambient = 0;
	}
	if (euid == 0 && p->euid != 0)
		c->effective = 0;
	else if (euid != 0 && p->euid == 0)
		c->effective = c->permitted;
}

/* "Transformation of capabilities during execve"; files have none here. */
void uc_caps_exec(struct uc_proc *p)
{
	struct uc_caps *c = &p->caps;
	bool root = !(c->securebits & issecure_mask(SECURE_NOROOT));

	if (root && (p->uid == 0 || p->euid == 0)) {
		c->permitted = c->inheritable | c->bounding;
		c->effective = p->euid == 0 ? c->permitted : c->ambient;
	} else {
		c->permitted = c->effective = c->ambient;
	}
	c->keep = false;
}
