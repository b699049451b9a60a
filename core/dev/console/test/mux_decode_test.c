// SPDX-License-Identifier: BSD-3-Clause
// sources: ../mux_decode.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <asm/errno.h>
#include <uc/mux_codec.h>

static struct {
	char text[4096];
	size_t len;
	unsigned controls, last_type;
	uint8_t last[44];
	size_t last_len;
} seen;

static void on_data(void *arg, unsigned stream, const uint8_t *p, size_t n)
{
	assert_int_equal(stream, UC_MUX_STDIN);
	memcpy(seen.text + seen.len, p, n);
	seen.len += n;
}

static void on_control(void *arg, unsigned type, unsigned stream, const uint8_t *p, size_t n)
{
	seen.controls++;
	seen.last_type = type;
	seen.last_len = n;
	memcpy(seen.last, p, n);
}

static const struct uc_mux_ops ops = {
	.types = 1u << UC_MUX_DATA | 1u << UC_MUX_EOF | 1u << UC_MUX_SIGNAL | 1u << UC_MUX_TERMIOS |
		 1u << UC_MUX_WINSIZE,
	.streams = 1u << UC_MUX_STDIN,
	.data = on_data,
	.control = on_control,
};

static size_t frame(uint8_t *out, uint8_t type, uint8_t stream, const void *p, uint32_t n)
{
	struct uc_mux_hdr h = { .type = type, .stream = stream, .len = n };
	memcpy(out, &h, sizeof(h));
	memcpy(out + sizeof(h), p, n);
	return sizeof(h) + n;
}

static void frames_survive_any_fragmentation(void **state)
{
	uint8_t wire[256], termios[44];
	size_t n = 0;
	uint32_t sig = 15;
	memset(termios, 7, sizeof(termios));
	n += frame(wire + n, UC_MUX_DATA, 0, "hello ", 6);
	n += frame(wire + n, UC_MUX_TERMIOS, 0, termios, 44);
	n += frame(wire + n, UC_MUX_DATA, 0, "", 0);
	n += frame(wire + n, UC_MUX_DATA, 0, "world", 5);
	n += frame(wire + n, UC_MUX_SIGNAL, 0, &sig, 4);
	n += frame(wire + n, UC_MUX_EOF, 0, "", 0);
	for (size_t step = 1; step <= n; step++) {
		struct uc_mux_decoder d = { 0 };
		memset(&seen, 0, sizeof(seen));
		for (size_t at = 0; at < n; at += step)
			assert_int_equal(
				uc_mux_decode(&d, &ops, wire + at, n - at < step ? n - at : step),
				0);
		assert_int_equal(seen.len, 11);
		assert_memory_equal(seen.text, "hello world", 11);
		assert_int_equal(seen.controls, 3);
		assert_int_equal(seen.last_type, UC_MUX_EOF);
	}
}

static void malformed_frames_end_the_stream(void **state)
{
	static const struct uc_mux_hdr bad[] = {
		{ .type = 0 },
		{ .type = 12 },
		{ .type = 255 },
		{ .type = UC_MUX_EXIT, .len = 8 },
		{ .type = UC_MUX_DATA, .stream = 1, .len = 1 },
		{ .type = UC_MUX_DATA, .stream = 200 },
		{ .type = UC_MUX_DATA, .zero = 1 },
		{ .type = UC_MUX_DATA, .len = UC_MUX_MAX_PAYLOAD + 1 },
		{ .type = UC_MUX_SIGNAL, .len = 3 },
		{ .type = UC_MUX_SIGNAL, .len = UINT32_MAX },
		{ .type = UC_MUX_SIGNAL, .stream = 1, .len = 4 },
		{ .type = UC_MUX_EOF, .len = 1 },
	};
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct uc_mux_decoder d = { 0 };
		uint8_t good[16];
		memset(&seen, 0, sizeof(seen));
		assert_int_equal(uc_mux_decode(&d, &ops, (const uint8_t *)&bad[i], sizeof(bad[i])),
				 -EPROTO);
		size_t n = frame(good, UC_MUX_DATA, 0, "x", 1);
		assert_int_equal(uc_mux_decode(&d, &ops, good, n), -EPROTO);
		assert_int_equal(seen.len + seen.controls, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_survive_any_fragmentation),
		cmocka_unit_test(malformed_frames_end_the_stream),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
