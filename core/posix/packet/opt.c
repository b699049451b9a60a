// SPDX-License-Identifier: BSD-3-Clause
/* Options of packet(7), and filters of socket(7). */
#include <uc/heap.h>
#include <uc/proc.h>
#include <uc/string.h>
#include <uc/user.h>
#include "packet_private.h"

#define RESERVE_MAX 4096u

struct member {
	struct uc_list link;
	struct packet_mreq m;
	unsigned times;
};

/* ---- what the card takes in ---- */
static bool same(const struct packet_mreq *a, const struct packet_mreq *b)
{
	return a->mr_ifindex == b->mr_ifindex && a->mr_type == b->mr_type &&
	       a->mr_alen == b->mr_alen && !memcmp(a->mr_address, b->mr_address, a->mr_alen);
}

static struct member *find(struct packet_sock *s, const struct packet_mreq *m)
{
	UC_LIST_FOREACH(it, &s->members) {
		struct member *e = UC_LIST_ENTRY(it, struct member, link);

		if (same(&e->m, m))
			return e;
	}
	return NULL;
}

/* Frames to groups come in any case. */
static void apply(const struct packet_mreq *m, bool on)
{
	struct netif *n = uc_netif_by_index(m->mr_ifindex);

	if (n && m->mr_type == PACKET_MR_PROMISC)
		uc_nettap_promiscuous(n, on);
}

static int join(struct packet_sock *s, const struct packet_mreq *m)
{
	struct member *e = find(s, m);

	if (!uc_netif_by_index(m->mr_ifindex))
		return -ENODEV;
	if (m->mr_type > PACKET_MR_UNICAST || m->mr_alen > sizeof(m->mr_address) ||
	    ((m->mr_type == PACKET_MR_MULTICAST || m->mr_type == PACKET_MR_UNICAST) &&
	     m->mr_alen != ETH_ALEN))
		return -EINVAL;
	if (m->mr_type == PACKET_MR_UNICAST)
		return uc_unsupported(-EOPNOTSUPP, "another address of a network card");
	if (e) {
		e->times++;
		return 0;
	}
	e = uc_heap_zalloc(sizeof(*e));
	if (!e)
		return -ENOBUFS;
	e->m = *m;
	e->times = 1;
	uc_list_push_back(&s->members, &e->link);
	apply(m, true);
	return 0;
}

static void leave(struct member *e)
{
	apply(&e->m, false);
	uc_list_remove(&e->link);
	uc_heap_free(e);
}

void packet_leave_all(struct packet_sock *s)
{
	while (!uc_list_empty(&s->members))
		leave(UC_LIST_ENTRY(s->members.next, struct member, link));
}

static int membership(struct packet_sock *s, int name, const void *buf, unsigned len)
{
	struct packet_mreq m;
	struct member *e;

	if (len < sizeof(m))
		return -EINVAL;
	memcpy(&m, buf, sizeof(m));
	if (name == PACKET_ADD_MEMBERSHIP)
		return join(s, &m);
	e = find(s, &m);
	if (e && --e->times == 0)
		leave(e);
	return 0; /* as Linux, also if there was none */
}

/* ---- filters ---- */
static int attach(struct packet_sock *s, const void *buf, unsigned len)
{
	struct sock_fprog prog;
	struct sock_filter *f;
	size_t bytes;

	if (len != sizeof(prog))
		return -EINVAL;
	memcpy(&prog, buf, sizeof(prog));
	if (s->s.flag_options >> SO_LOCK_FILTER & 1)
		return -EPERM;
	if (!prog.len || prog.len > BPF_MAXINSNS)
		return -EINVAL;
	bytes = prog.len * sizeof(*f);
	f = uc_heap_alloc(bytes);
	if (!f)
		return -ENOMEM;
	if (uc_user_read(f, (uc_uptr)prog.filter, bytes) < 0 || bpf_check(f, prog.len)) {
		uc_heap_free(f);
		return -EINVAL;
	}
	uc_heap_free(s->filter);
	s->filter = f;
	return 0;
}

static int detach(struct packet_sock *s)
{
	if (s->s.flag_options >> SO_LOCK_FILTER & 1)
		return -EPERM;
	if (!s->filter)
		return -ENOENT;
	uc_heap_free(s->filter);
	s->filter = NULL;
	return 0;
}

