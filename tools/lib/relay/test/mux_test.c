// SPDX-License-Identifier: BSD-3-Clause
// sources: ../mux.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <unicore/mux.h>

/* Everything the decoder handed on. */
static struct {
	char data[4][256];
	size_t len[4];
	struct uc_mux_hdr last;
	char payload[128];
	int frames;
} got;

static void on_data(void *arg, enum uc_mux_stream s, const uint8_t *p, size_t n)
{
	assert_ptr_equal(arg, &got);
	assert_true(got.len[s] + n <= sizeof(got.data[s]));
	memcpy(got.data[s] + got.len[s], p, n);
	got.len[s] += n;
}

static void on_control(void *arg, const struct uc_mux_hdr *h, const uint8_t *payload)
{
	assert_ptr_equal(arg, &got);
	assert_int_equal(payload[h->len], 0);
	got.last = *h;
	memcpy(got.payload, payload, h->len < sizeof(got.payload) ? h->len : sizeof(got.payload));
	got.frames++;
}

static const struct uc_muxdec_ops ops = { on_data, on_control };
static struct uc_muxdec dec;

static int reset(void **state)
{
	(void)state;
	memset(&got, 0, sizeof(got));
	uc_muxdec_init(&dec, &ops, &got);
	return 0;
}

static size_t put(uint8_t *to, enum uc_mux_type type, unsigned stream, const void *p, uint32_t n)
{
	uc_mux_header(to, type, stream, n);
	if (n)
		memcpy(to + UC_MUX_HDR_LEN, p, n);
	return UC_MUX_HDR_LEN + n;
}

static size_t session(uint8_t *b)
{
	struct uc_mux_exit e = { UC_EXIT_NORMAL, 3 };
	uint32_t credit = 4096;
	size_t n = 0;

	n += put(b + n, UC_MUX_READY, 0, NULL, 0);
	n += put(b + n, UC_MUX_DATA, UC_MUX_STDOUT, "hello", 5);
	n += put(b + n, UC_MUX_DATA, UC_MUX_STDERR, "", 0);
	n += put(b + n, UC_MUX_DATA, UC_MUX_LOG, "log\n", 4);
	n += put(b + n, UC_MUX_CREDIT, 0, &credit, 4);
	n += put(b + n, UC_MUX_DATA, UC_MUX_STDOUT, " world", 6);
	n += put(b + n, UC_MUX_EOF, UC_MUX_STDOUT, NULL, 0);
	n += put(b + n, UC_MUX_STATS, 0, "a=1\n", 4);
	n += put(b + n, UC_MUX_EXIT, 0, &e, sizeof(e));
	return n;
}

static void a_session_decodes_in_pieces_of_every_size(void **state)
{
	uint8_t b[512];
	size_t n = session(b);

	for (size_t piece = 1; piece <= n; piece++) {
		reset(state);
		for (size_t at = 0; at < n; at += piece)
			assert_null(uc_muxdec_feed(&dec, b + at, n - at < piece ? n - at : piece));
		assert_memory_equal(got.data[UC_MUX_STDOUT], "hello world", 11);
		assert_int_equal(got.len[UC_MUX_STDOUT], 11);
		assert_int_equal(got.len[UC_MUX_STDERR], 0);
		assert_int_equal(got.len[UC_MUX_LOG], 4);
		assert_int_equal(got.frames, 5);
		assert_int_equal(got.last.type, UC_MUX_EXIT);
		assert_int_equal(got.payload[4], 3);
		assert_false(uc_muxdec_partial(&dec));
	}
}

static void a_cut_frame_is_known_as_partial(void **state)
{
	uint8_t b[512];
	size_t n = session(b);

	(void)state;
	assert_null(uc_muxdec_feed(&dec, b, n - 1));
	assert_true(uc_muxdec_partial(&dec));
}

static void rejects(uint8_t type, uint8_t stream, uint16_t zero, uint32_t len, const char *why)
{
	struct uc_mux_hdr h = { type, stream, zero, len };
	uint8_t more[64] = { 0 };

	reset(NULL);
	assert_string_equal(uc_muxdec_feed(&dec, (uint8_t *)&h, sizeof(h)), why);
	/* and stays that way */
	assert_string_equal(uc_muxdec_feed(&dec, more, sizeof(more)), why);
	assert_int_equal(got.frames, 0);
}

static void invalid_headers_are_rejected(void **state)
{
	(void)state;
	rejects(0, 0, 0, 0, "unknown frame type");
	rejects(99, 0, 0, 0, "unknown frame type");
	rejects(UC_MUX_SIGNAL, 0, 0, 4, "unknown frame type"); /* only from the host */
	rejects(UC_MUX_TIME, 0, 0, 8, "unknown frame type");
	rejects(UC_MUX_READY, 0, 1, 0, "reserved header bytes are not zero");
	rejects(UC_MUX_DATA, UC_MUX_STDOUT, 0, UC_MUX_MAX_PAYLOAD + 1, "frame too long");
	rejects(UC_MUX_EXIT, 0, 0, 4, "wrong frame length");
	rejects(UC_MUX_TERMIOS, 0, 0, 36, "wrong frame length");
	rejects(UC_MUX_DATA, UC_MUX_STDIN, 0, 4, "wrong stream number");
	rejects(UC_MUX_DATA, 4, 0, 4, "wrong stream number");
	rejects(UC_MUX_CREDIT, UC_MUX_STDOUT, 0, 4, "wrong stream number");
}

static void the_longest_frames_pass(void **state)
{
	static uint8_t b[UC_MUX_HDR_LEN + UC_MUX_MAX_PAYLOAD];

	(void)state;
	memset(b, 'x', sizeof(b));
	uc_mux_header(b, UC_MUX_STATS, 0, UC_MUX_MAX_PAYLOAD);
	assert_null(uc_muxdec_feed(&dec, b, sizeof(b)));
	assert_int_equal(got.frames, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_session_decodes_in_pieces_of_every_size, reset),
		cmocka_unit_test_setup(a_cut_frame_is_known_as_partial, reset),
		cmocka_unit_test_setup(invalid_headers_are_rejected, reset),
		cmocka_unit_test_setup(the_longest_frames_pass, reset),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
