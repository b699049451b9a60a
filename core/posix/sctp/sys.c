// SPDX-License-Identifier: BSD-3-Clause
#include "sys.h"
#include <uc/filecall.h>
#include <uc/proc.h>
#include <uc/socket.h>

int sctp_publish(struct uc_sock *s, unsigned flags)
{
	struct uc_file *f = uc_sock_file(s, flags & UC_SOCK_NONBLOCK);

	return f ? uc_fd_publish(f, flags & UC_SOCK_CLOEXEC) : -ENOMEM;
}

int sctp_unsupported(int err, const char *what, int n)
{
	return (int)uc_unsupported(err, "%s %d of SCTP", what, n);
}
