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
#include <lwip/ip_addr.h>
#include <lwip/pbuf.h>
#include <lwip/tcp.h>
#include <lwip/udp.h>
#include <uc/proc.h>
#include <uc/socket.h>

#define IN_EVENTS    (POLLIN | POLLRDNORM)
#define OUT_EVENTS   (POLLOUT | POLLWRNORM | POLLWRBAND)
#define IPPROTO_TCP_ 6
#define IPPROTO_UDP_ 17

enum inet_state { INET_IDLE, INET_CONNECTING, INET_CONNECTED, INET_LISTEN };

struct inet_dgram {
	struct uc_list link;
	struct pbuf *p; /* the data */
	ip_addr_t from, to;
	uint16_t port;
	uint8_t netif; /* index it came in by */
};
struct inet {
	struct uc_sock s;    /* first member */
	struct tcp_pcb *tcp; /* NULL: none yet, or gone */
	struct udp_pcb *udp;
	enum inet_state state;
	bool bound, rd_shut, wr_shut, fin, v6only, closed;
	bool nodelay, cork, pktinfo, defer_accept;
	struct uc_waitq q;
	struct uc_mutex rlock, wlock; /* readers and writers take turns */
	/* received: stream bytes (pbufs by `next`, tot_len not kept), or datagrams */
	struct pbuf *rx, *rx_tail;
	uint32_t rx_off, rx_bytes;
	struct uc_list dgrams;
	struct uc_list backlog, backlog_link; /* connections to be accepted */
	/* names, valid also when the control block is gone */
	ip_addr_t local, remote;
	uint16_t local_port, remote_port;
	uint32_t keep_idle, keep_intvl, keep_cnt; /* s, s, probes; 0: default */
	uint32_t user_timeout;
	uint8_t ttl, tos, mcast_ttl; /* ttl 0: default */
};
static inline struct inet *inet_of(struct uc_sock *s)
{
	return (struct inet *)s;
}
static inline bool inet_is_tcp(const struct inet *i)
{
	return i->s.type == UC_SOCK_STREAM;
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

/* conn.c: connections */
int inet_tcp_open(struct inet *i); /* a control block if there is none. 0, -ENOMEM */
int inet_tcp_connect(struct inet *i, const ip_addr_t *ip, uint16_t port, bool nonblock);
int inet_tcp_listen(struct inet *i, int backlog);
int inet_tcp_accept(struct inet *i, struct uc_sock **out, bool nonblock);
int inet_tcp_shutdown(struct inet *i, int how);
void inet_tcp_close(struct inet *i);
void inet_tcp_let_go(struct inet *i); /* lwIP finishes the connection alone */

/* udp.c */
int inet_udp_open(struct inet *i);
int inet_udp_connect(struct inet *i, const ip_addr_t *ip, uint16_t port);
int inet_udp_disconnect(struct inet *i);
ssize_t inet_udp_send(struct inet *i, struct uc_msg *m);
ssize_t inet_udp_recv(struct inet *i, struct uc_msg *m);
void inet_udp_close(struct inet *i);

/* opt.c */
int inet_getsockopt(struct uc_sock *s, int level, int name, void *buf, unsigned *len);
int inet_setsockopt(struct uc_sock *s, int level, int name, const void *buf, unsigned len);
void inet_apply_options(struct inet *i); /* to a new control block */

/* ioctl.c */
long inet_ioctl(struct uc_sock *s, unsigned cmd, uc_uptr arg);
void inet_queued(struct uc_sock *s, uint32_t *in, uint32_t *out);
#endif
