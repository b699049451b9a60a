// SPDX-License-Identifier: BSD-3-Clause
/* Options: those of tcp(7), and who has the others. */
#include "inet_private.h"
#include <linux/in.h>
#include <linux/tcp.h>
#include <lwip/priv/tcp_priv.h>
#include <uc/net.h>
#include <uc/netif.h>
#include <uc/string.h>
#include <uc/time.h>

static void set_flag(uint8_t *options, uint8_t bit, bool on)
{
	*options = on ? *options | bit : *options & (uint8_t)~bit;
}

/* The fields that all of lwIP's control blocks begin with. */
struct common {
	IP_PCB;
};

static struct common *block_of(struct inet *i)
{
	return i->tcp   ? (struct common *)i->tcp
	       : i->udp ? (struct common *)i->udp
			: (struct common *)i->raw;
}

/* The socket-level flags that lwIP knows, to whatever control block there is. */
static void apply_flags(struct inet *i)
{
	uint64_t f = i->s.flag_options;
	bool reuse = f & (1u << SO_REUSEADDR | 1u << SO_REUSEPORT);
	struct common *b = block_of(i);

	if (!b)
		return;
	set_flag(&b->so_options, SOF_REUSEADDR, reuse);
	set_flag(&b->so_options, SOF_KEEPALIVE, f & 1u << SO_KEEPALIVE);
	set_flag(&b->so_options, SOF_BROADCAST, f & 1u << SO_BROADCAST);
	b->netif_idx = i->device;
}

static void apply_tcp(struct inet *i)
{
	struct tcp_pcb *p = i->tcp;

	if (i->ttl)
		p->ttl = i->ttl;
	p->tos = i->tos;
	if (p->state == LISTEN)
		return; /* a shorter control block */
	if (i->nodelay)
		tcp_nagle_disable(p);
	else
		tcp_nagle_enable(p);
	if (i->keep_idle)
		p->keep_idle = i->keep_idle * 1000;
	if (i->keep_intvl)
		p->keep_intvl = i->keep_intvl * 1000;
	if (i->keep_cnt)
		p->keep_cnt = i->keep_cnt;
	uc_net_set_patience(p, i->user_timeout, i->syn_retries);
}

static void apply_udp(struct inet *i)
{
	i->udp->ttl = i->ttl ? i->ttl : UDP_TTL;
	i->udp->tos = i->tos;
	udp_set_multicast_ttl(i->udp, i->mcast_ttl);
	udp_clear_flags(i->udp, UDP_FLAGS_MULTICAST_LOOP);
	if (!i->mcast_noloop)
		udp_set_flags(i->udp, UDP_FLAGS_MULTICAST_LOOP);
}

static void apply_raw(struct inet *i)
{
	i->raw->ttl = i->ttl ? i->ttl : RAW_TTL;
	i->raw->tos = i->tos;
	raw_set_multicast_ttl(i->raw, i->mcast_ttl);
	raw_clear_flags(i->raw, RAW_FLAGS_MULTICAST_LOOP | RAW_FLAGS_HDRINCL);
	raw_set_flags(i->raw, (i->mcast_noloop ? 0 : RAW_FLAGS_MULTICAST_LOOP) |
				      (i->hdrincl ? RAW_FLAGS_HDRINCL : 0));
}

void inet_apply_options(struct inet *i)
{
	apply_flags(i);
	if (i->tcp)
		apply_tcp(i);
	else if (i->udp)
		apply_udp(i);
	else if (i->raw)
		apply_raw(i);
}

/* ---- TCP ---- */
static int set_cork(struct inet *i, bool on)
{
	i->cork = on;
	if (!on && i->tcp && i->state == INET_CONNECTED)
		tcp_output(i->tcp);
	return 0;
}

static int set_u32(uint32_t *to, int v, int max)
{
	if (v < 1 || v > max)
		return -EINVAL;
	*to = (uint32_t)v;
	return 0;
}

