// SPDX-License-Identifier: BSD-3-Clause
/* bind, listen, connect, accept, shutdown and names. */
#include <uc/sockcall.h>

long uc_sys_bind(int fd, uc_uptr uaddr, int len)
{
	struct uc_sockaddr a;
	struct uc_file *f;
	struct uc_sock *s;
	int r = uc_sock_get(fd, &f, &s);

	if (r < 0)
		return r;
	r = uc_sockaddr_get(&a, uaddr, len);
	if (r == 0)
		r = s->ops->bind ? s->ops->bind(s, &a, (unsigned)len) : -EOPNOTSUPP;
	uc_file_unref(f);
	return r;
}

long uc_sys_listen(int fd, int backlog)
{
	struct uc_file *f;
	struct uc_sock *s;
	int r = uc_sock_get(fd, &f, &s);

	if (r < 0)
		return r;
	r = s->ops->listen ? s->ops->listen(s, backlog < 0 || backlog > 4096 ? 4096 : backlog)
			   : -EOPNOTSUPP;
	uc_file_unref(f);
	return r;
}

long uc_sys_connect(int fd, uc_uptr uaddr, int len)
{
	struct uc_sockaddr a;
	struct uc_file *f;
	struct uc_sock *s;
	int r = uc_sock_get(fd, &f, &s);

	if (r < 0)
		return r;
	r = uc_sockaddr_get(&a, uaddr, len);
	if (r == 0)
		r = s->ops->connect ? s->ops->connect(s, &a, (unsigned)len, f->flags & O_NONBLOCK)
				    : -EOPNOTSUPP;
	f->nospace |= r == -EINPROGRESS;
	uc_file_unref(f);
	return r;
}

static long put_peer(struct uc_sock *s, uc_uptr uaddr, uc_uptr ulen)
{
	struct uc_sockaddr a;
	int n;

	if (!uaddr)
		return 0;
	n = s->ops->getname(s, &a, true);
	return n < 0 ? -ECONNABORTED : uc_sockaddr_put(&a, (unsigned)n, uaddr, ulen);
}

static long do_accept(struct uc_sock *s, bool nonblock, uc_uptr uaddr, uc_uptr ulen, int flags)
{
	struct uc_sock *n;
	struct uc_file *f;
	long r = s->ops->accept ? s->ops->accept(s, &n, nonblock) : -EOPNOTSUPP;

	if (r < 0)
		return r;
	f = uc_sock_file(n, (unsigned)flags);
	if (!f)
		return -ENOMEM;
	r = put_peer(n, uaddr, ulen);
	if (r < 0) {
		uc_file_unref(f);
		return r;
	}
	return uc_fd_publish(f, flags & UC_SOCK_CLOEXEC);
}

long uc_sys_accept4(int fd, uc_uptr uaddr, uc_uptr ulen, int flags)
{
	struct uc_file *f;
	struct uc_sock *s;
	long r;

	if (flags & ~(UC_SOCK_CLOEXEC | UC_SOCK_NONBLOCK))
		return -EINVAL;
	r = uc_sock_get(fd, &f, &s);
	if (r < 0)
		return r;
	r = do_accept(s, f->flags & O_NONBLOCK, uaddr, ulen, flags);
	uc_file_unref(f);
	return r;
}

long uc_sys_accept(int fd, uc_uptr uaddr, uc_uptr ulen)
{
	return uc_sys_accept4(fd, uaddr, ulen, 0);
}

long uc_sys_shutdown(int fd, int how)
{
	struct uc_file *f;
	struct uc_sock *s;
	int r = uc_sock_get(fd, &f, &s);

	if (r < 0)
		return r;
	r = how < UC_SHUT_RD || how > UC_SHUT_RDWR ? -EINVAL
	    : s->ops->shutdown                     ? s->ops->shutdown(s, how)
						   : -EOPNOTSUPP;
	uc_file_unref(f);
	return r;
}

static long get_name(int fd, uc_uptr uaddr, uc_uptr ulen, bool peer)
{
	struct uc_sockaddr a;
	struct uc_file *f;
	struct uc_sock *s;
	int r = uc_sock_get(fd, &f, &s);

	if (r < 0)
		return r;
	r = s->ops->getname(s, &a, peer);
	uc_file_unref(f);
	return r < 0 ? r : uc_sockaddr_put(&a, (unsigned)r, uaddr, ulen);
}

long uc_sys_getsockname(int fd, uc_uptr uaddr, uc_uptr ulen)
{
	return get_name(fd, uaddr, ulen, false);
}

long uc_sys_getpeername(int fd, uc_uptr uaddr, uc_uptr ulen)
{
	return get_name(fd, uaddr, ulen, true);
}
