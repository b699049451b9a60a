// SPDX-License-Identifier: BSD-3-Clause
// Urgent data of TCP: marks, MSG_OOB, SO_OOBINLINE, events, SIGURG.
#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

#define EVENTS (POLLIN | POLLPRI | POLLRDNORM | POLLRDBAND)

static volatile sig_atomic_t signals;
static int family, ends[2];

static void on_signal(int sig)
{
	signals++;
}

static void connection(int s[2])
{
	struct sockaddr_storage a = { .ss_family = (sa_family_t)family };
	socklen_t n = sizeof(a);
	int l = socket(family, SOCK_STREAM, 0);

	if (family == AF_INET)
		((struct sockaddr_in *)&a)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	else
		((struct sockaddr_in6 *)&a)->sin6_addr = in6addr_loopback;
	n = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
	CHECK(bind(l, (struct sockaddr *)&a, n) == 0 && listen(l, 1) == 0);
	getsockname(l, (struct sockaddr *)&a, &n);
	s[0] = socket(family, SOCK_STREAM, 0);
	CHECK(connect(s[0], (struct sockaddr *)&a, n) == 0);
	s[1] = accept(l, NULL, NULL);
	memcpy(ends, s, sizeof(ends));
	close(l);
}

static void end(int s[2])
{
	close(s[0]);
	close(s[1]);
}

/* Until what both ends have sent has arrived. */
static void settle(void)
{
	for (int i = 0; i < 2; i++) {
		int left = 1;

		for (int k = 0; k < 20000 && !ioctl(ends[i], SIOCOUTQ, &left) && left; k++)
			usleep(1000);
	}
}

static void show(int fd)
{
	struct pollfd p = { .fd = fd, .events = EVENTS };
	int mark = -1, n = -1;

	settle();
	poll(&p, 1, 0);
	CHECK(ioctl(fd, SIOCATMARK, &mark) == 0 && ioctl(fd, FIONREAD, &n) == 0);
	printf("events %x, at mark %d, readable %d\n", p.revents, mark, n);
}

static void get(int fd, int flags, size_t n)
{
	char buf[64] = "";
	ssize_t r = recv(fd, buf, n, flags | MSG_DONTWAIT);

	printf("recv %zu, flags %x: %zd %s %s\n", n, flags, r, buf, r < 0 ? strerror(errno) : "");
}

static void one_byte(void)
{
	int s[2];

	puts("one byte between others");
	connection(s);
	get(s[1], MSG_OOB, 1);
	CHECK(send(s[0], "abc", 3, 0) == 3);
	CHECK(send(s[0], "xyz", 3, MSG_OOB) == 3);
	CHECK(send(s[0], "def", 3, 0) == 3);
	show(s[1]);
	get(s[1], MSG_PEEK, 20);
	get(s[1], 0, 2);
	show(s[1]);
	get(s[1], MSG_OOB | MSG_PEEK, 1);
	get(s[1], MSG_OOB, 0);
	get(s[1], MSG_OOB, 5);
	get(s[1], MSG_OOB, 1);
	show(s[1]);
	get(s[1], 0, 20);
	show(s[1]);
	get(s[1], MSG_PEEK, 20);
	get(s[1], 0, 20);
	show(s[1]);
	get(s[1], 0, 20);
	end(s);
}

static void alone(void)
{
	struct msghdr m = { 0 };
	struct iovec v;
	char c = 0;
	int s[2];

	puts("nothing but an urgent byte");
	connection(s);
	CHECK(send(s[0], "u", 1, MSG_OOB) == 1);
	show(s[1]);
	get(s[1], MSG_PEEK, 5);
	v = (struct iovec){ &c, 1 };
	m.msg_iov = &v;
	m.msg_iovlen = 1;
	CHECK(recvmsg(s[1], &m, MSG_OOB) == 1 && c == 'u' && m.msg_flags == MSG_OOB);
	show(s[1]);
	CHECK(send(s[0], "v", 1, MSG_OOB) == 1);
	show(s[1]);
	get(s[1], 0, 5); /* passes it over */
	show(s[1]);
	get(s[1], MSG_OOB, 1);
	CHECK(send(s[0], "a", 1, MSG_OOB) == 1);
	settle();
	CHECK(send(s[0], "b", 1, MSG_OOB) == 1);
	show(s[1]);
	get(s[1], MSG_OOB, 1);
	get(s[1], 0, 5);
	shutdown(s[0], SHUT_WR);
	show(s[1]);
	get(s[1], MSG_OOB, 1);
	get(s[1], 0, 5);
	end(s);
}

static void in_line(void)
{
	int s[2], on = 1;

	puts("in line");
	connection(s);
	CHECK(setsockopt(s[1], SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on)) == 0);
	CHECK(send(s[0], "abc", 3, MSG_OOB) == 3 && send(s[0], "def", 3, 0) == 3);
	show(s[1]);
	get(s[1], 0, 20);
	show(s[1]);
	get(s[1], MSG_OOB, 1);
	get(s[1], 0, 20);
	show(s[1]);
	CHECK(send(s[0], "1", 1, MSG_OOB) == 1);
	settle();
	CHECK(send(s[0], "2", 1, MSG_OOB) == 1);
	show(s[1]);
	get(s[1], 0, 20);
	show(s[1]);
	get(s[1], 0, 20);
	end(s);
}

