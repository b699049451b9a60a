// SPDX-License-Identifier: BSD-3-Clause
// A connection over an interface that is down for a while: it goes on, or ends by TCP_USER_TIMEOUT.
// For a network namespace of its own: it switches loopback off.
#include "check.h"
#include "sockopt.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void loopback(int up)
{
	struct ifreq r = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	CHECK(ioctl(fd, SIOCGIFFLAGS, &r) == 0);
	r.ifr_flags = (short)(up ? r.ifr_flags | IFF_UP : r.ifr_flags & ~IFF_UP);
	CHECK(ioctl(fd, SIOCSIFFLAGS, &r) == 0);
	close(fd);
}

static void connection(int s[2])
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int l = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t n = sizeof(a);

	CHECK(bind(l, (void *)&a, n) == 0 && listen(l, 1) == 0);
	getsockname(l, (void *)&a, &n);
	s[0] = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(connect(s[0], (void *)&a, n) == 0);
	s[1] = accept(l, NULL, NULL);
	close(l);
}

static int ready(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	poll(&p, 1, ms);
	return p.revents;
}

int main(void)
{
	int s[2];
	char c;

	connection(s);
	loopback(0);
	CHECK(send(s[0], "x", 1, 0) == 1);
	CHECK(ready(s[1], 300) == 0);
	loopback(1);
	CHECK(ready(s[1], 20000) == POLLIN && read(s[1], &c, 1) == 1);

	CHECK(set(s[0], IPPROTO_TCP, TCP_USER_TIMEOUT, 500) == 0);
	loopback(0);
	CHECK(send(s[0], "x", 1, 0) == 1);
	CHECK(ready(s[0], 20000) & POLLERR);
	printf("%s\n", strerror(get(s[0], SOL_SOCKET, SO_ERROR)));
	return check_done();
}
