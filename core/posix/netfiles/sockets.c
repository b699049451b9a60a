// SPDX-License-Identifier: BSD-3-Clause
/* Sockets as in Linux's net/ipv4/tcp_ipv4.c, udp.c and net/unix/af_unix.c: the columns that netstat
 * and ss read; those about timers and memory are zero. */
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/tcp.h>
#include <lwip/priv/tcp_priv.h>
#include <uc/socket.h>
#include <uc/string.h>
#include "netfiles.h"

enum { ST_ESTABLISHED = 1, ST_CLOSED = 7, ST_LISTENING = 10 };
enum { UNIX_ACCEPTS = 0x10000, UNIX_UNCONNECTED = 1, UNIX_CONNECTED = 3 };

struct line {
	struct uc_text *t;
	int family;
	unsigned number;
};

static void put_address(struct uc_text *t, int family, const struct uc_sockaddr *a)
{
	struct sockaddr_in6 in6;
	struct sockaddr_in in;
	uint32_t w[4];

	if (family == UC_AF_INET) {
		memcpy(&in, a, sizeof(in));
		uc_text_printf(t, "%08X:%04X ", in.sin_addr.s_addr, lwip_ntohs(in.sin_port));
		return;
	}
	memcpy(&in6, a, sizeof(in6));
	memcpy(w, &in6.sin6_addr, sizeof(w));
	uc_text_printf(t, "%08X%08X%08X%08X:%04X ", w[0], w[1], w[2], w[3],
		       lwip_ntohs(in6.sin6_port));
}

static void put_names(struct line *l, struct uc_sock *s)
{
	struct uc_sockaddr a;

	uc_text_printf(l->t, "%4u: ", l->number++);
	for (int peer = 0; peer < 2; peer++) {
		memset(&a, 0, sizeof(a));
		if (s->ops->getname(s, &a, peer) < 0)
			memset(&a, 0, sizeof(a));
		put_address(l->t, l->family, &a);
	}
}

static void put_rest(struct line *l, struct uc_sock *s, unsigned state, const char *tail)
{
	uint32_t in = 0, out = 0;

	if (s->ops->queued && state != ST_LISTENING)
		s->ops->queued(s, &in, &out);
	uc_text_printf(l->t, "%02X %08X:%08X 00:00000000 00000000 %5u        0 %lu %s\n", state,
		       out, in, s->inode.uid, s->inode.ino, tail);
}

static unsigned tcp_state(struct uc_sock *s)
{
	struct tcp_info info = { .tcpi_state = ST_CLOSED };
	unsigned n = sizeof(info);

	s->ops->getsockopt(s, IPPROTO_TCP, TCP_INFO, &info, &n);
	return info.tcpi_state;
}

static void put_tcp(struct line *l, bool listening)
{
	UC_LIST_FOREACH(it, &uc_sock_all) {
		struct uc_sock *s = UC_LIST_ENTRY(it, struct uc_sock, all_link);
		unsigned state;

		if (s->family != l->family || s->type != UC_SOCK_STREAM ||
		    s->protocol != IPPROTO_TCP || s->listening != listening)
			continue;
		state = tcp_state(s);
		if (state == ST_CLOSED)
			continue;
		put_names(l, s);
		put_rest(l, s, state, "1 0000000000000000 100 0 0 10 0");
	}
}

static void put_ip(struct uc_text *t, const ip_addr_t *ip, uint16_t port)
{
	struct sockaddr_in in = { .sin_family = UC_AF_INET, .sin_port = lwip_htons(port) };
	struct sockaddr_in6 in6 = { .sin6_family = UC_AF_INET6, .sin6_port = in.sin_port };
	struct uc_sockaddr a = { 0 };

	if (IP_IS_V6_VAL(*ip)) {
		memcpy(&in6.sin6_addr, ip_2_ip6(ip)->addr, 16);
		memcpy(&a, &in6, sizeof(in6));
	} else {
		in.sin_addr.s_addr = ip_2_ip4(ip)->addr;
		memcpy(&a, &in, sizeof(in));
	}
	put_address(t, IP_IS_V6_VAL(*ip) ? UC_AF_INET6 : UC_AF_INET, &a);
}

