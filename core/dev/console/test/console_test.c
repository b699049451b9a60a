// SPDX-License-Identifier: BSD-3-Clause
// sources: ../output.c ../input.c ../control.c ../mux_decode.c ../early.c
/* The console against a fake channel. Sleeping lets the host run: it takes what was sent, answers,
 * and
 * sends what the test put up for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <asm/errno.h>
#include <uc/abi/bootparam.h>
#include <uc/console.h>
#include <uc/log.h>
#include <uc/mux_codec.h>
#include <uc/plat.h>
#include <uc/time.h>

#define UNIT 1024u

static struct {
	uint8_t wire[1 << 21];     /* all that the guest sent */
	size_t sent, taken;        /* taken: the host has seen it */
	size_t room;               /* bytes that may be in flight */
	bool room_wanted;
	uint8_t in[1 << 17];       /* to the guest */
	size_t in_len, in_at;
	uint32_t credit;           /* of stdin, as the host counts */
	const char *stdin_text;    /* what the host's stdin holds */
	size_t out[4];             /* bytes of each stream */
	unsigned sleeps, exits, signals;
	bool give_credit, drained;
	struct uc_mux_exit last;
} host;

static int fake_send(struct uc_channel *c, const void *head, size_t nhead, const void *body,
		     size_t n)
{
	assert_true(nhead + n <= UNIT);
	if (host.sent - host.taken + nhead + n > host.room)
		return -EAGAIN;
	memcpy(host.wire + host.sent, head, nhead);
	memcpy(host.wire + host.sent + nhead, body, n);
	host.sent += nhead + n;
	return 0;
}

static size_t fake_unit(struct uc_channel *c, size_t want) { return UNIT; }
static void fake_notify(struct uc_channel *c) { host.room_wanted = true; }
static void fake_expect(struct uc_channel *c, size_t n) { }

static void fake_recv(struct uc_channel *c, size_t (*take)(const uint8_t *p, size_t n))
{
	while (host.in_at < host.in_len) {
		size_t n = host.in_len - host.in_at < 100 ? host.in_len - host.in_at : 100;
		size_t got = take(host.in + host.in_at, n);
		host.in_at += got;
		if (got < n)
			return;
	}
}

static void host_sends(unsigned type, unsigned stream, const void *p, uint32_t n)
{
	struct uc_mux_hdr h = { .type = type, .stream = stream, .len = n };
	memcpy(host.in + host.in_len, &h, sizeof(h));
	memcpy(host.in + host.in_len + sizeof(h), p, n);
	host.in_len += sizeof(h) + n;
}

static void host_data(void *arg, unsigned stream, const uint8_t *p, size_t n)
{
	host.out[stream] += n;
	uint32_t back = n;
	if (host.give_credit && stream != UC_MUX_LOG)
		host_sends(UC_MUX_CREDIT, stream, &back, sizeof(back));
}

static void host_control(void *arg, unsigned type, unsigned stream, const uint8_t *p, size_t n)
{
	struct uc_mux_time t = { 1234567890000000000u };
	uint32_t v;
	if (type == UC_MUX_CREDIT) {
		memcpy(&v, p, sizeof(v));
		host.credit += v;
	} else if (type == UC_MUX_TIME_REQ) {
		host_sends(UC_MUX_TIME, 0, &t, sizeof(t));
	} else if (type == UC_MUX_EXIT) {
		memcpy(&host.last, p, sizeof(host.last));
		host.exits++;
	}
}

static void host_stdin(void)
{
	size_t left = host.stdin_text ? strlen(host.stdin_text) : 0;
	uint32_t n = left < host.credit ? left : host.credit;
	if (!host.stdin_text || !host.credit)
		return;
	if (n) {
		host_sends(UC_MUX_DATA, UC_MUX_STDIN, host.stdin_text, n);
		host.stdin_text += n;
		host.credit -= n;
	} else {
		host_sends(UC_MUX_EOF, UC_MUX_STDIN, "", 0);
		host.stdin_text = NULL;
	}
}

static void host_runs(void)
{
	static struct uc_mux_decoder d;
	static const struct uc_mux_ops ops = {
		.types = UINT32_MAX, .streams = 15, .data = host_data, .control = host_control
	};
	assert_int_equal(uc_mux_decode(&d, &ops, host.wire + host.taken, host.sent - host.taken),
			 0);
	host.taken = host.sent;
	host_stdin();
}

static void fake_drain(struct uc_channel *c)
{
	host_runs();
	host.drained = true;
}

static struct uc_channel channel = {
	.send = fake_send, .unit = fake_unit, .notify_room = fake_notify, .recv = fake_recv,
	.expect = fake_expect, .drain = fake_drain,
};

/* ---- what the console needs of the kernel ---- */
int uc_waitq_sleep(struct uc_waitq *q, uc_nsec deadline, bool interruptible)
{
	assert_true(++host.sleeps < 100000);
	host_runs();
	uc_console_input();
	if (host.room_wanted) {
		host.room_wanted = false;
		uc_console_room();
	}
	return 0;
}
unsigned uc_waitq_wake(struct uc_waitq *q, unsigned max, unsigned events) { return 0; }
void uc_log_set_sink(void (*sink)(const char *text, size_t len))
{
	assert_ptr_equal(sink, uc_console_log);
}
void uc_plat_early_write(const char *s, size_t n) { fail(); }
uint64_t uc_plat_ram_bytes(void) { return 64 << 20; }
void uc_upcall_console_signal(int sig) { host.signals += sig; }
void uc_upcall_console_device(void) { fail(); }
void uc_upcall_console_winch(void) { host.signals += 1000; }

