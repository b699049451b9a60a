// SPDX-License-Identifier: BSD-3-Clause
#include "unix_private.h"
#include <uc/sockview.h>

/* Of a datagram socket, the first message. */
static uint32_t readable(const struct uc_unix *u)
{
	if (uc_unix_connects(u))
		return u->rx_bytes;
	return uc_list_empty(&u->rxq) ? 0
				      : UC_LIST_ENTRY(u->rxq.next, struct uc_unix_msg, link)->len;
}

void uc_unix_view(struct uc_sock *s, struct uc_unix_view *v)
{
	const struct uc_unix *u = uc_unix_of(s);
	bool listens = u->state == UC_UNIX_LISTEN;

	*v = (struct uc_unix_view){
		.peer_ino = u->peer ? u->peer->s.inode.ino : 0,
		.shutdown = (uint8_t)(u->rd_shut | u->wr_shut << 1),
		.in = listens ? u->backlog_used : readable(u),
		.out = listens			       ? u->backlog_max
		       : u->peer && uc_unix_connects(u) ? u->peer->rx_bytes
							: 0,
	};
}
