// SPDX-License-Identifier: BSD-3-Clause
/*
 * capget(2), capset(2). A process with effective user 0 has all capabilities, any other none; sets
 * in between are not kept, so a request for them is refused rather than pretended.
 */
#include <asm/errno.h>
#include <linux/capability.h>
#include <uc/string.h>
#include <uc/user.h>
#include "cred.h"

enum { MAX_WORDS = _LINUX_CAPABILITY_U32S_3 };

static uint32_t all_caps(unsigned word)
{
	const uint64_t all = (1ull << (CAP_LAST_CAP + 1)) - 1;
	return (uint32_t)(word ? all >> 32 : all);
}

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

static void caps_of(const struct uc_proc *p, struct __user_cap_data_struct d[MAX_WORDS])
{
	memset(d, 0, MAX_WORDS * sizeof(*d));
	for (unsigned i = 0; p->euid == 0 && i < MAX_WORDS; i++)
		d[i].effective = d[i].permitted = all_caps(i);
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
	caps_of(t->proc, d);
	return data ? uc_user_write(data, d, (unsigned)words * sizeof(*d)) : 0;
}

long uc_sys_capset(uc_uptr header, uc_uptr data)
{
	struct __user_cap_header_struct h;
	struct __user_cap_data_struct want[MAX_WORDS], have[MAX_WORDS];
	int words = read_header(header, &h);
	if (words < 0)
		return words;
	if (h.pid && h.pid != uc_task_current()->tid)
		return -EPERM;
	memset(want, 0, sizeof(want));
	int r = uc_user_read(want, data, (unsigned)words * sizeof(*want));
	if (r)
		return r;
	caps_of(uc_proc_current(), have);
	for (int i = 0; i < words; i++) {
		if (want[i].permitted & ~have[i].permitted ||
		    want[i].effective & ~want[i].permitted)
			return -EPERM;
	}
	if (memcmp(want, have, (unsigned)words * sizeof(*want)))
		return uc_unsupported(-EPERM, "capset to some capabilities");
	return 0;
}
