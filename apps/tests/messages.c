// SPDX-License-Identifier: BSD-3-Clause
// What comes with datagrams besides their bytes: ancillary data, errors of the network, groups,
// shared ports; raw and ping sockets.
#define _GNU_SOURCE
#include "check.h"
#include "sockopt.h"

#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#ifndef ICMP_FILTER /* linux/icmp.h, which does not go with netinet/ip_icmp.h */
#define ICMP_FILTER 1
#endif
#ifndef SOL_RAW
#define SOL_RAW 255
#endif

static int family;

struct addr {
	union {
		struct sockaddr sa;
		struct sockaddr_in in;
		struct sockaddr_in6 in6;
	} u;
	socklen_t len;
};

static struct addr address(const char *v4, const char *v6, int port)
{
	struct addr a = { .len = family == AF_INET ? sizeof(a.u.in) : sizeof(a.u.in6) };

	a.u.sa.sa_family = (sa_family_t)family;
	a.u.in.sin_port = htons((uint16_t)port);
	if (family == AF_INET)
		inet_pton(AF_INET, v4, &a.u.in.sin_addr);
	else
		inet_pton(AF_INET6, v6, &a.u.in6.sin6_addr);
	return a;
}

static struct addr loopback(int port)
{
	return address("127.0.0.1", "::1", port);
}

static int port_of(int fd)
{
	struct addr a = { .len = sizeof(a.u) };

	CHECK(getsockname(fd, &a.u.sa, &a.len) == 0);
	return ntohs(a.u.in.sin_port);
}

static int bound(struct addr *a)
{
	int fd = socket(family, SOCK_DGRAM, 0);

	*a = loopback(0);
	CHECK(bind(fd, &a->u.sa, a->len) == 0);
	*a = loopback(port_of(fd));
	return fd;
}

static int ready(int fd, int events)
{
	struct pollfd p = { fd, (short)events, 0 };

	return poll(&p, 1, 20000) <= 0 ? 0 : p.revents;
}

/* A received message with its ancillary data, printed. */
static ssize_t receive(int fd, int flags)
{
	char data[2048], control[512], text[INET6_ADDRSTRLEN];
	struct iovec v = { data, sizeof(data) };
	struct addr from = { .len = sizeof(from.u) };
	struct msghdr m = { &from.u, sizeof(from.u), &v, 1, control, sizeof(control), 0 };
	ssize_t n = recvmsg(fd, &m, flags);

	printf("%zd bytes, flags %x, name %u", n, m.msg_flags, m.msg_namelen);
	if (n >= 0)
		for (struct cmsghdr *c = CMSG_FIRSTHDR(&m); c; c = CMSG_NXTHDR(&m, c)) {
			struct in_pktinfo *p4 = (void *)CMSG_DATA(c);
			struct in6_pktinfo *p6 = (void *)CMSG_DATA(c);
			struct sock_extended_err *e = (void *)CMSG_DATA(c);

			printf("; %d/%d", c->cmsg_level, c->cmsg_type);
			if (c->cmsg_level == SOL_SOCKET)
				printf(" %zu", c->cmsg_len);
			else if (c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_PKTINFO)
				printf(" %d %s", p4->ipi_ifindex, inet_ntoa(p4->ipi_addr));
			else if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO)
				printf(" %d %s", p6->ipi6_ifindex,
				       inet_ntop(AF_INET6, &p6->ipi6_addr, text, sizeof(text)));
			else if (c->cmsg_type == IP_RECVERR || c->cmsg_type == IPV6_RECVERR)
				printf(" %s origin %d type %d code %d info %u from %d",
				       strerror((int)e->ee_errno), e->ee_origin, e->ee_type,
				       e->ee_code, e->ee_info,
				       ((struct sockaddr *)SO_EE_OFFENDER(e))->sa_family);
			else
				printf(" %d", *(unsigned char *)CMSG_DATA(c));
		}
	puts("");
	return n;
}

