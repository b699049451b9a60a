// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_NETFILES_H
#define UC_NETFILES_H
#include <uc/netif.h>
#include <uc/procfs.h>

#define NETFILES_SHOW(fn) ssize_t fn(char *buf, size_t cap, const struct uc_pseudo_key *k)
#define NETFILES_ENTRY(n, f) \
	{ \
		.name = n, .mode = S_IFREG | 0444, .show = f \
	}
/* Of /proc/net: what is about sockets, interfaces, and counters. 0 or -errno. */
int netfiles_add_sockets(void);
int netfiles_add_links(void);
int netfiles_add_counters(void);
/* Of /proc/sys/net. */
int netfiles_add_sysctl(void);
/* Of /sys/class/net. */
int netfiles_add_class(void);
#endif
