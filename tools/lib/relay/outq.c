// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <unicore/outq.h>

/* A second open file of the same pipe or terminal, so that O_NONBLOCK stays ours. */
static int reopen_nonblock(int fd)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

void uc_outq_open(struct uc_outq *q, int fd)
{
	struct stat st;

	*q = (struct uc_outq){ .fd = fd, .how = UC_OUT_DIRECT };
	if (fstat(fd, &st) < 0)
		return;
	if (S_ISSOCK(st.st_mode)) {
		q->how = UC_OUT_SOCKET;
	} else if (S_ISFIFO(st.st_mode) || isatty(fd)) {
		int own = reopen_nonblock(fd);

		q->how = own >= 0 ? UC_OUT_NONBLOCK : UC_OUT_PIECES;
		q->own_fd = own >= 0;
		q->fd = own >= 0 ? own : fd;
	}
}

void uc_outq_close(struct uc_outq *q)
{
	if (q->own_fd)
		close(q->fd);
	free(q->buf);
	q->buf = NULL;
	q->len = q->cap = 0;
	q->own_fd = false;
	q->fd = -1;
}

static bool writable_now(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, 0) > 0;
}

/* Bytes written now, 0 if it would wait, -errno. */
static ssize_t write_some(struct uc_outq *q, const uint8_t *p, size_t n)
{
	ssize_t r;

	do {
		if (q->how == UC_OUT_SOCKET) {
			r = send(q->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
		} else if (q->how == UC_OUT_PIECES) {
			if (!writable_now(q->fd))
				return 0;
			r = write(q->fd, p, n < PIPE_BUF ? n : PIPE_BUF);
		} else {
			r = write(q->fd, p, n);
		}
	} while (r < 0 && errno == EINTR);
	if (r < 0)
		return errno == EAGAIN ? 0 : -errno;
	return r;
}

static int fail(struct uc_outq *q, int err)
{
	q->error = -err;
	q->len = 0;
	return err;
}

static int keep(struct uc_outq *q, const uint8_t *p, size_t n)
{
	if (q->head && q->head + q->len + n > q->cap) {
		memmove(q->buf, q->buf + q->head, q->len);
		q->head = 0;
	}
	if (q->len + n > q->cap) {
		size_t cap = q->cap ? q->cap : 4096;

		while (cap < q->len + n)
			cap *= 2;
		uint8_t *b = realloc(q->buf, cap);
		if (!b)
			return fail(q, -ENOMEM);
		q->buf = b;
		q->cap = cap;
	}
	memcpy(q->buf + q->head + q->len, p, n);
	q->len += n;
	return 0;
}

int uc_outq_put(struct uc_outq *q, const void *data, size_t n)
{
	const uint8_t *p = data;

	if (q->error)
		return 0;
	while (n && !q->len) {
		ssize_t r = write_some(q, p, n);

		if (r < 0)
			return fail(q, (int)r);
		if (!r)
			break;
		p += r;
		n -= (size_t)r;
	}
	return n ? keep(q, p, n) : 0;
}

int uc_outq_flush(struct uc_outq *q)
{
	while (q->len) {
		ssize_t r = write_some(q, q->buf + q->head, q->len);

		if (r < 0)
			return fail(q, (int)r);
		if (!r)
			return 0;
		q->head += (size_t)r;
		q->len -= (size_t)r;
	}
	q->head = 0;
	return 0;
}