static void ancillary(void)
{
	bool v6 = family == AF_INET6;
	char control[CMSG_SPACE(sizeof(int)) * 2 + CMSG_SPACE(sizeof(struct in6_pktinfo))];
	struct addr a, own;
	int r = bound(&a), s = bound(&own), level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	struct iovec v = { "hello", 5 };
	struct msghdr m = { &a.u, a.len, &v, 1, control, CMSG_SPACE(sizeof(int)) * 2 };
	struct cmsghdr *c;

	CHECK(set(r, level, v6 ? IPV6_RECVPKTINFO : IP_PKTINFO, 1) == 0);
	CHECK(set(r, level, v6 ? IPV6_RECVHOPLIMIT : IP_RECVTTL, 1) == 0);
	CHECK(set(r, level, v6 ? IPV6_RECVTCLASS : IP_RECVTOS, 1) == 0);
	CHECK(set(r, SOL_SOCKET, SO_TIMESTAMP, 1) == 0);
	CHECK(get(r, SOL_SOCKET, SO_TIMESTAMP) == 1 && get(r, SOL_SOCKET, SO_TIMESTAMPNS) == 0);
	CHECK(set(s, level, v6 ? IPV6_UNICAST_HOPS : IP_TTL, 9) == 0);
	CHECK(set(s, level, v6 ? IPV6_TCLASS : IP_TOS, 0x48) == 0);
	CHECK(sendto(s, "x", 1, 0, &a.u.sa, a.len) == 1);
	receive(r, 0);
	CHECK(set(r, SOL_SOCKET, SO_TIMESTAMPNS, 1) == 0);
	memset(control, 0, sizeof(control));
	c = CMSG_FIRSTHDR(&m);
	c->cmsg_level = level;
	c->cmsg_type = v6 ? IPV6_HOPLIMIT : IP_TTL;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	*(int *)CMSG_DATA(c) = 77;
	c = CMSG_NXTHDR(&m, c);
	c->cmsg_level = level;
	c->cmsg_type = v6 ? IPV6_TCLASS : IP_TOS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	*(int *)CMSG_DATA(c) = 0x10;
	CHECK(sendmsg(s, &m, 0) == 5);
	receive(r, 0);
	c->cmsg_len = 1000;
	CHECK_ERR(sendmsg(s, &m, 0), EINVAL);
	c->cmsg_len = CMSG_LEN(sizeof(int));
	c->cmsg_type = 250;
	CHECK_ERR(sendmsg(s, &m, 0), EINVAL);
	CHECK(sendto(s, "y", 1, 0, &a.u.sa, a.len) == 1);
	CHECK(receive(r, MSG_PEEK) == 1 && receive(r, MSG_DONTWAIT) == 1);
	close(r);
	close(s);
}

/* A port that nobody listens to. */
static struct addr nobody(void)
{
	struct addr a;
	int fd = bound(&a);

	close(fd);
	return a;
}

static void errors(void)
{
	bool v6 = family == AF_INET6;
	struct addr a = nobody();
	int s = socket(family, SOCK_DGRAM, 0), level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	char b[4];

	CHECK(sendto(s, "lost", 4, 0, &a.u.sa, a.len) == 4);
	usleep(20000);
	CHECK_ERR(recv(s, b, 4, MSG_DONTWAIT), EAGAIN); /* not connected: not told */
	CHECK(connect(s, &a.u.sa, a.len) == 0 && send(s, "lost", 4, 0) == 4);
	CHECK(ready(s, POLLIN) & POLLERR);
	CHECK(get(s, SOL_SOCKET, SO_ERROR) == ECONNREFUSED);
	CHECK(send(s, "lost", 4, 0) == 4 && ready(s, POLLIN) & POLLERR);
	CHECK_ERR(recv(s, b, 4, 0), ECONNREFUSED);
	CHECK_ERR(recv(s, b, 4, MSG_DONTWAIT), EAGAIN);
	CHECK(send(s, "lost", 4, 0) == 4 && ready(s, POLLIN) & POLLERR);
	CHECK_ERR(send(s, "lost", 4, 0), ECONNREFUSED);
	CHECK_ERR(recv(s, b, 4, MSG_ERRQUEUE), EAGAIN);
	CHECK(set(s, level, v6 ? IPV6_RECVERR : IP_RECVERR, 1) == 0);
	CHECK(get(s, level, v6 ? IPV6_RECVERR : IP_RECVERR) == 1);
	CHECK(send(s, "queued", 6, 0) == 6 && ready(s, POLLIN) & POLLERR);
	CHECK(receive(s, MSG_ERRQUEUE) == 6);
	CHECK(ready(s, POLLOUT) == POLLOUT);
	CHECK_ERR(recv(s, b, 4, MSG_ERRQUEUE), EAGAIN);
	close(s);
}

