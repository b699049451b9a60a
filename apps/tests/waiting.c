// SPDX-License-Identifier: BSD-3-Clause
// poll, select, epoll with level, edge and one-shot triggers; eventfd, timerfd, signalfd as
// sources.
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static long ms(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void *later(void *arg)
{
	usleep(40000);
	CHECK(write(*(int *)arg, "12345678", 8) == 8);
	return NULL;
}

static void polls(void)
{
	int p[2];
	CHECK(pipe(p) == 0);
	struct pollfd f[3] = { { p[0], POLLIN, 0 }, { p[1], POLLOUT, 0 }, { -1, POLLIN, 7 } };
	CHECK(poll(f, 3, 0) == 1 && f[0].revents == 0 && f[1].revents == POLLOUT &&
	      f[2].revents == 0);
	long start = ms();
	CHECK(poll(f, 1, 30) == 0 && ms() - start >= 29);
	pthread_t t;
	pthread_create(&t, NULL, later, &p[1]);
	CHECK(poll(f, 1, -1) == 1 && f[0].revents == POLLIN);
	pthread_join(t, NULL);
	close(p[1]);
	CHECK(poll(f, 1, 0) == 1 && f[0].revents == (POLLIN | POLLHUP));
	f[0].fd = 77;
	CHECK(poll(f, 1, 0) == 1 && f[0].revents == POLLNVAL);
	close(p[0]);
	CHECK(pipe(p) == 0);
	close(p[0]);
	f[0] = (struct pollfd){ p[1], POLLOUT, 0 };
	CHECK(poll(f, 1, 0) == 1 && f[0].revents == (POLLOUT | POLLERR));
	close(p[1]);

	CHECK(pipe(p) == 0);
	fd_set r, w;
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_SET(p[0], &r);
	FD_SET(p[1], &w);
	struct timeval tv = { 0, 10000 };
	CHECK(select(p[1] + 1, &r, &w, NULL, &tv) == 1 && FD_ISSET(p[1], &w) &&
	      !FD_ISSET(p[0], &r));
	FD_ZERO(&r);
	FD_SET(p[0], &r);
	tv = (struct timeval){ 0, 20000 };
	CHECK(select(p[0] + 1, &r, NULL, NULL, &tv) == 0);
#ifdef __GLIBC__ /* musl keeps the call's result for itself */
	CHECK(tv.tv_sec == 0 && tv.tv_usec == 0);
#endif
	FD_SET(40, &r);
	CHECK_ERR(select(41, &r, NULL, NULL, &tv), EBADF);
	close(p[0]);
	close(p[1]);
	int file = open("/proc/self/exe", O_RDONLY);
	f[0] = (struct pollfd){ file, POLLIN | POLLOUT, 0 };
	CHECK(poll(f, 1, 0) == 1 && f[0].revents == (POLLIN | POLLOUT));
	close(file);
}

/* More ready files than any internal batch holds: each is reported once, and in turn. */
static void many(void)
{
	enum { N = 100 };
	struct epoll_event out[2 * N];
	int ep = epoll_create1(0), fd[N], seen[N] = { 0 }, total = 0;
	for (int i = 0; i < N; i++) {
		struct epoll_event ev = { .events = EPOLLIN, .data = { .u32 = (unsigned)i } };
		fd[i] = eventfd(1, 0);
		CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, fd[i], &ev) == 0);
	}
	CHECK(epoll_wait(ep, out, 2 * N, 0) == N);
	for (int k = 0; k < 4; k++) {
		int n = epoll_wait(ep, out, N / 4, 0);
		for (int i = 0; i < n; i++) seen[out[i].data.u32]++;
		total += n;
	}
	CHECK(total == N);
	for (int i = 0; i < N; i++) {
		CHECK(seen[i] == 1);
		close(fd[i]);
	}
	close(ep);
}

