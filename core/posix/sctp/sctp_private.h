// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_SCTP_PRIVATE_H
#define UC_SCTP_PRIVATE_H
/*
 * SCTP sockets with Linux's interface on usrsctp's, which is nearly the same (RFC 6458): numbers
 * and some layouts differ. usrsctp's socket never blocks; it says when it has changed, and whoever
 * waits for it asks it again.
 */
#include <asm/errno.h>
#include <asm/poll.h>
#include <usrsctp.h>
#include <uc/sctp.h>
#include <uc/socket.h>
#include <uc/string.h>
#include "linux_sctp.h"

#define IN_EVENTS  (POLLIN | POLLRDNORM)
#define OUT_EVENTS (POLLOUT | POLLWRNORM | POLLWRBAND)

struct sctp {
	struct uc_sock s; /* first member */
	struct socket *so;
	struct uc_waitq q;
	bool listening, data_io, rcvinfo, nxtinfo, v6only, bound;
	bool in_event;    /* the rest of an event is still to be read */
	uint16_t events;  /* bit n: event LX_EVENT_BASE + n is wanted */
	struct uc_sockaddr local;
};
static inline struct sctp *sctp_of(struct uc_sock *s)
{
	return (struct sctp *)s;
}
static inline bool sctp_is_stream(const struct sctp *k)
{
	return k->s.type == UC_SOCK_STREAM;
}

/* sctp.c */
/* A socket around so, which it takes over. NULL: no memory, so is closed. */
struct sctp *sctp_wrap(int family, int type, struct socket *so);
void sctp_set_buffers(struct sctp *k); /* SO_SNDBUF and SO_RCVBUF, which common code keeps */
int sctp_errno(void); /* of the last call of usrsctp, negative */
/* Length of the address, or -EINVAL, -EAFNOSUPPORT. */
int sctp_check_address(const struct sctp *k, const struct uc_sockaddr *a, unsigned len);
/* The error that has come in from the network; 0: none. */
int sctp_failed(struct sctp *k);

/* connect.c */
int sctp_connect_one(struct uc_sock *s, const struct uc_sockaddr *a, unsigned len, bool nonblock);
/* n addresses, one after another. The association's number (positive) or a negative errno. */
int sctp_connect_many(struct sctp *k, const struct sockaddr *addrs, unsigned size, bool nonblock);
/* How many addresses there are in a packed list. -EINVAL, -EAFNOSUPPORT. */
int sctp_count_addresses(const void *addrs, unsigned size);

/* send.c, recv.c */
ssize_t sctp_send(struct uc_sock *s, struct uc_msg *m);
ssize_t sctp_recv(struct uc_sock *s, struct uc_msg *m);
void sctp_drop_events(struct sctp *k); /* those before the next message */
unsigned sctp_flags_in(unsigned lx);  /* sinfo_flags, Linux's to usrsctp's */
unsigned sctp_flags_out(unsigned us);

/* event.c */
#define SCTP_EVENT_GROWTH 16u /* by so much an event may be longer than usrsctp's */
/* Rewrites an event of n bytes to what Linux has: its length. wanted: struct sctp.events. */
unsigned sctp_event_out(uint8_t *event, unsigned n, unsigned wanted);
uint16_t sctp_event_type(unsigned lx); /* usrsctp's; 0: none */

/* option.c, associnfo.c */
int sctp_getsockopt(struct uc_sock *s, int level, int name, void *buf, unsigned *len);
int sctp_setsockopt(struct uc_sock *s, int level, int name, const void *buf, unsigned len);
/* Options whose layout differs. -ENOPROTOOPT. */
int sctp_get_other(struct sctp *k, int name, void *buf, unsigned *len);
int sctp_set_other(struct sctp *k, int name, const void *buf, unsigned len);
#endif
