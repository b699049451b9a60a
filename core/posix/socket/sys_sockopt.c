// SPDX-License-Identifier: BSD-3-Clause
/* getsockopt and setsockopt: SOL_SOCKET here, the rest by the family. */
#include <uc/sockcall.h>
#include <linux/in.h>
#include <linux/time_types.h>
#include <uc/string.h>

#define OPT_MAX 256u
#define BUF_MIN 4608u
#define BUF_MAX 212992u /* net.core.{r,w}mem_max */

/* On-off options that are remembered; a family that acts on one looks at flag_options. */
static bool is_flag(int name)
{
	switch (name) {
	case SO_DEBUG: case SO_REUSEADDR: case SO_DONTROUTE: case SO_BROADCAST: case SO_KEEPALIVE:
	case SO_OOBINLINE: case SO_REUSEPORT: case SO_NO_CHECK: case SO_RXQ_OVFL:
	case SO_SELECT_ERR_QUEUE: case SO_LOCK_FILTER:
		return true;
	default:
		return false;
	}
}

static int get_int(struct uc_sock *s, int name, int *v)
{
	switch (name) {
	case SO_TYPE: *v = s->type; return 0;
	case SO_DOMAIN: *v = s->family; return 0;
	case SO_PROTOCOL: *v = s->protocol; return 0;
	case SO_ERROR: *v = -uc_sock_take_error(s); return 0;
	case SO_ACCEPTCONN: *v = s->listening; return 0;
	case SO_SNDBUF: *v = (int)s->sndbuf; return 0;
	case SO_RCVBUF: *v = (int)s->rcvbuf; return 0;
	case SO_PASSCRED: *v = s->passcred; return 0;
	case SO_RCVLOWAT: *v = s->rcvlowat ? s->rcvlowat : 1; return 0;
	case SO_SNDLOWAT: *v = 1; return 0;
	case SO_PRIORITY: *v = s->priority; return 0;
	case SO_MARK: *v = (int)s->mark; return 0;
	case SO_INCOMING_CPU: *v = 0; return 0;
	}
	if (!is_flag(name))
		return -ENOPROTOOPT;
	*v = (int)(s->flag_options >> name & 1);
	return 0;
}

static int get_time(uc_nsec t, void *buf, unsigned *len)
{
	struct __kernel_old_timeval tv = { (long)(t / 1000000000u),
					   (long)(t % 1000000000u / 1000) };

	*len = UC_MIN(*len, (unsigned)sizeof(tv));
	memcpy(buf, &tv, *len);
	return 0;
}

static int get_socket_level(struct uc_sock *s, int name, void *buf, unsigned *len)
{
	int v, r;

	switch (name) {
	case SO_RCVTIMEO: case SO_RCVTIMEO_NEW: return get_time(s->rcvtimeo, buf, len);
	case SO_SNDTIMEO: case SO_SNDTIMEO_NEW: return get_time(s->sndtimeo, buf, len);
	case SO_LINGER:
		*len = UC_MIN(*len, (unsigned)sizeof(s->linger));
		memcpy(buf, &s->linger, *len);
		return 0;
	case SO_COOKIE: /* a number that no other socket has had */
		if (*len < sizeof(s->inode.ino))
			return -EINVAL;
		*len = sizeof(s->inode.ino);
		memcpy(buf, &s->inode.ino, *len);
		return 0;
	}
	r = get_int(s, name, &v);
	if (r == 0) {
		*len = UC_MIN(*len, (unsigned)sizeof(v));
		memcpy(buf, &v, *len);
	}
	return r;
}

long uc_sys_getsockopt(int fd, int level, int name, uc_uptr uval, uc_uptr ulen)
{
	uint8_t buf[OPT_MAX] = { 0 };
	struct uc_file *f;
	struct uc_sock *s;
	uint32_t len;
	int r = uc_sock_get(fd, &f, &s);

	if (r < 0)
		return r;
	if (uc_user_load32(ulen, &len) < 0)
		r = -EFAULT;
	else if ((int32_t)len < 0)
		r = -EINVAL;
	else {
		len = UC_MIN(len, OPT_MAX);
		s->nonblock = f->flags & O_NONBLOCK;
		if (s->ops->getsockopt_reads && uc_user_read(buf, uval, len) < 0)
			r = -EFAULT;
	}
	if (r == 0) {
		r = level == SOL_SOCKET ? get_socket_level(s, name, buf, &len) : -ENOPROTOOPT;
		if (r == -ENOPROTOOPT)
			r = s->ops->getsockopt    ? s->ops->getsockopt(s, level, name, buf, &len)
			    : level == SOL_SOCKET ? r
						  : -EOPNOTSUPP;
	}
	if (r == 0 && (uc_user_write(uval, buf, len) < 0 || uc_user_store32(ulen, len) < 0))
		r = -EFAULT;
	uc_file_unref(f);
	return r;
}