static void epolls(void)
{
	int ep = epoll_create1(EPOLL_CLOEXEC), p[2];
	CHECK(ep >= 0 && pipe(p) == 0);
	struct epoll_event ev = { .events = EPOLLIN, .data = { .u64 = 0x1122334455667788 } },
			   out[4];
	CHECK(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev) == 0);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev), EEXIST);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_MOD, p[1], &ev), ENOENT);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_ADD, 99, &ev), EBADF);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_ADD, ep, &ev), EINVAL);
	int file = open("/proc/self/exe", O_RDONLY);
	CHECK_ERR(epoll_ctl(ep, EPOLL_CTL_ADD, file, &ev), EPERM);
	close(file);
	CHECK(epoll_wait(ep, out, 4, 0) == 0);
	CHECK(write(p[1], "abc", 3) == 3);
	CHECK(epoll_wait(ep, out, 4, -1) == 1 && out[0].events == EPOLLIN);
	CHECK(out[0].data.u64 == 0x1122334455667788);
	CHECK(epoll_wait(ep, out, 4, 0) == 1); /* level */
	ev.events = EPOLLIN | EPOLLET;
	CHECK(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &ev) == 0);
	CHECK(epoll_wait(ep, out, 4, 0) == 1 && epoll_wait(ep, out, 4, 0) == 0); /* edge */
	CHECK(write(p[1], "d", 1) == 1);
	CHECK(epoll_wait(ep, out, 4, 0) == 1 && epoll_wait(ep, out, 4, 0) == 0);
	ev.events = EPOLLIN | EPOLLONESHOT;
	CHECK(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &ev) == 0);
	CHECK(epoll_wait(ep, out, 4, 0) == 1 && epoll_wait(ep, out, 4, 0) == 0);
	CHECK(write(p[1], "e", 1) == 1 && epoll_wait(ep, out, 4, 0) == 0);
	CHECK(epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &ev) == 0 && epoll_wait(ep, out, 4, 0) == 1);
	/* The descriptor of an epoll instance can itself be polled. */
	ev.events = EPOLLIN;
	epoll_ctl(ep, EPOLL_CTL_MOD, p[0], &ev);
	struct pollfd f = { ep, POLLIN, 0 };
	CHECK(poll(&f, 1, 0) == 1 && f.revents == POLLIN);
	CHECK(epoll_ctl(ep, EPOLL_CTL_DEL, p[0], NULL) == 0 && epoll_wait(ep, out, 4, 0) == 0);
	/* Closing removes. */
	epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &ev);
	close(p[0]);
	close(p[1]);
	CHECK(epoll_wait(ep, out, 4, 10) == 0);
	/* Waking a sleeper from another thread. */
	int e = eventfd(0, EFD_NONBLOCK);
	ev.data.fd = e;
	epoll_ctl(ep, EPOLL_CTL_ADD, e, &ev);
	pthread_t t;
	pthread_create(&t, NULL, later, &e);
	CHECK(epoll_wait(ep, out, 4, 20000) == 1 && out[0].data.fd == e);
	pthread_join(t, NULL);
	CHECK_ERR(epoll_wait(ep, out, 0, 0), EINVAL);
	close(e);
	close(ep);
}

static void sources(void)
{
	uint64_t v = 5;
	int e = eventfd(3, EFD_NONBLOCK);
	CHECK(write(e, &v, 8) == 8 && read(e, &v, 8) == 8 && v == 8);
	CHECK_ERR(read(e, &v, 8), EAGAIN);
	CHECK_ERR(read(e, &v, 4), EINVAL);
	v = UINT64_MAX;
	CHECK_ERR(write(e, &v, 8), EINVAL);
	v = UINT64_MAX - 1;
	CHECK(write(e, &v, 8) == 8);
	v = 1;
	CHECK_ERR(write(e, &v, 8), EAGAIN);
	struct pollfd f = { e, POLLIN | POLLOUT, 0 };
	CHECK(poll(&f, 1, 0) == 1 && f.revents == POLLIN);
	close(e);
	e = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
	CHECK(read(e, &v, 8) == 8 && v == 1 && read(e, &v, 8) == 8 && v == 1);
	CHECK_ERR(read(e, &v, 8), EAGAIN);
	close(e);

	int tfd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	struct itimerspec it = { .it_value = { 0, 30000000 }, .it_interval = { 0, 10000000 } }, now;
	CHECK(tfd >= 0 && timerfd_settime(tfd, 0, &it, NULL) == 0);
	CHECK(timerfd_gettime(tfd, &now) == 0 && now.it_value.tv_nsec > 0 &&
	      now.it_interval.tv_nsec == 10000000);
	long start = ms();
	CHECK(read(tfd, &v, 8) == 8 && v >= 1 && ms() - start >= 28);
	usleep(50000);
	CHECK(read(tfd, &v, 8) == 8 && v >= 4);
	it = (struct itimerspec){ 0 };
	CHECK(timerfd_settime(tfd, 0, &it, NULL) == 0);
	f = (struct pollfd){ tfd, POLLIN, 0 };
	CHECK(poll(&f, 1, 30) == 0);
	clock_gettime(CLOCK_MONOTONIC, &it.it_value);
	CHECK(timerfd_settime(tfd, TFD_TIMER_ABSTIME, &it, NULL) == 0);
	CHECK(poll(&f, 1, 20000) == 1 && read(tfd, &v, 8) == 8 && v == 1);
	close(tfd);
}

int main(void)
{
	polls();
	epolls();
	many();
	sources();
	return check_done();
}
