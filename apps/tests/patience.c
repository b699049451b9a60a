// SPDX-License-Identifier: BSD-3-Clause
// TCP_DEFER_ACCEPT: connections without data are not accepted; TCP_USER_TIMEOUT: unsent data.
#include "check.h"
#include "sockopt.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static struct sockaddr_in a;
static socklen_t len = sizeof(a);

static int listener(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	a = (struct sockaddr_in){ .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	CHECK(bind(fd, (void *)&a, sizeof(a)) == 0 && listen(fd, 10) == 0);
	getsockname(fd, (void *)&a, &len);
	return fd;
}

static int client(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	CHECK(connect(fd, (void *)&a, sizeof(a)) == 0);
	return fd;
}

static int ready(int fd, int events, int ms)
{
	struct pollfd p = { .fd = fd, .events = (short)events };

	poll(&p, 1, ms);
	return p.revents;
}

static void values(int l)
{
	static const int asked[] = { 0, -1, 1, 2, 3, 4, 7, 8, 100, 500 };

	for (unsigned k = 0; k < sizeof(asked) / sizeof(*asked); k++) {
		CHECK(set(l, IPPROTO_TCP, TCP_DEFER_ACCEPT, asked[k]) == 0);
		printf("TCP_DEFER_ACCEPT %d is %d\n", asked[k],
		       get(l, IPPROTO_TCP, TCP_DEFER_ACCEPT));
	}
}

static void deferred(void)
{
	int l = listener(), c[4], s;
	char b[8];

	values(l);
	CHECK(set(l, IPPROTO_TCP, TCP_DEFER_ACCEPT, 60) == 0);
	for (int k = 0; k < 4; k++)
		c[k] = client();
	CHECK(ready(l, POLLIN, 50) == 0);
	CHECK_ERR(accept(l, NULL, NULL), EAGAIN);
	CHECK(write(c[2], "data", 4) == 4); /* not the first */
	CHECK(ready(l, POLLIN, 20000) == POLLIN);
	s = accept(l, NULL, NULL);
	CHECK(recv(s, b, 8, MSG_DONTWAIT) == 4);
	CHECK_ERR(accept(l, NULL, NULL), EAGAIN);
	CHECK(write(s, "answer", 6) == 6 && read(c[2], b, 6) == 6);
	close(s);
	setsockopt(c[1], SOL_SOCKET, SO_LINGER, &(struct linger){ 1, 0 }, sizeof(struct linger));
	close(c[1]); /* nobody will hear of it */
	CHECK(ready(l, POLLIN, 50) == 0);
	close(c[0]); /* an end, without data */
	CHECK(ready(l, POLLIN, 20000) == POLLIN);
	s = accept(l, NULL, NULL);
	CHECK(read(s, b, 1) == 0);
	close(s);
	close(l); /* with one in it */
	CHECK(write(c[3], "x", 1) == 1 || errno == ECONNRESET || errno == EPIPE);
	CHECK(ready(c[3], POLLIN, 20000) & POLLIN);
	close(c[3]);
	close(c[2]);
}

static void deferred_too_long(void)
{
	int l = listener(), c, s;
	time_t start;

	CHECK(set(l, IPPROTO_TCP, TCP_DEFER_ACCEPT, 1) == 0);
	start = time(NULL);
	c = client();
	CHECK(ready(l, POLLIN, 100) == 0 || time(NULL) - start > 0);
	CHECK(ready(l, POLLIN, 60000) == POLLIN);
	s = accept(l, NULL, NULL);
	CHECK(s >= 0);
	close(s);
	close(c);
	close(l);
}

static void user_timeout(void)
{
	static char buf[65536];
	int l = listener(), c = client(), s = accept(l, NULL, NULL);

	fcntl(c, F_SETFL, O_NONBLOCK);
	CHECK(set(c, IPPROTO_TCP, TCP_USER_TIMEOUT, 400) == 0);
	CHECK(get(c, IPPROTO_TCP, TCP_USER_TIMEOUT) == 400);
	while (write(c, buf, sizeof(buf)) > 0)
		;
	CHECK(ready(c, 0, 20000) & POLLERR); /* nobody reads */
	printf("%s\n", strerror(get(c, SOL_SOCKET, SO_ERROR)));
	close(c);
	close(s);
	close(l);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	deferred();
	deferred_too_long();
	user_timeout();
	return check_done();
}
