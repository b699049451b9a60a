// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_INET_PRIVATE_H
#define UC_INET_PRIVATE_H
/*
 * AF_INET and AF_INET6 sockets on lwIP. A socket points to lwIP's control block and that back to
 * the socket until one of them lets go: lwIP when a connection has failed, the socket when both
 * directions are closed or its last descriptor is. Call-backs of lwIP only note what happened and
 * wake.
 */
#include <asm/errno.h>
#include <asm/poll.h>
#include <lwip/ip.h>
#include <lwip/ip_addr.h>
#include <lwip/pbuf.h>
#include <lwip/raw.h>
#include <lwip/tcp.h>
#include <lwip/udp.h>
#include <uc/proc.h>
#include <uc/socket.h>

#define IN_EVENTS    (POLLIN | POLLRDNORM)
#define OUT_EVENTS   (POLLOUT | POLLWRNORM | POLLWRBAND)
#define IPPROTO_TCP_ 6
#define IPPROTO_UDP_ 17
#define PROTO_ICMP   1
#define PROTO_ICMP6  58
#define PROTO_SCTP   132
#define PROTO_LITE   136

enum inet_state { INET_IDLE, INET_CONNECTING, INET_CONNECTED, INET_LISTEN };

struct inet_dgram {
	struct uc_list link;
	struct pbuf *p; /* the data */
	ip_addr_t from, to;
	uc_nsec when; /* if somebody wants to know */
	uint16_t port, to_port;
	uint8_t netif; /* index it came in by */
	uint8_t ttl, tos;
};
/* What is said about each datagram that is received, besides its sender. */
enum {
	WANT_PKTINFO = 1,
	WANT_TTL = 2,
	WANT_TOS = 4,
	WANT_ORIGDST = 8,
	WANT_PKTINFO6 = 16,
	WANT_HOPLIMIT = 32,
	WANT_TCLASS = 64,
	WANT_ORIGDST6 = 128,
	WANT_STAMP = 256,   /* struct timeval */
	WANT_STAMPNS = 512, /* struct timespec */
};
struct inet {
	struct uc_sock s;    /* first member */
	struct tcp_pcb *tcp; /* NULL: none yet, or gone */
	struct udp_pcb *udp;
	struct raw_pcb *raw; /* of raw, ping and UDP-Lite sockets */
	enum inet_state state;
	bool bound, rd_shut, wr_shut, fin, fin_read, v6only, closed;
	bool nodelay, cork;
	bool recverr, recverr6, hdrincl, freebind, mcast_noloop;
	uint32_t want;         /* WANT_* */
	struct uc_list errors; /* MSG_ERRQUEUE, see errors.c */
	struct uc_waitq q;
	struct uc_mutex rlock, wlock; /* readers and writers take turns */
	/* received: stream bytes (pbufs by `next`, tot_len not kept), or datagrams */
	struct pbuf *rx, *rx_tail;
	uint32_t rx_off, rx_bytes;
	uint32_t urgent_at; /* bytes to read before the urgent one */
	enum { URGENT_NONE, URGENT_AHEAD, URGENT_READ } urgent;
	struct uc_list dgrams;
	struct uc_list backlog, backlog_link; /* connections to be accepted */
	int backlog_max;
	struct uc_list deferred;	      /* those that shall bring data first */
	struct uc_list ring;                  /* listeners on one port, see listen.c */
	/* names, valid also when the control block is gone */
	ip_addr_t local, remote;
	uint16_t local_port, remote_port;
	uint32_t keep_idle, keep_intvl, keep_cnt; /* s, s, probes; 0: default */
	uint32_t user_timeout;		/* ms */
	uint8_t syn_retries;		/* 0: default */
	uint8_t defer_accept;		/* as retransmissions, see opt.c; 0: off */
	struct inet *deferred_by;	/* the listener that waits for data */
	uint32_t deferred_for;		/* s left */
	struct {
		int16_t name;
		int value;
	} kept[8];                   /* TCP options without effect */
	uint8_t ttl, tos, mcast_ttl; /* ttl 0: default */
	uint8_t device;              /* SO_BINDTODEVICE: its index */
	uint8_t mcast_device;        /* IP_MULTICAST_IF */
	uint8_t mtu_discover;
	uint32_t mcast_addr;   /* as IP_MULTICAST_IF was given */
	struct uc_list groups; /* see mcast.c */
	struct uc_list raw_link;
	uint32_t icmp_filter[8]; /* of raw sockets: types that are dropped */
	int checksum_at;         /* of raw IPv6 sockets; -1: none */
	struct inet_coverage {   /* of UDP-Lite's checksums: bytes, 0: all */
		bool set;
		uint16_t bytes;
	} coverage[2]; /* sent, least received */
};
static inline struct inet *inet_of(struct uc_sock *s)
{
	return (struct inet *)s;
}
static inline bool inet_is_tcp(const struct inet *i)
{
	return i->s.type == UC_SOCK_STREAM;
}
/* Echo requests by an ordinary program: socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP). */
static inline bool inet_is_ping(const struct inet *i)
{
	return i->s.type == UC_SOCK_DGRAM && i->s.protocol != IPPROTO_UDP_ &&
	       i->s.protocol != PROTO_LITE;
}
static inline bool inet_is_lite(const struct inet *i)
{
	return i->s.type == UC_SOCK_DGRAM && i->s.protocol == PROTO_LITE;
}

