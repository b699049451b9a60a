// SPDX-License-Identifier: BSD-3-Clause
/* Which function answers which message of rtnetlink(7). */
#include <uc/proc.h>
#include "netlink_private.h"

static int get(struct nl_request *r, struct nl_out *o)
{
	switch (r->h->nlmsg_type) {
	case RTM_GETLINK:
		return nl_get_link(r, o);
	case RTM_GETADDR:
		return nl_get_addr(r, o);
	case RTM_GETROUTE:
		return nl_get_route(r, o);
	case RTM_GETNEIGH:
		return nl_get_neigh(r, o);
	default: /* a message about something that does not exist here */
		return uc_unsupported(-EOPNOTSUPP, "rtnetlink message %u", r->h->nlmsg_type);
	}
}

static int change(struct nl_request *r)
{
	switch (r->h->nlmsg_type) {
	case RTM_NEWLINK:
	case RTM_SETLINK:
		return nl_set_link(r);
	case RTM_NEWADDR:
		return nl_new_addr(r);
	case RTM_DELADDR:
		return nl_del_addr(r);
	case RTM_NEWROUTE:
		return nl_new_route(r);
	case RTM_DELROUTE:
		return nl_del_route(r);
	default:
		return uc_unsupported(-EOPNOTSUPP, "rtnetlink message %u", r->h->nlmsg_type);
	}
}

int nl_route(struct nl_request *r, struct nl_out *o)
{
	bool reads = (r->h->nlmsg_type - RTM_BASE) % 4 == 2;

	if (r->h->nlmsg_type > RTM_MAX)
		return -EOPNOTSUPP;
	if (reads)
		return get(r, o);
	r->dump = false;
	return uc_proc_current()->euid ? -EPERM : change(r);
}
