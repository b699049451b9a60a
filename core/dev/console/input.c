// SPDX-License-Identifier: BSD-3-Clause
/* Standard input. The host sends only what a reader has asked for (credit), so the buffer always
 * has room for what is on its way; in raw mode the channel holds back what does not fit. */
#include "console_priv.h"
#include <asm/errno.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/mux_codec.h>
#include <uc/plat.h>
#include <uc/string.h>

#define STDIN_MIN   512u
#define STDIN_MAX   65536u
#define STDIN_POLL  4096u   /* asked for by poll, which does not know how much will be read */
#define STDIN_RAW   4096u
#define NO_EOF      UINT32_MAX

static struct {
	uint8_t *buf;
	uint32_t cap, head, len;  /* cap: power of two or 0 */
	uint32_t credit;          /* granted, not yet used by the host */
	uint32_t grant;           /* to be sent as soon as there is room */
	uint32_t eof_after;       /* buffered bytes before the end; NO_EOF: no end in sight */
	struct uc_mux_decoder dec;
	struct uc_waitq readers;
} in = { .eof_after = NO_EOF, .readers = UC_WAITQ_INIT(in.readers) };

static uint32_t stdin_limit(void)
{
	uint64_t share = uc_plat_ram_bytes() / 512;
	uint32_t limit = STDIN_POLL;
	while (limit < STDIN_MAX && limit * 2 <= share)
		limit *= 2;
	return limit;
}

/* Makes room for `need` bytes in all. False: no memory. */
static bool reserve(uint32_t need)
{
	uint32_t cap = UC_MAX(in.cap, STDIN_MIN);
	if (need <= in.cap)
		return true;
	while (cap < need)
		cap *= 2;
	uint8_t *buf = uc_heap_alloc(cap);
	if (!buf)
		return false;
	for (uint32_t i = 0; i < in.len; i++)
		buf[i] = in.buf[(in.head + i) & (in.cap - 1)];
	uc_heap_free(in.buf);
	in.buf = buf;
	in.cap = cap;
	in.head = 0;
	return true;
}

size_t uc_console_stdin_put(const uint8_t *p, size_t n)
{
	if (!uc_console.mux && !reserve(STDIN_RAW))
		return 0;
	n = UC_MIN(n, (size_t)(in.cap - in.len));
	if (!n)
		return 0;
	uint32_t at = (in.head + in.len) & (in.cap - 1);
	size_t first = UC_MIN(n, (size_t)(in.cap - at));
	memcpy(in.buf + at, p, first);
	memcpy(in.buf, p + first, n - first);
	in.len += n;
	uc_waitq_wake_all(&in.readers);
	return n;
}

void uc_console_stdin_eof(void)
{
	/* A second end before the first was read adds nothing that a reader could tell apart. */
	if (in.eof_after == NO_EOF)
		in.eof_after = in.len;
	uc_waitq_wake_all(&in.readers);
}

void uc_console_input_ends(void)
{
	uc_console.deaf = true;
	uc_waitq_wake_all(&in.readers);
	uc_waitq_wake_all(&uc_console.room);
}

/* ---- frames from the host ---- */

static void on_data(void *arg, unsigned stream, const uint8_t *p, size_t n)
{
	if (stream != UC_MUX_STDIN || n > in.credit) {
		in.dec.broken = true; /* the host sent more than it was allowed to */
		return;
	}
	in.credit -= n;
	uc_console_stdin_put(p, n);
}

static void on_control(void *arg, unsigned type, unsigned stream, const uint8_t *p, size_t n)
{
	if (type == UC_MUX_EOF && stream == UC_MUX_STDIN)
		uc_console_stdin_eof();
	else if (type == UC_MUX_EOF || type == UC_MUX_CREDIT)
		uc_console_stream_control(type, stream, p);
	else
		uc_console_control(type, p);
}