int inet_error(err_t e); /* lwIP's to negative errno */
void inet_wake(struct inet *i, unsigned events);
struct inet *inet_new(int family, int type, int protocol); /* without a control block */
uint8_t inet_ip_type(const struct inet *i);                /* IPADDR_TYPE_* of its addresses */

/* addr.c */
/* Decodes an address for i; ports in host order. -EINVAL, -EAFNOSUPPORT. */
int inet_addr_get(const struct inet *i, const struct uc_sockaddr *a, unsigned len, ip_addr_t *ip,
		  uint16_t *port);
/* Length of what was written. */
unsigned inet_addr_put(const struct inet *i, const ip_addr_t *ip, uint16_t port,
		       struct uc_sockaddr *a);
bool inet_addr_is_local(const ip_addr_t *ip);

/* tcp.c: data */
err_t inet_tcp_on_recv(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t err);
err_t inet_tcp_on_sent(void *arg, struct tcp_pcb *pcb, u16_t n);
ssize_t inet_tcp_send(struct inet *i, struct uc_msg *m);
ssize_t inet_tcp_recv(struct inet *i, struct uc_msg *m);
bool inet_tcp_writable(const struct inet *i);
void inet_tcp_drop_rx(struct inet *i);
void inet_tcp_discard(struct inet *i, uint32_t n); /* of what has come; n: of the first buffer */

/* urgent.c */
void inet_urgent_start(void); /* idempotent */
bool inet_urgent_at_mark(const struct inet *i);
unsigned inet_urgent_events(const struct inet *i); /* POLLPRI or 0 */
/* There are bytes to be read besides an urgent one. */
bool inet_tcp_readable(const struct inet *i);
/* How many bytes of the stream can be read at once. */
uint32_t inet_urgent_limit(const struct inet *i);
/* At the mark: bytes that the stream leaves out there; unless peeking they are gone. */
uint32_t inet_urgent_skip(struct inet *i, bool peek);
/* What has been written goes at once, as urgent; some of that has been acknowledged. */
void inet_urgent_send(struct inet *i);
void inet_urgent_sent(struct inet *i);
void inet_urgent_consumed(struct inet *i, uint32_t n);
uint32_t inet_urgent_queued(const struct inet *i); /* as FIONREAD counts */
void inet_urgent_accepted(struct inet *i);	   /* i has just got its control block */
ssize_t inet_urgent_recv(struct inet *i, struct uc_msg *m);