/* Options that are only remembered: what they ask for is lwIP's decision. */
static int keep(struct inet *i, int name, int v)
{
	for (unsigned k = 0; k < UC_ARRAY_SIZE(i->kept); k++)
		if (i->kept[k].name == name || !i->kept[k].name) {
			i->kept[k].name = (int16_t)name;
			i->kept[k].value = v;
			return 0;
		}
	return -ENOBUFS;
}

static int kept(const struct inet *i, int name, int by_default, int *v)
{
	*v = by_default;
	for (unsigned k = 0; k < UC_ARRAY_SIZE(i->kept); k++)
		if (i->kept[k].name == name)
			*v = i->kept[k].value;
	return 0;
}

/* Times are counted in retransmissions of a SYN: after 1 s, 2 s, 4 s ... at most 120 s. */
static int seconds_of(unsigned retries)
{
	int period = 0;

	for (int gap = 1; retries; retries--, gap = UC_MIN(2 * gap, 120))
		period += gap;
	return period;
}

int inet_tcp_defer_seconds(const struct inet *i)
{
	return seconds_of(i->defer_accept);
}

static uint8_t retries_within(int seconds)
{
	uint8_t n = 0;

	while (n < UINT8_MAX && seconds_of(n) < seconds)
		n++;
	return n;
}

