// SPDX-License-Identifier: BSD-3-Clause
/* From the guest to the host: streams, log, the end. */
#include "console_priv.h"
#include <asm/errno.h>
#include <uc/log.h>
#include <uc/plat.h>
#include <uc/string.h>

struct uc_console uc_console = {
	.room = UC_WAITQ_INIT(uc_console.room),
	.credit = { [UC_MUX_STDOUT] = UC_MUX_WINDOW, [UC_MUX_STDERR] = UC_MUX_WINDOW },
};

static struct { /* log text that found no room */
	char text[512];
	uint16_t len;
	uint32_t lost;
} kept;

int uc_console_frame(unsigned type, unsigned stream, const void *payload, size_t n)
{
	struct uc_mux_hdr h = { .type = type, .stream = stream, .len = n };
	if (uc_console.dead)
		return -EIO;
	bool outer = uc_console.sending;
	uc_console.sending = true;
	int r = uc_console.ch->send(uc_console.ch, &h, uc_console.mux ? sizeof(h) : 0,
				    n ? payload : "", n);
	uc_console.sending = outer;
	if (r == -EIO) {
		uc_console.dead = true;
		uc_console_input_ends();
	}
	return r;
}

void uc_console_want_room(void)
{
	uc_console.ch->notify_room(uc_console.ch);
}

int uc_console_frame_wait(unsigned type, unsigned stream, const void *payload, size_t n)
{
	int r;
	while ((r = uc_console_frame(type, stream, payload, n)) == -EAGAIN) {
		uc_console_want_room();
		r = uc_waitq_sleep(&uc_console.room, UC_FOREVER, true);
		if (r)
			return r;
	}
	return r;
}

static size_t max_payload(size_t want)
{
	size_t head = uc_console.mux ? sizeof(struct uc_mux_hdr) : 0;
	want = UC_MIN(want, (size_t)UC_MUX_MAX_PAYLOAD);
	size_t unit = uc_console.ch->unit(uc_console.ch, want + head);
	return UC_MIN(want, unit - head);
}

void uc_console_stream_control(unsigned type, unsigned stream, const uint8_t *p)
{
	uint32_t n = 0;
	if (stream != UC_MUX_STDOUT && stream != UC_MUX_STDERR)
		return;
	if (type == UC_MUX_EOF)
		uc_console.gone |= 1u << stream;
	else
		memcpy(&n, p, sizeof(n));
	uc_console.credit[stream] += n;
	uc_waitq_wake_all(&uc_console.room);
}

/* Bytes of `want` that the host will take now, waiting until there are some. Or -EPIPE, -EINTR,
 * -EIO. */
static int64_t stream_room(enum uc_mux_stream s, size_t want)
{
	if (!uc_console.mux || s == UC_MUX_LOG)
		return want;
	int r = UC_WAIT_EVENT(&uc_console.room,
			      uc_console.credit[s] || uc_console.gone & 1u << s || uc_console.deaf,
			      UC_FOREVER, true);
	if (r)
		return r;
	if (uc_console.gone & 1u << s)
		return -EPIPE;
	/* No credit can be heard of any more: the channel itself slows us down. */
	return uc_console.deaf ? want : UC_MIN(uc_console.credit[s], (uint64_t)want);
}

static int64_t write_part(enum uc_mux_stream s, const void *p, size_t n)
{
	int64_t part = stream_room(s, max_payload(n));
	if (part < 0)
		return part;
	bool counted = uc_console.mux && s != UC_MUX_LOG && !uc_console.deaf;
	/* Taken before sending: sending may sleep, and another writer comes. */
	if (counted)
		uc_console.credit[s] -= part;
	int r = uc_console_frame_wait(UC_MUX_DATA, s, p, part);
	if (r && counted)
		uc_console.credit[s] += part;
	return r ? r : part;
}

