// SPDX-License-Identifier: BSD-3-Clause
/* Arguments and results by kind. */
#include <asm/errno.h>
#include <linux/fcntl.h>
#include <linux/futex.h>
#include <linux/mman.h>
#include <uc/user.h>
#include "trace_internal.h"

struct ctx {
	const struct trace_call *c;
	const uint64_t *a;
	bool done;
	long ret;
};

static bool failed(long ret)
{
	return ret < 0 && ret >= -4095;
}

static bool is_output(const struct trace_arg *g)
{
	switch (g->kind) {
	case K_OBUF:
	case K_OSTR:
	case K_OUT:
	case K_OIOV:
	case K_OSOCKADDR:
		return true;
	case K_IO: /* a futex is told by its address */
		return g->sub != TY_uint;
	}
	return false;
}

/* fcntl commands without an argument. */
static bool fcntl_is_bare(unsigned cmd)
{
	return cmd == F_GETFD || cmd == F_GETFL || cmd == F_GETOWN || cmd == F_GETSIG ||
	       cmd == F_GETLEASE || cmd == F_GETPIPE_SZ || cmd == F_GET_SEALS;
}

static unsigned futex_args(unsigned op)
{
	switch (op & FUTEX_CMD_MASK) {
	case FUTEX_WAKE:
		return 3;
	case FUTEX_WAIT:
	case FUTEX_LOCK_PI:
	case FUTEX_LOCK_PI2:
		return 4;
	case FUTEX_UNLOCK_PI:
	case FUTEX_TRYLOCK_PI:
		return 2;
	}
	return 6;
}

/* Arguments that the call has with these values: the registers of the others hold leftovers. */
static unsigned present(const struct ctx *x)
{
	const struct trace_call *c = x->c;
	for (unsigned i = 0; i + 1 < c->nargs; i++) {
		unsigned v = (unsigned)x->a[i];
		bool flags = c->arg[i].kind == K_FLAGS, one = c->arg[i].kind == K_ENUM;
		if (flags && c->arg[i].sub == SET_open && c->arg[i + 1].kind == K_MODE &&
		    !(v & (O_CREAT | __O_TMPFILE)))
			return i + 1;
		if (flags && c->arg[i].sub == SET_mremap && !(v & MREMAP_FIXED))
			return i + 1;
		if (one && c->arg[i].sub == SET_fcntl && fcntl_is_bare(v))
			return i + 1;
		if (one && c->arg[i].sub == SET_futex)
			return UC_MIN(futex_args(v), (unsigned)c->nargs);
	}
	return c->nargs;
}

static uint64_t next_value(const struct ctx *x, unsigned i)
{
	return i + 1 < x->c->nargs ? x->a[i + 1] : 0;
}

/* Elements of the array at argument i. */
static uint64_t elements(const struct ctx *x, unsigned i)
{
	switch (x->c->arg[i].sub) {
	case TY_pollfd:
		return next_value(x, i);
	case TY_epoll_event:
		return x->c->arg[i].kind == K_OUT ? (uint64_t)x->ret : 1;
	case TY_fd_set: /* bits: the first argument of select */
		return x->a[0];
	case TY_sembuf:
		return next_value(x, i);
	}
	return 1;
}

/* A call that fails writes nothing, but for the time left of an interrupted sleep. */
static bool untouched(const struct ctx *x, unsigned i)
{
	const struct trace_arg *g = x->c->arg;
	bool rest = i && g[i].kind == K_OUT && g[i].sub == TY_timespec && g[i - 1].kind == K_IN &&
		    g[i - 1].sub == TY_timespec;
	if (rest) return x->ret != -EINTR && x->ret != -UC_ERESTART_BLOCK;
	return failed(x->ret) && g[i].kind != K_IO;
}

static void put_output(struct trace_text *t, const struct ctx *x, unsigned i)
{
	const struct trace_arg *g = &x->c->arg[i];
	uint64_t v = x->a[i];
	int len = 0;
	if (untouched(x, i)) {
		trace_put_ptr(t, v);
		return;
	}
	switch (g->kind) {
	case K_OBUF:
		trace_put_bytes(t, v, UC_MIN((uint64_t)x->ret, next_value(x, i)));
		break;
	case K_OSTR:
		trace_put_string(t, v, TRACE_PATH_MAX);
		break;
	case K_OIOV:
		trace_put_iov(t, v, next_value(x, i), (uint64_t)x->ret);
		break;
	case K_OSOCKADDR:
		if (v && uc_user_load32(next_value(x, i), (uint32_t *)&len))
			len = 0;
		trace_put_sockaddr(t, v, (uint64_t)(len < 0 ? 0 : len));
		break;
	default:
		trace_put_struct(t, g->sub, v, elements(x, i));
	}
}

static void put_fd(struct trace_text *t, int fd, bool dir)
{
	if (dir && fd == AT_FDCWD)
		trace_put(t, "AT_FDCWD");
	else
		trace_put(t, "%d", fd);
}

