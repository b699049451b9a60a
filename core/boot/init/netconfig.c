// SPDX-License-Identifier: BSD-3-Clause
/* The records net= and netdev= of the boot parameters; linked only where something asks for
 * them. */
#include <uc/abi/bootparam.h>
#include <uc/hostnet.h>
#include <uc/net.h>
#include <uc/plat.h>
#include <uc/string.h>

static const char *record(const char *key, unsigned i)
{
	uint64_t len;
	const struct uc_bootbundle *b = uc_plat_bootbundle(&len); /* checked at start */
	const char *r = b ? (const char *)b + b->params_off : NULL;
	size_t n = strlen(key);

	for (const char *end = b ? r + b->params_len : NULL; r < end; r += strlen(r) + 1)
		if (!strncmp(r, key, n) && !i--)
			return r + n;
	return NULL;
}

const char *uc_upcall_net_config(unsigned i)
{
	return record("net=", i);
}

const char *uc_upcall_netdev(void)
{
	return record("netdev=", 0);
}
