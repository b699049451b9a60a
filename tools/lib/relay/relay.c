// SPDX-License-Identifier: BSD-3-Clause
/* The loop: waits for any side and moves what can be moved. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <uc/abi/bootparam.h>

#include "internal.h"

#define READ_SIZE  65536u
/* At most so many reads of the early port before anything else has its turn. */
#define EARLY_READS 16
/* A guest that ignores credit is held back by not reading its channel. */
#define QUEUE_HIGH (2 * UC_MUX_WINDOW)

enum { P_CON, P_SIG, P_IN, P_OUT, P_ERR, P_EARLY, P_VMM, P_COUNT };

unsigned uc_relay_streams(void)
{
	return (isatty(0) ? UC_STREAM_STDIN_TTY : 0) | (isatty(1) ? UC_STREAM_STDOUT_TTY : 0) |
	       (isatty(2) ? UC_STREAM_STDERR_TTY : 0);
}

void uc_relay_end(struct uc_relay *x, enum uc_relay_end end)
{
	if (x->over)
		return;
	x->over = true;
	x->r->end = end;
	x->r->end_ns = uc_now_ns();
}

/* ---- text of the kernel and the VMM, on our stderr in order with the application's ---- */
static void print_line(struct uc_relay *x, const char *prefix, const char *line, size_t n)
{
	struct uc_outq *q = x->out[UC_MUX_STDERR];
	bool cr = uc_tty_raw_output(&x->tty);

	uc_outq_put(q, prefix, strlen(prefix));
	uc_outq_put(q, line, n);
	uc_outq_put(q, cr ? "\r\n" : "\n", cr ? 2 : 1);
}

static void print_kernel(void *arg, const char *line, size_t n)
{
	print_line(arg, "unicore[kernel]: ", line, n);
}

static void print_vmm(void *arg, const char *line, size_t n)
{
	print_line(arg, "unicore[vmm]: ", line, n);
}

/* ---- set-up ---- */
static bool same_file(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino &&
	       !S_ISREG(x.st_mode); /* two opens of a regular file have positions of their own */
}

static void open_outputs(struct uc_relay *x)
{
	uc_outq_open(&x->outq[0], STDOUT_FILENO);
	uc_outq_open(&x->outq[1], STDERR_FILENO);
	x->out[UC_MUX_STDOUT] = &x->outq[0];
	x->out[UC_MUX_STDERR] = same_file(STDOUT_FILENO, STDERR_FILENO) ? &x->outq[0] : &x->outq[1];
}

static void tell_terminal(struct uc_relay *x)
{
	uc_tty_open(&x->tty);
	if (x->tty.fd < 0)
		return;
	uc_relay_send(x, UC_MUX_TERMIOS, 0, &x->tty.saved, sizeof(x->tty.saved));
	uc_relay_send_winsize(x);
}

static void relay_open(struct uc_relay *x)
{
	const struct uc_relay_opts *o = x->o;

	x->sig_fd = uc_relay_signals_open();
	x->con = (struct uc_outq){ .fd = o->con_fd, .how = UC_OUT_SOCKET };
	x->con_open = true;
	uc_muxdec_init(&x->dec, &uc_relay_frames, x);
	uc_muxdec_init(&x->early_dec, &uc_relay_frames, x);
	open_outputs(x);
	x->stdin_open = true;
	x->stdin_tty = isatty(STDIN_FILENO);
	x->early_fd = o->early_fd;
	x->vmm_err_fd = o->vmm_err_fd;
	x->log.show = x->early.show = o->show_log;
	x->log.hear = o->hear_log;
	x->log.hear_arg = o->hear_arg;
	x->vmm.show = o->show_vmm;
	x->log.print = x->early.print = print_kernel;
	x->vmm.print = print_vmm;
	x->log.arg = x->early.arg = x->vmm.arg = x;
	if (o->timeout_s > 0)
		x->deadline_ns = uc_now_ns() + (uint64_t)(o->timeout_s * 1e9);
	tell_terminal(x);
}

/* ---- moving bytes ---- */
static void feed(struct uc_relay *x, struct uc_muxdec *d, const uint8_t *p, size_t n)
{
	const char *why = uc_muxdec_feed(d, p, n);

	if (why && !x->over) {
		x->r->why = why;
		uc_relay_end(x, UC_END_PROTOCOL);
	}
}