static void put_id(struct trace_text *t, uint32_t id)
{
	if (id == UINT32_MAX)
		trace_put(t, "-1");
	else
		trace_put(t, "%u", id);
}

/* fcntl's third argument means what its second says. */
static bool put_fcntl_value(struct trace_text *t, const struct ctx *x, unsigned i)
{
	if (!i || x->c->arg[i - 1].kind != K_ENUM || x->c->arg[i - 1].sub != SET_fcntl)
		return false;
	unsigned cmd = (unsigned)x->a[i - 1];
	if (cmd == F_SETFL)
		trace_put_set(t, SET_open, (unsigned)x->a[i]);
	else if (cmd == F_SETFD && x->a[i] <= FD_CLOEXEC)
		trace_put(t, x->a[i] ? "FD_CLOEXEC" : "0");
	else if (cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC || cmd == F_SETPIPE_SZ)
		trace_put(t, "%d", (int)x->a[i]);
	else
		return false;
	return true;
}

static void put_input(struct trace_text *t, const struct ctx *x, unsigned i)
{
	const struct trace_arg *g = &x->c->arg[i];
	uint64_t v = x->a[i];
	switch (g->kind) {
	case K_INT:
	case K_PID:
		trace_put(t, "%d", (int)v);
		break;
	case K_UID:
	case K_GID:
		put_id(t, (uint32_t)v);
		break;
	case K_UINT:
		trace_put(t, "%u", (unsigned)v);
		break;
	case K_LONG:
	case K_OFF:
		trace_put(t, "%ld", (long)v);
		break;
	case K_ULONG:
	case K_SIZE:
		trace_put(t, "%lu", v);
		break;
	case K_HEX:
		if (!put_fcntl_value(t, x, i))
			trace_put(t, "%s%lx", v ? "0x" : "", v);
		break;
	case K_FD:
	case K_DFD:
		put_fd(t, (int)v, g->kind == K_DFD);
		break;
	case K_MODE:
		trace_put(t, "0%o", (unsigned)v & 07777777);
		break;
	case K_DEV:
		trace_put(t, "0x%x", (unsigned)v);
		break;
	case K_SIG:
		trace_put_signal(t, (int)v);
		break;
	case K_CLOCK:
		trace_put_clock(t, (int)v);
		break;
	case K_PATH:
	case K_EXE:
		trace_put_string(t, v, TRACE_PATH_MAX);
		break;
	case K_STR:
		trace_put_string(t, v, TRACE_STRING_MAX);
		break;
	case K_BUF:
		trace_put_bytes(t, v, next_value(x, i));
		break;
	case K_IOV:
		trace_put_iov(t, v, next_value(x, i), UINT64_MAX);
		break;
	case K_SOCKADDR:
		trace_put_sockaddr(t, v, next_value(x, i));
		break;
	case K_STRV:
		trace_put_strv(t, v);
		break;
	case K_FLAGS:
	case K_ENUM:
		trace_put_set(t, g->sub, (uint32_t)v);
		break;
	case K_IN:
		trace_put_struct(t, g->sub, v, elements(x, i));
		break;
	default:
		trace_put_ptr(t, v);
	}
}

unsigned trace_put_args(struct trace_text *t, const struct trace_call *c, const uint64_t a[6],
			unsigned from, bool done, long ret)
{
	const struct ctx x = { c, a, done, ret };
	unsigned n = present(&x), i;
	for (i = from; i < n; i++) {
		bool output = is_output(&c->arg[i]);
		if (output && !done)
			break;
		if (i)
			trace_put(t, ", ");
		if (output)
			put_output(t, &x, i);
		else
			put_input(t, &x, i);
	}
	return i;
}

static const char *restart_name(long ret)
{
	switch (ret) {
	case -UC_ERESTARTSYS:
		return "ERESTARTSYS (restarted if SA_RESTART is set)";
	case -UC_ERESTARTNOINTR:
		return "ERESTARTNOINTR (restarted)";
	case -UC_ERESTARTNOHAND:
		return "ERESTARTNOHAND (restarted if no handler ran)";
	case -UC_ERESTART_BLOCK:
		return "ERESTART_RESTARTBLOCK (restarted with what time is left)";
	}
	return NULL;
}

static void put_error(struct trace_text *t, long err)
{
	const char *name = trace_errno(err);
	if (name)
		trace_put(t, " = -1 %s", name);
	else
		trace_put(t, " = -1 errno %ld", err);
}

void trace_put_result(struct trace_text *t, const struct trace_call *c, long ret)
{
	const char *again = restart_name(ret);
	if (again)
		trace_put(t, " = ? %s", again);
	else if (failed(ret))
		put_error(t, -ret);
	else if (c->result == K_NONE)
		trace_put(t, " = ?");
	else if (c->result == K_PTR || c->result == K_HEX)
		trace_put(t, " = 0x%lx", (unsigned long)ret);
	else if (c->result == K_MODE)
		trace_put(t, " = 0%o", (unsigned)ret);
	else
		trace_put(t, " = %ld", ret);
}
