// SPDX-License-Identifier: BSD-3-Clause
/* Structures of the application, decoded as far as they help to follow a program. */
#include <asm/poll.h>
#include <asm/stat.h>
#include <linux/eventpoll.h>
#include <linux/stat.h>
#include <linux/utsname.h>
#include <uc/user.h>
#include "trace_internal.h"

static void put_mode(struct trace_text *t, unsigned mode)
{
	static const char *const types[16] = {
		[1] = "S_IFIFO|", [2] = "S_IFCHR|",  [4] = "S_IFDIR|",   [6] = "S_IFBLK|",
		[8] = "S_IFREG|", [10] = "S_IFLNK|", [12] = "S_IFSOCK|",
	};
	const char *type = types[mode >> 12 & 15];
	trace_put(t, "%s0%o", type ? type : "", type ? mode & 07777 : mode);
}

static void put_limit(struct trace_text *t, uint64_t v)
{
	if (v == UINT64_MAX)
		trace_put(t, "RLIM_INFINITY");
	else
		trace_put(t, "%lu", v);
}

static void put_time(struct trace_text *t, const int64_t v[2], const char *fraction)
{
	trace_put(t, "{tv_sec=%ld, %s=%ld}", v[0], fraction, v[1]);
}

static void put_poll_bits(struct trace_text *t, unsigned v)
{
	static const struct {
		uint16_t bit;
		char name[8];
	} bits[] = {
		{ POLLIN, "IN" },         { POLLPRI, "PRI" },       { POLLOUT, "OUT" },
		{ POLLERR, "ERR" },       { POLLHUP, "HUP" },       { POLLNVAL, "NVAL" },
		{ POLLRDNORM, "RDNORM" }, { POLLRDBAND, "RDBAND" }, { POLLWRNORM, "WRNORM" },
		{ POLLWRBAND, "WRBAND" }, { POLLRDHUP, "RDHUP" },
	};
	bool any = false;
	for (unsigned i = 0; i < UC_ARRAY_SIZE(bits); i++) {
		if (!(v & bits[i].bit))
			continue;
		trace_put(t, "%sPOLL%s", any ? "|" : "", bits[i].name);
		v &= ~(unsigned)bits[i].bit;
		any = true;
	}
	if (v || !any)
		trace_put(t, "%s%s%x", any ? "|" : "", v ? "0x" : "", v);
}

static void put_pollfds(struct trace_text *t, uc_uptr p, uint64_t count)
{
	struct pollfd f;
	trace_put(t, "[");
	for (uint64_t i = 0; i < count; i++) {
		if (i == TRACE_ITEMS_MAX || uc_user_read(&f, p + i * sizeof(f), sizeof(f))) {
			trace_put(t, ", ...");
			break;
		}
		trace_put(t, "%s{fd=%d, events=", i ? ", " : "", f.fd);
		put_poll_bits(t, (uint16_t)f.events);
		if (f.revents) {
			trace_put(t, ", revents=");
			put_poll_bits(t, (uint16_t)f.revents);
		}
		trace_put(t, "}");
	}
	trace_put(t, "]");
}

static void put_events(struct trace_text *t, uc_uptr p, uint64_t count)
{
	struct epoll_event e;
	trace_put(t, "[");
	for (uint64_t i = 0; i < count; i++) {
		if (i == TRACE_ITEMS_MAX || uc_user_read(&e, p + i * sizeof(e), sizeof(e))) {
			trace_put(t, ", ...");
			break;
		}
		trace_put(t, "%s{events=", i ? ", " : "");
		put_poll_bits(t, e.events & 0xffff); /* the bits of poll, then modes */
		if (e.events >> 16)
			trace_put(t, "|0x%x", e.events & 0xffff0000u);
		trace_put(t, ", data=0x%lx}", (unsigned long)e.data);
	}
	trace_put(t, "]");
}

static void put_fd_set(struct trace_text *t, uc_uptr p, uint64_t nfds)
{
	uint64_t word = 0;
	unsigned shown = 0;
	trace_put(t, "[");
	for (uint64_t fd = 0; fd < nfds && fd < 1024; fd++) {
		if (fd % 64 == 0 && uc_user_read(&word, p + fd / 8, sizeof(word)))
			break;
		if (word >> fd % 64 & 1)
			trace_put(t, "%s%lu", shown++ ? " " : "", fd);
	}
	trace_put(t, "]");
}

