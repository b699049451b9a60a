// SPDX-License-Identifier: BSD-3-Clause
/* capget(2), capset(2), and the prctl(2) operations on capability sets. */
#include <asm/errno.h>
#include <linux/prctl.h>
#include <linux/securebits.h>
#include <uc/caps.h>
#include <uc/string.h>
#include <uc/user.h>
#include "capctl.h"

enum { MAX_WORDS = _LINUX_CAPABILITY_U32S_3 };

/* Number of words of the header's version; an unknown one is answered with ours and -EINVAL. */
static int read_header(uc_uptr p, struct __user_cap_header_struct *h)
{
	int r = uc_user_read(h, p, sizeof(*h));
	if (r)
		return r;
	switch (h->version) {
	case _LINUX_CAPABILITY_VERSION_1:
		return _LINUX_CAPABILITY_U32S_1;
	case _LINUX_CAPABILITY_VERSION_2:
	case _LINUX_CAPABILITY_VERSION_3:
		return _LINUX_CAPABILITY_U32S_3;
	default:
		r = uc_user_store32(p, _LINUX_CAPABILITY_VERSION_3);
		return r ? r : -EINVAL;
	}
}

long uc_sys_capget(uc_uptr header, uc_uptr data)
{
	struct __user_cap_header_struct h;
	struct __user_cap_data_struct d[MAX_WORDS];
	int words = read_header(header, &h);
	if (words < 0)
		return words == -EINVAL && !data ? 0 : words;
	if (h.pid < 0)
		return -EINVAL;
	const struct uc_task *t = h.pid ? uc_task_find(h.pid) : uc_task_current();
	if (!t)
		return -ESRCH;
	struct uc_caps c = uc_caps_of(t->proc);
	for (unsigned i = 0; i < MAX_WORDS; i++)
		d[i] = (struct __user_cap_data_struct){ (uint32_t)(c.effective >> 32 * i),
							(uint32_t)(c.permitted >> 32 * i),
							(uint32_t)(c.inheritable >> 32 * i) };
	return data ? uc_user_write(data, d, (unsigned)words * sizeof(*d)) : 0;
}

static int change(struct uc_proc *p, uint64_t eff, uint64_t perm, uint64_t inh)
{
	struct uc_caps c = uc_caps_of(p);
	bool setpcap = c.effective & 1ull << CAP_SETPCAP;
	if ((!setpcap && inh & ~(c.inheritable | c.permitted)) ||
	    inh & ~(c.inheritable | c.bounding) || perm & ~c.permitted || eff & ~perm)
		return -EPERM;
	c.effective = eff;
	c.permitted = perm;
	c.inheritable = inh;
	c.ambient &= perm & inh;
	c.set = true;
	p->caps = c;
	return 0;
}

long uc_sys_capset(uc_uptr header, uc_uptr data)
{
	struct __user_cap_header_struct h;
	struct __user_cap_data_struct d[MAX_WORDS];
	int words = read_header(header, &h);
	if (words < 0)
		return words;
	if (h.pid && h.pid != uc_task_current()->tid)
		return -EPERM;
	memset(d, 0, sizeof(d));
	int r = uc_user_read(d, data, (unsigned)words * sizeof(*d));
	if (r)
		return r;
	return change(uc_proc_current(),
		      (d[0].effective | (uint64_t)d[1].effective << 32) & UC_CAPS_ALL,
		      (d[0].permitted | (uint64_t)d[1].permitted << 32) & UC_CAPS_ALL,
		      (d[0].inheritable | (uint64_t)d[1].inheritable << 32) & UC_CAPS_ALL);
}

static long ambient(struct uc_caps *c, uint64_t op, uint64_t cap, bool rest)
{
	uint64_t bit = cap <= CAP_LAST_CAP ? 1ull << cap : 0;
	if (rest || (op == PR_CAP_AMBIENT_CLEAR_ALL ? cap != 0 : !bit))
		return -EINVAL;
	switch (op) {
	case PR_CAP_AMBIENT_CLEAR_ALL:
		c->ambient = 0;
		return 0;
	case PR_CAP_AMBIENT_IS_SET:
		return !!(c->ambient & bit);
	case PR_CAP_AMBIENT_RAISE:
		if (!(c->permitted & c->inheritable & bit) ||
		    c->securebits & issecure_mask(SECURE_NO_CAP_AMBIENT_RAISE))
			return -EPERM;
		c->ambient |= bit;
		return 0;
	case PR_CAP_AMBIENT_LOWER:
		c->ambient &= ~bit;
		return 0;
	default:
		return -EINVAL;
	}
}

static long set_securebits(struct uc_caps *c, uint64_t bits)
{
	uint32_t locked = (c->securebits & SECURE_ALL_LOCKS) >> 1;
	if ((locked & (c->securebits ^ bits)) || (c->securebits & SECURE_ALL_LOCKS & ~bits) ||
	    bits & ~(uint64_t)(SECURE_ALL_LOCKS | SECURE_ALL_BITS) ||
	    !(c->effective & 1ull << CAP_SETPCAP))
		return -EPERM;
	c->securebits = (uint32_t)bits;
	return 0;
}

static long drop_bound(struct uc_caps *c, uint64_t cap)
{
	if (!(c->effective & 1ull << CAP_SETPCAP))
		return -EPERM;
	if (cap > CAP_LAST_CAP)
		return -EINVAL;
	c->bounding &= ~(1ull << cap);
	return 0;
}

static long set_keep(struct uc_caps *c, uint64_t on)
{
	if (on > 1)
		return -EINVAL;
	if (c->securebits & issecure_mask(SECURE_KEEP_CAPS_LOCKED))
		return -EPERM;
	c->keep = on;
	return 0;
}

long uc_capctl(int op, uint64_t a2, uint64_t a3, bool rest)
{
	struct uc_proc *p = uc_proc_current();
	struct uc_caps c = uc_caps_of(p);
	long r;
	switch (op) {
	case PR_CAPBSET_READ:
		return a2 <= CAP_LAST_CAP ? (long)(c.bounding >> a2 & 1) : -EINVAL;
	case PR_CAPBSET_DROP:
		r = drop_bound(&c, a2);
		break;
	case PR_GET_KEEPCAPS:
		return c.keep;
	case PR_SET_KEEPCAPS:
		r = set_keep(&c, a2);
		break;
	case PR_GET_SECUREBITS:
		return c.securebits;
	case PR_SET_SECUREBITS:
		r = set_securebits(&c, a2);
		break;
	default:
		r = ambient(&c, a2, a3, rest);
	}
	if (r < 0)
		return r;
	c.set = true;
	p->caps = c;
	return r;
}
