// SPDX-License-Identifier: BSD-3-Clause
/* socket and socketpair. */
#include <uc/sockcall.h>
#include "unix_private.h"

/* Optional µlib: NULL if absent. */
__attribute__((weak)) void uc_inet_register(void);

static int find_family(int family, int type, struct uc_sock_family **out)
{
	int kind = type & UC_SOCK_TYPE_MASK;

	if (type & ~(UC_SOCK_TYPE_MASK | UC_SOCK_NONBLOCK | UC_SOCK_CLOEXEC))
		return -EINVAL;
	if (family < 0 || family > 45)
		return -EAFNOSUPPORT;
	if (kind == 0 || kind > 10)
		return -EINVAL;
	uc_unix_register(); /* of all families the one that needs no device */
	if (uc_inet_register)
		uc_inet_register();
	*out = uc_sock_family(family);
	return *out ? 0 : -EAFNOSUPPORT;
}

long uc_sys_socket(int family, int type, int protocol)
{
	struct uc_sock_family *fam;
	struct uc_sock *s;
	struct uc_file *f;
	int r = find_family(family, type, &fam);

	if (r == 0)
		r = fam->create(type & UC_SOCK_TYPE_MASK, protocol, &s);
	if (r < 0)
		return r;
	f = uc_sock_file(s, (unsigned)type);
	return f ? uc_fd_publish(f, type & UC_SOCK_CLOEXEC) : -ENOMEM;
}

static long install_pair(struct uc_sock *pair[2], int type, uc_uptr ufds)
{
	struct uc_fdtable *t = uc_upcall_fdtable();
	struct uc_file *a = uc_sock_file(pair[0], (unsigned)type),
		       *b = uc_sock_file(pair[1], (unsigned)type);
	bool cloexec = type & UC_SOCK_CLOEXEC;
	int fds[2] = { -ENOMEM, -1 };

	if (a && b)
		fds[0] = uc_fd_install(t, a, 0, cloexec);
	if (fds[0] < 0) {
		if (a)
			uc_file_unref(a);
		if (b)
			uc_file_unref(b);
		return fds[0];
	}
	fds[1] = uc_fd_publish(b, cloexec);
	if (fds[1] >= 0 && uc_user_write(ufds, fds, sizeof(fds)) == 0)
		return 0;
	uc_fd_close(t, fds[0]);
	if (fds[1] < 0)
		return fds[1];
	uc_fd_close(t, fds[1]);
	return -EFAULT;
}

long uc_sys_socketpair(int family, int type, int protocol, uc_uptr ufds)
{
	struct uc_sock_family *fam;
	struct uc_sock *pair[2];
	int r = find_family(family, type, &fam);

	if (r == 0)
		r = fam->pair ? fam->pair(type & UC_SOCK_TYPE_MASK, protocol, pair) : -EOPNOTSUPP;
	return r < 0 ? r : install_pair(pair, type, ufds);
}
