// SPDX-License-Identifier: BSD-3-Clause
#ifndef SOCKOPT_H
#define SOCKOPT_H
/* Socket options that are numbers. */
#include <errno.h>
#include <sys/socket.h>

static inline int set(int fd, int level, int name, int v)
{
	return setsockopt(fd, level, name, &v, sizeof(v));
}

/* Its value, or -1000 - errno. */
static inline int get(int fd, int level, int name)
{
	int v = -1;
	socklen_t n = sizeof(v);

	return getsockopt(fd, level, name, &v, &n) == 0 ? v : -1000 - errno;
}
#endif
