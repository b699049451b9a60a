// SPDX-License-Identifier: BSD-3-Clause
/* A session on a socket. */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "p9s.h"

#define RX_START 65536u

struct stream {
	int fd;
	uint8_t *rx, *tx;
	size_t cap, n; /* of rx: room, bytes received */
};

static uint32_t size_of(const uint8_t *p)
{
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static int send_all(int fd, const uint8_t *p, size_t n)
{
	while (n) {
		ssize_t r = send(fd, p, n, MSG_NOSIGNAL);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return errno == EPIPE || errno == ECONNRESET ? 0 : -errno;
		p += r;
		n -= (size_t)r;
	}
	return 1;
}

/* Room for the whole of the message that has begun. 0, -EPROTO, -ENOMEM. */
static int make_room(struct stream *st)
{
	if (st->n < 4)
		return 0;
	uint32_t size = size_of(st->rx);
	if (size < P9S_HDR || size > UC_P9S_MSIZE)
		return -EPROTO;
	if (size <= st->cap)
		return 0;
	uint8_t *p = realloc(st->rx, size);
	if (!p)
		return -ENOMEM;
	st->rx = p;
	st->cap = size;
	return 0;
}

/* Answers every complete message received. 1; 0: the client is gone; -errno. */
static int answer_all(struct uc_p9s *s, struct stream *st)
{
	size_t at = 0;
	int r = 1;

	while (r > 0 && st->n - at >= P9S_HDR && st->n - at >= size_of(st->rx + at)) {
		uint32_t size = size_of(st->rx + at);

		if (size < P9S_HDR)
			return -EPROTO;
		r = uc_p9s_answer(s, st->rx + at, size, st->tx);
		if (r > 0)
			r = send_all(st->fd, st->tx, (size_t)r);
		at += size;
	}
	memmove(st->rx, st->rx + at, st->n - at);
	st->n -= at;
	return r;
}

static int loop(struct uc_p9s *s, struct stream *st)
{
	for (;;) {
		int e = make_room(st);

		if (e)
			return e;
		ssize_t n = recv(st->fd, st->rx + st->n, st->cap - st->n, 0);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 && errno != ECONNRESET ? -errno : 0;
		st->n += (size_t)n;
		e = answer_all(s, st);
		if (e <= 0)
			return e;
	}
}

int uc_p9s_serve(struct uc_p9s *s, int fd)
{
	struct stream st = { .fd = fd, .cap = RX_START };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGXFSZ);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	st.rx = malloc(st.cap);
	st.tx = malloc(UC_P9S_MSIZE);
	int e = st.rx && st.tx ? loop(s, &st) : -ENOMEM;
	free(st.rx);
	free(st.tx);
	return e;
}
