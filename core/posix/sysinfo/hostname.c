// SPDX-License-Identifier: BSD-3-Clause
#include <linux/utsname.h>
#include <uc/hostname.h>
#include <uc/string.h>

static char name[__NEW_UTS_LEN + 1] = "unicore";

const char *uc_hostname(void)
{
	return name;
}

void uc_hostname_set(const char *s)
{
	uc_strlcpy(name, s, sizeof(name));
}
