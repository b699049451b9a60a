// SPDX-License-Identifier: BSD-3-Clause
/* Frames from the guest, and frames to it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "internal.h"

void uc_relay_send(struct uc_relay *x, enum uc_mux_type type, unsigned stream, const void *p,
		   uint32_t n)
{
	uint8_t frame[UC_MUX_HDR_LEN + 64];

	if (!x->con_open)
		return;
	uc_mux_header(frame, type, stream, n);
	if (n <= sizeof(frame) - UC_MUX_HDR_LEN) { /* one write for small frames */
		if (n)
			memcpy(frame + UC_MUX_HDR_LEN, p, n);
		uc_outq_put(&x->con, frame, UC_MUX_HDR_LEN + n);
		return;
	}
	uc_outq_put(&x->con, frame, UC_MUX_HDR_LEN);
	uc_outq_put(&x->con, p, n);
}

void uc_relay_send_winsize(struct uc_relay *x)
{
	struct uc_mux_winsize w;

	if (uc_tty_winsize(&x->tty, &w))
		uc_relay_send(x, UC_MUX_WINSIZE, 0, &w, sizeof(w));
}

static void grant(struct uc_relay *x, enum uc_mux_stream s)
{
	uint32_t n = x->owed[s];

	x->owed[s] = 0;
	uc_relay_send(x, UC_MUX_CREDIT, s, &n, sizeof(n));
}

void uc_relay_settle(struct uc_relay *x, enum uc_mux_stream s, int err)
{
	if (err && err != -EPIPE)
		x->r->output_error = -err;
	if (x->out[s]->error && !x->unread[s]) {
		x->unread[s] = true;
		uc_relay_send(x, UC_MUX_EOF, s, NULL, 0);
	}
	/* In quarters of the window: few frames, and the guest never runs dry while we keep up. */
	if (x->owed[s] >= UC_MUX_WINDOW / 4 && x->out[s]->len <= UC_MUX_WINDOW / 2)
		grant(x, s);
}

static void on_data(void *arg, enum uc_mux_stream s, const uint8_t *p, size_t n)
{
	struct uc_relay *x = arg;

	if (x->over)
		return;
	if (s == UC_MUX_LOG) {
		uc_textlog_add(&x->log, p, n);
		return;
	}
	x->owed[s] += (uint32_t)n;
	int err = uc_outq_put(x->out[s], p, n);
	uc_relay_settle(x, s, err);
}

static void on_time(struct uc_relay *x)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	struct uc_mux_time m = { (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec };
	uc_relay_send(x, UC_MUX_TIME, 0, &m, sizeof(m));
}

static void on_control(void *arg, const struct uc_mux_hdr *h, const uint8_t *payload)
{
	struct uc_relay *x = arg;
	uint32_t n;

	if (x->over)
		return;
	switch ((enum uc_mux_type)h->type) {
	case UC_MUX_CREDIT:
		memcpy(&n, payload, sizeof(n));
		x->credit += n;
		break;
	case UC_MUX_TERMIOS:
		uc_tty_apply(&x->tty, payload);
		break;
	case UC_MUX_TIME_REQ:
		on_time(x);
		break;
	case UC_MUX_READY:
		if (!x->ready)
			x->r->ready_ns = uc_now_ns();
		x->ready = true;
		break;
	case UC_MUX_STATS:
		free(x->r->stats);
		x->r->stats = strndup((const char *)payload, h->len);
		break;
	case UC_MUX_EXIT:
		memcpy(&x->r->exit, payload, sizeof(x->r->exit));
		uc_relay_end(x, UC_END_EXIT);
		break;
	default: /* EOF: the guest closed a stream; the host's stays open for others */
		break;
	}
}

const struct uc_muxdec_ops uc_relay_frames = { .data = on_data, .control = on_control };