static void groups(void)
{
	bool v6 = family == AF_INET6;
	struct addr a = address("239.1.2.3", "ff15::1234", 0), any = address("0.0.0.0", "::", 0);
	int r = socket(family, SOCK_DGRAM, 0), s = socket(family, SOCK_DGRAM, 0);
	int level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	struct ip_mreqn m4 = { .imr_ifindex = 1 };
	struct ipv6_mreq m6 = { .ipv6mr_interface = 1 };
	void *m = v6 ? (void *)&m6 : &m4;
	socklen_t len = v6 ? sizeof(m6) : sizeof(m4);
	int in = v6 ? IPV6_JOIN_GROUP : IP_ADD_MEMBERSHIP;
	int out = v6 ? IPV6_LEAVE_GROUP : IP_DROP_MEMBERSHIP;
	struct group_req g = { .gr_interface = 1 };
	char b[8];

	CHECK(bind(r, &any.u.sa, any.len) == 0);
	m4.imr_multiaddr = a.u.in.sin_addr;
	m6.ipv6mr_multiaddr = a.u.in6.sin6_addr;
	CHECK(setsockopt(r, level, in, m, len) == 0);
	CHECK_ERR(setsockopt(r, level, in, m, len), EADDRINUSE);
	CHECK(get(s, level, v6 ? IPV6_MULTICAST_LOOP : IP_MULTICAST_LOOP) == 1);
	CHECK(get(s, level, v6 ? IPV6_MULTICAST_HOPS : IP_MULTICAST_TTL) == 1);
	if (v6)
		CHECK(set(s, level, IPV6_MULTICAST_IF, 1) == 0);
	else
		CHECK(setsockopt(s, level, IP_MULTICAST_IF, &(struct in_addr){ htonl(0x7f000001) },
				 4) == 0);
	a.u.in.sin_port = htons((uint16_t)port_of(r));
	if (!v6) { /* Linux has no IPv6 groups on loopback */
		CHECK(sendto(s, "all", 3, 0, &a.u.sa, a.len) == 3);
		CHECK(ready(r, POLLIN) == POLLIN && recv(r, b, sizeof(b), MSG_DONTWAIT) == 3);
	}
	CHECK(setsockopt(r, level, out, m, len) == 0);
	CHECK_ERR(setsockopt(r, level, out, m, len), EADDRNOTAVAIL);
	CHECK(v6 || sendto(s, "none", 4, 0, &a.u.sa, a.len) == 4);
	usleep(20000);
	CHECK_ERR(recv(r, b, sizeof(b), MSG_DONTWAIT), EAGAIN);
	memcpy(&g.gr_group, &a.u, a.len);
	CHECK(setsockopt(r, level, MCAST_JOIN_GROUP, &g, sizeof(g)) == 0);
	CHECK(v6 || sendto(s, "again", 5, 0, &a.u.sa, a.len) == 5);
	CHECK(v6 || (ready(r, POLLIN) == POLLIN && recv(r, b, sizeof(b), MSG_DONTWAIT) == 5));
	CHECK(setsockopt(r, level, MCAST_LEAVE_GROUP, &g, sizeof(g)) == 0);
	m4.imr_ifindex = (int)(m6.ipv6mr_interface = 99);
	CHECK_ERR(setsockopt(r, level, in, m, len), ENODEV);
	m4.imr_multiaddr.s_addr = htonl(0x0a000001);
	m6.ipv6mr_multiaddr = in6addr_loopback;
	m4.imr_ifindex = (int)(m6.ipv6mr_interface = 1);
	CHECK_ERR(setsockopt(r, level, in, m, len), EINVAL);
	close(r);
	close(s);
}

