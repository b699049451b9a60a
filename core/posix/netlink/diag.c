// SPDX-License-Identifier: BSD-3-Clause
/* NETLINK_SOCK_DIAG, sock_diag(7): sockets of IP. */
#include "netlink_private.h"
#include "diag_filter.h"
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <uc/proc.h>
#include <uc/sockview.h>
#include <uc/string.h>

#define TABLES_RAW 255 /* IPPROTO_RAW: all of them */

struct inet_dump {
	struct nl_out *o;
	const struct inet_diag_req_v2 *q;
	const void *filter; /* NULL: all */
	size_t filter_len;
	bool exact, found;
};

static void take_names(struct diag_entry *e, const struct uc_sockview *v)
{
	struct sockaddr_in6 in6;
	struct sockaddr_in in;

	e->family = (uint8_t)v->family;
	for (int k = 0; k < 2; k++) {
		if (v->family == UC_AF_INET) {
			memcpy(&in, &v->name[k], sizeof(in));
			e->port[k] = __builtin_bswap16(in.sin_port);
			e->addr[k][0] = in.sin_addr.s_addr;
		} else {
			memcpy(&in6, &v->name[k], sizeof(in6));
			e->port[k] = __builtin_bswap16(in6.sin6_port);
			memcpy(e->addr[k], &in6.sin6_addr, sizeof(e->addr[k]));
		}
	}
	if (!v->s)
		return;
	if (v->s->type == UC_SOCK_RAW)
		e->port[0] = (uint16_t)v->s->protocol;
	e->mark = v->s->mark;
}

static int option(struct uc_sock *s, int level, int name)
{
	unsigned n = sizeof(int);
	int v = 0;

	return s->ops->getsockopt(s, level, name, &v, &n) < 0 ? 0 : v;
}

static void put_id(struct inet_diag_sockid *id, const struct diag_entry *e, uint64_t ino)
{
	id->idiag_sport = __builtin_bswap16(e->port[0]);
	id->idiag_dport = __builtin_bswap16(e->port[1]);
	memcpy(id->idiag_src, e->addr[0], sizeof(id->idiag_src));
	memcpy(id->idiag_dst, e->addr[1], sizeof(id->idiag_dst));
	id->idiag_if = e->device;
	id->idiag_cookie[0] = (uint32_t)ino; /* SO_COOKIE */
	id->idiag_cookie[1] = (uint32_t)(ino >> 32);
}

static bool asked(const struct inet_diag_req_v2 *q, unsigned ext)
{
	return q->idiag_ext >> (ext - 1) & 1;
}

static void put_memory(struct nl_out *o, const struct uc_sockview *v)
{
	uint32_t m[SK_MEMINFO_VARS] = { 0 };

	m[SK_MEMINFO_RMEM_ALLOC] = v->state == UC_ST_LISTENING ? 0 : v->in;
	m[SK_MEMINFO_RCVBUF] = v->s->rcvbuf;
	m[SK_MEMINFO_WMEM_QUEUED] = v->state == UC_ST_LISTENING ? 0 : v->out;
	m[SK_MEMINFO_SNDBUF] = v->s->sndbuf;
	nl_attr(o, INET_DIAG_SKMEMINFO, m, sizeof(m));
}

static void put_tcp(const struct inet_dump *d, struct uc_sock *s)
{
	struct tcp_info info = { 0 };
	char name[16];
	unsigned n = sizeof(info);

	if (asked(d->q, INET_DIAG_INFO) &&
	    s->ops->getsockopt(s, IPPROTO_TCP, TCP_INFO, &info, &n) == 0)
		nl_attr(d->o, INET_DIAG_INFO, &info, n);
	n = sizeof(name) - 1;
	if (asked(d->q, INET_DIAG_CONG) &&
	    s->ops->getsockopt(s, IPPROTO_TCP, TCP_CONGESTION, name, &n) == 0) {
		name[n] = 0;
		nl_attr_text(d->o, INET_DIAG_CONG, name);
	}
}

static void put_attributes(const struct inet_dump *d, const struct uc_sockview *v)
{
	struct inet_diag_sockopt opt = { .is_icsk = v->s->protocol == IPPROTO_TCP };
	struct uc_sock *s = v->s;
	bool six = s->family == UC_AF_INET6;

	if (asked(d->q, INET_DIAG_TOS))
		nl_attr_u8(d->o, INET_DIAG_TOS, (uint8_t)option(s, IPPROTO_IP, IP_TOS));
	if (six && asked(d->q, INET_DIAG_TCLASS))
		nl_attr_u8(d->o, INET_DIAG_TCLASS, (uint8_t)option(s, IPPROTO_IPV6, IPV6_TCLASS));
	if (six && (v->state == UC_ST_LISTENING || v->state == UC_ST_CLOSED))
		nl_attr_u8(d->o, INET_DIAG_SKV6ONLY, (uint8_t)option(s, IPPROTO_IPV6, IPV6_V6ONLY));
	if (uc_proc_current()->euid == 0)
		nl_attr_u32(d->o, INET_DIAG_MARK, s->mark);
	nl_attr(d->o, INET_DIAG_SOCKOPT, &opt, sizeof(opt));
	if (asked(d->q, INET_DIAG_SKMEMINFO))
		put_memory(d->o, v);
	if (s->type == UC_SOCK_RAW)
		nl_attr_u8(d->o, INET_DIAG_PROTOCOL, (uint8_t)s->protocol);
	if (s->protocol == IPPROTO_TCP)
		put_tcp(d, s);
}

