// SPDX-License-Identifier: BSD-3-Clause
// sources: ../output.c ../input.c ../control.c ../mux_decode.c ../early.c
/* con=raw: plain text both ways, and what is not read stays with the channel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <asm/errno.h>
#include <uc/console.h>
#include <uc/log.h>
#include <uc/plat.h>
#include <uc/time.h>

static char sent[4096], early[256];
static size_t sent_len, early_len, input_at;
static uint8_t input[20000];

static int fake_send(struct uc_channel *c, const void *head, size_t nhead, const void *body,
		     size_t n)
{
	assert_int_equal(nhead, 0);
	memcpy(sent + sent_len, body, n);
	sent_len += n;
	return 0;
}

static size_t fake_unit(struct uc_channel *c, size_t want) { return 16; }
static void fake_nothing(struct uc_channel *c) {}
static void fake_expect(struct uc_channel *c, size_t n) {}

static void fake_recv(struct uc_channel *c, size_t (*take)(const uint8_t *p, size_t n))
{
	size_t n = sizeof(input) - input_at;
	input_at += n ? take(input + input_at, n) : 0;
}

static struct uc_channel channel = {
	.send = fake_send, .unit = fake_unit, .notify_room = fake_nothing, .recv = fake_recv,
	.expect = fake_expect, .drain = fake_nothing,
};

int uc_waitq_sleep(struct uc_waitq *q, uc_nsec deadline, bool interruptible)
{
	fail();
	return -EINTR;
}
unsigned uc_waitq_wake(struct uc_waitq *q, unsigned max, unsigned events) { return 0; }
void uc_log_set_sink(void (*sink)(const char *text, size_t len)) {}
void uc_plat_early_write(const char *s, size_t n)
{
	memcpy(early + early_len, s, n);
	early_len += n;
}
uint64_t uc_plat_ram_bytes(void) { return 64 << 20; }
void uc_upcall_console_signal(int sig) {}
void uc_upcall_console_device(void) { fail(); }
void uc_upcall_console_winch(void) {}

static void output_before_the_channel_goes_to_the_early_port(void **state)
{
	assert_int_equal(uc_console_write(UC_MUX_STDOUT, "early", 5), 5);
	assert_int_equal(early_len, 5);
	assert_int_equal(uc_console_read(sent, 1, false), 0);
}

static void output_is_plain_text(void **state)
{
	uc_console_attach(&channel);
	uc_console_configure(false, 0);
	uc_console_ready();
	assert_int_equal(uc_console_write(UC_MUX_STDOUT, "a text longer than one unit", 27), 27);
	uc_console_log("log\n", 4);
	uc_console_exit("x=1\n", UC_EXIT_NORMAL, 0);
	assert_int_equal(sent_len, 31);
	assert_memory_equal(sent, "a text longer than one unitlog\n", 31);
}

static void input_is_held_back_until_it_is_read(void **state)
{
	uint8_t got[sizeof(input)];
	size_t n = 0;
	for (size_t i = 0; i < sizeof(input); i++)
		input[i] = i * 7;
	uc_console_input();
	assert_int_equal(input_at, 4096);
	while (n < sizeof(input)) {
		ssize_t r = uc_console_read(got + n, 1000, true);
		assert_true(r > 0);
		n += r;
	}
	assert_memory_equal(got, input, sizeof(input));
	assert_int_equal(uc_console_read(got, 1, true), -EAGAIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_before_the_channel_goes_to_the_early_port),
		cmocka_unit_test(output_is_plain_text),
		cmocka_unit_test(input_is_held_back_until_it_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
