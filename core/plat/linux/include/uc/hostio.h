// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_HOSTIO_H
#define UC_HOSTIO_H
/*
 * Descriptors that the process was started with (uc/abi/procfd.h): what drivers of this platform
 * stand on. Sizes in bytes. Nothing here blocks unless stated.
 */
#include <uc/abi/procfd.h>
#include <uc/types.h>

/* Descriptors from UC_PROCFD_9P on that are there. */
unsigned uc_host_channels(void);

struct uc_host_iov {
	void *p;
	size_t n;
};
/* Bytes; 0: the end (read); -EAGAIN; another -errno. */
int64_t uc_host_readv(int fd, const struct uc_host_iov *v, unsigned n);
int64_t uc_host_writev(int fd, const struct uc_host_iov *v, unsigned n);

/* What is called when fd may have become ready for events (POLLIN, POLLOUT; 0: not watched). */
struct uc_host_watch {
	struct uc_host_watch *next;
	int fd;
	short events;
	void (*fn)(void *arg); /* interrupt context */
	void *arg;
};
void uc_host_watch(struct uc_host_watch *w);
/* The memory file fd, which others may write at any time; NULL: fd is none. Any context. */
void *uc_host_shared(int fd, uint64_t *bytes);
/* Sleeps the whole process until fd is ready. */
void uc_host_wait(int fd, short events);
#endif
