// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_HOSTFD_H
#define UC_HOSTFD_H
/* Descriptors that the process of the Linux platform was started with, for drivers. Context:
 * thread. Nothing blocks. */
#include <uc/hostio.h>
#include <uc/sched.h>

#define uc_hostfd_iov uc_host_iov
/* Bytes; 0: the end; -EAGAIN; another -errno. */
int64_t uc_hostfd_readv(int fd, const struct uc_hostfd_iov *v, unsigned n);
/* Bytes; -EAGAIN; -EPIPE or another -errno. */
int64_t uc_hostfd_writev(int fd, const struct uc_hostfd_iov *v, unsigned n);
struct uc_hostfd_watch {
	int fd;
	short events;                             /* wanted: POLLIN, POLLOUT; 0: none */
	void (*ready)(struct uc_hostfd_watch *w); /* deferred work; may come without a reason */
	struct uc_host_watch host;                /* private, as the next */
	struct uc_defer work;
};
/* From now on; w stays for ever. */
void uc_hostfd_watch(struct uc_hostfd_watch *w);
void uc_hostfd_watch_events(struct uc_hostfd_watch *w, short events);
/* Memory that others share and may write at any time; NULL: fd is no memory file. */
void *uc_hostfd_shared(int fd, uint64_t *bytes);
/* Is fd one of the channels for 9P? */
bool uc_hostfd_is_9p(int fd);
#endif
