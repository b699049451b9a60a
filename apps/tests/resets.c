// SPDX-License-Identifier: BSD-3-Clause
// What is left of a TCP connection that the other end has reset or closed: data, errors, names.
#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static int listener;
static struct sockaddr_in at = { .sin_family = AF_INET };

static void connected(int *a, int *b)
{
	*a = socket(AF_INET, SOCK_STREAM, 0);
	CHECK(connect(*a, (struct sockaddr *)&at, sizeof(at)) == 0);
	*b = accept(listener, NULL, NULL);
}

static void reset(int fd)
{
	const struct linger at_once = { 1, 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
}

static const char *result(long r)
{
	return r < 0 ? strerror(errno) : "";
}

static void show_state(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN | POLLOUT | POLLRDHUP };
	struct sockaddr_in a;
	socklen_t n = sizeof(a);

	poll(&p, 1, 20000);
	int r = getpeername(fd, (struct sockaddr *)&a, &n);
	printf("events %x, peer's name %d %s\n", p.revents, r, result(r));
	n = sizeof(a);
	CHECK(getsockname(fd, (struct sockaddr *)&a, &n) == 0 && a.sin_port == at.sin_port);
}

static void show_data(int fd, int times)
{
	char c;

	while (times--) {
		ssize_t r = recv(fd, &c, 1, MSG_DONTWAIT);
		printf("recv %zd %s\n", r, result(r));
	}
}

static void show_rest(int fd)
{
	ssize_t r = send(fd, "x", 1, MSG_NOSIGNAL);
	printf("send %zd %s\n", r, result(r));
	r = shutdown(fd, SHUT_RDWR);
	printf("shutdown %zd %s\n", r, result(r));
	close(fd);
}

/* Until the other end's packets have come: POLLRDHUP its end, 0 a reset. */
static void await(int fd, short events)
{
	struct pollfd p = { .fd = fd, .events = events };

	CHECK(poll(&p, 1, 20000) == 1);
}

int main(void)
{
	struct sockaddr_in peer;
	socklen_t n = sizeof(at);
	int a, b;

	listener = socket(AF_INET, SOCK_STREAM, 0);
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	CHECK(bind(listener, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(listener, 5) == 0);
	getsockname(listener, (struct sockaddr *)&at, &n);

	puts("reset behind data");
	connected(&a, &b);
	CHECK(send(a, "abc", 3, 0) == 3);
	reset(a);
	await(b, 0);
	show_state(b);
	show_data(b, 5);
	show_rest(b);

	puts("reset");
	connected(&a, &b);
	reset(a);
	await(b, 0);
	show_state(b);
	show_data(b, 2);
	show_rest(b);

	puts("closed behind data, then here");
	connected(&a, &b);
	CHECK(send(a, "abc", 3, 0) == 3);
	close(a);
	await(b, POLLRDHUP);
	show_state(b);
	show_data(b, 4);
	CHECK(shutdown(b, SHUT_WR) == 0);
	for (int k = 0; k < 20000 && getpeername(b, (struct sockaddr *)&peer, &n) == 0; k++)
		usleep(1000); /* until that has arrived, too */
	show_state(b);
	show_data(b, 1);
	close(b);

	puts("closed with data unread");
	connected(&a, &b);
	CHECK(send(b, "abc", 3, 0) == 3);
	await(a, POLLIN);
	close(a);
	await(b, 0);
	show_state(b);
	show_data(b, 2);
	show_rest(b);
	return check_done();
}