static void put_sigaction(struct trace_text *t, const struct uc_sigaction *s)
{
	trace_put(t, "{sa_handler=");
	if (s->handler > 1)
		trace_put(t, "0x%lx", s->handler);
	else
		trace_put(t, s->handler ? "SIG_IGN" : "SIG_DFL");
	trace_put(t, ", sa_mask=");
	trace_put_sigset(t, s->mask);
	static const struct {
		uint32_t bit;
		char name[12];
	} bits[] = {
		{ SA_NOCLDSTOP, "NOCLDSTOP" }, { SA_NOCLDWAIT, "NOCLDWAIT" },
		{ SA_SIGINFO, "SIGINFO" },     { SA_ONSTACK, "ONSTACK" },
		{ SA_RESTART, "RESTART" },     { SA_NODEFER, "NODEFER" },
		{ SA_RESETHAND, "RESETHAND" }, { 0x04000000, "RESTORER" },
	};
	uint64_t left = s->flags;
	trace_put(t, ", sa_flags=%s", left ? "" : "0");
	for (unsigned i = 0; i < UC_ARRAY_SIZE(bits); i++) {
		if (!(left & bits[i].bit))
			continue;
		left &= ~(uint64_t)bits[i].bit;
		trace_put(t, "SA_%s%s", bits[i].name, left ? "|" : "");
	}
	if (left)
		trace_put(t, "0x%lx", left);
	trace_put(t, "}");
}

static void put_utsname(struct trace_text *t, const struct new_utsname *u)
{
	trace_put(t, "{sysname=\"%.64s\", nodename=\"%.64s\", release=\"%.64s\", ...}", u->sysname,
		  u->nodename, u->release);
}

union value {
	int32_t i32;
	uint32_t u32[2];
	int64_t i64[4];
	uint64_t u64[11];
	struct stat st;
	struct statx stx;
	struct uc_sigaction act;
	struct new_utsname uts;
};

static const uint16_t sizes[] = {
	[TY_int] = 4,
	[TY_uint] = 4,
	[TY_pid] = 4,
	[TY_uid] = 4,
	[TY_long] = 8,
	[TY_ulong] = 8,
	[TY_size] = 8,
	[TY_off] = 8,
	[TY_ptr] = 8,
	[TY_sigset] = 8,
	[TY_fds] = 8,
	[TY_timespec] = 16,
	[TY_timeval] = 16,
	[TY_itimerspec] = 32,
	[TY_itimerval] = 32,
	[TY_stat] = sizeof(struct stat),
	[TY_statx] = sizeof(struct statx),
	[TY_sigaction] = sizeof(struct uc_sigaction),
	[TY_rlimit] = 16,
	[TY_rlimit64] = 16,
	[TY_new_utsname] = sizeof(struct new_utsname),
	[TY_sigaltstack] = 24,
	[TY_siginfo] = 12,
	[TY_clone_args] = 64,
	[TY_open_how] = 24,
	[TY_msghdr] = 56,
	[TY_utimbuf] = 16,
	[TY_sched_param] = 4,
};

static void put_interval(struct trace_text *t, const int64_t v[4], const char *fraction)
{
	trace_put(t, "{it_interval=");
	put_time(t, v, fraction);
	trace_put(t, ", it_value=");
	put_time(t, v + 2, fraction);
	trace_put(t, "}");
}

static void put_clone_args(struct trace_text *t, const uint64_t v[8])
{
	trace_put(t, "{flags=");
	trace_put_set(t, SET_clone, v[0]);
	trace_put(t, ", exit_signal=");
	trace_put_signal(t, (int)v[4]);
	trace_put(t, ", stack=");
	trace_put_ptr(t, v[5]);
	trace_put(t, ", stack_size=0x%lx, tls=0x%lx}", v[6], v[7]);
}

static void put_msghdr(struct trace_text *t, const uint64_t v[7])
{
	trace_put(t, "{msg_name=");
	trace_put_ptr(t, v[0]);
	trace_put(t, ", msg_iov=");
	trace_put_iov(t, v[2], v[3], TRACE_STRING_MAX);
	trace_put(t, ", msg_controllen=%lu, msg_flags=", v[5]);
	trace_put_set(t, SET_msg, (uint32_t)v[6]);
	trace_put(t, "}");
}

static void put_siginfo(struct trace_text *t, const uint32_t *v)
{
	trace_put(t, "{si_signo=");
	trace_put_signal(t, (int)v[0]);
	trace_put(t, ", si_code=%d, ...}", (int)((const int32_t *)v)[2]);
}

