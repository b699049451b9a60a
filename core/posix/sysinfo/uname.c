// SPDX-License-Identifier: BSD-3-Clause
/* uname(2), sethostname(2), setdomainname(2). */
#include <asm/errno.h>
#include <linux/utsname.h>
#include <uc/hostname.h>
#include <uc/proc.h>
#include <uc/string.h>
#include <uc/user.h>

static char domain[__NEW_UTS_LEN + 1] = "(none)";

long uc_sys_uname(uc_uptr out)
{
	struct new_utsname u;
	memset(&u, 0, sizeof(u));
	uc_strlcpy(u.sysname, "Linux", sizeof(u.sysname));
	uc_strlcpy(u.nodename, uc_hostname(), sizeof(u.nodename));
	uc_strlcpy(u.release, UC_UTS_RELEASE, sizeof(u.release));
	uc_strlcpy(u.version, UC_UTS_VERSION, sizeof(u.version));
	uc_strlcpy(u.machine, uc_arch_name(), sizeof(u.machine));
	uc_strlcpy(u.domainname, domain, sizeof(u.domainname));
	return uc_user_write(out, &u, sizeof(u));
}

static int read_name(char name[__NEW_UTS_LEN + 1], uc_uptr p, int len)
{
	if (uc_proc_current()->euid)
		return -EPERM;
	if (len < 0 || len > __NEW_UTS_LEN)
		return -EINVAL;
	name[len] = 0;
	return uc_user_read(name, p, (size_t)len);
}

long uc_sys_sethostname(uc_uptr p, int len)
{
	char name[__NEW_UTS_LEN + 1];
	int r = read_name(name, p, len);
	return r ? r : uc_hostname_set(name, (size_t)len);
}

long uc_sys_setdomainname(uc_uptr p, int len)
{
	char name[__NEW_UTS_LEN + 1];
	int r = read_name(name, p, len);
	if (!r)
		uc_strlcpy(domain, name, sizeof(domain));
	return r;
}