ssize_t uc_console_write(enum uc_mux_stream s, const void *buf, size_t n)
{
	const char *p = buf;
	size_t done = 0;
	if (!uc_console.ch) {
		uc_plat_early_write(buf, n);
		return n;
	}
	if (uc_console.early)
		uc_console_early_will_write(n);
	while (done < n) {
		int64_t r = write_part(s, p + done, n - done);
		if (r < 0)
			return done ? (ssize_t)done : r;
		done += r;
	}
	return n;
}

/* ---- kernel log ---- */

static void keep(const char *text, size_t n)
{
	size_t fits = UC_MIN(n, sizeof(kept.text) - kept.len);
	memcpy(kept.text + kept.len, text, fits);
	kept.len += fits;
	kept.lost += n - fits;
}

static bool log_now(const char *text, size_t n)
{
	return uc_console_frame(UC_MUX_DATA, UC_MUX_LOG, text, n) != -EAGAIN;
}

static void flush_kept(void)
{
	static const char note[] = "warning: some of the log was lost here\n";
	if (kept.len && log_now(kept.text, kept.len))
		kept.len = 0;
	if (!kept.len && kept.lost && log_now(note, sizeof(note) - 1))
		kept.lost = 0;
}

void uc_console_log(const char *text, size_t n)
{
	if (!uc_console.ch) {
		uc_plat_early_write(text, n);
		return;
	}
	if (!uc_console.sending) {
		flush_kept();
		while (n && !kept.len) {
			size_t part = max_payload(n);
			if (!log_now(text, part))
				break;
			text += part;
			n -= part;
		}
	}
	if (!n)
		return;
	keep(text, n);
	if (!uc_console.sending)
		uc_console_want_room();
}

void uc_console_room(void)
{
	if (kept.len || kept.lost)
		flush_kept();
	uc_console_credit_push();
	uc_waitq_wake_all(&uc_console.room);
}

/* ---- set-up and end ---- */

static void start(void)
{
	if (!uc_console.ch || !uc_console.configured)
		return;
	uc_log_set_sink(uc_console_log);
	uc_console.ch->expect(uc_console.ch, 0);
}

void uc_console_attach(struct uc_channel *c)
{
	if (uc_console.ch && !uc_console.early)
		return; /* the first console device is the one */
	uc_console.early = false;
	uc_console.ch = c;
	start();
}

void uc_console_configure(bool mux, unsigned streams)
{
	uc_console.mux = mux;
	uc_console.streams = streams;
	uc_console.configured = true;
	start();
}

unsigned uc_console_streams(void)
{
	return uc_console.streams;
}

int uc_console_close_stream(enum uc_mux_stream s)
{
	if (!uc_console.ch || !uc_console.mux)
		return 0;
	return uc_console_frame_wait(UC_MUX_EOF, s, NULL, 0);
}

void uc_console_ready(void)
{
	static bool sent;
	if (sent || !uc_console.ch || !uc_console.mux)
		return;
	sent = true;
	uc_console_frame_wait(UC_MUX_READY, 0, NULL, 0);
}

/* The machine is ending, perhaps after a panic: waits by polling, never by sleeping. */
static void last_frame(unsigned type, const void *payload, size_t n)
{
	if (uc_console_frame(type, 0, payload, n) != -EAGAIN)
		return;
	uc_console.ch->drain(uc_console.ch);
	uc_console_frame(type, 0, payload, n);
}

void uc_console_exit(const char *stats, unsigned kind, unsigned value)
{
	static bool ending;
	struct uc_mux_exit e = { .kind = kind, .value = value };
	if (ending || !uc_console.ch)
		return;
	ending = true;
	if (kept.len || kept.lost) {
		uc_console.ch->drain(uc_console.ch);
		flush_kept();
	}
	if (uc_console.mux) {
		if (stats && *stats)
			last_frame(UC_MUX_STATS, stats, max_payload(strlen(stats)));
		last_frame(UC_MUX_EXIT, &e, sizeof(e));
	}
	uc_console.ch->drain(uc_console.ch);
}
