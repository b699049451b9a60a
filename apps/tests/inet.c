// SPDX-License-Identifier: BSD-3-Clause
// IPv4 and IPv6 sockets over loopback: connections, half close, resets, non-blocking calls, poll
// and epoll, datagrams, options, names, errors.
#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define BULK (3 << 20)

static int family;

struct addr {
	struct sockaddr_storage s;
	socklen_t len;
};

static struct addr loopback(int port)
{
	struct addr a = { .len = sizeof(struct sockaddr_in) };
	struct sockaddr_in *in = (void *)&a.s;
	struct sockaddr_in6 *in6 = (void *)&a.s;

	if (family == AF_INET) {
		in->sin_family = AF_INET;
		in->sin_port = htons(port);
		in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return a;
	}
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(port);
	in6->sin6_addr = in6addr_loopback;
	a.len = sizeof(*in6);
	return a;
}

static int port_of(int fd)
{
	struct sockaddr_in6 a;
	socklen_t n = sizeof(a);

	CHECK(getsockname(fd, (void *)&a, &n) == 0);
	return ntohs(a.sin6_port); /* at the same place in both */
}

static int listener(int backlog, struct addr *a)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*a = loopback(0);
	CHECK(fd >= 0 && bind(fd, (void *)&a->s, a->len) == 0 && listen(fd, backlog) == 0);
	*a = loopback(port_of(fd));
	return fd;
}

static void connection(int out[2])
{
	struct addr a;
	int l = listener(5, &a);

	out[0] = socket(family, SOCK_STREAM, 0);
	CHECK(connect(out[0], (void *)&a.s, a.len) == 0);
	out[1] = accept(l, NULL, NULL);
	CHECK(out[1] >= 0);
	close(l);
}

static void close_both(const int s[2])
{
	close(s[0]);
	close(s[1]);
}

static int ready(int fd, int events, int ms)
{
	struct pollfd p = { fd, events, 0 };

	return poll(&p, 1, ms) <= 0 ? 0 : p.revents;
}

static void names(void)
{
	struct addr a, peer = { .len = sizeof(peer.s) }, own = { .len = sizeof(own.s) };
	int l = listener(5, &a), c = socket(family, SOCK_STREAM, 0), s, v;
	socklen_t n = sizeof(v);

	CHECK_ERR(getpeername(c, (void *)&peer.s, &peer.len), ENOTCONN);
	CHECK(connect(c, (void *)&a.s, a.len) == 0);
	s = accept4(l, (void *)&peer.s, &peer.len, SOCK_NONBLOCK | SOCK_CLOEXEC);
	CHECK(s >= 0 && peer.len == a.len && peer.s.ss_family == family);
	CHECK(fcntl(s, F_GETFL) & O_NONBLOCK && fcntl(s, F_GETFD) == FD_CLOEXEC);
	CHECK(getsockname(c, (void *)&own.s, &own.len) == 0 && own.len == peer.len &&
	      !memcmp(&own.s, &peer.s, own.len));
	CHECK(getpeername(c, (void *)&peer.s, &peer.len) == 0 && !memcmp(&peer.s, &a.s, a.len));
	CHECK(getsockopt(l, SOL_SOCKET, SO_ACCEPTCONN, &v, &n) == 0 && v == 1);
	CHECK(getsockopt(c, SOL_SOCKET, SO_TYPE, &v, &n) == 0 && v == SOCK_STREAM);
	CHECK(getsockopt(c, SOL_SOCKET, SO_PROTOCOL, &v, &n) == 0 && v == IPPROTO_TCP);
	CHECK(getsockopt(c, SOL_SOCKET, SO_DOMAIN, &v, &n) == 0 && v == family);
	CHECK_ERR(connect(c, (void *)&a.s, a.len), EISCONN);
	CHECK_ERR(accept(c, NULL, NULL), EINVAL);
	CHECK_ERR(bind(c, (void *)&a.s, a.len), EINVAL);
	close(s);
	close(c);
	close(l);
}