/* Connections that no socket holds any more. */
static void put_orphans(struct line *l, const struct tcp_pcb *p)
{
	for (; p; p = p->next) {
		static const uint8_t states[] = { 7, 10, 2, 3, 1, 4, 5, 8, 11, 9, 6 };

		if (p->callback_arg || IP_IS_V6_VAL(p->remote_ip) != (l->family == UC_AF_INET6))
			continue;
		uc_text_printf(l->t, "%4u: ", l->number++);
		put_ip(l->t, &p->local_ip, p->local_port);
		put_ip(l->t, &p->remote_ip, p->remote_port);
		uc_text_printf(l->t,
			       "%02X 00000000:00000000 00:00000000 00000000     0        0 0 1 "
			       "0000000000000000\n",
			       states[p->state]);
	}
}

static ssize_t show_tcp(char *buf, size_t cap, int family)
{
	struct uc_text t = { buf, cap, 0 };
	struct line l = { .t = &t, .family = family };

	if (family == UC_AF_INET)
		uc_text_printf(&t, "%-149s\n",
			       "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
			       "retrnsmt   uid  timeout inode");
	else
		uc_text_printf(&t, "  sl  local_address                         remote_address     "
				   "                   st tx_queue rx_queue tr tm->when retrnsmt   "
				   "uid  timeout inode\n");
	put_tcp(&l, true);
	put_tcp(&l, false);
	put_orphans(&l, tcp_active_pcbs);
	put_orphans(&l, tcp_tw_pcbs);
	return (ssize_t)t.len;
}

static bool has_port(struct uc_sock *s)
{
	struct uc_sockaddr a = { 0 };

	return s->ops->getname(s, &a, false) >= 0 && (a.data[0] || a.data[1]);
}

static void put_datagram(struct line *l, int type, int protocol)
{
	UC_LIST_FOREACH(it, &uc_sock_all) {
		struct uc_sock *s = UC_LIST_ENTRY(it, struct uc_sock, all_link);
		struct uc_sockaddr a;
		bool connected;

		if (s->family != l->family || s->type != type ||
		    (protocol && (s->protocol != protocol || !has_port(s))))
			continue;
		connected = s->ops->getname(s, &a, true) >= 0;
		put_names(l, s);
		put_rest(l, s, connected ? ST_ESTABLISHED : ST_CLOSED, "2 0000000000000000 0");
	}
}

static ssize_t show_datagram(char *buf, size_t cap, int family, int type, int protocol)
{
	struct uc_text t = { buf, cap, 0 };
	struct line l = { .t = &t, .family = family };

	if (family == UC_AF_INET)
		uc_text_printf(&t, "%-127s\n",
			       "   sl  local_address rem_address   st tx_queue rx_queue tr "
			       "tm->when retrnsmt   uid  timeout inode ref pointer drops");
	else
		uc_text_printf(&t, "  sl  local_address                         remote_address     "
				   "                   st tx_queue rx_queue tr tm->when retrnsmt   "
				   "uid  timeout inode ref pointer drops\n");
	put_datagram(&l, type, protocol);
	return (ssize_t)t.len;
}

/* ---- AF_UNIX ---- */
static void put_path(struct uc_text *t, const struct uc_sockaddr *a, int len)
{
	int n = len - 2;

	if (n <= 0)
		return;
	uc_text_printf(t, " ");
	if (a->data[0]) {
		uc_text_printf(t, "%.*s", n, (const char *)a->data);
		return;
	}
	for (int i = 0; i < n; i++)
		uc_text_printf(t, "%c", a->data[i] ? a->data[i] : '@');
}

static NETFILES_SHOW(show_unix)
{
	struct uc_text t = { buf, cap, 0 };

	uc_text_printf(&t, "Num       RefCount Protocol Flags    Type St Inode Path\n");
	UC_LIST_FOREACH(it, &uc_sock_all) {
		struct uc_sock *s = UC_LIST_ENTRY(it, struct uc_sock, all_link);
		struct uc_sockaddr a, peer;
		int n;

		if (s->family != UC_AF_UNIX)
			continue;
		n = s->ops->getname(s, &a, false);
		uc_text_printf(&t, "0000000000000000: 00000002 00000000 %08X %04X %02X %5lu",
			       s->listening ? UNIX_ACCEPTS : 0, s->type,
			       s->ops->getname(s, &peer, true) >= 0 ? UNIX_CONNECTED
								    : UNIX_UNCONNECTED,
			       s->inode.ino);
		put_path(&t, &a, n);
		uc_text_printf(&t, "\n");
	}
	return (ssize_t)t.len;
}