static int setup(void **state)
{
	host.room = 4096;
	host.give_credit = true;
	uc_console_attach(&channel);
	uc_console_configure(true, 0);
	return 0;
}

/* ---- tests, in order: the console is one ---- */

static void a_small_write_is_one_frame(void **state)
{
	size_t before = host.sent;
	assert_int_equal(uc_console_write(UC_MUX_STDOUT, "hello\n", 6), 6);
	assert_int_equal(host.sent - before, sizeof(struct uc_mux_hdr) + 6);
	host_runs();
	assert_int_equal(host.out[UC_MUX_STDOUT], 6);
}

static void a_large_write_waits_for_room_and_credit(void **state)
{
	size_t n = 3 * UC_MUX_WINDOW;
	char *big = calloc(1, n);
	size_t before = host.out[UC_MUX_STDERR];
	assert_int_equal(uc_console_write(UC_MUX_STDERR, big, n), n);
	host_runs();
	assert_int_equal(host.out[UC_MUX_STDERR] - before, n);
	free(big);
}

static void input_is_asked_for_and_ends(void **state)
{
	char buf[64];
	host.stdin_text = "0123456789";
	assert_int_equal(uc_console_read(buf, 4, true), -EAGAIN);
	assert_false(uc_console_readable());
	assert_int_equal(uc_console_read(buf, 4, false), 4);
	assert_memory_equal(buf, "0123", 4);
	/* not a byte more than was asked for has left the host's stdin */
	assert_string_equal(host.stdin_text, "456789");
	assert_int_equal(uc_console_read(buf, sizeof(buf), false), 6);
	assert_int_equal(uc_console_read(buf, sizeof(buf), false), 0);
	assert_int_equal(uc_console_read(buf, sizeof(buf), false), 0);
	assert_true(uc_console_readable());
}

static void control_frames_arrive(void **state)
{
	struct uc_mux_winsize w = { 24, 80, 0, 0 };
	uint32_t sig = 2, bad = 65;
	uint8_t termios[44] = { 1, 2, 3 };
	uint64_t t;
	host_sends(UC_MUX_WINSIZE, 0, &w, sizeof(w));
	host_sends(UC_MUX_TERMIOS, 0, termios, sizeof(termios));
	host_sends(UC_MUX_SIGNAL, 0, &sig, sizeof(sig));
	host_sends(UC_MUX_SIGNAL, 0, &bad, sizeof(bad));
	uc_console_input();
	assert_int_equal(uc_console_winsize().cols, 80);
	assert_memory_equal(uc_console_termios(), termios, sizeof(termios));
	assert_int_equal(host.signals, 2);
	w.cols = 100;
	host_sends(UC_MUX_WINSIZE, 0, &w, sizeof(w));
	uc_console_input();
	assert_int_equal(host.signals, 1002);
	assert_int_equal(uc_console_host_time(&t), 0);
	assert_int_equal(t, 1234567890000000000u);
}

static void the_log_never_waits(void **state)
{
	char line[200];
	unsigned sleeps = host.sleeps;
	memset(line, 'x', sizeof(line));
	for (unsigned i = 0; i < 100; i++)
		uc_console_log(line, sizeof(line));
	assert_int_equal(host.sleeps, sleeps);
	host_runs();
	size_t some = host.out[UC_MUX_LOG];
	assert_true(some >= 3000 && some < 100 * sizeof(line));
	uc_console_room();
	host_runs();
	assert_true(host.out[UC_MUX_LOG] > some); /* what was kept, and a note of the loss */
}

static void a_reader_that_went_away_gives_epipe(void **state)
{
	host_sends(UC_MUX_EOF, UC_MUX_STDERR, "", 0);
	uc_console_input();
	assert_int_equal(uc_console_write(UC_MUX_STDERR, "x", 1), -EPIPE);
	assert_int_equal(uc_console_write(UC_MUX_STDOUT, "x", 1), 1);
}

static void unasked_input_is_a_violation(void **state)
{
	char buf[8];
	host_sends(UC_MUX_DATA, UC_MUX_STDIN, "evil", 4);
	uc_console_input();
	assert_int_equal(uc_console_read(buf, sizeof(buf), false), 0);
	assert_int_equal(uc_console_write(UC_MUX_STDOUT, "x", 1), 1); /* output still works */
}

static void the_last_frame_gets_through_a_full_channel(void **state)
{
	char line[900] = { 0 };
	while (fake_send(&channel, line, 0, line, 0) == 0 &&
	       host.sent - host.taken + 100 < host.room)
		uc_console_log(line, 100);
	uc_console_exit("", UC_EXIT_SIGNAL, 9);
	assert_int_equal(host.exits, 1);
	assert_int_equal(host.last.kind, UC_EXIT_SIGNAL);
	assert_int_equal(host.last.value, 9);
	assert_true(host.drained);
	uc_console_exit("", UC_EXIT_NORMAL, 0);
	assert_int_equal(host.exits, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_small_write_is_one_frame),
		cmocka_unit_test(a_large_write_waits_for_room_and_credit),
		cmocka_unit_test(input_is_asked_for_and_ends),
		cmocka_unit_test(control_frames_arrive),
		cmocka_unit_test(the_log_never_waits),
		cmocka_unit_test(a_reader_that_went_away_gives_epipe),
		cmocka_unit_test(unasked_input_is_a_violation),
		cmocka_unit_test(the_last_frame_gets_through_a_full_channel),
	};
	return cmocka_run_group_tests(tests, setup, NULL);
}
