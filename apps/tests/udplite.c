// SPDX-License-Identifier: BSD-3-Clause
// UDP-Lite (RFC 3828) over loopback, udplite(7): datagrams, coverage of the checksum, ports,
// errors.
#include "check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdint.h>
#include <sys/socket.h>
#include <unistd.h>

#define LITE       136
#define SEND_CSCOV 10
#define RECV_CSCOV 11

static int set(int fd, int name, int v)
{
	return setsockopt(fd, LITE, name, &v, sizeof(v));
}

static int get(int fd, int name)
{
	int v = -1;
	socklen_t n = sizeof(v);

	return getsockopt(fd, LITE, name, &v, &n) ? -1000 - errno : v;
}

/* A socket with a port of its own on loopback; its address. */
static int bound(int family, struct sockaddr_in6 *a, socklen_t *n)
{
	int fd = socket(family, SOCK_DGRAM, LITE);

	*a = (struct sockaddr_in6){ .sin6_family = (sa_family_t)family };
	*n = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(*a);
	if (family == AF_INET)
		((struct sockaddr_in *)a)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		a->sin6_addr = in6addr_loopback;
	CHECK(fd >= 0);
	CHECK(bind(fd, (void *)a, *n) == 0 && getsockname(fd, (void *)a, n) == 0);
	CHECK(a->sin6_port != 0);
	return fd;
}

static int waits(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };

	return poll(&p, 1, 0) == 1;
}

static void exchange(int family)
{
	static char out[9000], in[9000];
	static const size_t sizes[] = { 0, 1, 100, 1472, 9000 };
	struct sockaddr_in6 to, me, from;
	socklen_t n, len = sizeof(from);
	int r = bound(family, &to, &n), s = bound(family, &me, &n);

	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = (char)(i * 7);
	for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		/* all, all said as 0, the header, some of it, more than there is */
		static const int cover[] = { -1, 0, 8, 20, 60000 };

		for (unsigned k = 0; k < sizeof(cover) / sizeof(*cover); k++) {
			if (cover[k] >= 0)
				CHECK(set(s, SEND_CSCOV, cover[k]) == 0);
			CHECK(sendto(s, out, sizes[i], 0, (void *)&to, n) == (ssize_t)sizes[i]);
			CHECK(recvfrom(r, in, sizeof(in), 0, (void *)&from, &len) ==
			      (ssize_t)sizes[i]);
			CHECK(memcmp(in, out, sizes[i]) == 0);
			CHECK(from.sin6_port == me.sin6_port);
		}
	}

	/* the receiver wants 30 bytes covered at least, or all */
	CHECK(set(r, RECV_CSCOV, 30) == 0 && get(r, RECV_CSCOV) == 30);
	CHECK(set(s, SEND_CSCOV, 20) == 0);
	CHECK(sendto(s, out, 100, 0, (void *)&to, n) == 100);
	CHECK(set(s, SEND_CSCOV, 40) == 0);
	CHECK(sendto(s, out, 99, 0, (void *)&to, n) == 99);
	CHECK(recv(r, in, sizeof(in), 0) == 99 && !waits(r));
	CHECK(sendto(s, out, 10, 0, (void *)&to, n) == 10); /* 18 bytes, all covered */
	CHECK(recv(r, in, sizeof(in), 0) == 10);
	CHECK(set(r, RECV_CSCOV, 0) == 0);
	CHECK(sendto(s, out, 100, 0, (void *)&to, n) == 100);
	CHECK(set(s, SEND_CSCOV, 0) == 0);
	CHECK(sendto(s, out, 98, 0, (void *)&to, n) == 98);
	CHECK(recv(r, in, sizeof(in), 0) == 98 && !waits(r));

	/* connected: from its peer only */
	int third = bound(family, &from, &len);
	CHECK(connect(r, (void *)&me, n) == 0);
	CHECK(sendto(third, "no", 2, 0, (void *)&to, n) == 2);
	CHECK(sendto(s, "yes", 3, 0, (void *)&to, n) == 3);
	CHECK(recv(r, in, sizeof(in), 0) == 3);
	CHECK(send(r, "back", 4, 0) == 4 && recv(s, in, sizeof(in), 0) == 4);

	/* nobody there any more */
	CHECK(connect(s, (void *)&to, n) == 0);
	close(r);
	CHECK(send(s, "x", 1, 0) == 1);
	struct pollfd p = { s, POLLIN, 0 };
	CHECK(poll(&p, 1, 5000) == 1 && recv(s, in, 1, 0) == -1 && errno == ECONNREFUSED);
	close(third);
	close(s);
}

int main(void)
{
	struct sockaddr_in6 a, b, wild = { .sin6_family = AF_INET6 };
	socklen_t n, len;
	int s = bound(AF_INET, &a, &n), t = socket(AF_INET, SOCK_DGRAM, LITE), v;
	char in[8];

	len = sizeof(v);
	CHECK(getsockopt(s, SOL_SOCKET, SO_PROTOCOL, &v, &len) == 0 && v == LITE);
	CHECK(get(s, SEND_CSCOV) == 0 && get(s, RECV_CSCOV) == 0);
	CHECK(set(s, SEND_CSCOV, 3) == 0 && get(s, SEND_CSCOV) == 8);
	CHECK(set(s, RECV_CSCOV, 70000) == 0 && get(s, RECV_CSCOV) == 65535);
	CHECK(get(s, 99) == -1000 - ENOPROTOOPT);
	CHECK(setsockopt(s, LITE, SEND_CSCOV, &v, 1) == -1 && errno == EINVAL);

	/* ports are UDP-Lite's own, and one socket's */
	CHECK(bind(t, (void *)&a, n) == -1 && errno == EADDRINUSE);
	int udp = socket(AF_INET, SOCK_DGRAM, 0);
	CHECK(bind(udp, (void *)&a, n) == 0);
	CHECK(send(t, "x", 1, 0) == -1 && errno == EDESTADDRREQ);
	close(udp);
	close(t);
	close(s);

	exchange(AF_INET);
	exchange(AF_INET6);

	/* an IPv6 socket for both */
	t = socket(AF_INET6, SOCK_DGRAM, LITE);
	len = sizeof(wild);
	CHECK(bind(t, (void *)&wild, len) == 0 && getsockname(t, (void *)&wild, &len) == 0);
	s = bound(AF_INET, &b, &n);
	((struct sockaddr_in *)&a)->sin_port = wild.sin6_port;
	((struct sockaddr_in *)&a)->sin_family = AF_INET;
	((struct sockaddr_in *)&a)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(sendto(s, "both", 4, 0, (void *)&a, n) == 4);
	len = sizeof(wild);
	CHECK(recvfrom(t, in, sizeof(in), 0, (void *)&wild, &len) == 4);
	CHECK(IN6_IS_ADDR_V4MAPPED(&wild.sin6_addr));
	CHECK(sendto(t, "back", 4, 0, (void *)&wild, len) == 4 && recv(s, in, sizeof(in), 0) == 4);
	return check_done();
}
