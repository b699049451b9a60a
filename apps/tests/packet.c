// SPDX-License-Identifier: BSD-3-Clause
// Packet sockets on loopback: what they see of a datagram, sending, filters, groups, the ring.
#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/ip6.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define PORT 7007

static int lo, without_header = -1;

static struct sockaddr_ll at(int protocol)
{
	return (struct sockaddr_ll){ .sll_family = AF_PACKET,
				     .sll_protocol = htons((uint16_t)protocol),
				     .sll_ifindex = lo,
				     .sll_halen = ETH_ALEN };
}

static int open_packet(int type, int protocol)
{
	struct sockaddr_ll a = at(protocol);
	struct timeval soon = { .tv_sec = 20 };
	int fd = socket(AF_PACKET, type, 0);

	CHECK(fd >= 0);
	CHECK(bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0);
	CHECK(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon)) == 0);
	return fd;
}

static void send_datagram(const char *text)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons(PORT),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	CHECK(sendto(fd, text, strlen(text), 0, (struct sockaddr *)&to, sizeof(to)) ==
	      (ssize_t)strlen(text));
	close(fd);
}

static int receiver(void)
{
	struct sockaddr_in own = { .sin_family = AF_INET,
				   .sin_port = htons(PORT),
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	CHECK(bind(fd, (struct sockaddr *)&own, sizeof(own)) == 0);
	return fd;
}

/* The next packet, printed. */
static void show(const char *what, int fd, size_t cap, int flags)
{
	const ssize_t shown = fd == without_header ? 4 : 14;
	uint8_t buf[2048];
	struct sockaddr_ll from;
	struct iovec v = { buf, cap };
	struct msghdr m = {
		.msg_name = &from, .msg_namelen = sizeof(from), .msg_iov = &v, .msg_iovlen = 1
	};
	ssize_t n = recvmsg(fd, &m, flags);

	printf("%s: %zd flags %x", what, n, m.msg_flags);
	if (n >= 0)
		printf(" name %u: protocol %x lo %d hatype %u pkttype %u halen %u", m.msg_namelen,
		       ntohs(from.sll_protocol), from.sll_ifindex == lo, from.sll_hatype,
		       from.sll_pkttype, from.sll_halen);
	for (ssize_t i = 0; i < shown && i < (ssize_t)cap && i < n; i++)
		printf(" %02x", buf[i]);
	puts("");
}

static void seen(void)
{
	int all = open_packet(SOCK_RAW, ETH_P_ALL), ip = open_packet(SOCK_DGRAM, ETH_P_IP), udp;
	struct sockaddr_ll own;
	socklen_t len = sizeof(own);
	int queued = -1;

	CHECK(getsockname(all, (struct sockaddr *)&own, &len) == 0);
	printf("own name: %u, protocol %x halen %u\n", len, ntohs(own.sll_protocol), own.sll_halen);
	without_header = ip;
	udp = receiver();
	send_datagram("four");
	show("all, outgoing", all, 2048, MSG_PEEK);
	CHECK(ioctl(all, FIONREAD, &queued) == 0 && queued == 46);
	show("all, outgoing", all, 2048, 0);
	show("all, incoming", all, 20, 0);
	show("ip, without header", ip, 20, MSG_TRUNC);
	CHECK_ERR(recv(ip, &queued, 4, MSG_DONTWAIT), EAGAIN);
	close(udp);
	close(all);
	close(ip);
}

static void errors(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW, 0);
	struct sockaddr_ll a = at(ETH_P_ALL);
	uint8_t frame[70000] = { 0 };
	struct packet_mreq m = { .mr_ifindex = lo, .mr_type = PACKET_MR_PROMISC };

	CHECK_ERR(socket(AF_PACKET, SOCK_STREAM, 0), ESOCKTNOSUPPORT);
	CHECK_ERR(send(fd, frame, 60, 0), ENXIO);
	CHECK_ERR(bind(fd, (struct sockaddr *)&a, 4), EINVAL);
	a.sll_ifindex = 99;
	CHECK_ERR(bind(fd, (struct sockaddr *)&a, sizeof(a)), ENODEV);
	CHECK_ERR(sendto(fd, frame, 60, 0, (struct sockaddr *)&a, sizeof(a)), ENXIO);
	a.sll_ifindex = lo;
	CHECK_ERR(sendto(fd, frame, 10, 0, (struct sockaddr *)&a, sizeof(a)), EINVAL);
	CHECK_ERR(sendto(fd, frame, 70000, 0, (struct sockaddr *)&a, sizeof(a)), EMSGSIZE);
	CHECK_ERR(connect(fd, (struct sockaddr *)&a, sizeof(a)), EOPNOTSUPP);
	CHECK_ERR(listen(fd, 1), EOPNOTSUPP);
	CHECK_ERR(setsockopt(fd, SOL_SOCKET, SO_DETACH_FILTER, &lo, sizeof(lo)), ENOENT);
	CHECK(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &m, sizeof(m)) == 0);
	CHECK(setsockopt(fd, SOL_PACKET, PACKET_DROP_MEMBERSHIP, &m, sizeof(m)) == 0);
	m.mr_ifindex = 99;
	CHECK_ERR(setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &m, sizeof(m)), ENODEV);
	close(fd);
}