static void read_con(struct uc_relay *x)
{
	static uint8_t buf[READ_SIZE];
	ssize_t n = read(x->o->con_fd, buf, sizeof(buf));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		x->con_open = false;
		if (!x->o->vmm_pid)
			uc_relay_end(x, UC_END_VMM);
		return;
	}
	feed(x, &x->dec, buf, (size_t)n);
}

static void read_stdin(struct uc_relay *x)
{
	static uint8_t buf[READ_SIZE];
	size_t want = x->credit < sizeof(buf) ? (size_t)x->credit : sizeof(buf);
	ssize_t n = read(STDIN_FILENO, buf, want);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) { /* an unreadable stdin is an empty one */
		uc_relay_send(x, UC_MUX_EOF, UC_MUX_STDIN, NULL, 0);
		if (n < 0 || !x->stdin_tty)
			x->stdin_open = false;
		return;
	}
	x->credit -= (uint64_t)n;
	uc_relay_send(x, UC_MUX_DATA, UC_MUX_STDIN, buf, (uint32_t)n);
}

/* Returns false at the end of the text. */
static bool read_text(int fd, struct uc_textlog *t)
{
	char buf[4096];
	ssize_t n = read(fd, buf, sizeof(buf));

	if (n > 0)
		uc_textlog_add(t, buf, (size_t)n);
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

/* The early port: text, and frames that each follow a NUL. Returns false at the end. */
static bool read_early(struct uc_relay *x)
{
	uint8_t buf[4096];
	ssize_t n = read(x->early_fd, buf, sizeof(buf));

	for (const uint8_t *p = buf; p < buf + (n > 0 ? n : 0); p++) {
		if (x->early_frame) {
			feed(x, &x->early_dec, p, 1);
			x->early_frame = uc_muxdec_partial(&x->early_dec);
		} else if (!*p) {
			x->early_frame = true;
		} else {
			uc_textlog_add(&x->early, p, 1);
		}
	}
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static bool readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return fd >= 0 && poll(&p, 1, 0) > 0;
}

/* Everything that has come on the early port: it was sent before what is on the channel. */
static void drain_early(struct uc_relay *x)
{
	for (int i = 0; i < EARLY_READS && readable(x->early_fd); i++)
		if (!read_early(x)) x->early_fd = -1;
}

static void flush_out(struct uc_relay *x, struct uc_outq *q)
{
	int err = uc_outq_flush(q);

	for (enum uc_mux_stream s = UC_MUX_STDOUT; s <= UC_MUX_STDERR; s++)
		if (x->out[s] == q)
			uc_relay_settle(x, s, err);
}

/* ---- waiting ---- */
static bool may_take_output(const struct uc_relay *x)
{
	return !x->over && x->outq[0].len < QUEUE_HIGH && x->outq[1].len < QUEUE_HIGH;
}

static bool may_read_con(const struct uc_relay *x)
{
	return x->con_open && may_take_output(x);
}

/* Little is kept in memory for a guest that does not take its input. */
static bool may_read_stdin(const struct uc_relay *x)
{
	return x->stdin_open && !x->over && x->credit && x->con_open && x->con.len < READ_SIZE;
}

static void poll_sets(const struct uc_relay *x, struct pollfd p[P_COUNT])
{
	for (int i = 0; i < P_COUNT; i++)
		p[i] = (struct pollfd){ .fd = -1 };
	p[P_SIG] = (struct pollfd){ .fd = x->sig_fd, .events = POLLIN };
	short con = (short)((may_read_con(x) ? POLLIN : 0) |
			    (x->con_open && !x->over && x->con.len ? POLLOUT : 0));
	if (con)
		p[P_CON] = (struct pollfd){ .fd = x->o->con_fd, .events = con };
	if (may_read_stdin(x))
		p[P_IN] = (struct pollfd){ .fd = STDIN_FILENO, .events = POLLIN };
	for (int i = 0; i < 2; i++)
		if (x->outq[i].len)
			p[P_OUT + i] = (struct pollfd){ .fd = x->outq[i].fd, .events = POLLOUT };
	if (may_take_output(x))
		p[P_EARLY] = (struct pollfd){ .fd = x->early_fd, .events = POLLIN };
	if (!x->over) {
		p[P_VMM] = (struct pollfd){ .fd = x->vmm_err_fd, .events = POLLIN };
	}
}

/* The VMM is gone and everything it left in the channel has been read. */
static void check_gone(struct uc_relay *x, const struct pollfd p[P_COUNT])
{
	if (x->over || !x->r->vmm_gone)
		return;
	if (!x->con_open ||
	    (may_read_con(x) && !((p[P_CON].revents | p[P_EARLY].revents) & POLLIN)))
		uc_relay_end(x, UC_END_VMM);
}

static void step(struct uc_relay *x)
{
	struct pollfd p[P_COUNT];
	struct timespec wait = { 0 }, *timeout = NULL;

	if (x->r->vmm_gone && !x->over) {
		timeout = &wait; /* only what is there already */
	} else if (x->deadline_ns && !x->over) {
		uint64_t now = uc_now_ns();

		if (now >= x->deadline_ns) {
			uc_relay_end(x, UC_END_TIMEOUT);
			return;
		}
		wait.tv_sec = (time_t)((x->deadline_ns - now) / 1000000000u);
		wait.tv_nsec = (long)((x->deadline_ns - now) % 1000000000u);
		timeout = &wait;
	}
	poll_sets(x, p);
	if (ppoll(p, P_COUNT, timeout, NULL) < 0)
		return;
	for (int i = 0; i < 2; i++)
		if (p[P_OUT + i].revents)
			flush_out(x, &x->outq[i]);
	/* Polled after the channel: also what preceded the channel's bytes is there. */
	if (p[P_EARLY].revents)
		drain_early(x);
	if (p[P_CON].revents & POLLOUT)
		uc_outq_flush(&x->con);
	if (p[P_CON].revents & ~POLLOUT)
		read_con(x);
	if (p[P_IN].revents)
		read_stdin(x);
	if (p[P_VMM].revents && !read_text(x->vmm_err_fd, &x->vmm))
		x->vmm_err_fd = -1;
	check_gone(x, p);
	if (p[P_SIG].revents)
		uc_relay_signals(x);
}

/* ---- the end ---- */
static void take_rest(int fd, struct uc_textlog *t)
{
	while (readable(fd) && read_text(fd, t))
		;
	uc_textlog_flush(t);
}

static char *text_of(struct uc_textlog *a, struct uc_textlog *b)
{
	char *s = malloc(a->kept_len + (b ? b->kept_len : 0) + 1);

	if (s) {
		size_t n = 0;

		if (b && b->kept_len) {
			memcpy(s, b->kept, b->kept_len);
			n = b->kept_len;
		}
		if (a->kept_len)
			memcpy(s + n, a->kept, a->kept_len);
		s[n + a->kept_len] = 0;
	}
	free(a->kept);
	if (b)
		free(b->kept);
	return s;
}

static void relay_close(struct uc_relay *x)
{
	drain_early(x);
	uc_textlog_flush(&x->early);
	take_rest(x->vmm_err_fd, &x->vmm);
	uc_textlog_flush(&x->log);
	while (x->outq[0].len || x->outq[1].len)
		step(x);
	uc_tty_restore(&x->tty);
	x->r->log = text_of(&x->log, &x->early);
	x->r->vmm_text = text_of(&x->vmm, NULL);
	if (!x->r->stats)
		x->r->stats = calloc(1, 1);
	uc_outq_close(&x->con);
	uc_outq_close(&x->outq[0]);
	uc_outq_close(&x->outq[1]);
	close(x->sig_fd);
}

void uc_relay_run(const struct uc_relay_opts *o, struct uc_relay_result *r)
{
	struct uc_relay *x = calloc(1, sizeof(*x));

	if (!x)
		abort(); /* 70 KB at the start of the program */
	memset(r, 0, sizeof(*r));
	x->o = o;
	x->r = r;
	relay_open(x);
	while (!x->over)
		step(x);
	relay_close(x);
	free(x);
}

void uc_relay_result_free(struct uc_relay_result *r)
{
	free(r->stats);
	free(r->log);
	free(r->vmm_text);
}