static void put_socket(struct inet_dump *d, const struct uc_sockview *v, const struct diag_entry *e)
{
	struct inet_diag_msg *m = nl_begin(d->o, SOCK_DIAG_BY_FAMILY, sizeof(*m));

	if (!m)
		return;
	m->idiag_family = (uint8_t)v->family;
	m->idiag_state = (uint8_t)v->state;
	put_id(&m->id, e, v->ino);
	m->idiag_rqueue = v->in;
	m->idiag_wqueue = v->out;
	m->idiag_uid = v->uid;
	m->idiag_inode = (uint32_t)v->ino;
	if (v->s)
		put_attributes(d, v);
}

/* The one socket that a request without NLM_F_DUMP names. */
static bool is_named(const struct inet_diag_sockid *id, const struct diag_entry *e, uint64_t ino)
{
	uint64_t cookie = id->idiag_cookie[0] | (uint64_t)id->idiag_cookie[1] << 32;
	size_t n = e->family == UC_AF_INET ? 4 : 16;

	return id->idiag_sport == __builtin_bswap16(e->port[0]) &&
	       id->idiag_dport == __builtin_bswap16(e->port[1]) &&
	       !memcmp(id->idiag_src, e->addr[0], n) && !memcmp(id->idiag_dst, e->addr[1], n) &&
	       (cookie == UINT64_MAX || cookie == ino);
}

static bool is_wanted(const struct inet_dump *d, const struct uc_sockview *v,
		      const struct diag_entry *e)
{
	const struct inet_diag_sockid *id = &d->q->id;

	if (d->exact)
		return is_named(id, e, v->ino);
	if (!(d->q->idiag_states >> v->state & 1))
		return false;
	if (id->idiag_sport && id->idiag_sport != __builtin_bswap16(e->port[0]))
		return false;
	if (id->idiag_dport && id->idiag_dport != __builtin_bswap16(e->port[1]))
		return false;
	return !d->filter || diag_filter_run(d->filter, d->filter_len, e);
}

static bool show(void *ctx, const struct uc_sockview *v)
{
	struct diag_entry e = { 0 };
	struct inet_dump *d = ctx;

	take_names(&e, v);
	if (v->s)
		e.device = (uint32_t)option(v->s, SOL_SOCKET, SO_BINDTOIFINDEX);
	if (!is_wanted(d, v, &e))
		return true;
	put_socket(d, v, &e);
	d->found = true;
	return !d->exact && !d->o->failed;
}

static int diag_inet(struct nl_request *r, struct nl_out *o)
{
	struct inet_dump d = { .o = o, .q = r->body, .exact = !r->dump };
	const struct inet_diag_req_v2 *q = d.q;
	int type, protocol, error = nl_parse(r, sizeof(*q));

	if (error < 0)
		return error;
	switch (q->sdiag_protocol) {
	case IPPROTO_TCP:
		type = UC_SOCK_STREAM;
		break;
	case IPPROTO_UDP:
		type = UC_SOCK_DGRAM;
		break;
	case TABLES_RAW:
		type = UC_SOCK_RAW;
		break;
	default:
		return -ENOENT; /* a kernel without it */
	}
	protocol = type == UC_SOCK_RAW ? 0 : q->sdiag_protocol;
	if (r->attr[INET_DIAG_REQ_BYTECODE]) {
		d.filter = nl_data(r->attr[INET_DIAG_REQ_BYTECODE]);
		d.filter_len = nl_len(r->attr[INET_DIAG_REQ_BYTECODE]);
		if (diag_filter_check(d.filter, d.filter_len) < 0)
			return -EINVAL;
	}
	uc_sockview_each(q->sdiag_family, type, protocol, show, &d);
	return d.exact && !d.found ? -ENOENT : 0;
}

int nl_diag(struct nl_request *r, struct nl_out *o)
{
	const struct sock_diag_req *q = r->body;

	if (r->h->nlmsg_type != SOCK_DIAG_BY_FAMILY)
		return uc_unsupported(-EOPNOTSUPP, "sock_diag message %u", r->h->nlmsg_type);
	if (r->body_len < sizeof(*q))
		return -EINVAL;
	switch (q->sdiag_family) {
	case UC_AF_INET:
	case UC_AF_INET6:
		return diag_inet(r, o);
	case UC_AF_UNIX:
		return nl_diag_unix(r, o);
	default:
		return -ENOENT; /* as without the module */
	}
}
