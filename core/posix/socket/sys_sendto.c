// SPDX-License-Identifier: BSD-3-Clause
/* sendto and recvfrom. */
#include <uc/sockcall.h>

long uc_sys_sendto(int fd, uc_uptr buf, size_t n, unsigned flags, uc_uptr uaddr, int len)
{
	struct uc_msg m = { .flags = flags };
	struct uc_sockaddr a;
	struct uc_iovec one;
	struct uc_file *f;
	struct uc_sock *s;
	long r = uc_sock_get(fd, &f, &s);

	if (r < 0)
		return r;
	if (!uc_user_ok(buf, n))
		r = -EFAULT;
	if (r == 0 && uaddr) {
		r = uc_sockaddr_get(&a, uaddr, len);
		m.name = &a;
		m.name_len = (unsigned)len;
	}
	if (r == 0) {
		uc_uvec_one(&m.it, &one, buf, UC_MIN(n, UC_RW_MAX));
		r = uc_sock_send(s, f, &m);
	}
	uc_file_unref(f);
	return r;
}

long uc_sys_recvfrom(int fd, uc_uptr buf, size_t n, unsigned flags, uc_uptr uaddr, uc_uptr ulen)
{
	struct uc_msg m = { .flags = flags };
	struct uc_sockaddr a = { 0 };
	struct uc_iovec one;
	struct uc_file *f;
	struct uc_sock *s;
	long r = uc_sock_get(fd, &f, &s);

	if (r < 0)
		return r;
	if (!uc_user_ok(buf, n)) {
		r = -EFAULT;
	} else {
		uc_uvec_one(&m.it, &one, buf, UC_MIN(n, UC_RW_MAX));
		m.name = uaddr ? &a : NULL;
		r = uc_sock_recv(s, f, &m);
	}
	if (r >= 0 && uaddr) {
		int e = uc_sockaddr_put(&a, m.name_len, uaddr, ulen);

		r = e < 0 ? e : r;
	}
	uc_file_unref(f);
	return r;
}
