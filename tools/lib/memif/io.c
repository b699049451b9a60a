// SPDX-License-Identifier: BSD-3-Clause
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <unicore/util.h>

#include "wire.h"

#define FDS_MAX 8

bool memif_wait(int fd, uint64_t deadline)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	uint64_t now = uc_now_ns(), left = deadline > now ? deadline - now : 0;
	struct timespec t = { (time_t)(left / MEMIF_SECOND), (long)(left % MEMIF_SECOND) };
	sigset_t none;

	sigemptyset(&none);
	return ppoll(&p, 1, deadline == MEMIF_FOREVER ? NULL : &t, &none) > 0;
}

bool memif_send(int socket, const struct memif_msg *m, int fd)
{
	union {
		struct cmsghdr h;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec v = { (void *)m, sizeof(*m) };
	struct msghdr h = { .msg_iov = &v, .msg_iovlen = 1 };

	if (fd >= 0) {
		control.h = (struct cmsghdr){ .cmsg_level = SOL_SOCKET,
					      .cmsg_type = SCM_RIGHTS,
					      .cmsg_len = CMSG_LEN(sizeof(int)) };
		memcpy(CMSG_DATA(&control.h), &fd, sizeof(fd));
		h.msg_control = &control;
		h.msg_controllen = sizeof(control);
	}
	return sendmsg(socket, &h, MSG_NOSIGNAL | MSG_DONTWAIT) == sizeof(*m);
}

/* The first descriptor; others are closed. */
static unsigned take_fds(struct msghdr *h, int *fd)
{
	unsigned n = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t at = 0; CMSG_LEN(at + sizeof(int)) <= c->cmsg_len; at += sizeof(int)) {
			int got;

			memcpy(&got, CMSG_DATA(c) + at, sizeof(got));
			if (n++)
				close(got);
			else
				*fd = got;
		}
	}
	return n;
}

const char *memif_receive(int socket, struct memif_msg *m, int *fd, uint64_t deadline)
{
	union {
		struct cmsghdr h;
		char room[CMSG_SPACE(FDS_MAX * sizeof(int))];
	} control = { 0 };
	struct iovec v = { m, sizeof(*m) };
	struct msghdr h = { .msg_iov = &v,
			    .msg_iovlen = 1,
			    .msg_control = &control,
			    .msg_controllen = sizeof(control) };
	ssize_t r;
	unsigned n;

	*fd = -1;
	if (!memif_wait(socket, deadline))
		return "it says nothing";
	r = recvmsg(socket, &h, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	if (r <= 0)
		return "it has closed the connection";
	n = take_fds(&h, fd);
	if (r == sizeof(*m) && n <= 1 && !(h.msg_flags & (MSG_TRUNC | MSG_CTRUNC)))
		return NULL;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return "it sends something else than memif's messages";
}
