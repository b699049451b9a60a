// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_SOCKCALL_H
#define UC_SOCKCALL_H
/* What the socket system calls share. */
#include <asm/errno.h>
#include <uc/filecall.h>
#include <uc/proc.h>
#include <uc/socket.h>
/* The socket behind a descriptor; *f is referenced. 0, -EBADF, -ENOTSOCK. */
int uc_sock_get(int fd, struct uc_file **f, struct uc_sock **s);
/* An address argument. 0, -EINVAL (length), -EFAULT. */
int uc_sockaddr_get(struct uc_sockaddr *a, uc_uptr uaddr, int len);
/* Hands an address out: as much as fits, and its full length at ulen. 0, -EFAULT, -EINVAL. */
int uc_sockaddr_put(const struct uc_sockaddr *a, unsigned len, uc_uptr uaddr, uc_uptr ulen);
/* One message. f: for O_NONBLOCK. SIGPIPE is raised here. */
ssize_t uc_sock_send(struct uc_sock *s, struct uc_file *f, struct uc_msg *m);
ssize_t uc_sock_recv(struct uc_sock *s, struct uc_file *f, struct uc_msg *m);
/* sendmsg and recvmsg on a struct msghdr of the application; result as the call's. */
long uc_sock_sendmsg_user(struct uc_sock *s, struct uc_file *f, uc_uptr umsg, unsigned flags);
long uc_sock_recvmsg_user(struct uc_sock *s, struct uc_file *f, uc_uptr umsg, unsigned flags);
#endif