static void data(void)
{
	char buf[64] = "";
	int s[2], n = 0;
	struct iovec v[2] = { { buf, 3 }, { buf + 8, 3 } };

	connection(s);
	CHECK_ERR(recv(s[1], buf, 8, MSG_DONTWAIT), EAGAIN);
	CHECK(send(s[0], "hello world", 11, 0) == 11);
	CHECK(ready(s[1], POLLIN, 2000) == POLLIN);
	CHECK(ioctl(s[1], FIONREAD, &n) == 0 && n == 11);
	CHECK(recv(s[1], buf, 5, MSG_PEEK) == 5 && !memcmp(buf, "hello", 5));
	CHECK(readv(s[1], v, 2) == 6 && !memcmp(buf, "hel", 3) && !memcmp(buf + 8, "lo ", 3));
	CHECK(recv(s[1], NULL, 2, MSG_TRUNC) == 2);
	CHECK(read(s[1], buf, sizeof(buf)) == 3 && !memcmp(buf, "rld", 3));
	CHECK(write(s[0], "ab", 2) == 2);
	CHECK(send(s[0], "cd", 2, MSG_MORE) == 2 && send(s[0], "ef", 2, 0) == 2);
	CHECK(recv(s[1], buf, 6, MSG_WAITALL) == 6 && !memcmp(buf, "abcdef", 6));
	CHECK(read(s[1], buf, 0) == 0);
	CHECK(write(s[0], buf, 0) == 0);
	CHECK_ERR(recv(s[1], buf, 1, MSG_OOB), EINVAL);
	close_both(s);
}

static void half_close(void)
{
	char b[8];
	int s[2];

	connection(s);
	CHECK(write(s[0], "request", 7) == 7 && shutdown(s[0], SHUT_WR) == 0);
	CHECK(ready(s[0], POLLOUT, 0) == POLLOUT);
	signal(SIGPIPE, SIG_IGN);
	CHECK_ERR(write(s[0], "x", 1), EPIPE);
	CHECK(recv(s[1], b, 7, MSG_WAITALL) == 7 && read(s[1], b, 1) == 0);
	CHECK((ready(s[1], POLLIN | POLLRDHUP, 0) & (POLLIN | POLLRDHUP | POLLHUP)) ==
	      (POLLIN | POLLRDHUP));
	CHECK(write(s[1], "answer", 6) == 6);
	CHECK(recv(s[0], b, 6, MSG_WAITALL) == 6);
	CHECK(shutdown(s[1], SHUT_WR) == 0 && read(s[0], b, 1) == 0);
	CHECK(ready(s[0], POLLIN | POLLRDHUP, 2000) & POLLHUP);
	close_both(s);
	CHECK_ERR(shutdown(s[0], SHUT_WR), EBADF);
	s[0] = socket(family, SOCK_STREAM, 0);
	CHECK_ERR(shutdown(s[0], SHUT_WR), ENOTCONN);
	CHECK_ERR(read(s[0], b, 1), ENOTCONN);
	CHECK_ERR(write(s[0], b, 1), EPIPE);
	CHECK((ready(s[0], POLLIN | POLLOUT, 0) & (POLLOUT | POLLHUP)) == (POLLOUT | POLLHUP));
	close(s[0]);
}

static void resets(void)
{
	struct linger now = { 1, 0 };
	char b[8];
	int s[2], e;
	socklen_t n = sizeof(e);

	connection(s);
	CHECK(setsockopt(s[0], SOL_SOCKET, SO_LINGER, &now, sizeof(now)) == 0);
	close(s[0]);
	CHECK(ready(s[1], POLLIN, 2000) & POLLERR);
	CHECK(getsockopt(s[1], SOL_SOCKET, SO_ERROR, &e, &n) == 0 && e == ECONNRESET);
	CHECK(getsockopt(s[1], SOL_SOCKET, SO_ERROR, &e, &n) == 0 && e == 0);
	CHECK(read(s[1], b, 1) == 0);
	close(s[1]);
	connection(s);
	CHECK(write(s[0], "unread", 6) == 6 && ready(s[1], POLLIN, 2000) == POLLIN);
	close(s[1]); /* with unread data: a reset */
	CHECK(ready(s[0], POLLIN, 2000) & POLLERR);
	CHECK_ERR(read(s[0], b, 1), ECONNRESET);
	close(s[0]);
}