/* ---- the rest ---- */
static uint32_t header_length(int version)
{
	switch (version) {
	case TPACKET_V1:
		return sizeof(struct tpacket_hdr);
	case TPACKET_V2:
		return sizeof(struct tpacket2_hdr);
	default:
		return 0;
	}
}

static int set_number(struct packet_sock *s, int name, int v)
{
	switch (name) {
	case PACKET_AUXDATA:
		s->auxdata = v;
		return 0;
	case PACKET_IGNORE_OUTGOING:
		if (v < 0 || v > 1)
			return -EINVAL;
		s->ignore_outgoing = v;
		return 0;
	case PACKET_VERSION:
		if (s->ring.obj)
			return -EBUSY;
		if (!header_length(v))
			return uc_unsupported(-EINVAL, "packet ring of version %d", v + 1);
		s->version = (uint32_t)v;
		return 0;
	case PACKET_RESERVE:
		if (s->ring.obj)
			return -EBUSY;
		if ((uint32_t)v > RESERVE_MAX)
			return -EINVAL;
		s->reserve = (uint32_t)v;
		return 0;
	case PACKET_ORIGDEV:      /* an interface is no part of another */
	case PACKET_QDISC_BYPASS: /* there are no queues to go past */
		return 0;
	default:
		return -ENOPROTOOPT;
	}
}

static int set_socket_level(struct packet_sock *s, int name, const void *buf, unsigned len)
{
	switch (name) {
	case SO_ATTACH_FILTER:
		return attach(s, buf, len);
	case SO_DETACH_FILTER:
		return detach(s);
	default:
		return -ENOPROTOOPT;
	}
}

int packet_setsockopt(struct uc_sock *sock, int level, int name, const void *buf, unsigned len)
{
	struct packet_sock *s = packet_of(sock);
	struct tpacket_req req;
	int v;

	if (level == SOL_SOCKET)
		return set_socket_level(s, name, buf, len);
	if (level != SOL_PACKET)
		return -ENOPROTOOPT;
	switch (name) {
	case PACKET_ADD_MEMBERSHIP:
	case PACKET_DROP_MEMBERSHIP:
		return membership(s, name, buf, len);
	case PACKET_RX_RING:
		if (len < sizeof(req))
			return -EINVAL;
		memcpy(&req, buf, sizeof(req));
		return packet_ring_set(s, &req);
	default:
		if (len < sizeof(v))
			return -EINVAL;
		memcpy(&v, buf, sizeof(v));
		return set_number(s, name, v);
	}
}

static int get_number(struct packet_sock *s, int name, int *v)
{
	switch (name) {
	case PACKET_AUXDATA:
		*v = s->auxdata;
		return 0;
	case PACKET_IGNORE_OUTGOING:
		*v = s->ignore_outgoing;
		return 0;
	case PACKET_VERSION:
		*v = (int)s->version;
		return 0;
	case PACKET_RESERVE:
		*v = (int)s->reserve;
		return 0;
	case PACKET_HDRLEN: /* of the version that is asked for */
		*v = (int)header_length(*v);
		return *v ? 0 : -EINVAL;
	default:
		return -ENOPROTOOPT;
	}
}

static void statistics(struct packet_sock *s, void *buf, unsigned *len)
{
	struct tpacket_stats st = { .tp_packets = s->packets, .tp_drops = s->drops };

	*len = UC_MIN(*len, (unsigned)sizeof(st));
	memcpy(buf, &st, *len);
	s->packets = s->drops = 0;
}

int packet_getsockopt(struct uc_sock *sock, int level, int name, void *buf, unsigned *len)
{
	struct packet_sock *s = packet_of(sock);
	int v = 0, r;

	if (level != SOL_PACKET)
		return -ENOPROTOOPT;
	if (name == PACKET_STATISTICS) {
		statistics(s, buf, len);
		return 0;
	}
	*len = UC_MIN(*len, (unsigned)sizeof(v));
	memcpy(&v, buf, *len);
	r = get_number(s, name, &v);
	memcpy(buf, &v, *len);
	return r;
}
