// SPDX-License-Identifier: BSD-3-Clause
/* sendmsg, recvmsg and their many-message forms. */
#include <uc/sockcall.h>
#include <uc/heap.h>
#include <uc/string.h>
#include <uc/time.h>

#define CONTROL_SEND_MAX 20480u /* net.core.optmem_max */
#define CONTROL_RECV_MAX 4096u
#define MSGS_MAX 1024u

/* Layouts of struct msghdr and struct mmsghdr. */
struct user_msghdr {
	uint64_t name; int32_t name_len; uint32_t pad;
	uint64_t iov, iov_len, control, control_len; uint32_t flags, pad2;
};
struct user_mmsghdr { struct user_msghdr hdr; uint32_t len, pad; };

/* A message header taken apart. */
struct call { struct user_msghdr h; struct uc_msg m; struct uc_uvec v; struct uc_sockaddr a; };

static int get_header(struct call *c, uc_uptr umsg, unsigned flags)
{
	int r;

	if (uc_user_read(&c->h, umsg, sizeof(c->h)) < 0)
		return -EFAULT;
	if (c->h.iov_len > UC_IOV_MAX)
		return -EMSGSIZE;
	r = uc_uvec_get(&c->v, c->h.iov, c->h.iov_len);
	if (r < 0)
		return r;
	c->m = (struct uc_msg){ .it = c->v.it, .flags = flags };
	return 0;
}

static int get_control(struct call *c)
{
	if (c->h.control_len > CONTROL_SEND_MAX)
		return -ENOBUFS;
	if (!c->h.control || !c->h.control_len)
		return 0;
	c->m.control = uc_heap_alloc(c->h.control_len);
	if (!c->m.control)
		return -ENOBUFS;
	c->m.control_len = c->h.control_len;
	return uc_user_read(c->m.control, c->h.control, c->h.control_len);
}

long uc_sock_sendmsg_user(struct uc_sock *s, struct uc_file *f, uc_uptr umsg, unsigned flags)
{
	struct call c;
	long r = get_header(&c, umsg, flags);

	if (r < 0)
		return r;
	r = get_control(&c);
	if (r == 0 && c.h.name && c.h.name_len) {
		r = uc_sockaddr_get(&c.a, c.h.name, c.h.name_len);
		c.m.name = &c.a;
		c.m.name_len = (unsigned)c.h.name_len;
	}
	if (r == 0)
		r = uc_sock_send(s, f, &c.m);
	uc_heap_free(c.m.control);
	uc_uvec_put(&c.v);
	return r;
}

/* Results go into the application's header field by field, as Linux does. */
static int put_header(struct call *c, uc_uptr umsg)
{
	uint64_t used = c->m.control_len;
	uint32_t flags = c->m.flags & (UC_MSG_OOB | UC_MSG_EOR | UC_MSG_TRUNC | UC_MSG_CTRUNC |
				       UC_MSG_ERRQUEUE | UC_MSG_NOTIFICATION | UC_MSG_CMSG_CLOEXEC);

	if (c->h.name) {
		unsigned room = c->h.name_len < 0 ? 0 : (unsigned)c->h.name_len;

		if (uc_user_write(c->h.name, &c->a, UC_MIN(room, c->m.name_len)) < 0 ||
		    uc_user_store32(umsg + offsetof(struct user_msghdr, name_len), c->m.name_len) <
			    0)
			return -EFAULT;
	}
	if (used && uc_user_write(c->h.control, c->m.control, used) < 0)
		return -EFAULT;
	if (uc_user_store32(umsg + offsetof(struct user_msghdr, flags), flags) < 0)
		return -EFAULT;
	return uc_user_write(umsg + offsetof(struct user_msghdr, control_len), &used, sizeof(used));
}

