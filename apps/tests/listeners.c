// SPDX-License-Identifier: BSD-3-Clause
// TCP sockets that share a port, what accepted ones inherit, options of tcp(7).
#include "check.h"
#include "sockopt.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#define LISTENERS 3
#define CLIENTS   60

static struct sockaddr_in a;
static socklen_t len = sizeof(a);

static int listener(int option)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	if (option)
		CHECK(set(fd, SOL_SOCKET, option, 1) == 0);
	if (bind(fd, (void *)&a, sizeof(a)) == 0 && listen(fd, 100) == 0) {
		CHECK(getsockname(fd, (void *)&a, &len) == 0);
		return fd;
	}
	close(fd);
	return -1;
}

static int accept_all(int l)
{
	int n = 0, fd;

	while ((fd = accept(l, NULL, NULL)) >= 0) {
		CHECK(write(fd, "x", 1) == 1);
		close(fd);
		n++;
	}
	return n;
}

/* Accepts that many connections of n listeners; counts those of each. */
static void accept_of(const int *l, int n, int many, int *each)
{
	struct pollfd p[LISTENERS];

	for (int i = 0; i < n; i++) {
		p[i] = (struct pollfd){ l[i], POLLIN };
		each[i] = 0;
	}
	while (many > 0 && poll(p, (nfds_t)n, 20000) > 0) {
		for (int i = 0; i < n; i++) {
			int now = p[i].revents ? accept_all(l[i]) : 0;

			each[i] += now;
			many -= now;
		}
	}
	CHECK(many == 0);
}

static void clients(int n)
{
	for (int i = 0; i < n; i++) {
		int c = socket(AF_INET, SOCK_STREAM, 0);

		CHECK(connect(c, (void *)&a, sizeof(a)) == 0);
		close(c);
	}
}

static void shared(void)
{
	int l[LISTENERS], each[LISTENERS], n, used = 0;

	for (int i = 0; i < LISTENERS; i++)
		CHECK((l[i] = listener(SO_REUSEPORT)) >= 0);
	CHECK(listener(0) == -1 && errno == EADDRINUSE);
	CHECK(listener(SO_REUSEADDR) == -1 && errno == EADDRINUSE);
	CHECK(get(l[1], SOL_SOCKET, SO_ACCEPTCONN) == 1 && listen(l[1], 100) == 0);
	clients(CLIENTS);
	accept_of(l, LISTENERS, CLIENTS, each);
	for (int i = 0; i < LISTENERS; i++)
		used += each[i] > 0;
	CHECK(used == LISTENERS);
	close(l[0]); /* who remains takes all */
	clients(10);
	accept_of(l + 1, 2, 10, each);
	CHECK((l[0] = listener(SO_REUSEPORT)) >= 0);
	close(l[1]);
	close(l[2]);
	clients(10);
	accept_of(l, 1, 10, each);
	close(l[0]);
	n = socket(AF_INET, SOCK_STREAM, 0);
	CHECK_ERR(connect(n, (void *)&a, sizeof(a)), ECONNREFUSED);
	close(n);
}

static void two_plain(void)
{
	int l;

	a.sin_port = 0;
	l = listener(SO_REUSEADDR);
	CHECK(listener(SO_REUSEADDR) == -1 && errno == EADDRINUSE);
	CHECK(listener(SO_REUSEPORT) == -1 && errno == EADDRINUSE);
	close(l);
	CHECK((l = listener(SO_REUSEADDR)) >= 0);
	close(l);
}

static void inherited(void)
{
	int l, c = socket(AF_INET, SOCK_STREAM, 0), s;

	a.sin_port = 0;
	l = listener(0);
	CHECK(set(l, IPPROTO_TCP, TCP_NODELAY, 1) == 0 && set(l, IPPROTO_IP, IP_TTL, 9) == 0);
	CHECK(set(l, SOL_SOCKET, SO_KEEPALIVE, 1) == 0 &&
	      set(l, IPPROTO_TCP, TCP_USER_TIMEOUT, 4000) == 0);
	CHECK(connect(c, (void *)&a, sizeof(a)) == 0);
	CHECK(poll(&(struct pollfd){ l, POLLIN }, 1, 20000) == 1);
	s = accept(l, NULL, NULL);
	CHECK(s >= 0 && get(s, IPPROTO_TCP, TCP_NODELAY) == 1 && get(s, IPPROTO_IP, IP_TTL) == 9);
	CHECK(get(s, SOL_SOCKET, SO_KEEPALIVE) == 1 &&
	      get(s, IPPROTO_TCP, TCP_USER_TIMEOUT) == 4000);
	close(s);
	close(c);
	close(l);
}

static void options(void)
{
	int s = socket(AF_INET, SOCK_STREAM, 0);
	struct tcp_info info;
	socklen_t n = sizeof(info);

	CHECK(getsockopt(s, IPPROTO_TCP, TCP_INFO, &info, &n) == 0 && info.tcpi_state == TCP_CLOSE);
	CHECK_ERR(set(s, IPPROTO_TCP, TCP_MAXSEG, 40), EINVAL);
	CHECK(set(s, IPPROTO_TCP, TCP_MAXSEG, 1000) == 0);
	CHECK(set(s, IPPROTO_TCP, TCP_SYNCNT, 3) == 0 && get(s, IPPROTO_TCP, TCP_SYNCNT) == 3);
	CHECK_ERR(set(s, IPPROTO_TCP, TCP_SYNCNT, 200), EINVAL);
	CHECK(set(s, IPPROTO_TCP, TCP_NOTSENT_LOWAT, 5000) == 0 &&
	      get(s, IPPROTO_TCP, TCP_NOTSENT_LOWAT) == 5000);
	CHECK(set(s, IPPROTO_TCP, TCP_LINGER2, 5) == 0 && get(s, IPPROTO_TCP, TCP_LINGER2) == 5);
	CHECK(set(s, IPPROTO_TCP, TCP_FASTOPEN_CONNECT, 1) == 0);
	CHECK(set(s, IPPROTO_TCP, TCP_QUICKACK, 1) == 0);
	CHECK_ERR(setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, "nosuch", 6), ENOENT);
	CHECK(setsockopt(s, IPPROTO_TCP, TCP_CONGESTION, "reno", 4) == 0);
	CHECK_ERR(setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &n, 1), EINVAL);
	CHECK_ERR(set(s, IPPROTO_TCP, 250, 1), ENOPROTOOPT);
	close(s);
}

int main(void)
{
	a.sin_family = AF_INET;
	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	shared();
	two_plain();
	inherited();
	options();
	return check_done();
}