static void refused(void)
{
	struct addr a;
	int l = listener(1, &a), c, e = 0;
	socklen_t n = sizeof(e);

	close(l);
	c = socket(family, SOCK_STREAM, 0);
	CHECK_ERR(connect(c, (void *)&a.s, a.len), ECONNREFUSED);
	close(c);
	c = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	CHECK(connect(c, (void *)&a.s, a.len) == -1 &&
	      (errno == EINPROGRESS || errno == ECONNREFUSED));
	if (errno == EINPROGRESS) {
		CHECK(ready(c, POLLOUT, 2000) & POLLERR);
		CHECK(getsockopt(c, SOL_SOCKET, SO_ERROR, &e, &n) == 0 && e == ECONNREFUSED);
	}
	close(c);
}

static void non_blocking(void)
{
	struct addr a;
	int l = listener(5, &a), c = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0), s, e = 1;
	socklen_t n = sizeof(e);

	fcntl(l, F_SETFL, O_NONBLOCK);
	CHECK_ERR(accept(l, NULL, NULL), EAGAIN);
	CHECK(ready(l, POLLIN, 0) == 0);
	CHECK(connect(c, (void *)&a.s, a.len) == 0 || errno == EINPROGRESS);
	CHECK(ready(c, POLLOUT, 2000) == POLLOUT);
	CHECK(getsockopt(c, SOL_SOCKET, SO_ERROR, &e, &n) == 0 && e == 0);
	CHECK(ready(l, POLLIN, 2000) == POLLIN);
	s = accept(l, NULL, NULL);
	CHECK(s >= 0 && !(fcntl(s, F_GETFL) & O_NONBLOCK));
	close(s);
	close(c);
	close(l);
}

static void *pour(void *arg)
{
	int fd = *(int *)arg;
	unsigned char *b = malloc(BULK);

	for (int i = 0; i < BULK; i++)
		b[i] = (unsigned char)(i * 7 + (i >> 8));
	for (int at = 0; at < BULK;) {
		ssize_t n = write(fd, b + at, (size_t)(BULK - at));

		CHECK(n > 0);
		if (n <= 0)
			break;
		at += (int)n;
	}
	CHECK(shutdown(fd, SHUT_WR) == 0);
	free(b);
	return NULL;
}

static void bulk(void)
{
	static unsigned char b[40000];
	int s[2], at = 0, wrong = 0;
	pthread_t t;
	ssize_t n;

	connection(s);
	pthread_create(&t, NULL, pour, &s[0]);
	while ((n = read(s[1], b, sizeof(b))) > 0)
		for (ssize_t i = 0; i < n; i++, at++)
			wrong += b[i] != (unsigned char)(at * 7 + (at >> 8));
	CHECK(n == 0 && at == BULK && wrong == 0);
	pthread_join(t, NULL);
	close_both(s);
}

/* A full send buffer: EAGAIN, then POLLOUT when the other side has read. */
static void back_pressure(void)
{
	static char b[65536];
	int s[2];
	long sent = 0, got = 0;
	ssize_t n;

	connection(s);
	fcntl(s[0], F_SETFL, O_NONBLOCK);
	while ((n = write(s[0], b, sizeof(b))) > 0)
		sent += n;
	CHECK(n == -1 && errno == EAGAIN && sent > 65536);
	CHECK(ready(s[0], POLLOUT, 0) == 0);
	fcntl(s[1], F_SETFL, O_NONBLOCK);
	while (got < sent && ready(s[1], POLLIN, 2000))
		got += read(s[1], b, sizeof(b));
	CHECK(got == sent && ready(s[0], POLLOUT, 2000) == POLLOUT);
	close_both(s);
}

