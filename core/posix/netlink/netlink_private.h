// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_NETLINK_PRIVATE_H
#define UC_NETLINK_PRIVATE_H
/*
 * Netlink, netlink(7) and rtnetlink(7). A request is answered while it is sent: what the kernel has
 * to say lies in the socket's queue when sendmsg returns.
 */
#include <asm/errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <lwip/netif.h>
#include <uc/list.h>
#include <uc/netif.h>
#include <uc/socket.h>

#ifndef SOL_NETLINK /* the C library's */
#define SOL_NETLINK 270
#endif

struct nl_dgram {
	struct uc_list link;
	uint32_t len, group; /* group: 0, or the multicast group it was sent to */
	uint8_t data[];
};
struct nl_sock {
	struct uc_sock s; /* first member */
	struct uc_list port_link;
	struct uc_list rxq;
	uint32_t rx_bytes;
	struct uc_waitq q;
	struct uc_mutex rlock;
	uint32_t portid, groups; /* groups: bit n is group n + 1 */
	bool bound, pktinfo, cap_ack, ext_ack, strict, no_enobufs;
};
static inline struct nl_sock *nl_of(struct uc_sock *s)
{
	return (struct nl_sock *)s;
}
/* Takes over d. */
void nl_queue(struct nl_sock *s, struct nl_dgram *d);
/* To all who listen to a group. NULL: no memory then. Takes over d. */
void nl_multicast(unsigned group, struct nl_dgram *d);
int nl_getsockopt(struct uc_sock *s, int level, int name, void *buf, unsigned *len);
int nl_setsockopt(struct uc_sock *s, int level, int name, const void *buf, unsigned len);

/* Messages being put together. */
struct nl_out {
	struct nl_sock *to; /* NULL: the caller takes cur */
	struct nl_dgram *cur;
	struct nlmsghdr *msg;
	uint32_t portid, seq;
	uint16_t flags;
	bool failed; /* no memory */
};
/* A message with room for a fixed header of n bytes, cleared; NULL: no memory. */
void *nl_begin(struct nl_out *o, uint16_t type, size_t n);
void nl_attr(struct nl_out *o, uint16_t type, const void *data, size_t n);
void nl_attr_u8(struct nl_out *o, uint16_t type, uint8_t v);
void nl_attr_u32(struct nl_out *o, uint16_t type, uint32_t v);
void nl_attr_text(struct nl_out *o, uint16_t type, const char *s);
/* An attribute that holds others, until nl_nest_end with what nl_nest gave. */
uint32_t nl_nest(struct nl_out *o, uint16_t type);
void nl_nest_end(struct nl_out *o, uint32_t at);
void nl_flush(struct nl_out *o);

/* A request: its header and attributes by number, all within the message. */
#define NL_ATTR_MAX 64
struct nl_request {
	const struct nlmsghdr *h;
	const void *body;
	size_t body_len;
	const struct nlattr *attr[NL_ATTR_MAX];
	bool dump;
};
/* Takes apart what follows a fixed header of n bytes. 0 or -EINVAL. */
int nl_parse(struct nl_request *r, size_t n);
static inline const void *nl_data(const struct nlattr *a)
{
	return a + 1;
}
static inline size_t nl_len(const struct nlattr *a)
{
	return a->nla_len - sizeof(*a);
}
/* Attribute of at least n bytes, or NULL. */
const void *nl_get(const struct nl_request *r, unsigned type, size_t n);
uint32_t nl_get_u32(const struct nl_request *r, unsigned type, uint32_t by_default);
struct netif *nl_netif(int index);

/* route.c: the result of one message of NETLINK_ROUTE; answers go to o. */
int nl_route(struct nl_request *r, struct nl_out *o);

/* diag.c, diag_unix.c: of one message of NETLINK_SOCK_DIAG. */
int nl_diag(struct nl_request *r, struct nl_out *o);
int nl_diag_unix(struct nl_request *r, struct nl_out *o);

/* Answers to requests; 0 or -errno. */
int nl_get_link(struct nl_request *r, struct nl_out *o);
int nl_set_link(struct nl_request *r);
int nl_get_addr(struct nl_request *r, struct nl_out *o);
int nl_new_addr(struct nl_request *r);
int nl_del_addr(struct nl_request *r);
int nl_get_route(struct nl_request *r, struct nl_out *o);
int nl_new_route(struct nl_request *r);
int nl_del_route(struct nl_request *r);
int nl_get_neigh(struct nl_request *r, struct nl_out *o);
#endif
