// SPDX-License-Identifier: BSD-3-Clause
// Echoes TCP connections and UDP datagrams on port 7, IPv4 and IPv6, until a connection says "end".
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int bound(int type)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_port = htons(7) };
	int fd = socket(AF_INET6, type, 0), one = 1;

	if (fd >= 0)
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (fd < 0 || bind(fd, (void *)&a, sizeof(a)) || (type == SOCK_STREAM && listen(fd, 64))) {
		perror("echo");
		_exit(1);
	}
	return fd;
}

/* 1: told to end */
static int connection(int fd)
{
	static char b[65536];
	ssize_t n, w;

	while ((n = read(fd, b, sizeof(b))) > 0) {
		if (n == 4 && !memcmp(b, "end\n", 4))
			return 1;
		for (ssize_t at = 0; at < n; at += w)
			if ((w = write(fd, b + at, (size_t)(n - at))) < 0)
				return 0;
	}
	return 0;
}

static void datagram(int fd)
{
	struct sockaddr_storage from;
	socklen_t len = sizeof(from);
	char b[2048];
	ssize_t n = recvfrom(fd, b, sizeof(b), 0, (void *)&from, &len);

	if (n >= 0)
		sendto(fd, b, (size_t)n, 0, (void *)&from, len);
}

int main(void)
{
	struct pollfd p[2] = { { bound(SOCK_STREAM), POLLIN, 0 },
			       { bound(SOCK_DGRAM), POLLIN, 0 } };

	puts("ready");
	fflush(stdout);
	for (int end = 0; !end && poll(p, 2, -1) > 0;) {
		if (p[0].revents) {
			int fd = accept(p[0].fd, NULL, NULL);

			end = connection(fd);
			close(fd);
		}
		if (p[1].revents)
			datagram(p[1].fd);
	}
	return 0;
}
