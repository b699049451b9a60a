// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <linux/utsname.h>
#include <uc/hostname.h>
#include <uc/string.h>

static char host[__NEW_UTS_LEN + 1] = "unicore";

const char *uc_hostname(void)
{
	return host;
}

int uc_hostname_set(const char *name, size_t len)
{
	if (len > __NEW_UTS_LEN)
		return -EINVAL;
	memset(host, 0, sizeof(host));
	memcpy(host, name, len);
	return 0;
}