static void epolls(void)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET };
	int s[2], p = epoll_create1(0);
	char b[4];

	connection(s);
	CHECK(epoll_ctl(p, EPOLL_CTL_ADD, s[1], &e) == 0);
	CHECK(epoll_wait(p, &e, 1, 2000) == 1 && e.events == EPOLLOUT);
	CHECK(epoll_wait(p, &e, 1, 0) == 0);
	CHECK(write(s[0], "ab", 2) == 2);
	CHECK(epoll_wait(p, &e, 1, 2000) == 1 && e.events & EPOLLIN);
	CHECK(read(s[1], b, 1) == 1 && epoll_wait(p, &e, 1, 0) == 0);
	CHECK(write(s[0], "c", 1) == 1);
	CHECK(epoll_wait(p, &e, 1, 2000) == 1 && e.events & EPOLLIN);
	close(s[0]);
	CHECK(epoll_wait(p, &e, 1, 2000) == 1 && e.events & EPOLLRDHUP);
	close(s[1]);
	CHECK(epoll_wait(p, &e, 1, 0) == 0);
	close(p);
}

static void addresses_in_use(void)
{
	struct addr a, b;
	int l = listener(5, &a), c = socket(family, SOCK_STREAM, 0), one = 1, d;

	CHECK_ERR(bind(c, (void *)&a.s, a.len), EADDRINUSE);
	CHECK(setsockopt(c, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0);
	CHECK_ERR(bind(c, (void *)&a.s, a.len), EADDRINUSE);
	b = loopback(0);
	CHECK_ERR(bind(c, (void *)&b.s, 4), EINVAL);
	b.s.ss_family = AF_UNIX;
	CHECK_ERR(bind(c, (void *)&b.s, b.len), EAFNOSUPPORT);
	b = loopback(0);
	if (family == AF_INET)
		((struct sockaddr_in *)&b.s)->sin_addr.s_addr = htonl(0xc0000201); /* TEST-NET-1 */
	else
		((struct sockaddr_in6 *)&b.s)->sin6_addr.s6_addr[0] = 0x20;
	CHECK_ERR(bind(c, (void *)&b.s, b.len), EADDRNOTAVAIL);
	close(c);
	d = socket(family, SOCK_DGRAM, 0); /* another protocol, other ports */
	CHECK(bind(d, (void *)&a.s, a.len) == 0);
	close(d);
	close(l);
	CHECK_ERR(socket(family, SOCK_STREAM, IPPROTO_UDP), EPROTONOSUPPORT);
	CHECK_ERR(socket(family, SOCK_SEQPACKET, 0), ESOCKTNOSUPPORT);
	CHECK_ERR(socketpair(family, SOCK_STREAM, 0, (int[2]){ 0 }), EOPNOTSUPP);
}

static void datagrams(void)
{
	struct addr a = loopback(0), from = { .len = sizeof(from.s) };
	int u = socket(family, SOCK_DGRAM, 0), c = socket(family, SOCK_DGRAM, 0), n = 0;
	char b[2000], big[1500];
	struct iovec v = { b, 4 };
	struct msghdr m = { .msg_iov = &v, .msg_iovlen = 1 };

	memset(big, 'x', sizeof(big));
	CHECK(bind(u, (void *)&a.s, a.len) == 0);
	a = loopback(port_of(u));
	CHECK_ERR(send(c, "x", 1, 0), EDESTADDRREQ);
	CHECK_ERR(recv(u, b, 1, MSG_DONTWAIT), EAGAIN);
	CHECK(sendto(c, "first", 5, 0, (void *)&a.s, a.len) == 5);
	CHECK(sendto(c, "", 0, 0, (void *)&a.s, a.len) == 0);
	CHECK(connect(c, (void *)&a.s, a.len) == 0 && send(c, big, sizeof(big), 0) == 1500);
	CHECK(ready(u, POLLIN, 2000) == POLLIN && ioctl(u, FIONREAD, &n) == 0 && n == 5);
	CHECK(recvfrom(u, b, sizeof(b), MSG_PEEK, (void *)&from.s, &from.len) == 5);
	CHECK(from.len == a.len && recvmsg(u, &m, 0) == 4 && m.msg_flags == MSG_TRUNC);
	CHECK(recv(u, b, sizeof(b), 0) == 0);
	CHECK(recv(u, b, 10, MSG_TRUNC) == 1500);
	CHECK(connect(u, (void *)&from.s, from.len) == 0);
	CHECK(send(u, "back", 4, 0) == 4 && recv(c, b, sizeof(b), 0) == 4);
	CHECK_ERR(send(u, b, 70000, 0), EMSGSIZE);
	CHECK_ERR(send(u, (void *)8, 100, 0), EFAULT);
	CHECK_ERR(listen(u, 1), EOPNOTSUPP);
	CHECK_ERR(accept(u, NULL, NULL), EOPNOTSUPP);
	a.s.ss_family = AF_UNSPEC;
	CHECK(connect(c, (void *)&a.s, a.len) == 0);
	CHECK_ERR(send(c, "x", 1, 0), EDESTADDRREQ);
	close(u);
	close(c);
}

static void many_datagrams(void)
{
	struct addr a = loopback(0);
	int u = socket(family, SOCK_DGRAM, 0);
	char b[3][8] = { "one", "two", "three" }, r[3][8];
	int n, got;
	struct iovec v[6];
	struct mmsghdr m[6];

	CHECK(bind(u, (void *)&a.s, a.len) == 0);
	a = loopback(port_of(u));
	memset(m, 0, sizeof(m));
	for (int i = 0; i < 3; i++) {
		v[i] = (struct iovec){ b[i], strlen(b[i]) };
		v[i + 3] = (struct iovec){ r[i], sizeof(r[i]) };
		m[i].msg_hdr = (struct msghdr){ &a.s, a.len, &v[i], 1 };
		m[i + 3].msg_hdr = (struct msghdr){ NULL, 0, &v[i + 3], 1 };
	}
	CHECK(sendmmsg(u, m, 3, 0) == 3 && m[2].msg_len == 5);
	CHECK(ready(u, POLLIN, 2000) == POLLIN);
	for (got = 0; got < 3; got += n > 0 ? n : 3) {
		n = recvmmsg(u, m + 3 + got, 3 - got, MSG_WAITFORONE, NULL);
		CHECK(n > 0);
	}
	CHECK(m[5].msg_len == 5 && !memcmp(r[2], "three", 5));
	close(u);
}

static void check_int(int fd, int level, int name, int value, int expected)
{
	socklen_t n = sizeof(int);
	int got = -1;

	CHECK(setsockopt(fd, level, name, &value, sizeof(value)) == 0);
	CHECK(getsockopt(fd, level, name, &got, &n) == 0 && n == sizeof(got) && got == expected);
	if (got != expected)
		printf("level %d option %d: %d\n", level, name, got);
}

static void options(void)
{
	int t = socket(family, SOCK_STREAM, 0), u = socket(family, SOCK_DGRAM, 0), v = 0;
	struct timeval tv = { 0, 50000 };
	socklen_t n = sizeof(v);
	char b[4];

	check_int(t, SOL_SOCKET, SO_REUSEADDR, 1, 1);
	check_int(t, SOL_SOCKET, SO_KEEPALIVE, 1, 1);
	check_int(t, SOL_SOCKET, SO_SNDBUF, 20000, 40000);
	check_int(t, SOL_SOCKET, SO_RCVBUF, 20000, 40000);
	check_int(u, SOL_SOCKET, SO_BROADCAST, 1, 1);
	check_int(t, IPPROTO_TCP, TCP_NODELAY, 1, 1);
	check_int(t, IPPROTO_TCP, TCP_NODELAY, 0, 0);
	check_int(t, IPPROTO_TCP, TCP_CORK, 1, 1);
	check_int(t, IPPROTO_TCP, TCP_KEEPIDLE, 60, 60);
	check_int(t, IPPROTO_TCP, TCP_KEEPINTVL, 10, 10);
	check_int(t, IPPROTO_TCP, TCP_KEEPCNT, 4, 4);
	check_int(t, IPPROTO_TCP, TCP_USER_TIMEOUT, 5000, 5000);
	CHECK_ERR(setsockopt(t, IPPROTO_TCP, TCP_KEEPCNT, (int[]){ 200 }, 4), EINVAL);
	CHECK_ERR(setsockopt(t, IPPROTO_TCP, 999, &v, sizeof(v)), ENOPROTOOPT);
	CHECK_ERR(getsockopt(t, IPPROTO_TCP, 999, &v, &n), ENOPROTOOPT);
	if (family == AF_INET) {
		check_int(t, IPPROTO_IP, IP_TOS, 0x10, 0x10);
		check_int(t, IPPROTO_IP, IP_TTL, 33, 33);
		check_int(u, IPPROTO_IP, IP_MULTICAST_TTL, 7, 7);
		check_int(u, IPPROTO_IP, IP_PKTINFO, 1, 1);
		CHECK_ERR(setsockopt(t, IPPROTO_IP, IP_TTL, (int[]){ 300 }, 4), EINVAL);
	} else {
		check_int(t, IPPROTO_IPV6, IPV6_V6ONLY, 1, 1);
		check_int(t, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 33, 33);
		check_int(u, IPPROTO_IPV6, IPV6_RECVPKTINFO, 1, 1);
	}
	CHECK(setsockopt(u, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)) == 0);
	CHECK_ERR(recv(u, b, 1, 0), EAGAIN);
	close(t);
	close(u);
}

