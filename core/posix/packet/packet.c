// SPDX-License-Identifier: BSD-3-Clause
#include "packet_private.h"
#include <asm/ioctls.h>
#include <asm/poll.h>
#include <uc/heap.h>
#include <uc/init.h>
#include <uc/net.h>
#include <uc/proc.h>
#include <uc/string.h>
#include <uc/time.h>
#include <uc/user.h>

static const struct uc_sock_ops packet_ops;

static int create(int type, int protocol, struct uc_sock **out)
{
	struct packet_sock *s;

	if (uc_proc_current()->euid)
		return -EPERM;
	if (type != UC_SOCK_RAW && type != UC_SOCK_DGRAM)
		return uc_unsupported(-ESOCKTNOSUPPORT, "packet socket of type %d", type);
	s = uc_heap_zalloc(sizeof(*s));
	if (!s)
		return -ENOMEM;
	uc_net_start();
	uc_sock_init(&s->s, &packet_ops, UC_AF_PACKET, type, protocol);
	uc_list_init(&s->rxq);
	uc_list_init(&s->members);
	uc_waitq_init(&s->q);
	uc_mutex_init(&s->rlock);
	s->protocol = __builtin_bswap16((uint16_t)protocol);
	uc_time_real(); /* may ask the host, for which there is no time when frames come */
	packet_watch(s);
	*out = &s->s;
	return 0;
}

static int packet_bind(struct uc_sock *sock, const struct uc_sockaddr *a, unsigned len)
{
	struct packet_sock *s = packet_of(sock);
	struct sockaddr_ll ll;
	struct netif *n;

	if (len < sizeof(ll) || a->family != UC_AF_PACKET)
		return -EINVAL;
	memcpy(&ll, a, sizeof(ll));
	n = ll.sll_ifindex ? uc_netif_by_index(ll.sll_ifindex) : NULL;
	if (ll.sll_ifindex && !n)
		return -ENODEV;
	s->ifindex = ll.sll_ifindex;
	if (ll.sll_protocol)
		s->protocol = __builtin_bswap16(ll.sll_protocol);
	if (n && !(uc_netif_flags(n) & UC_IFF_UP))
		s->s.err = ENETDOWN;
	return 0;
}

static uint16_t hardware(const struct netif *n)
{
	return uc_netif_is_loop(n) ? UC_ARPHRD_LOOPBACK : UC_ARPHRD_ETHER;
}

struct sockaddr_ll packet_address(const struct uc_tapframe *f, const struct packet_item *it)
{
	struct sockaddr_ll ll = { .sll_family = UC_AF_PACKET,
				  .sll_protocol = __builtin_bswap16(it->protocol),
				  .sll_ifindex = uc_netif_index(f->netif),
				  .sll_hatype = hardware(f->netif),
				  .sll_pkttype = it->pkttype,
				  .sll_halen = ETH_ALEN };

	memcpy(ll.sll_addr, f->data + ETH_ALEN, ETH_ALEN);
	return ll;
}

uint32_t packet_status(const struct uc_tapframe *f)
{
	return TP_STATUS_USER | (f->csum_partial ? TP_STATUS_CSUMNOTREADY : 0);
}

static int packet_getname(struct uc_sock *sock, struct uc_sockaddr *a, bool peer)
{
	const struct packet_sock *s = packet_of(sock);
	const struct netif *n = s->ifindex ? uc_netif_by_index(s->ifindex) : NULL;
	struct sockaddr_ll ll = { .sll_family = UC_AF_PACKET,
				  .sll_protocol = __builtin_bswap16(s->protocol),
				  .sll_ifindex = s->ifindex };

	if (peer)
		return -EOPNOTSUPP;
	if (n) {
		ll.sll_hatype = hardware(n);
		ll.sll_halen = ETH_ALEN;
		uc_netif_mac(n, ll.sll_addr);
	}
	memcpy(a, &ll, sizeof(ll));
	return (int)(offsetof(struct sockaddr_ll, sll_addr) + ll.sll_halen);
}

static unsigned packet_poll(struct uc_sock *sock, struct uc_poll *p)
{
	struct packet_sock *s = packet_of(sock);
	bool in = !uc_list_empty(&s->rxq) || packet_ring_readable(s);

	uc_poll_wait(p, &s->q);
	return POLLOUT | POLLWRNORM | POLLWRBAND | (in ? POLLIN | POLLRDNORM : 0) |
	       (sock->err ? POLLERR : 0);
}

static void packet_queued(struct uc_sock *sock, uint32_t *in, uint32_t *out)
{
	const struct packet_sock *s = packet_of(sock);

	*out = 0;
	*in = uc_list_empty(&s->rxq) ? 0
				     : UC_LIST_ENTRY(s->rxq.next, struct packet_item, link)->snap;
}

static long packet_ioctl(struct uc_sock *sock, unsigned cmd, uc_uptr arg)
{
	uint32_t in, out;

	packet_queued(sock, &in, &out);
	switch (cmd) {
	case FIONREAD: /* = SIOCINQ */
		return uc_user_store32(arg, in);
	case TIOCOUTQ: /* = SIOCOUTQ */
		return uc_user_store32(arg, out);
	default:
		return -ENOTTY;
	}
}

static void packet_close(struct uc_sock *sock)
{
	packet_unwatch(packet_of(sock));
	packet_leave_all(packet_of(sock));
	packet_ring_free(packet_of(sock));
}

static void packet_free(struct uc_sock *sock)
{
	uc_heap_free(packet_of(sock)->filter);
	uc_heap_free(packet_of(sock));
}

static const struct uc_sock_ops packet_ops = {
	.bind = packet_bind,
	.getname = packet_getname,
	.sendmsg = packet_sendmsg,
	.recvmsg = packet_recvmsg,
	.getsockopt = packet_getsockopt,
	.getsockopt_reads = true,
	.setsockopt = packet_setsockopt,
	.poll = packet_poll,
	.ioctl = packet_ioctl,
	.queued = packet_queued,
	.mmap = packet_mmap,
	.close = packet_close,
	.free = packet_free,
};

static int packet_start(void)
{
	static struct uc_sock_family family = { .family = UC_AF_PACKET, .create = create };

	uc_sock_register_family(&family);
	return 0;
}
UC_INITCALL(UC_STAGE_LATE, packet_start);