/* ---- how many ---- */
static unsigned count(int family, int type, int protocol)
{
	unsigned n = 0;

	UC_LIST_FOREACH(it, &uc_sock_all) {
		struct uc_sock *s = UC_LIST_ENTRY(it, struct uc_sock, all_link);

		n += (!family || s->family == family) && (!type || s->type == type) &&
		     (!protocol || s->protocol == protocol);
	}
	return n;
}

static unsigned time_waits(void)
{
	unsigned n = 0;

	for (const struct tcp_pcb *p = tcp_tw_pcbs; p; p = p->next)
		n++;
	return n;
}

static NETFILES_SHOW(show_sockstat)
{
	struct uc_text t = { buf, cap, 0 };
	unsigned tcp = count(UC_AF_INET, UC_SOCK_STREAM, IPPROTO_TCP);

	uc_text_printf(&t, "sockets: used %u\n", count(0, 0, 0));
	uc_text_printf(&t, "TCP: inuse %u orphan 0 tw %u alloc %u mem 0\n", tcp, time_waits(), tcp);
	uc_text_printf(&t, "UDP: inuse %u mem 0\nUDPLITE: inuse 0\n",
		       count(UC_AF_INET, UC_SOCK_DGRAM, IPPROTO_UDP));
	uc_text_printf(&t, "RAW: inuse %u\nFRAG: inuse 0 memory 0\n",
		       count(UC_AF_INET, UC_SOCK_RAW, 0));
	return (ssize_t)t.len;
}

static NETFILES_SHOW(show_sockstat6)
{
	struct uc_text t = { buf, cap, 0 };

	uc_text_printf(&t, "TCP6: inuse %u\nUDP6: inuse %u\nUDPLITE6: inuse 0\n",
		       count(UC_AF_INET6, UC_SOCK_STREAM, IPPROTO_TCP),
		       count(UC_AF_INET6, UC_SOCK_DGRAM, IPPROTO_UDP));
	uc_text_printf(&t, "RAW6: inuse %u\nFRAG6: inuse 0 memory 0\n",
		       count(UC_AF_INET6, UC_SOCK_RAW, 0));
	return (ssize_t)t.len;
}

static NETFILES_SHOW(show_tcp4)
{
	return show_tcp(buf, cap, UC_AF_INET);
}
static NETFILES_SHOW(show_tcp6)
{
	return show_tcp(buf, cap, UC_AF_INET6);
}
static NETFILES_SHOW(show_udp4)
{
	return show_datagram(buf, cap, UC_AF_INET, UC_SOCK_DGRAM, IPPROTO_UDP);
}
static NETFILES_SHOW(show_udp6)
{
	return show_datagram(buf, cap, UC_AF_INET6, UC_SOCK_DGRAM, IPPROTO_UDP);
}
static NETFILES_SHOW(show_raw4)
{
	return show_datagram(buf, cap, UC_AF_INET, UC_SOCK_RAW, 0);
}
static NETFILES_SHOW(show_raw6)
{
	return show_datagram(buf, cap, UC_AF_INET6, UC_SOCK_RAW, 0);
}

int netfiles_add_sockets(void)
{
	static struct uc_pseudo_entry e[] = {
		NETFILES_ENTRY("tcp", show_tcp4),
		NETFILES_ENTRY("tcp6", show_tcp6),
		NETFILES_ENTRY("udp", show_udp4),
		NETFILES_ENTRY("udp6", show_udp6),
		NETFILES_ENTRY("raw", show_raw4),
		NETFILES_ENTRY("raw6", show_raw6),
		NETFILES_ENTRY("unix", show_unix),
		NETFILES_ENTRY("sockstat", show_sockstat),
		NETFILES_ENTRY("sockstat6", show_sockstat6),
	};

	return uc_procfs_add("net", e, UC_ARRAY_SIZE(e));
}
