// SPDX-License-Identifier: BSD-3-Clause
/* Sockets as in Linux's net/ipv4/tcp_ipv4.c, udp.c and net/unix/af_unix.c: the columns that netstat
 * and ss read; those about timers and memory are zero. */
#include <linux/in.h>
#include <linux/if_packet.h>
#include <linux/in6.h>
#include <lwip/def.h>
#include <uc/sockview.h>
#include <uc/string.h>
#include "netfiles.h"

enum { UNIX_ACCEPTS = 0x10000, UNIX_UNCONNECTED = 1, UNIX_CONNECTED = 3 };

/* Columns at the end of a line. */
#define TAIL_TCP      "1 0000000000000000 100 0 0 10 0"
#define TAIL_ORPHAN   "1 0000000000000000"
#define TAIL_DATAGRAM "2 0000000000000000 0"

struct lines {
	struct uc_text t;
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

static bool put_line(void *ctx, const struct uc_sockview *v)
{
	const char *tail = !v->s ? TAIL_ORPHAN : v->s->type == UC_SOCK_STREAM ? TAIL_TCP
									       : TAIL_DATAGRAM;
	bool listens = v->state == UC_ST_LISTENING;
	struct lines *l = ctx;

	uc_text_printf(&l->t, "%4u: ", l->number++);
	for (int peer = 0; peer < 2; peer++)
		put_address(&l->t, v->family, &v->name[peer]);
	uc_text_printf(&l->t, "%02X %08X:%08X 00:00000000 00000000 %5u        0 %lu %s\n", v->state,
		       listens ? 0 : v->out, v->in, v->uid, v->ino, tail);
	return true;
}

static ssize_t show_ip(char *buf, size_t cap, int family, int type, int protocol)
{
	struct lines l = { .t = { buf, cap, 0 } };

	if (family == UC_AF_INET6)
		uc_text_printf(&l.t,
			       "  sl  local_address                         remote_address     "
			       "                   st tx_queue rx_queue tr tm->when retrnsmt   "
			       "uid  timeout inode%s\n",
			       type == UC_SOCK_STREAM ? "" : " ref pointer drops");
	else if (type == UC_SOCK_STREAM)
		uc_text_printf(&l.t, "%-149s\n",
			       "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when "
			       "retrnsmt   uid  timeout inode");
	else
		uc_text_printf(&l.t, "%-127s\n",
			       "   sl  local_address rem_address   st tx_queue rx_queue tr "
			       "tm->when retrnsmt   uid  timeout inode ref pointer drops");
	uc_sockview_each(family, type, protocol, put_line, &l);
	return (ssize_t)l.t.len;
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

static bool put_unix(void *ctx, const struct uc_sockview *v)
{
	struct lines *l = ctx;

	uc_text_printf(&l->t, "0000000000000000: 00000002 00000000 %08X %04X %02X %5lu",
		       v->s->listening ? UNIX_ACCEPTS : 0, v->s->type,
		       v->len[1] ? UNIX_CONNECTED : UNIX_UNCONNECTED, v->ino);
	put_path(&l->t, &v->name[0], (int)v->len[0]);
	uc_text_printf(&l->t, "\n");
	return true;
}

static NETFILES_SHOW(show_unix)
{
	struct lines l = { .t = { buf, cap, 0 } };

	uc_text_printf(&l.t, "Num       RefCount Protocol Flags    Type St Inode Path\n");
	uc_sockview_each(UC_AF_UNIX, 0, 0, put_unix, &l);
	return (ssize_t)l.t.len;
}

/* ---- AF_PACKET ---- */
static bool put_packet(void *ctx, const struct uc_sockview *v)
{
	struct lines *l = ctx;
	struct sockaddr_ll at;

	memcpy(&at, &v->name[0], sizeof(at));
	uc_text_printf(&l->t, "0000000000000000 %-6d %-4d %04x   %-5d %1d %-6u %-6u %-6lu\n", 3,
		       v->s->type, lwip_ntohs(at.sll_protocol), at.sll_ifindex, 1, v->in, v->uid,
		       v->ino);
	return true;
}

static NETFILES_SHOW(show_packet)
{
	struct lines l = { .t = { buf, cap, 0 } };

	uc_text_printf(&l.t, "%-17sRefCnt Type Proto  Iface R Rmem   User   Inode\n", "sk");
	uc_sockview_each(UC_AF_PACKET, 0, 0, put_packet, &l);
	return (ssize_t)l.t.len;
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

struct connections {
	unsigned orphans, time_waits;
};

static bool add_orphan(void *ctx, const struct uc_sockview *v)
{
	struct connections *c = ctx;

	if (!v->s && v->state == UC_ST_TIME_WAIT)
		c->time_waits++;
	else if (!v->s)
		c->orphans++;
	return true;
}

static NETFILES_SHOW(show_sockstat)
{
	unsigned tcp4 = count(UC_AF_INET, UC_SOCK_STREAM, IPPROTO_TCP);
	unsigned tcp6 = count(UC_AF_INET6, UC_SOCK_STREAM, IPPROTO_TCP);
	struct uc_text t = { buf, cap, 0 };
	struct connections c = { 0 };

	uc_sockview_each(UC_AF_INET, UC_SOCK_STREAM, IPPROTO_TCP, add_orphan, &c);
	uc_sockview_each(UC_AF_INET6, UC_SOCK_STREAM, IPPROTO_TCP, add_orphan, &c);
	uc_text_printf(&t, "sockets: used %u\n", count(0, 0, 0));
	uc_text_printf(&t, "TCP: inuse %u orphan %u tw %u alloc %u mem 0\n", tcp4, c.orphans,
		       c.time_waits, tcp4 + tcp6 + c.orphans);
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
	return show_ip(buf, cap, UC_AF_INET, UC_SOCK_STREAM, IPPROTO_TCP);
}
static NETFILES_SHOW(show_tcp6)
{
	return show_ip(buf, cap, UC_AF_INET6, UC_SOCK_STREAM, IPPROTO_TCP);
}
static NETFILES_SHOW(show_udp4)
{
	return show_ip(buf, cap, UC_AF_INET, UC_SOCK_DGRAM, IPPROTO_UDP);
}
static NETFILES_SHOW(show_udp6)
{
	return show_ip(buf, cap, UC_AF_INET6, UC_SOCK_DGRAM, IPPROTO_UDP);
}
static NETFILES_SHOW(show_raw4)
{
	return show_ip(buf, cap, UC_AF_INET, UC_SOCK_RAW, 0);
}
static NETFILES_SHOW(show_raw6)
{
	return show_ip(buf, cap, UC_AF_INET6, UC_SOCK_RAW, 0);
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
		NETFILES_ENTRY("packet", show_packet),
		NETFILES_ENTRY("sockstat", show_sockstat),
		NETFILES_ENTRY("sockstat6", show_sockstat6),
	};

	return uc_procfs_add("net", e, UC_ARRAY_SIZE(e));
}
