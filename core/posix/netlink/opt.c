// SPDX-License-Identifier: BSD-3-Clause
/* Options of netlink(7). */
#include <uc/string.h>
#include "netlink_private.h"

#define GROUPS 32

static bool *flag_of(struct nl_sock *s, int name)
{
	switch (name) {
	case NETLINK_PKTINFO:
		return &s->pktinfo;
	case NETLINK_CAP_ACK:
		return &s->cap_ack;
	case NETLINK_EXT_ACK:
		return &s->ext_ack;
	case NETLINK_GET_STRICT_CHK:
		return &s->strict;
	case NETLINK_NO_ENOBUFS:
		return &s->no_enobufs;
	default:
		return NULL;
	}
}

int nl_setsockopt(struct uc_sock *sock, int level, int name, const void *buf, unsigned len)
{
	struct nl_sock *s = nl_of(sock);
	bool *flag = flag_of(s, name);
	int v;

	if (level != SOL_NETLINK)
		return -ENOPROTOOPT;
	if (len < sizeof(v))
		return -EINVAL;
	memcpy(&v, buf, sizeof(v));
	if (flag) {
		*flag = v;
		return 0;
	}
	if (name != NETLINK_ADD_MEMBERSHIP && name != NETLINK_DROP_MEMBERSHIP)
		return -ENOPROTOOPT;
	if (v < 1 || v > (int)RTNLGRP_MAX)
		return -EINVAL;
	/* Groups beyond the first 32 are about things that do not exist here. */
	if (v <= GROUPS && name == NETLINK_ADD_MEMBERSHIP)
		s->groups |= 1u << (v - 1);
	else if (v <= GROUPS)
		s->groups &= ~(1u << (v - 1));
	return 0;
}

int nl_getsockopt(struct uc_sock *sock, int level, int name, void *buf, unsigned *len)
{
	struct nl_sock *s = nl_of(sock);
	const bool *flag = flag_of(s, name);
	int v = flag ? *flag : (int)s->groups;

	if (level != SOL_NETLINK || (!flag && name != NETLINK_LIST_MEMBERSHIPS))
		return -ENOPROTOOPT;
	if (*len < sizeof(v))
		return -EINVAL;
	*len = sizeof(v);
	memcpy(buf, &v, sizeof(v));
	return 0;
}