/* Several sockets on one port: each datagram arrives at one of them. */
static void shared_port(void)
{
	struct addr a = loopback(0);
	int r[3], each[3] = { 0 }, got = 0, used = 0;
	struct pollfd p[3];
	char b[8];

	for (int i = 0; i < 3; i++) {
		r[i] = socket(family, SOCK_DGRAM, 0);
		CHECK(set(r[i], SOL_SOCKET, SO_REUSEPORT, 1) == 0);
		CHECK(bind(r[i], &a.u.sa, a.len) == 0);
		p[i] = (struct pollfd){ r[i], POLLIN, 0 };
		a = loopback(port_of(r[0]));
	}
	for (int i = 0; i < 40; i++) {
		int s = socket(family, SOCK_DGRAM, 0);

		CHECK(sendto(s, "x", 1, 0, &a.u.sa, a.len) == 1);
		close(s);
	}
	while (got < 40 && poll(p, 3, 20000) > 0)
		for (int i = 0; i < 3; i++)
			while (recv(r[i], b, 1, MSG_DONTWAIT) == 1) {
				got++;
				each[i]++;
			}
	for (int i = 0; i < 3; i++) {
		used += each[i] > 0;
		close(r[i]);
	}
	CHECK(got == 40 && used >= 2);
}

static void options(void)
{
	bool v6 = family == AF_INET6;
	int s = socket(family, SOCK_DGRAM, 0), level = v6 ? IPPROTO_IPV6 : IPPROTO_IP;
	struct addr a = loopback(9);
	char name[IFNAMSIZ] = "";
	socklen_t n = sizeof(name);

	CHECK(get(s, SOL_SOCKET, SO_PRIORITY) == 0 && set(s, SOL_SOCKET, SO_PRIORITY, 5) == 0 &&
	      get(s, SOL_SOCKET, SO_PRIORITY) == 5);
	CHECK(set(s, SOL_SOCKET, SO_RCVLOWAT, 10) == 0 && get(s, SOL_SOCKET, SO_RCVLOWAT) == 10);
	CHECK(set(s, SOL_SOCKET, SO_MARK, 3) == 0 && get(s, SOL_SOCKET, SO_MARK) == 3);
	CHECK(setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "lo", 2) == 0);
	CHECK(getsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, name, &n) == 0 && !strcmp(name, "lo"));
	CHECK_ERR(setsockopt(s, SOL_SOCKET, SO_BINDTODEVICE, "none0", 6), ENODEV);
	CHECK(get(s, level, v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER) == 1);
	CHECK(set(s, level, v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, 2) == 0);
	CHECK_ERR(set(s, level, v6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, 9), EINVAL);
	CHECK(get(s, level, v6 ? IPV6_MTU : IP_MTU) == -1000 - ENOTCONN);
	CHECK(connect(s, &a.u.sa, a.len) == 0);
	CHECK(!v6 || get(s, level, IPV6_MTU) == 65536);
	CHECK(get(s, level, v6 ? IPV6_RECVPKTINFO : IP_PKTINFO) == 0);
	CHECK_ERR(set(s, level, 249, 1), ENOPROTOOPT);
	CHECK_ERR(set(s, SOL_SOCKET, 249, 1), ENOPROTOOPT);
	CHECK(get(s, 77, 1) == -1000 - (v6 ? ENOPROTOOPT : EOPNOTSUPP));
	CHECK_ERR(set(s, SOL_SOCKET, SO_DETACH_FILTER, 0), ENOENT);
	close(s);
}

/* ---- raw ---- */
static uint16_t sum(const void *data, size_t n)
{
	const uint16_t *p = data;
	uint32_t s = 0;

	for (; n > 1; n -= 2)
		s += *p++;
	s = (s & 0xffff) + (s >> 16);
	return (uint16_t) ~(s + (s >> 16));
}