static void interrupted(int sig)
{
	(void)sig;
}

static void signals(void)
{
	struct sigaction a = { .sa_handler = interrupted };
	struct addr at;
	int l = listener(5, &at);

	sigaction(SIGALRM, &a, NULL);
	ualarm(30000, 30000); /* the first may be too early */
	CHECK_ERR(accept(l, NULL, NULL), EINTR);
	ualarm(0, 0);
	close(l);
}

/* An IPv6 listener that takes both sees IPv4 peers as mapped addresses. */
static void dual_stack(void)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_ANY_INIT }, p;
	struct addr to;
	socklen_t n = sizeof(p);
	int l = socket(AF_INET6, SOCK_STREAM, 0), c = socket(AF_INET, SOCK_STREAM, 0), s;

	CHECK(bind(l, (void *)&a, sizeof(a)) == 0 && listen(l, 1) == 0);
	family = AF_INET;
	to = loopback(port_of(l));
	CHECK(connect(c, (void *)&to.s, to.len) == 0);
	s = accept(l, (void *)&p, &n);
	CHECK(s >= 0 && p.sin6_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&p.sin6_addr));
	close(s);
	close(c);
	close(l);
}

static void interfaces(void)
{
	struct ifreq r = { .ifr_name = "lo" };
	int u = socket(AF_INET, SOCK_DGRAM, 0);

	CHECK(ioctl(u, SIOCGIFFLAGS, &r) == 0 && r.ifr_flags & IFF_LOOPBACK);
	CHECK(ioctl(u, SIOCGIFADDR, &r) == 0 &&
	      ((struct sockaddr_in *)&r.ifr_addr)->sin_addr.s_addr == htonl(INADDR_LOOPBACK));
	CHECK(if_nametoindex("lo") == 1);
	strcpy(r.ifr_name, "nothere");
	CHECK_ERR(ioctl(u, SIOCGIFFLAGS, &r), ENODEV);
	close(u);
}

static void resolver(void)
{
	struct addrinfo want = { .ai_family = AF_INET, .ai_socktype = SOCK_STREAM }, *r = NULL;

	CHECK(getaddrinfo("127.0.0.1", "80", &want, &r) == 0 && r &&
	      ((struct sockaddr_in *)r->ai_addr)->sin_port == htons(80));
	freeaddrinfo(r);
	if (access("/etc/hosts", R_OK)) return; /* natively on a bare machine; a guest has one */
	r = NULL;
	CHECK(getaddrinfo("localhost", "81", &want, &r) == 0 && r &&
	      ((struct sockaddr_in *)r->ai_addr)->sin_addr.s_addr == htonl(INADDR_LOOPBACK));
	if (r) freeaddrinfo(r);
}

int main(void)
{
	static const int families[] = { AF_INET, AF_INET6 };

	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < 2; i++) {
		family = families[i];
		names();
		data();
		half_close();
		resets();
		refused();
		non_blocking();
		bulk();
		back_pressure();
		epolls();
		addresses_in_use();
		datagrams();
		many_datagrams();
		options();
		signals();
	}
	dual_stack();
	interfaces();
	resolver();
	return check_done();
}
