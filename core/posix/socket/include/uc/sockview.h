// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_SOCKVIEW_H
#define UC_SOCKVIEW_H
/*
 * A socket as others see it: what /proc/net and sock_diag show. Context: thread.
 */
#include <uc/socket.h>

/* Linux's numbers, net/tcp_states.h; datagram sockets are established or closed. */
enum { UC_ST_ESTABLISHED = 1, UC_ST_TIME_WAIT = 6, UC_ST_CLOSED = 7, UC_ST_LISTENING = 10 };

struct uc_sockview {
	struct uc_sock *s;            /* NULL: a connection that no socket holds any more */
	int family;
	unsigned state;
	struct uc_sockaddr name[2];   /* its own and its peer's; zero: none */
	unsigned len[2];
	uint32_t in, out;             /* bytes that wait; of a listener: connections, and at most */
	uint32_t uid;
	uint64_t ino;
};
void uc_sockview(struct uc_sock *s, struct uc_sockview *v);
/* All of a family, type and protocol (0: any) that have a name, listeners first, then connections
 * without a socket; fn returns false to stop. */
void uc_sockview_each(int family, int type, int protocol,
		      bool (*fn)(void *ctx, const struct uc_sockview *v), void *ctx);
/* What a socket of AF_UNIX has besides; by the µlib unix. */
struct uc_unix_view {
	uint64_t peer_ino;            /* 0: not connected */
	uint8_t shutdown;             /* 1: receives no more, 2: sends no more */
	uint32_t in, out;             /* as in uc_sockview */
};
void uc_unix_view(struct uc_sock *s, struct uc_unix_view *v);
#endif
