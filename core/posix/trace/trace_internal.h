// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_TRACE_INTERNAL_H
#define UC_TRACE_INTERNAL_H
#include <uc/list.h>
#include <uc/proc.h>
#include <uc/trace.h>
#include "trace-enums.inc"

/* Kinds of arguments and results, as abi/syscalls.tab describes them. */
enum trace_kind {
	K_NONE,
	K_INT,
	K_UINT,
	K_LONG,
	K_ULONG,
	K_SIZE,
	K_OFF,
	K_HEX,
	K_PTR,
	K_FD,
	K_DFD,
	K_PID,
	K_UID,
	K_GID,
	K_MODE,
	K_DEV,
	K_SIG,
	K_CLOCK,
	K_PATH,
	K_EXE,
	K_STR,
	K_BUF,
	K_OBUF,
	K_OSTR,
	K_IN,
	K_OUT,
	K_IO,
	K_IOV,
	K_OIOV,
	K_SOCKADDR,
	K_OSOCKADDR,
	K_STRV,
	K_FLAGS,
	K_ENUM
};
struct trace_arg {
	uint8_t kind, sub; /* enum trace_type or trace_set */
};
struct trace_call {
	const char *name;
	uint8_t result, nargs;
	struct trace_arg arg[6];
};
/* false: no such number */
bool trace_call_get(uint64_t nr, struct trace_call *out);
/* "ENOENT", or NULL */
const char *trace_errno(long err);

/* Text of bounded length; what does not fit is dropped and the end marked by "...". */
struct trace_text {
	char *p;
	size_t n, cap;
};
void trace_put(struct trace_text *t, const char *fmt, ...) UC_PRINTF(2, 3);
/* n bytes as a C string; more: an ellipsis follows the closing quote. */
void trace_put_quoted(struct trace_text *t, const uint8_t *s, size_t n, bool more);

#define TRACE_STRING_MAX 32u  /* bytes shown of data */
#define TRACE_PATH_MAX   200u /* and of a path */
#define TRACE_ITEMS_MAX  16u  /* of an array */
/* The application's memory at p; an address that cannot be read is shown as such. */
void trace_put_bytes(struct trace_text *t, uc_uptr p, uint64_t n);
void trace_put_string(struct trace_text *t, uc_uptr p, size_t max);
void trace_put_strv(struct trace_text *t, uc_uptr p);
void trace_put_iov(struct trace_text *t, uc_uptr p, uint64_t count, uint64_t bytes);
void trace_put_sockaddr(struct trace_text *t, uc_uptr p, uint64_t len);
void trace_put_ptr(struct trace_text *t, uint64_t p);
/* The structure at p; count: elements of an array of it, as the call's arguments say. */
void trace_put_struct(struct trace_text *t, enum trace_type type, uc_uptr p, uint64_t count);

void trace_put_set(struct trace_text *t, enum trace_set set, uint64_t v);
void trace_put_signal(struct trace_text *t, int sig);
void trace_put_sigset(struct trace_text *t, uint64_t set);
void trace_put_clock(struct trace_text *t, int clock);

/* Arguments from `from` on. Before the call those that it reads, up to the first that it writes;
 * afterwards (done, ret: its result) the rest. Returns the number of the first one not shown. */
unsigned trace_put_args(struct trace_text *t, const struct trace_call *c, const uint64_t a[6],
			unsigned from, bool done, long ret);
void trace_put_result(struct trace_text *t, const struct trace_call *c, long ret);
#endif
