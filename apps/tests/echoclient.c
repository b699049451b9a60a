// SPDX-License-Identifier: BSD-3-Clause
// Client of echo: ADDRESS BYTES. Waits until it listens, has a stream and datagrams echoed, ends
// it.
#include "check.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct sockaddr_in server = { .sin_family = AF_INET };

static char pattern(size_t i)
{
	return (char)(i * 7 + i / 251);
}

static int connected(void)
{
	int fd;

	while ((fd = socket(AF_INET, SOCK_STREAM, 0)) >= 0 &&
	       connect(fd, (void *)&server, sizeof(server)) < 0) {
		close(fd);
		poll(NULL, 0, 20);
	}
	return fd;
}

static void stream(size_t bytes)
{
	static char b[30000];
	size_t sent = 0, got = 0;
	int fd = connected();

	while (got < bytes) {
		struct pollfd p = { fd, (short)(sent < bytes ? POLLIN | POLLOUT : POLLIN), 0 };

		poll(&p, 1, -1);
		if (p.revents & POLLOUT) {
			size_t n = bytes - sent < sizeof(b) ? bytes - sent : sizeof(b);

			for (size_t i = 0; i < n; i++)
				b[i] = pattern(sent + i);
			ssize_t w = send(fd, b, n, MSG_DONTWAIT);
			CHECK(w > 0);
			sent += (size_t)w;
		}
		if (p.revents & POLLIN) {
			ssize_t r = read(fd, b, sizeof(b));

			CHECK(r > 0);
			for (ssize_t i = 0; i < r; i++, got++)
				CHECK(b[i] == pattern(got));
		}
	}
	close(fd);
}

static void datagrams(void)
{
	static const size_t sizes[] = { 0, 1, 500, 1472, 2000 };
	char out[2048], in[2048];
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	CHECK(connect(fd, (void *)&server, sizeof(server)) == 0);
	for (size_t i = 0; i < sizeof(out); i++)
		out[i] = pattern(i);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		CHECK(send(fd, out, sizes[i], 0) == (ssize_t)sizes[i]);
		CHECK(recv(fd, in, sizeof(in), 0) == (ssize_t)sizes[i]);
		CHECK(memcmp(in, out, sizes[i]) == 0);
	}
	close(fd);
}

int main(int argc, char **argv)
{
	server.sin_port = htons(7);
	CHECK(argc == 3 && inet_pton(AF_INET, argv[1], &server.sin_addr) == 1);
	stream(strtoul(argv[2], NULL, 10));
	datagrams();
	int fd = connected();
	CHECK(write(fd, "end\n", 4) == 4);
	close(fd);
	return check_done();
}