/* Linux doubles what is asked for, to cover its bookkeeping, and reports the double. */
static uint32_t buffer_size(int v)
{
	uint32_t n = UC_MIN(v < 0 ? BUF_MAX : (uint32_t)v, BUF_MAX) * 2;

	return UC_MAX(n, BUF_MIN);
}

static int set_time(uc_nsec *t, const void *buf, unsigned len)
{
	struct __kernel_old_timeval tv;

	if (len < sizeof(tv))
		return -EINVAL;
	memcpy(&tv, buf, sizeof(tv));
	if (tv.tv_usec < 0 || tv.tv_usec >= 1000000)
		return -EDOM;
	if (tv.tv_sec < 0)
		*t = 1; /* as in Linux: a negative time means not to wait */
	else if (tv.tv_sec > INT32_MAX)
		*t = 0;
	else
		*t = (uc_nsec)tv.tv_sec * 1000000000u + (uc_nsec)tv.tv_usec * 1000u;
	return 0;
}

static int set_socket_level(struct uc_sock *s, int name, const void *buf, unsigned len)
{
	bool root = uc_proc_current()->euid == 0;
	int v, r;

	switch (name) {
	case SO_BINDTODEVICE: return -ENOPROTOOPT; /* a name: the family's */
	case SO_RCVTIMEO: case SO_RCVTIMEO_NEW: return set_time(&s->rcvtimeo, buf, len);
	case SO_SNDTIMEO: case SO_SNDTIMEO_NEW: return set_time(&s->sndtimeo, buf, len);
	case SO_LINGER:
		if (len < sizeof(s->linger))
			return -EINVAL;
		memcpy(&s->linger, buf, sizeof(s->linger));
		return 0;
	}
	if (len < sizeof(v))
		return -EINVAL;
	memcpy(&v, buf, sizeof(v));
	switch (name) {
	case SO_SNDBUF: case SO_SNDBUFFORCE: s->sndbuf = buffer_size(v); return 0;
	case SO_RCVBUF: case SO_RCVBUFFORCE: s->rcvbuf = buffer_size(v); return 0;
	case SO_PASSCRED: s->passcred = v; return 0;
	case SO_RCVLOWAT: s->rcvlowat = v < 0 ? INT32_MAX : v; return 0;
	case SO_PRIORITY:
		if (!root && (v < 0 || v > 6))
			return -EPERM;
		s->priority = v;
		return 0;
	case SO_MARK:
		if (!root)
			return -EPERM;
		s->mark = (uint32_t)v;
		return 0;
	case SO_DETACH_FILTER:
		r = s->ops->setsockopt ? s->ops->setsockopt(s, SOL_SOCKET, name, buf, len)
				       : -ENOPROTOOPT;
		return r == -ENOPROTOOPT ? -ENOENT : r;
	}
	if (!is_flag(name))
		return -ENOPROTOOPT;
	s->flag_options = (s->flag_options & ~(1ull << name)) | (uint64_t)(v != 0) << name;
	if (s->ops->setsockopt)
		s->ops->setsockopt(s, SOL_SOCKET, name, buf, len); /* which may act on it */
	return 0;
}

long uc_sys_setsockopt(int fd, int level, int name, uc_uptr uval, int len)
{
	uint8_t buf[OPT_MAX];
	struct uc_file *f;
	struct uc_sock *s;
	unsigned n = UC_MIN((unsigned)len, OPT_MAX);
	int r;

	if (len < 0)
		return -EINVAL;
	r = uc_sock_get(fd, &f, &s);
	if (r < 0)
		return r;
	if (uc_user_read(buf, uval, n) < 0)
		r = -EFAULT;
	s->nonblock = f->flags & O_NONBLOCK;
	if (r == 0) {
		r = level == SOL_SOCKET ? set_socket_level(s, name, buf, n) : -ENOPROTOOPT;
		if (r == -ENOPROTOOPT && s->ops->setsockopt)
			r = s->ops->setsockopt(s, level, name, buf, n);
		/* Options of IPv6 on other sockets Linux does not know either. */
		if (r == -ENOPROTOOPT && (level != IPPROTO_IPV6 || s->family == UC_AF_INET6))
			uc_unsupported(r, "setsockopt level %d option %d", level, name);
	}
	uc_file_unref(f);
	return r;
}
