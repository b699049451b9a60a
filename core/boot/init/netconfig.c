// SPDX-License-Identifier: BSD-3-Clause
/* The records net= of the boot parameters; linked only where something asks for them. */
#include <uc/abi/bootparam.h>
#include <uc/net.h>
#include <uc/plat.h>
#include <uc/string.h>

const char *uc_upcall_net_config(unsigned i)
{
	uint64_t len;
	const struct uc_bootbundle *b = uc_plat_bootbundle(&len); /* checked at start */
	const char *r = b ? (const char *)b + b->params_off : NULL;

	for (const char *end = b ? r + b->params_len : NULL; r < end; r += strlen(r) + 1)
		if (!strncmp(r, "net=", 4) && !i--)
			return r + 4;
	return NULL;
}