/* conn.c: connections */
int inet_tcp_open(struct inet *i); /* a control block if there is none. 0, -ENOMEM */
int inet_tcp_connect(struct inet *i, const ip_addr_t *ip, uint16_t port, bool nonblock);
void inet_tcp_attach(struct inet *i, struct tcp_pcb *pcb);
void inet_tcp_take_names(struct inet *i);

/* listen.c */
/* Who listens at an address, other than `but`; NULL: nobody. */
struct inet *inet_tcp_listener(const struct inet *but, const ip_addr_t *ip, uint16_t port);
int inet_tcp_listen(struct inet *i, int backlog);
/* A connection that has been kept back can be accepted, or has failed and is gone. */
void inet_tcp_undefer(struct inet *c);
void inet_tcp_drop_deferred(struct inet *c);
int inet_tcp_stop_listening(struct inet *i);
int inet_tcp_accept(struct inet *i, struct uc_sock **out, bool nonblock);
int inet_tcp_shutdown(struct inet *i, int how);
void inet_tcp_close(struct inet *i);
void inet_tcp_let_go(struct inet *i); /* lwIP finishes the connection alone */

void inet_tcp_fail(struct inet *i, int err); /* a connection attempt: by the network */

/* dgram.c: what sockets with messages share */
/* Queues a message, taking over p; called by lwIP while it handles the packet. */
void inet_dgram_deliver(struct inet *i, struct pbuf *p, const ip_addr_t *from, uint16_t port,
			uint16_t to_port);
ssize_t inet_dgram_recv(struct inet *i, struct uc_msg *m);
void inet_dgram_drop_all(struct inet *i);
int inet_dgram_check_send(struct inet *i);
/* Destination of a message, or the connected one. -EDESTADDRREQ, errors of inet_addr_get. */
int inet_dgram_destination(struct inet *i, const struct uc_msg *m, ip_addr_t *ip, uint16_t *port);
/* The message in kernel memory, or NULL, or UC_ERR_PTR. */
struct pbuf *inet_dgram_message(struct uc_msg *m, size_t n);
/* The source address that the route to the peer has, after connecting. */
void inet_dgram_choose_local(struct inet *i, const ip_addr_t *bound);

/* cmsg.c: ancillary data */
struct inet_send {
	struct netif *netif;  /* NULL: by the route */
	const ip_addr_t *src; /* NULL: by the interface */
	ip_addr_t src_room;
	int ttl, tos; /* -1: the socket's */
};
int inet_cmsg_parse(const struct inet *i, const struct uc_msg *m, struct inet_send *out);
void inet_cmsg_put(const struct inet *i, const struct inet_dgram *d, struct uc_msg *m);
/* Fills in what is left open, by the route to dst. -ENETUNREACH, -EADDRNOTAVAIL. */
int inet_send_resolve(const struct inet *i, const ip_addr_t *bound, uint8_t bound_netif,
		      const ip_addr_t *dst, struct inet_send *s);

/*
 * dgram.c: one message sent otherwise than the socket says. What UDP's and raw control blocks have
 * in common is in other places in each.
 */
struct inet_dgram_pcb {
	struct ip_pcb *ip;
	u8_t *mcast_ttl, *flags;
	u8_t loop; /* of flags: multicast comes back */
	u8_t old_ttl, old_tos, old_mcast_ttl; /* kept by inet_dgram_apply */
};
void inet_dgram_apply(struct inet_dgram_pcb *p, const struct inet_send *how);
void inet_dgram_restore(const struct inet_dgram_pcb *p, const struct inet *i);
/*
 * The way to ip by the socket's choice and the routes. -EACCES: a broadcast without permission;
 * errors of inet_send_resolve.
 */
int inet_dgram_route(const struct inet *i, const struct ip_pcb *p, const ip_addr_t *ip,
		     struct inet_send *how);

