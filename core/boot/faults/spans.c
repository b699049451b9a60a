// SPDX-License-Identifier: BSD-3-Clause
/* Where the application's data of a call are. */
#include <asm/unistd.h>
#include <uc/user.h>
#include "faults.h"

struct iov { /* struct iovec */
	uint64_t p, n;
};

/* What is written whatever the result says: the first bytes of structures. */
static const struct {
	uint16_t nr;
	uint8_t at;
	uint16_t bytes;
} fixed[] = {
	{ __NR_uname, 0, 5 },       { __NR_pipe, 0, 4 },         { __NR_pipe2, 0, 4 },
	{ __NR_getrlimit, 1, 8 },   { __NR_prlimit64, 3, 8 },    { __NR_getsockname, 1, 4 },
	{ __NR_getpeername, 1, 4 }, { __NR_getsockopt, 3, 4 },   { __NR_socketpair, 3, 4 },
	{ __NR_statfs, 1, 8 },      { __NR_fstatfs, 1, 8 },      { __NR_getresuid, 0, 4 },
	{ __NR_getresgid, 0, 4 },   { __NR_rt_sigaction, 2, 8 }, { __NR_rt_sigprocmask, 2, 8 },
	{ __NR_sysinfo, 0, 8 },     { __NR_waitid, 2, 4 },
};

/* in: the kernel reads the buffer. */
static const struct {
	uint16_t nr;
	uint8_t pointer, length;
	bool in;
} direct[] = {
	{ __NR_read, 1, 2, false },       { __NR_pread64, 1, 2, false },
	{ __NR_recvfrom, 1, 2, false },   { __NR_getrandom, 0, 1, false },
	{ __NR_getcwd, 0, 1, false },     { __NR_readlink, 1, 2, false },
	{ __NR_readlinkat, 2, 3, false }, { __NR_getdents64, 1, 2, false },
	{ __NR_getxattr, 2, 3, false },   { __NR_write, 1, 2, true },
	{ __NR_pwrite64, 1, 2, true },    { __NR_sendto, 1, 2, true },
};

/* The vector of a call that has one. */
static bool vector_of(const struct fault_call *c, uc_uptr *v, uint64_t *n, bool *in)
{
	struct {
		uint64_t name, namelen, iov, iovlen;
	} msg; /* head of struct msghdr */
	*in = c->nr == __NR_writev || c->nr == __NR_pwritev || c->nr == __NR_pwritev2 ||
	      c->nr == __NR_sendmsg;
	*v = c->a[1];
	*n = c->a[2];
	switch (c->nr) {
	case __NR_sendmsg:
	case __NR_recvmsg:
		if (uc_user_read(&msg, c->a[1], sizeof(msg)))
			return false;
		*v = msg.iov;
		*n = msg.iovlen;
		return true;
	case __NR_readv:
	case __NR_writev:
	case __NR_preadv:
	case __NR_pwritev:
	case __NR_pwritev2:
		return true;
	}
	return false;
}

uint64_t fault_iov_bytes(const struct fault_call *c)
{
	uc_uptr v;
	uint64_t n, sum = 0;
	struct iov i;
	bool in;
	if (!vector_of(c, &v, &n, &in))
		return 0;
	for (; n && !uc_user_read(&i, v, sizeof(i)); n--, v += sizeof(i))
		sum += i.n;
	return sum;
}

/* The first part that is not empty. */
static bool part_of(const struct fault_call *c, struct fault_span *s)
{
	uc_uptr v;
	uint64_t n;
	struct iov i;
	if (!vector_of(c, &v, &n, &s->in))
		return false;
	for (; n && !uc_user_read(&i, v, sizeof(i)); n--, v += sizeof(i))
		if (i.n) {
			s->p = i.p;
			s->n = i.n;
			return true;
		}
	return false;
}

bool fault_span_of(const struct fault_call *c, struct fault_span *s)
{
	*s = (struct fault_span){ 0 };
	for (unsigned i = 0; i < UC_ARRAY_SIZE(direct); i++)
		if (direct[i].nr == c->nr) {
			s->p = c->a[direct[i].pointer];
			s->n = c->a[direct[i].length];
			s->in = direct[i].in;
			return true;
		}
	for (unsigned i = 0; i < UC_ARRAY_SIZE(fixed); i++)
		if (fixed[i].nr == c->nr) {
			s->p = c->a[fixed[i].at];
			s->n = fixed[i].bytes;
			s->fixed = true;
			return s->p != 0;
		}
	return part_of(c, s);
}
