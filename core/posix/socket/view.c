// SPDX-License-Identifier: BSD-3-Clause
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/tcp.h>
#include <lwip/priv/tcp_priv.h>
#include <uc/sockview.h>
#include <uc/string.h>

static bool is_ip(int family)
{
	return family == UC_AF_INET || family == UC_AF_INET6;
}

static void of_tcp(struct uc_sockview *v)
{
	struct tcp_info info = { .tcpi_state = UC_ST_CLOSED };
	unsigned n = sizeof(info);

	v->s->ops->getsockopt(v->s, IPPROTO_TCP, TCP_INFO, &info, &n);
	v->state = info.tcpi_state;
	if (v->state == UC_ST_LISTENING) {
		v->in = info.tcpi_unacked;
		v->out = info.tcpi_sacked;
	}
}

void uc_sockview(struct uc_sock *s, struct uc_sockview *v)
{
	memset(v, 0, sizeof(*v));
	v->s = s;
	v->family = s->family;
	v->uid = s->inode.uid;
	v->ino = s->inode.ino;
	for (int peer = 0; peer < 2; peer++) {
		int n = s->ops->getname(s, &v->name[peer], peer);

		v->len[peer] = n > 0 ? (unsigned)n : 0;
		if (n < 0)
			memset(&v->name[peer], 0, sizeof(v->name[peer]));
	}
	v->state = s->listening ? UC_ST_LISTENING : v->len[1] ? UC_ST_ESTABLISHED : UC_ST_CLOSED;
	if (s->ops->queued && !s->listening)
		s->ops->queued(s, &v->in, &v->out);
	if (s->protocol == IPPROTO_TCP && is_ip(s->family))
		of_tcp(v);
}

static unsigned put_ip(struct uc_sockaddr *a, const ip_addr_t *ip, uint16_t port)
{
	struct sockaddr_in in = { .sin_family = UC_AF_INET, .sin_port = lwip_htons(port) };
	struct sockaddr_in6 in6 = { .sin6_family = UC_AF_INET6, .sin6_port = in.sin_port };

	if (IP_IS_V6_VAL(*ip)) {
		memcpy(&in6.sin6_addr, ip_2_ip6(ip)->addr, 16);
		memcpy(a, &in6, sizeof(in6));
		return sizeof(in6);
	}
	in.sin_addr.s_addr = ip_2_ip4(ip)->addr;
	memcpy(a, &in, sizeof(in));
	return sizeof(in);
}

struct each {
	int family, type, protocol;
	bool (*fn)(void *ctx, const struct uc_sockview *v);
	void *ctx;
};

static bool orphans(const struct each *e, const struct tcp_pcb *p)
{
	static const uint8_t states[] = { 7, 10, 2, 3, 1, 4, 5, 8, 11, 9, 6 }; /* by lwIP's */

	for (; p; p = p->next) {
		struct uc_sockview v = { .family = e->family, .state = states[p->state] };

		if ((p->callback_arg && p->state != SYN_RCVD) ||
		    IP_IS_V6_VAL(p->remote_ip) != (e->family == UC_AF_INET6))
			continue;
		v.len[0] = put_ip(&v.name[0], &p->local_ip, p->local_port);
		v.len[1] = put_ip(&v.name[1], &p->remote_ip, p->remote_port);
		if (!e->fn(e->ctx, &v))
			return false;
	}
	return true;
}

/* A socket of TCP or UDP without a port is in no table. */
static bool in_a_table(const struct uc_sockview *v)
{
	const struct uc_sock *s = v->s;

	if (s->protocol == IPPROTO_TCP)
		return v->state != UC_ST_CLOSED;
	return s->type != UC_SOCK_DGRAM || s->protocol != IPPROTO_UDP || v->name[0].data[0] ||
	       v->name[0].data[1];
}

static bool sockets(const struct each *e, bool listening)
{
	UC_LIST_FOREACH(it, &uc_sock_all) {
		struct uc_sock *s = UC_LIST_ENTRY(it, struct uc_sock, all_link);
		struct uc_sockview v;

		if (s->family != e->family || (e->type && s->type != e->type) ||
		    (e->protocol && s->protocol != e->protocol) || s->listening != listening)
			continue;
		uc_sockview(s, &v);
		if ((!is_ip(e->family) || in_a_table(&v)) && !e->fn(e->ctx, &v))
			return false;
	}
	return true;
}

void uc_sockview_each(int family, int type, int protocol,
		      bool (*fn)(void *ctx, const struct uc_sockview *v), void *ctx)
{
	const struct each e = { family, type, protocol, fn, ctx };

	if (sockets(&e, true) && sockets(&e, false) && protocol == IPPROTO_TCP &&
	    orphans(&e, tcp_active_pcbs))
		orphans(&e, tcp_tw_pcbs);
}