static const struct uc_mux_ops from_host = {
	.types = 1u << UC_MUX_DATA | 1u << UC_MUX_EOF | 1u << UC_MUX_CREDIT | 1u << UC_MUX_WINSIZE |
		 1u << UC_MUX_SIGNAL | 1u << UC_MUX_TERMIOS | 1u << UC_MUX_TIME,
	.streams = 1u << UC_MUX_STDIN | 1u << UC_MUX_STDOUT | 1u << UC_MUX_STDERR,
	.data = on_data,
	.control = on_control,
};

static size_t take(const uint8_t *p, size_t n)
{
	if (uc_console.deaf)
		return n;
	if (!uc_console.mux)
		return uc_console_stdin_put(p, n);
	if (uc_mux_decode(&in.dec, &from_host, p, n)) {
		uc_console_input_ends();
		uc_log(UC_LOG_ERROR,
		       "console: the host violated the stream protocol, input ends here");
	}
	return n;
}

void uc_console_input(void)
{
	/* Before the protocol is known nothing can be made of the bytes: they wait. */
	if (uc_console.ch && uc_console.configured)
		uc_console.ch->recv(uc_console.ch, take);
}

/* ---- readers ---- */

void uc_console_credit_push(void)
{
	uint32_t grant = in.grant;
	if (!grant)
		return;
	in.grant = 0;
	in.credit += grant;
	int r = uc_console_frame(UC_MUX_CREDIT, UC_MUX_STDIN, &grant, sizeof(grant));
	if (!r)
		return;
	in.credit -= grant;
	if (r == -EAGAIN) {
		in.grant = grant;
		uc_console_want_room();
	}
}

/* Lets the host send until `want` bytes are here or on their way. */
static void ask(size_t want)
{
	uint32_t on_way = in.credit + in.grant + in.len;
	if (!uc_console.mux || uc_console.deaf || in.eof_after != NO_EOF)
		return;
	uint32_t goal = UC_MIN(want, (size_t)stdin_limit());
	if (goal <= on_way)
		return;
	if (!reserve(goal)) {
		if (on_way >= in.cap)
			return; /* no memory: a later read asks again */
		goal = in.cap;
	}
	in.grant += goal - on_way;
	uc_console.ch->expect(uc_console.ch, goal);
	uc_console_credit_push();
}

static size_t get(uint8_t *p, size_t n)
{
	n = UC_MIN(n, (size_t)UC_MIN(in.len, in.eof_after));
	size_t first = UC_MIN(n, (size_t)(in.cap - in.head));
	memcpy(p, in.buf + in.head, first);
	memcpy(p + first, in.buf, n - first);
	in.head = (in.head + n) & (in.cap - 1);
	in.len -= n;
	if (in.eof_after != NO_EOF)
		in.eof_after -= n;
	return n;
}

static bool at_end(void)
{
	if (!in.len && uc_console.deaf)
		return true;
	return in.eof_after == 0;
}

static bool ready(void)
{
	return in.len || at_end();
}

ssize_t uc_console_read(void *buf, size_t n, bool nonblock)
{
	if (!uc_console.ch || !n)
		return 0;
	while (!ready()) {
		ask(n);
		if (nonblock)
			return -EAGAIN;
		int r = uc_waitq_sleep(&in.readers, UC_FOREVER, true);
		if (r)
			return r;
	}
	if (at_end()) {
		/* On a terminal the end is one empty read, after which there may be more. */
		if (uc_console.streams & UC_STREAM_STDIN_TTY)
			in.eof_after = NO_EOF;
		return 0;
	}
	size_t got = get(buf, n);
	if (!uc_console.mux)
		uc_console_input(); /* what the channel held back */
	return got;
}

bool uc_console_readable(void)
{
	if (!uc_console.ch)
		return true;
	if (!ready() && !in.credit && !in.grant)
		ask(STDIN_POLL);
	return ready();
}

struct uc_waitq *uc_console_readq(void)
{
	return &in.readers;
}

size_t uc_console_buffered(void)
{
	return UC_MIN(in.len, in.eof_after);
}
