// SPDX-License-Identifier: BSD-3-Clause
#include <asm/poll.h>
#include <uc/heap.h>
#include <uc/proc.h>
#include <uc/string.h>
#include <uc/time.h>
#include "packet_private.h"

#define OVERHEAD  256u
#define TYPE_MIN  1536u /* of Ethernet types: below are lengths */
#define IN_EVENTS (POLLIN | POLLRDNORM)

static struct uc_list sockets = UC_LIST_INIT(sockets);
static const struct packet_sock *sender;

void packet_sending(struct packet_sock *s)
{
	sender = s;
}

/* ---- frames come ---- */
static uint8_t pkttype(const struct uc_tapframe *f)
{
	static const uint8_t everybody[ETH_ALEN] = { 255, 255, 255, 255, 255, 255 };
	uint8_t mac[ETH_ALEN];

	if (f->out)
		return PACKET_OUTGOING;
	if (f->data[0] & 1)
		return memcmp(f->data, everybody, ETH_ALEN) ? PACKET_MULTICAST : PACKET_BROADCAST;
	uc_netif_mac(f->netif, mac);
	return memcmp(f->data, mac, ETH_ALEN) ? PACKET_OTHERHOST : PACKET_HOST;
}

static bool wants(const struct packet_sock *s, const struct uc_tapframe *f, uint16_t protocol)
{
	if (!s->protocol || (s->ifindex && s->ifindex != uc_netif_index(f->netif)))
		return false;
	if (f->out && (s->protocol != ETH_P_ALL || s->ignore_outgoing || s == sender))
		return false;
	return s->protocol == ETH_P_ALL || s->protocol == protocol;
}

static uint32_t filtered(const struct packet_sock *s, const struct uc_tapframe *f,
			 const struct packet_item *it)
{
	struct bpf_packet p = { .data = f->data + it->skip,
				.frame = f->data,
				.len = it->len,
				.net = UC_ETH_HEADER,
				.protocol = it->protocol,
				.hatype = packet_address(f, it).sll_hatype,
				.pkttype = it->pkttype,
				.ifindex = uc_netif_index(f->netif) };

	return UC_MIN(s->filter ? bpf_run(s->filter, &p) : it->len, it->len);
}

static bool enqueue(struct packet_sock *s, const struct packet_item *from)
{
	struct packet_item *it;

	if (s->rx_bytes + from->len + OVERHEAD > s->s.rcvbuf || !(it = uc_heap_alloc(sizeof(*it))))
		return false;
	*it = *from;
	uc_tapframe_ref(it->f);
	s->rx_bytes += it->len + OVERHEAD;
	uc_list_push_back(&s->rxq, &it->link);
	return true;
}

static void see(struct uc_tapframe *f)
{
	struct packet_item it = { .f = f, .pkttype = pkttype(f), .when = uc_time_real() };
	uint16_t type = (uint16_t)(f->data[12] << 8 | f->data[13]);

	it.protocol = type < TYPE_MIN ? ETH_P_802_2 : type;
	UC_LIST_FOREACH(at, &sockets) {
		struct packet_sock *s = UC_LIST_ENTRY(at, struct packet_sock, link);

		if (!wants(s, f, it.protocol))
			continue;
		it.skip = s->s.type == UC_SOCK_DGRAM ? UC_ETH_HEADER : 0;
		it.len = f->len - it.skip;
		it.snap = filtered(s, f, &it);
		if (!it.snap)
			continue;
		s->packets++;
		if (s->ring.obj ? packet_ring_put(s, &it) : enqueue(s, &it))
			uc_waitq_wake(&s->q, UINT32_MAX, IN_EVENTS);
		else
			s->drops++;
	}
}

void packet_watch(struct packet_sock *s)
{
	uc_list_push_back(&sockets, &s->link);
	uc_nettap = see;
}

static void drop(struct packet_sock *s, struct packet_item *it)
{
	uc_list_remove(&it->link);
	s->rx_bytes -= it->len + OVERHEAD;
	uc_tapframe_unref(it->f);
	uc_heap_free(it);
}

void packet_unwatch(struct packet_sock *s)
{
	uc_list_remove(&s->link);
	if (uc_list_empty(&sockets))
		uc_nettap = NULL;
	while (!uc_list_empty(&s->rxq))
		drop(s, UC_LIST_ENTRY(s->rxq.next, struct packet_item, link));
}

/* ---- the program takes them ---- */
static void put_auxdata(struct uc_msg *m, const struct packet_item *it)
{
	struct tpacket_auxdata aux = { .tp_status = packet_status(it->f),
				       .tp_len = it->len,
				       .tp_snaplen = it->snap,
				       .tp_net = (uint16_t)(UC_ETH_HEADER - it->skip) };

	uc_msg_put_cmsg(m, SOL_PACKET, PACKET_AUXDATA, &aux, sizeof(aux));
}

static ssize_t take(struct uc_sock *sock, struct uc_msg *m)
{
	struct packet_sock *s = packet_of(sock);
	struct packet_item *it = UC_LIST_ENTRY(s->rxq.next, struct packet_item, link);
	size_t n = UC_MIN((size_t)it->snap, (size_t)m->it.left);
	bool whole = m->flags & UC_MSG_TRUNC;
	uint32_t snap = it->snap;

	if (n && uc_iter_put(&m->it, it->f->data + it->skip, n) != (ssize_t)n)
		return -EFAULT;
	m->flags &= ~UC_MSG_TRUNC;
	if (n < snap)
		m->flags |= UC_MSG_TRUNC;
	if (m->name) {
		struct sockaddr_ll ll = packet_address(it->f, it);

		memcpy(m->name, &ll, sizeof(ll));
		m->name_len = sizeof(ll);
	}
	if (s->auxdata && m->control)
		put_auxdata(m, it);
	if (!(m->flags & UC_MSG_PEEK))
		drop(s, it);
	return (ssize_t)(whole ? snap : n);
}

ssize_t packet_recvmsg(struct uc_sock *sock, struct uc_msg *m)
{
	struct packet_sock *s = packet_of(sock);

	if (m->flags & UC_MSG_OOB)
		return -EINVAL;
	if (m->flags & UC_MSG_ERRQUEUE)
		return -EAGAIN;
	return uc_sock_recv_message(sock, &s->q, &s->rxq, &s->rlock, m, take);
}