static void waits(void)
{
	struct timeval tv = { 20, 0 };
	struct epoll_event ev = { .events = EPOLLPRI | EPOLLET };
	char c, buf[8];
	fd_set ex;
	int s[2], e = epoll_create1(0);

	puts("waiting for it");
	connection(s);
	CHECK(epoll_ctl(e, EPOLL_CTL_ADD, s[1], &ev) == 0);
	CHECK(send(s[0], "plain", 5, 0) == 5);
	CHECK(epoll_wait(e, &ev, 1, 20) == 0);
	if (fork() == 0) {
		usleep(30000);
		send(s[0], "!", 1, MSG_OOB);
		_exit(0);
	}
	CHECK(epoll_wait(e, &ev, 1, 20000) == 1 && ev.events == EPOLLPRI);
	FD_ZERO(&ex);
	FD_SET(s[1], &ex);
	CHECK(select(s[1] + 1, NULL, NULL, &ex, &tv) == 1 && FD_ISSET(s[1], &ex));
	CHECK(recv(s[1], &c, 1, MSG_OOB) == 1 && c == '!');
	CHECK(recv(s[1], buf, sizeof(buf), 0) == 5);
	close(e);
	end(s);
}

static void signalled(void)
{
	struct sigaction a = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	struct f_owner_ex o;
	int s[2], pid = getpid(), who = 0;

	puts("SIGURG");
	connection(s);
	sigaction(SIGURG, &a, NULL);
	CHECK(send(s[0], "a", 1, MSG_OOB) == 1);
	settle();
	CHECK(signals == 0 && fcntl(s[1], F_GETOWN) == 0);
	CHECK(fcntl(s[1], F_SETOWN, pid) == 0 && fcntl(s[1], F_GETOWN) == pid);
	CHECK(ioctl(s[1], FIOGETOWN, &who) == 0 && who == pid);
	CHECK(fcntl(s[1], F_GETOWN_EX, &o) == 0 && o.type == F_OWNER_PID && o.pid == pid);
	CHECK(send(s[0], "b", 1, MSG_OOB) == 1);
	settle();
	CHECK(signals == 1);
	o = (struct f_owner_ex){ F_OWNER_PGRP, getpgrp() };
	CHECK(fcntl(s[1], F_SETOWN_EX, &o) == 0 && fcntl(s[1], F_GETOWN) == -getpgrp());
	CHECK(send(s[0], "c", 1, MSG_OOB) == 1);
	settle();
	CHECK(signals == 2);
	o = (struct f_owner_ex){ F_OWNER_TID, gettid() };
	CHECK(fcntl(s[1], F_SETOWN_EX, &o) == 0);
	CHECK(send(s[0], "d", 1, MSG_OOB) == 1);
	settle();
	CHECK(signals == 3);
	who = 0;
	CHECK(ioctl(s[1], FIOSETOWN, &who) == 0 && fcntl(s[1], F_GETOWN) == 0);
	CHECK(send(s[0], "e", 1, MSG_OOB) == 1);
	settle();
	CHECK(signals == 3);
	CHECK_ERR(fcntl(s[1], F_SETOWN, INT_MAX), ESRCH);
	o = (struct f_owner_ex){ 7, 1 };
	CHECK_ERR(fcntl(s[1], F_SETOWN_EX, &o), EINVAL);
	end(s);
}

/* More than the windows hold, then urgent data: the end is announced before it can be sent. */
static void behind_a_full_window(void)
{
	static char buf[65536];
	long sent = 0, got = 0, marks = 0;
	int s[2], mark;
	ssize_t r;

	puts("behind much data");
	connection(s);
	fcntl(s[1], F_SETOWN, getpid());
	signals = 0;
	while ((r = send(s[0], buf, sizeof(buf), MSG_DONTWAIT)) > 0)
		sent += r;
	if (fork() == 0) {
		send(s[0], "urgent", 6, MSG_OOB);
		send(s[0], "rest", 4, 0);
		_exit(0);
	}
	shutdown(s[0], SHUT_RD);
	close(s[0]);
	for (;;) {
		CHECK(ioctl(s[1], SIOCATMARK, &mark) == 0);
		if (mark) {
			char c = 0;

			marks++;
			CHECK(got == sent + 5 && recv(s[1], &c, 1, MSG_OOB) == 1 && c == 't');
		}
		r = read(s[1], buf, sizeof(buf));
		if (r <= 0)
			break;
		got += r;
	}
	CHECK(signals > 0); /* how often depends on how far segments can point */
	printf("end %zd, marks %ld, all there %d\n", r, marks, got == sent + 5 + 4);
	close(s[1]);
}

static void no_connection(void)
{
	int t = socket(family, SOCK_STREAM, 0), u = socket(family, SOCK_DGRAM, 0), mark;

	puts("other sockets");
	get(t, MSG_OOB, 1);
	CHECK_ERR(send(u, "x", 1, MSG_OOB), family == AF_INET ? EOPNOTSUPP : EDESTADDRREQ);
	CHECK(ioctl(u, SIOCATMARK, &mark) == -1);
	printf("%s\n", strerror(errno));
	close(t);
	close(u);
}

int main(void)
{
	static const int families[] = { AF_INET, AF_INET6 };

	signal(SIGPIPE, SIG_IGN);
	for (int k = 0; k < 2; k++) {
		family = families[k];
		signals = 0;
		one_byte();
		alone();
		in_line();
		waits();
		signalled();
		behind_a_full_window();
		no_connection();
	}
	return check_done();
}