long uc_sock_recvmsg_user(struct uc_sock *s, struct uc_file *f, uc_uptr umsg, unsigned flags)
{
	struct call c;
	long r = get_header(&c, umsg, flags & ~UC_MSG_MORE);
	int e;

	if (r < 0)
		return r;
	if (c.h.control && c.h.control_len) {
		c.m.control_cap = UC_MIN(c.h.control_len, (uint64_t)CONTROL_RECV_MAX);
		c.m.control = uc_heap_zalloc(c.m.control_cap);
		if (!c.m.control)
			r = -ENOBUFS;
	}
	if (r == 0) {
		c.m.name = c.h.name ? &c.a : NULL;
		r = uc_sock_recv(s, f, &c.m);
	}
	if (r >= 0 && (e = put_header(&c, umsg)) < 0)
		r = e;
	uc_heap_free(c.m.control);
	uc_uvec_put(&c.v);
	return r;
}

long uc_sys_sendmsg(int fd, uc_uptr umsg, unsigned flags)
{
	struct uc_file *f;
	struct uc_sock *s;
	long r = uc_sock_get(fd, &f, &s);

	if (r < 0)
		return r;
	r = uc_sock_sendmsg_user(s, f, umsg, flags);
	uc_file_unref(f);
	return r;
}

long uc_sys_recvmsg(int fd, uc_uptr umsg, unsigned flags)
{
	struct uc_file *f;
	struct uc_sock *s;
	long r = uc_sock_get(fd, &f, &s);

	if (r < 0)
		return r;
	r = uc_sock_recvmsg_user(s, f, umsg, flags);
	uc_file_unref(f);
	return r;
}

long uc_sys_sendmmsg(int fd, uc_uptr uvec, unsigned n, unsigned flags)
{
	struct uc_file *f;
	struct uc_sock *s;
	long r = uc_sock_get(fd, &f, &s);
	unsigned done = 0;

	if (r < 0)
		return r;
	for (n = UC_MIN(n, MSGS_MAX); done < n; done++) {
		uc_uptr at = uvec + done * sizeof(struct user_mmsghdr);

		r = uc_sock_sendmsg_user(s, f, at, flags);
		if (r >= 0 &&
		    uc_user_store32(at + offsetof(struct user_mmsghdr, len), (uint32_t)r) < 0)
			r = -EFAULT;
		if (r < 0)
			break;
	}
	uc_file_unref(f);
	return done ? (long)done : r;
}

static int deadline_of(uc_uptr uts, uc_nsec *deadline)
{
	struct __kernel_timespec ts;

	*deadline = UC_FOREVER;
	if (!uts)
		return 0;
	if (uc_user_read(&ts, uts, sizeof(ts)) < 0)
		return -EFAULT;
	if (ts.tv_sec < 0 || ts.tv_nsec < 0 || ts.tv_nsec >= 1000000000)
		return -EINVAL;
	if (ts.tv_sec < INT32_MAX)
		*deadline = uc_time_mono() + (uc_nsec)ts.tv_sec * 1000000000u + (uc_nsec)ts.tv_nsec;
	return 0;
}

/* The timeout is looked at after each message only: recvmmsg(2), BUGS. */
long uc_sys_recvmmsg(int fd, uc_uptr uvec, unsigned n, unsigned flags, uc_uptr uts)
{
	struct uc_file *f;
	struct uc_sock *s;
	uc_nsec deadline;
	unsigned done = 0;
	long r = deadline_of(uts, &deadline);

	if (r == 0)
		r = uc_sock_get(fd, &f, &s);
	if (r < 0)
		return r;
	for (n = UC_MIN(n, MSGS_MAX); done < n; done++) {
		uc_uptr at = uvec + done * sizeof(struct user_mmsghdr);

		if (done && uc_time_mono() >= deadline)
			break;
		r = uc_sock_recvmsg_user(s, f, at, flags & ~UC_MSG_WAITFORONE);
		if (r >= 0 &&
		    uc_user_store32(at + offsetof(struct user_mmsghdr, len), (uint32_t)r) < 0)
			r = -EFAULT;
		if (r < 0)
			break;
		if (flags & UC_MSG_WAITFORONE)
			flags |= UC_MSG_DONTWAIT;
	}
	uc_file_unref(f);
	return done ? (long)done : r;
}
