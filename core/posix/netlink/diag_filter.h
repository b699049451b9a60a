// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_NETLINK_DIAG_FILTER_H
#define UC_NETLINK_DIAG_FILTER_H
/*
 * Programs that choose sockets, which a request of sock_diag brings along: linux/inet_diag.h.
 * Conditions that jump forward; a program that ends exactly at its end says yes.
 */
#include <uc/types.h>

struct diag_entry {
	uint8_t family;
	uint16_t port[2];    /* its own and its peer's */
	uint32_t addr[2][4]; /* network order */
	uint32_t device, mark;
};
/* 0, or -EINVAL: not a program. */
int diag_filter_check(const void *program, size_t n);
/* Whether a checked program says yes. */
bool diag_filter_run(const void *program, size_t n, const struct diag_entry *e);
#endif