static void echo(int type, int id)
{
	bool v6 = family == AF_INET6, raw = type == SOCK_RAW;
	int s = socket(family, type, v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
	struct addr a = loopback(0), from = { .len = sizeof(from.u) };
	uint8_t b[128], p[16] = { v6 ? 128 : 8, 0, 0, 0, (uint8_t)(id >> 8), (uint8_t)id, 0, 7 };
	struct icmp6_filter f6;
	uint32_t f4 = ~(1u << ICMP_ECHOREPLY);
	int head = raw && !v6 ? 20 : 0;
	ssize_t n;

	CHECK(s >= 0);
	if (raw && !v6)
		CHECK(setsockopt(s, SOL_RAW, ICMP_FILTER, &f4, sizeof(f4)) == 0);
	ICMP6_FILTER_SETBLOCKALL(&f6);
	ICMP6_FILTER_SETPASS(ICMP6_ECHO_REPLY, &f6);
	if (raw && v6)
		CHECK(setsockopt(s, IPPROTO_ICMPV6, ICMP6_FILTER, &f6, sizeof(f6)) == 0);
	if (raw && !v6) {
		uint16_t c = sum(p, sizeof(p));

		memcpy(p + 2, &c, 2);
	}
	CHECK(sendto(s, p, sizeof(p), 0, &a.u.sa, a.len) == 16);
	CHECK(ready(s, POLLIN) & POLLIN);
	n = recvfrom(s, b, sizeof(b), 0, &from.u.sa, &from.len);
	CHECK(n == head + 16 && b[head] == (v6 ? 129 : 0) && b[head + 7] == 7);
	CHECK(from.len == a.len && !memcmp(&from.u, &a.u, a.len));
	if (raw)
		CHECK(b[head + 4] == id >> 8 && b[head + 5] == (id & 255));
	else
		CHECK((b[4] << 8 | b[5]) == port_of(s) && port_of(s));
	CHECK_ERR(recv(s, b, 1, MSG_DONTWAIT), EAGAIN);
	if (!raw) {
		p[0] = v6 ? 129 : 0;
		CHECK_ERR(sendto(s, p, sizeof(p), 0, &a.u.sa, a.len), EINVAL);
		CHECK_ERR(sendto(s, p, 4, 0, &a.u.sa, a.len), EINVAL);
	}
	close(s);
}

static void own_header(void)
{
	struct addr a = loopback(0), to;
	int s = socket(AF_INET, SOCK_RAW, IPPROTO_RAW), u = bound(&to), on = 0;
	struct {
		struct ip ip;
		struct udphdr udp;
		char data[4];
	} p = { .ip = { .ip_hl = 5, .ip_v = 4, .ip_ttl = 3, .ip_p = IPPROTO_UDP } };
	char b[8];

	CHECK(s >= 0 && (on = get(s, IPPROTO_IP, IP_HDRINCL)) == 1);
	p.ip.ip_dst = a.u.in.sin_addr;
	p.udp.uh_dport = to.u.in.sin_port;
	p.udp.uh_sport = htons(4000);
	p.udp.uh_ulen = htons(12);
	memcpy(p.data, "data", 4);
	CHECK(sendto(s, &p, sizeof(p), 0, &a.u.sa, a.len) == sizeof(p));
	CHECK(ready(u, POLLIN) == POLLIN && recv(u, b, sizeof(b), 0) == 4 && !memcmp(b, "data", 4));
	CHECK_ERR(sendto(s, &p, 10, 0, &a.u.sa, a.len), EINVAL);
	close(s);
	close(u);
}

/* A raw socket sees what an ordinary one gets. */
static void beside(void)
{
	struct addr a;
	int s = socket(AF_INET, SOCK_RAW, IPPROTO_UDP), u = bound(&a);
	uint8_t b[128];

	CHECK(sendto(u, "both", 4, 0, &a.u.sa, a.len) == 4);
	CHECK(ready(s, POLLIN) == POLLIN && ready(u, POLLIN) == POLLIN);
	CHECK(recv(s, b, sizeof(b), 0) == 32 && b[0] == 0x45 && !memcmp(b + 28, "both", 4));
	CHECK(recv(u, b, sizeof(b), 0) == 4);
	CHECK_ERR(socket(AF_INET, SOCK_RAW, 0), EPROTONOSUPPORT);
	CHECK_ERR(socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMPV6), EPROTONOSUPPORT);
	CHECK(seteuid(65534) == 0);
	CHECK_ERR(socket(AF_INET, SOCK_RAW, IPPROTO_ICMP), EPERM);
	CHECK(seteuid(0) == 0);
	close(s);
	close(u);
}

int main(void)
{
	for (int i = 0; i < 2; i++) {
		family = i ? AF_INET6 : AF_INET;
		ancillary();
		errors();
		groups();
		shared_port();
		options();
		echo(SOCK_RAW, 0x1234);
		echo(SOCK_DGRAM, 0);
	}
	family = AF_INET;
	own_header();
	beside();
	return check_done();
}