struct hand_made {
	struct ethhdr eth;
	struct ip6_hdr ip;
	struct udphdr udp;
	char data[4];
} __attribute__((packed));

/* Over what begins with the addresses: length and protocol are added. */
static uint16_t checksum(const struct hand_made *f)
{
	const uint8_t *p = (const uint8_t *)&f->ip.ip6_src;
	uint32_t sum = sizeof(f->udp) + sizeof(f->data) + IPPROTO_UDP;

	for (; p < (const uint8_t *)(f + 1); p += 2)
		sum += (uint32_t)(p[0] << 8 | p[1]);
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return htons((uint16_t)~sum);
}

/* A datagram put together by hand arrives at a UDP socket. */
static void sending(int type)
{
	struct hand_made f = {
		.eth.h_proto = htons(ETH_P_IPV6),
		.ip = { .ip6_src = IN6ADDR_LOOPBACK_INIT, .ip6_dst = IN6ADDR_LOOPBACK_INIT },
		.data = "hand",
	};
	struct sockaddr_in6 own = { .sin6_family = AF_INET6,
				    .sin6_port = htons(PORT),
				    .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	size_t skip = type == SOCK_DGRAM ? sizeof(f.eth) : 0;
	int fd = open_packet(type, ETH_P_ALL), udp = socket(AF_INET6, SOCK_DGRAM, 0);
	struct sockaddr_ll to = at(ETH_P_IPV6);
	struct timeval soon = { .tv_sec = 20 };
	char buf[16] = "";

	f.ip.ip6_vfc = 6 << 4;
	f.ip.ip6_hlim = 9;
	f.ip.ip6_nxt = IPPROTO_UDP;
	f.ip.ip6_plen = f.udp.len = htons(sizeof(f.udp) + sizeof(f.data));
	f.udp.source = htons(9);
	f.udp.dest = htons(PORT);
	f.udp.check = checksum(&f);
	CHECK(bind(udp, (struct sockaddr *)&own, sizeof(own)) == 0);
	setsockopt(udp, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon));
	CHECK(sendto(fd, (uint8_t *)&f + skip, sizeof(f) - skip, 0, (struct sockaddr *)&to,
		     sizeof(to)) == (ssize_t)(sizeof(f) - skip));
	CHECK(recv(udp, buf, sizeof(buf), 0) == 4 && !strcmp(buf, "hand"));
	show("its own packet", fd, 2048, 0);
	close(fd);
	close(udp);
}

/* UDP to a port, 20 bytes of it. */
static void filters(void)
{
	struct sock_filter udp_port[] = {
		BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 12),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, 6),
		BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 23),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, IPPROTO_UDP, 0, 4),
		BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14),
		BPF_STMT(BPF_LD | BPF_H | BPF_IND, 16),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PORT, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 20),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_filter incoming[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)(SKF_AD_OFF + SKF_AD_PKTTYPE)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PACKET_HOST, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, 60),
		BPF_STMT(BPF_RET | BPF_K, 0),
	};
	struct sock_filter bad[] = { BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0),
				     BPF_STMT(BPF_RET | BPF_K, 0) };
	struct sock_fprog p = { 9, udp_port }, in = { 4, incoming }, wrong = { 2, bad };
	int a = open_packet(SOCK_RAW, ETH_P_ALL), b = open_packet(SOCK_RAW, ETH_P_ALL);
	struct tpacket_stats st = { 0 };
	socklen_t len = sizeof(st);
	int udp = receiver(), on = 1;

	CHECK_ERR(setsockopt(a, SOL_SOCKET, SO_ATTACH_FILTER, &wrong, sizeof(wrong)), EINVAL);
	CHECK(setsockopt(a, SOL_SOCKET, SO_ATTACH_FILTER, &p, sizeof(p)) == 0);
	CHECK(setsockopt(b, SOL_SOCKET, SO_ATTACH_FILTER, &in, sizeof(in)) == 0);
	send_datagram("filtered");
	show("port, outgoing", a, 2048, 0);
	show("port, incoming", a, 2048, 0);
	show("incoming only", b, 2048, 0);
	CHECK(getsockopt(b, SOL_PACKET, PACKET_STATISTICS, &st, &len) == 0);
	printf("statistics: %u packets, %u drops\n", st.tp_packets, st.tp_drops);
	CHECK(setsockopt(a, SOL_SOCKET, SO_DETACH_FILTER, &on, sizeof(on)) == 0);
	CHECK(setsockopt(a, SOL_SOCKET, SO_LOCK_FILTER, &on, sizeof(on)) == 0);
	CHECK_ERR(setsockopt(a, SOL_SOCKET, SO_ATTACH_FILTER, &p, sizeof(p)), EPERM);
	close(a);
	close(b);
	close(udp);
}