static int set_tcp(struct inet *i, int name, int v)
{
	switch (name) {
	case TCP_NODELAY:
		i->nodelay = v;
		return 0;
	case TCP_CORK:
		return set_cork(i, v);
	case TCP_KEEPIDLE:
		return set_u32(&i->keep_idle, v, 32767);
	case TCP_KEEPINTVL:
		return set_u32(&i->keep_intvl, v, 32767);
	case TCP_KEEPCNT:
		return set_u32(&i->keep_cnt, v, 127);
	case TCP_DEFER_ACCEPT:
		i->defer_accept = retries_within(v);
		return 0;
	case TCP_QUICKACK:
		return 0;
	case TCP_MAXSEG:
		return v && (v < 88 || v > 32767) ? -EINVAL : keep(i, name, v);
	case TCP_SYNCNT:
		if (v < 1 || v > 127)
			return -EINVAL;
		i->syn_retries = (uint8_t)v;
		return 0;
	case TCP_FASTOPEN:
		return v < 0 ? -EINVAL : keep(i, name, v);
	case TCP_LINGER2:
	case TCP_WINDOW_CLAMP:
	case TCP_NOTSENT_LOWAT:
	case TCP_FASTOPEN_CONNECT:
	case TCP_THIN_LINEAR_TIMEOUTS:
	case TCP_THIN_DUPACK:
	case TCP_SAVE_SYN:
		return keep(i, name, v);
	case TCP_USER_TIMEOUT:
		if (v < 0)
			return -EINVAL;
		i->user_timeout = (uint32_t)v;
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static uint8_t tcp_state(const struct inet *i)
{
	/* from lwIP's numbers to Linux's, net/tcp_states.h */
	static const uint8_t state[] = { 7, 10, 2, 3, 1, 4, 5, 8, 11, 9, 6 };

	if (i->state == INET_LISTEN) /* with another's control block perhaps */
		return state[LISTEN];
	return i->tcp && i->tcp->state < sizeof(state) ? state[i->tcp->state] : 7;
}

static void get_info(const struct inet *i, struct tcp_info *t)
{
	const struct tcp_pcb *p = i->tcp;

	memset(t, 0, sizeof(*t));
	t->tcpi_state = tcp_state(i);
	if (i->state == INET_LISTEN) {
		t->tcpi_unacked = uc_list_length(&i->backlog);
		t->tcpi_sacked = (uint32_t)i->backlog_max;
	}
	if (!p || p->state == LISTEN)
		return;
	t->tcpi_options = (p->flags & TF_TIMESTAMP ? TCPI_OPT_TIMESTAMPS : 0) |
			  (p->flags & TF_WND_SCALE ? TCPI_OPT_WSCALE : 0) |
			  (p->flags & TF_SACK ? TCPI_OPT_SACK : 0);
	t->tcpi_rto = (uint32_t)p->rto * TCP_SLOW_INTERVAL * 1000u;
	t->tcpi_snd_mss = t->tcpi_rcv_mss = t->tcpi_advmss = p->mss;
	t->tcpi_rtt = (uint32_t)(p->sa >> 3) * TCP_SLOW_INTERVAL * 1000u;
	t->tcpi_snd_cwnd = p->mss ? p->cwnd / p->mss : 0;
	t->tcpi_snd_ssthresh = p->mss ? p->ssthresh / p->mss : 0;
	t->tcpi_rcv_space = p->rcv_wnd;
	t->tcpi_retransmits = p->nrtx;
	t->tcpi_pmtu = p->mss + 40u;
}

static int get_tcp(struct inet *i, int name, int *v)
{
	const struct tcp_pcb *p = i->tcp && i->tcp->state != LISTEN ? i->tcp : NULL;

	switch (name) {
	case TCP_NODELAY:
		*v = i->nodelay;
		return 0;
	case TCP_CORK:
		*v = i->cork;
		return 0;
	case TCP_MAXSEG:
		*v = p ? p->mss : 536;
		return 0;
	case TCP_KEEPIDLE:
		*v = i->keep_idle ? (int)i->keep_idle : 7200;
		return 0;
	case TCP_KEEPINTVL:
		*v = i->keep_intvl ? (int)i->keep_intvl : 75;
		return 0;
	case TCP_KEEPCNT:
		*v = i->keep_cnt ? (int)i->keep_cnt : 9;
		return 0;
	case TCP_DEFER_ACCEPT:
		*v = inet_tcp_defer_seconds(i);
		return 0;
	case TCP_QUICKACK:
		*v = 1;
		return 0;
	case TCP_USER_TIMEOUT:
		*v = (int)i->user_timeout;
		return 0;
	case TCP_SYNCNT:
		*v = i->syn_retries ? i->syn_retries : TCP_SYNMAXRTX;
		return 0;
	case TCP_LINGER2:
		return kept(i, name, 60, v);
	case TCP_FASTOPEN:
	case TCP_WINDOW_CLAMP:
	case TCP_NOTSENT_LOWAT:
	case TCP_FASTOPEN_CONNECT:
	case TCP_THIN_LINEAR_TIMEOUTS:
	case TCP_THIN_DUPACK:
	case TCP_SAVE_SYN:
		return kept(i, name, 0, v);
	default:
		return -ENOPROTOOPT;
	}
}

int inet_get_bytes(const void *from, unsigned n, void *buf, unsigned *len)
{
	*len = UC_MIN(*len, n);
	memcpy(buf, from, *len);
	return 0;
}

static int get_tcp_other(struct inet *i, int name, void *buf, unsigned *len)
{
	struct tcp_info info;

	if (name == TCP_INFO) {
		get_info(i, &info);
		return inet_get_bytes(&info, sizeof(info), buf, len);
	}
	if (name == TCP_CONGESTION)
		return inet_get_bytes("reno", 5, buf, len);
	return -ENOPROTOOPT;
}

static int set_congestion(const void *buf, unsigned len)
{
	static const char own[] = "reno";

	return len >= sizeof(own) - 1 && !memcmp(buf, own, sizeof(own) - 1) &&
			       (len == sizeof(own) - 1 || !((const char *)buf)[sizeof(own) - 1])
		       ? 0
		       : -ENOENT;
}

/* ---- of SOL_SOCKET, what the common code leaves ---- */
static int set_device(struct inet *i, const void *buf, unsigned len)
{
	char name[UC_IFNAMSIZ] = "";
	struct netif *n;

	memcpy(name, buf, UC_MIN(len, (unsigned)sizeof(name) - 1));
	n = *name ? uc_netif_find(name) : NULL;
	if (*name && !n)
		return -ENODEV;
	i->device = n ? (uint8_t)uc_netif_index(n) : 0;
	return 0;
}

static int set_socket(struct inet *i, int name, const void *buf, unsigned len)
{
	int v = 0;

	if (name == SO_BINDTODEVICE)
		return set_device(i, buf, len);
	if (len < sizeof(v))
		return -EINVAL;
	memcpy(&v, buf, sizeof(v));
	switch (name) {
	case SO_BINDTOIFINDEX:
		if (v && !uc_netif_by_index(v))
			return -ENODEV;
		i->device = (uint8_t)v;
		return 0;
	case SO_TIMESTAMP:
	case SO_TIMESTAMPNS:
		i->want &= ~(unsigned)(WANT_STAMP | WANT_STAMPNS);
		if (v) {
			uc_time_real(); /* may ask the host: not when packets come */
			i->want |= name == SO_TIMESTAMP ? WANT_STAMP : WANT_STAMPNS;
		}
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int get_socket(struct inet *i, int name, void *buf, unsigned *len)
{
	char device[UC_IFNAMSIZ];
	int v;

	switch (name) {
	case SO_BINDTODEVICE:
		if (!i->device) {
			*len = 0;
			return 0;
		}
		if (*len < sizeof(device))
			return -EINVAL;
		uc_netif_index_name(i->device, device);
		return inet_get_bytes(device, (unsigned)strlen(device) + 1, buf, len);
	case SO_BINDTOIFINDEX:
		v = i->device;
		break;
	case SO_TIMESTAMP:
		v = (i->want & WANT_STAMP) != 0;
		break;
	case SO_TIMESTAMPNS:
		v = (i->want & WANT_STAMPNS) != 0;
		break;
	default:
		return -ENOPROTOOPT;
	}
	return inet_get_bytes(&v, sizeof(v), buf, len);
}

static int get_tcp_any(struct inet *i, int name, void *buf, unsigned *len)
{
	int v, r = get_tcp(i, name, &v);

	return r == 0 ? inet_get_bytes(&v, sizeof(v), buf, len) : get_tcp_other(i, name, buf, len);
}

int inet_getsockopt(struct uc_sock *s, int level, int name, void *buf, unsigned *len)
{
	struct inet *i = inet_of(s);
	int r = -ENOPROTOOPT;

	if (level == SOL_SOCKET)
		return get_socket(i, name, buf, len);
	if (i->raw)
		r = inet_raw_getsockopt(i, level, name, buf, len);
	if (r != -ENOPROTOOPT)
		return r;
	if (level == IPPROTO_IP)
		return inet_get_ip(i, name, buf, len);
	if (level == IPPROTO_IPV6 && s->family == UC_AF_INET6)
		return inet_get_ip6(i, name, buf, len);
	if (level == IPPROTO_TCP && inet_is_tcp(i))
		return get_tcp_any(i, name, buf, len);
	/* as Linux says it */
	return s->family == UC_AF_INET && level != s->protocol ? -EOPNOTSUPP : r;
}

static int set_by_level(struct inet *i, int level, int name, const void *buf, unsigned len)
{
	int v = 0, r = -ENOPROTOOPT;

	if (level == SOL_SOCKET)
		return set_socket(i, name, buf, len);
	if (i->raw)
		r = inet_raw_setsockopt(i, level, name, buf, len);
	if (r != -ENOPROTOOPT)
		return r;
	if (level == IPPROTO_IP)
		return inet_set_ip(i, name, buf, len);
	if (level == IPPROTO_IPV6 && i->s.family == UC_AF_INET6)
		return inet_set_ip6(i, name, buf, len);
	if (level != IPPROTO_TCP || !inet_is_tcp(i))
		return r;
	if (name == TCP_CONGESTION)
		return set_congestion(buf, len);
	if (name == TCP_ULP)
		return -ENOENT; /* a Linux without kernel TLS */
	if (len < sizeof(v))
		return -EINVAL;
	memcpy(&v, buf, sizeof(v));
	return set_tcp(i, name, v);
}

int inet_setsockopt(struct uc_sock *s, int level, int name, const void *buf, unsigned len)
{
	int r = set_by_level(inet_of(s), level, name, buf, len);

	inet_apply_options(inet_of(s));
	return r;
}