static void put_value(struct trace_text *t, enum trace_type type, const union value *v)
{
	switch (type) {
	case TY_int:
	case TY_pid:
	case TY_sched_param:
		trace_put(t, "[%d]", v->i32);
		break;
	case TY_uint:
	case TY_uid:
		trace_put(t, "[%u]", v->u32[0]);
		break;
	case TY_long:
	case TY_off:
		trace_put(t, "[%ld]", v->i64[0]);
		break;
	case TY_ulong:
	case TY_size:
		trace_put(t, "[%lu]", v->u64[0]);
		break;
	case TY_ptr:
		trace_put(t, "[0x%lx]", v->u64[0]);
		break;
	case TY_fds:
		trace_put(t, "[%d, %d]", (int)v->u32[0], (int)v->u32[1]);
		break;
	case TY_sigset:
		trace_put_sigset(t, v->u64[0]);
		break;
	case TY_timespec:
		put_time(t, v->i64, "tv_nsec");
		break;
	case TY_timeval:
		put_time(t, v->i64, "tv_usec");
		break;
	case TY_itimerspec:
		put_interval(t, v->i64, "tv_nsec");
		break;
	case TY_itimerval:
		put_interval(t, v->i64, "tv_usec");
		break;
	case TY_utimbuf:
		trace_put(t, "{actime=%ld, modtime=%ld}", v->i64[0], v->i64[1]);
		break;
	case TY_stat:
		trace_put(t, "{st_mode=");
		put_mode(t, v->st.st_mode);
		trace_put(t, ", st_size=%ld, ...}", (long)v->st.st_size);
		break;
	case TY_statx:
		trace_put(t, "{stx_mode=");
		put_mode(t, v->stx.stx_mode);
		trace_put(t, ", stx_size=%lu, ...}", (unsigned long)v->stx.stx_size);
		break;
	case TY_sigaction:
		put_sigaction(t, &v->act);
		break;
	case TY_rlimit:
	case TY_rlimit64:
		trace_put(t, "{rlim_cur=");
		put_limit(t, v->u64[0]);
		trace_put(t, ", rlim_max=");
		put_limit(t, v->u64[1]);
		trace_put(t, "}");
		break;
	case TY_new_utsname:
		put_utsname(t, &v->uts);
		break;
	case TY_sigaltstack:
		trace_put(t, "{ss_sp=0x%lx, ss_flags=0x%x, ss_size=%lu}", v->u64[0],
			  (unsigned)v->u64[1], v->u64[2]);
		break;
	case TY_siginfo:
		put_siginfo(t, (const uint32_t *)v);
		break;
	case TY_clone_args:
		put_clone_args(t, v->u64);
		break;
	case TY_open_how:
		trace_put(t, "{flags=");
		trace_put_set(t, SET_open, v->u64[0]);
		trace_put(t, ", mode=0%lo, resolve=0x%lx}", v->u64[1], v->u64[2]);
		break;
	case TY_msghdr:
		put_msghdr(t, v->u64);
		break;
	default:
		break;
	}
}

void trace_put_struct(struct trace_text *t, enum trace_type type, uc_uptr p, uint64_t count)
{
	union value v;
	if (p && type == TY_pollfd)
		put_pollfds(t, p, count);
	else if (p && type == TY_epoll_event)
		put_events(t, p, count);
	else if (p && type == TY_fd_set)
		put_fd_set(t, p, count);
	else if (!p || type >= UC_ARRAY_SIZE(sizes) || !sizes[type] ||
		 uc_user_read(&v, p, sizes[type]))
		trace_put_ptr(t, p);
	else
		put_value(t, type, &v);
}

static void put_inet6(struct trace_text *t, const uint8_t *b)
{
	trace_put(t, "{sa_family=AF_INET6, sin6_port=htons(%u), sin6_addr=\"", b[2] << 8 | b[3]);
	for (unsigned i = 0; i < 8; i++)
		trace_put(t, "%s%x", i ? ":" : "", b[8 + 2 * i] << 8 | b[9 + 2 * i]);
	trace_put(t, "\"}");
}

void trace_put_sockaddr(struct trace_text *t, uc_uptr p, uint64_t len)
{
	uint8_t b[110];
	uint64_t n = UC_MIN(len, (uint64_t)sizeof(b));
	if (!p || n < 2 || uc_user_read(b, p, n)) {
		trace_put_ptr(t, p);
		return;
	}
	unsigned family = b[0] | b[1] << 8, end = 2;
	if (family == 2 && n >= 8) {
		trace_put(t,
			  "{sa_family=AF_INET, sin_port=htons(%u), "
			  "sin_addr=inet_addr(\"%u.%u.%u.%u\")}",
			  b[2] << 8 | b[3], b[4], b[5], b[6], b[7]);
	} else if (family == 10 && n >= 24) {
		put_inet6(t, b);
	} else if (family == 1) {
		while (end < n && (b[end] || end == 2)) /* a first NUL: abstract name */
			end++;
		trace_put(t, "{sa_family=AF_UNIX, sun_path=");
		trace_put_quoted(t, b + 2, n > 2 && (b[2] || n > 3) ? end - 2 : 0, false);
		trace_put(t, "}");
	} else {
		trace_put(t, "{sa_family=");
		trace_put_set(t, SET_af, family);
		trace_put(t, ", ...}");
	}
}
