// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_SCTP_H
#define UC_SCTP_H
/*
 * usrsctp as a part of the kernel, and what its public interface (usrsctp.h) does not say of its
 * sockets. As lwIP, it runs in system calls and deferred work, and a caller is alone with it: none
 * of its functions blocks, as all its sockets are non-blocking.
 * Context: thread.
 */
#include <uc/types.h>

struct socket;

/* Starts it on the IP stack, which is started before. Idempotent. 0, -ENOMEM. */
int uc_sctp_start(void);
/* net.sctp.udp_port: where packets in UDP datagrams come in and from where they are sent, 0:
 * nowhere; net.sctp.encap_port: where those of new sockets go to, 0: they are not in UDP. */
enum uc_sctp_setting { UC_SCTP_UDP_PORT, UC_SCTP_ENCAP_PORT };
unsigned uc_sctp_setting(enum uc_sctp_setting which);
/* 0, -EINVAL, -ENOMEM, -EADDRINUSE: then there is none. */
int uc_sctp_set(enum uc_sctp_setting which, unsigned value);
/* Tells it the addresses that the interfaces have now. */
void uc_sctp_addresses(void);

enum {
	UC_SCTP_CONNECTING = 1,
	UC_SCTP_CONNECTED = 2,
	UC_SCTP_IN_CLOSED = 4,   /* nothing more will be received */
	UC_SCTP_OUT_CLOSED = 8,  /* nothing more can be sent */
	UC_SCTP_ACCEPTABLE = 16, /* a connection waits */
	UC_SCTP_READABLE = 32,   /* a message or an event waits */
	UC_SCTP_WRITABLE = 64
};
unsigned uc_sctp_state(struct socket *so);
/* The error that waits, cleared by this; positive, or 0. */
int uc_sctp_take_error(struct socket *so);
/* Bytes of messages and events that wait to be read, and of messages to be acknowledged. */
void uc_sctp_queued(struct socket *so, uint32_t *in, uint32_t *out);
/* The port it is bound to, 0: none. */
uint16_t uc_sctp_port(struct socket *so);
void uc_sctp_set_v6only(struct socket *so, bool on);
#endif
