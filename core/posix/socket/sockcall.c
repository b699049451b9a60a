// SPDX-License-Identifier: BSD-3-Clause
#include <uc/sockcall.h>
#include <uc/string.h>

int uc_sock_get(int fd, struct uc_file **f, struct uc_sock **s)
{
	*f = uc_fget(fd);
	if (!*f)
		return -EBADF;
	*s = uc_sock_of(*f);
	if (*s)
		return 0;
	uc_file_unref(*f);
	return -ENOTSOCK;
}

int uc_sockaddr_get(struct uc_sockaddr *a, uc_uptr uaddr, int len)
{
	if (len < 0 || len > (int)sizeof(*a))
		return -EINVAL;
	memset(a, 0, sizeof(*a));
	return uc_user_read(a, uaddr, (size_t)len);
}

int uc_sockaddr_put(const struct uc_sockaddr *a, unsigned len, uc_uptr uaddr, uc_uptr ulen)
{
	uint32_t room;

	if (uc_user_load32(ulen, &room) < 0)
		return -EFAULT;
	if ((int32_t)room < 0)
		return -EINVAL;
	if (uc_user_write(uaddr, a, UC_MIN(room, len)) < 0)
		return -EFAULT;
	return uc_user_store32(ulen, len);
}

ssize_t uc_sock_send(struct uc_sock *s, struct uc_file *f, struct uc_msg *m)
{
	ssize_t r;

	if (f->flags & O_NONBLOCK)
		m->flags |= UC_MSG_DONTWAIT;
	r = s->ops->sendmsg(s, m);
	f->nospace |= r == -EAGAIN;
	if (r == -EPIPE && s->type == UC_SOCK_STREAM && !(m->flags & UC_MSG_NOSIGNAL))
		uc_upcall_sigpipe();
	return r;
}

ssize_t uc_sock_recv(struct uc_sock *s, struct uc_file *f, struct uc_msg *m)
{
	if (f->flags & O_NONBLOCK)
		m->flags |= UC_MSG_DONTWAIT;
	return s->ops->recvmsg(s, m);
}
