// SPDX-License-Identifier: BSD-3-Clause
// Sockets of every kind and state, then the command given (ss, netstat), which shows them.
#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define PORT 7001

static int ip_socket(int family, int type, int port, int v6only)
{
	struct sockaddr_in6 a6 = { .sin6_family = AF_INET6, .sin6_port = htons(port),
				   .sin6_addr = in6addr_any };
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(family, type, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof(v6only));
	CHECK(family == AF_INET ? bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0
				: bind(fd, (struct sockaddr *)&a6, sizeof(a6)) == 0);
	return fd;
}

static int to(int fd, int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons(port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	CHECK(connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0);
	return fd;
}

/* Until what was sent has arrived, and no connection is between two states. */
static void settle(int sent)
{
	int left = 1, passing = 1;
	unsigned state;
	char line[256];

	for (int k = 0; k < 20000 && (left || passing); k++) {
		FILE *f = fopen("/proc/net/tcp", "r");

		CHECK(f && fgets(line, sizeof(line), f) && ioctl(sent, SIOCOUTQ, &left) == 0);
		passing = 0;
		while (f && fscanf(f, " %*s %*s %*s %x%255[^\n]", &state, line) == 2)
			passing += state == TCP_SYN_SENT || state == TCP_SYN_RECV ||
				   state == TCP_FIN_WAIT1;
		if (f)
			fclose(f);
		usleep(1000);
	}
}

/* Returns a connection on which something was sent. */
static int tcp(void)
{
	int sent;
	int l = ip_socket(AF_INET, SOCK_STREAM, PORT, 0), c;

	CHECK(listen(l, 5) == 0);
	CHECK(listen(ip_socket(AF_INET6, SOCK_STREAM, PORT + 1, 0), 6) == 0);
	CHECK(listen(ip_socket(AF_INET6, SOCK_STREAM, PORT + 2, 1), 7) == 0);
	to(ip_socket(AF_INET, SOCK_STREAM, PORT + 3, 0), PORT); /* not accepted */
	c = to(ip_socket(AF_INET, SOCK_STREAM, PORT + 4, 0), PORT);
	accept(l, NULL, NULL);
	accept(l, NULL, NULL);
	CHECK(write(c, "12345", 5) == 5);
	sent = c;
	to(ip_socket(AF_INET, SOCK_STREAM, PORT + 5, 0), PORT);
	c = to(ip_socket(AF_INET, SOCK_STREAM, PORT + 6, 0), PORT);
	accept(l, NULL, NULL);
	accept(l, NULL, NULL);
	close(c); /* FIN-WAIT-2 without a socket, CLOSE-WAIT */
	to(ip_socket(AF_INET, SOCK_STREAM, PORT + 7, 0), PORT);
	return sent;
}

static void local(int type, const char *name)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type, 0), pair[2];
	socklen_t n = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));

	strcpy(a.sun_path + 1, name);
	CHECK(bind(fd, (struct sockaddr *)&a, n) == 0);
	if (type != SOCK_DGRAM)
		CHECK(listen(fd, 9) == 0);
	CHECK(socketpair(AF_UNIX, type, 0, pair) == 0);
}

int main(int argc, char **argv)
{
	int sent = tcp();
	ip_socket(AF_INET, SOCK_DGRAM, PORT, 0);
	to(ip_socket(AF_INET, SOCK_DGRAM, PORT + 1, 0), PORT);
	ip_socket(AF_INET6, SOCK_DGRAM, PORT + 2, 0);
	socket(AF_INET, SOCK_RAW, 200);
	local(SOCK_STREAM, "one");
	local(SOCK_DGRAM, "two");
	local(SOCK_SEQPACKET, "three");
	settle(sent);
	for (int i = 1; i < argc; i++) {
		fflush(stdout);
		CHECK(system(argv[i]) == 0);
	}
	return check_done();
}