static void auxiliary(void)
{
	int fd = open_packet(SOCK_RAW, ETH_P_ALL), udp = receiver(), on = 1;
	char buf[64], room[CMSG_SPACE(sizeof(struct tpacket_auxdata))];
	struct iovec v = { buf, sizeof(buf) };
	struct msghdr m = {
		.msg_iov = &v, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof(room)
	};
	struct tpacket_auxdata aux;
	struct cmsghdr *c;

	CHECK(setsockopt(fd, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)) == 0);
	send_datagram("aux");
	CHECK(recvmsg(fd, &m, 0) == 45);
	c = CMSG_FIRSTHDR(&m);
	CHECK(c && c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA);
	if (c) {
		memcpy(&aux, CMSG_DATA(c), sizeof(aux));
		printf("auxdata: len %u snaplen %u mac %u net %u\n", aux.tp_len, aux.tp_snaplen,
		       aux.tp_mac, aux.tp_net);
	}
	close(fd);
	close(udp);
}

static void ring(void)
{
	struct tpacket_req q = { .tp_block_size = 8192, .tp_block_nr = 2, .tp_frame_size = 2048 };
	int fd = socket(AF_PACKET, SOCK_RAW, 0), udp = receiver(), v = TPACKET_V2;
	struct sockaddr_ll a = at(ETH_P_ALL);
	struct pollfd p = { fd, POLLIN, 0 };
	socklen_t len = sizeof(v);
	volatile struct tpacket2_hdr *last;
	uint8_t *mem;

	CHECK(getsockopt(fd, SOL_PACKET, PACKET_HDRLEN, &v, &len) == 0);
	printf("header: %d\n", v);
	v = TPACKET_V2;
	CHECK(setsockopt(fd, SOL_PACKET, PACKET_VERSION, &v, sizeof(v)) == 0);
	CHECK_ERR(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &q, sizeof(q)), EINVAL);
	q.tp_frame_nr = 8;
	CHECK(setsockopt(fd, SOL_PACKET, PACKET_RX_RING, &q, sizeof(q)) == 0);
	mem = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(mem != MAP_FAILED);
	CHECK(bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0);
	CHECK(poll(&p, 1, 0) == 0);
	for (int i = 0; i < 5; i++)
		send_datagram("ring");
	CHECK(poll(&p, 1, 20000) == 1);
	last = (struct tpacket2_hdr *)(mem + 7 * 2048); /* each packet goes out and comes in */
	for (int k = 0; k < 20000 && !(last->tp_status & TP_STATUS_USER); k++)
		usleep(1000);
	for (int i = 0; i < 9; i++) {
		struct tpacket2_hdr *h = (struct tpacket2_hdr *)(mem + (size_t)(i % 8) * 2048);
		struct sockaddr_ll *ll =
			(struct sockaddr_ll *)((uint8_t *)h + TPACKET_ALIGN(sizeof(*h)));

		if (i < 8)
			printf("frame %d: user %d len %u snaplen %u mac %u net %u pkttype %u "
			       "%.4s\n",
			       i, h->tp_status & TP_STATUS_USER, h->tp_len, h->tp_snaplen,
			       h->tp_mac, h->tp_net, ll->sll_pkttype, (char *)h + h->tp_net + 28);
		h->tp_status = TP_STATUS_KERNEL;
	}
	CHECK(munmap(mem, 16384) == 0);
	close(fd);
	close(udp);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	lo = (int)if_nametoindex("lo");
	seen();
	errors();
	sending(SOCK_RAW);
	sending(SOCK_DGRAM);
	filters();
	auxiliary();
	ring();
	return check_done();
}