/* errors.c: what the network says about packets that were sent */
struct inet_fault {
	int err;
	uint8_t origin, type, code; /* linux/errqueue.h */
	uint32_t info;
	bool hard;
	ip_addr_t offender, dst; /* who says it; where the packet went */
	uint16_t port;
	const uint8_t *data; /* of the packet */
	size_t len;
};
void inet_fault(struct inet *i, const struct inet_fault *f);
ssize_t inet_error_recv(struct inet *i, struct uc_msg *m);
void inet_error_drop_all(struct inet *i);

/* icmp.c */
void inet_icmp_start(void); /* idempotent */

/* udp.c */
int inet_udp_open(struct inet *i);
int inet_udp_connect(struct inet *i, const ip_addr_t *ip, uint16_t port);
int inet_udp_disconnect(struct inet *i);
ssize_t inet_udp_send(struct inet *i, struct uc_msg *m);
void inet_udp_close(struct inet *i);
struct inet *inet_of_udp(const struct udp_pcb *p); /* NULL: not a socket's */

/* UDP-Lite, where the µlib is linked; else it has no address. */
extern const struct inet_lite {
	int (*start)(void); /* idempotent; 0 or -ENOMEM */
	/* Gives i this port of ip's, 0: some port. 0 or -EADDRINUSE. */
	int (*take_port)(struct inet *i, const ip_addr_t *ip, uint16_t port);
	/* Puts the header before a message. */
	int (*finish)(struct inet *i, struct pbuf *p, const ip_addr_t *src, const ip_addr_t *dst,
		      uint16_t port);
	int (*get)(struct inet *i, int name, void *buf, unsigned *len);
	int (*set)(struct inet *i, int name, const void *buf, unsigned len);
} inet_lite __attribute__((weak));

/* raw.c, ping.c */
extern struct uc_list inet_raw_sockets; /* by raw_link */
int inet_raw_open(struct inet *i);
int inet_raw_bind(struct inet *i, const ip_addr_t *ip, uint16_t port);
int inet_raw_connect(struct inet *i, const ip_addr_t *ip, uint16_t port);
int inet_raw_disconnect(struct inet *i);
ssize_t inet_raw_send(struct inet *i, struct uc_msg *m);
void inet_raw_close(struct inet *i);
int inet_raw_getsockopt(struct inet *i, int level, int name, void *buf, unsigned *len);
int inet_raw_setsockopt(struct inet *i, int level, int name, const void *buf, unsigned len);
/* The raw and ping sockets that an error about a packet of theirs concerns. */
void inet_raw_fault(uint8_t proto, uint16_t id, const struct inet_fault *f, const ip_addr_t *src);

/* opt.c */
int inet_getsockopt(struct uc_sock *s, int level, int name, void *buf, unsigned *len);
int inet_setsockopt(struct uc_sock *s, int level, int name, const void *buf, unsigned len);
int inet_tcp_defer_seconds(const struct inet *i); /* TCP_DEFER_ACCEPT */
void inet_apply_options(struct inet *i); /* to the control block there is */
int inet_get_bytes(const void *from, unsigned n, void *buf, unsigned *len); /* an option; 0 */

/* ipopt.c */
int inet_get_ip(struct inet *i, int name, void *buf, unsigned *len);
int inet_set_ip(struct inet *i, int name, const void *buf, unsigned len);
int inet_get_ip6(struct inet *i, int name, void *buf, unsigned *len);
int inet_set_ip6(struct inet *i, int name, const void *buf, unsigned len);

/* mcast.c: -ENOPROTOOPT for what is not about multicast */
int inet_get_multicast(struct inet *i, int level, int name, void *buf, unsigned *len);
int inet_set_multicast(struct inet *i, int level, int name, const void *buf, unsigned len);
void inet_leave_groups(struct inet *i);
/* Where packets to groups go: as set, or NULL. */
struct netif *inet_multicast_netif(const struct inet *i);

/* ioctl.c */
long inet_ioctl(struct uc_sock *s, unsigned cmd, uc_uptr arg);
void inet_queued(struct uc_sock *s, uint32_t *in, uint32_t *out);
#endif
