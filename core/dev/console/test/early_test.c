// SPDX-License-Identifier: BSD-3-Clause
// sources: ../output.c ../input.c ../control.c ../mux_decode.c ../early.c
/* early=mux: frames on the early port until something needs the device. */
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

static uint8_t port[8192], sent[8192];
static size_t port_len, sent_len, expected;
static unsigned probes;

static int fake_send(struct uc_channel *c, const void *head, size_t nhead, const void *body,
		     size_t n)
{
	memcpy(sent + sent_len, head, nhead);
	memcpy(sent + sent_len + nhead, body, n);
	sent_len += nhead + n;
	return 0;
}

static size_t fake_unit(struct uc_channel *c, size_t want) { return want; }
static void fake_nothing(struct uc_channel *c) {}
static void fake_expect(struct uc_channel *c, size_t n) { expected = n; }
static void fake_recv(struct uc_channel *c, size_t (*take)(const uint8_t *p, size_t n)) {}

static struct uc_channel device = {
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
	memcpy(port + port_len, s, n);
	port_len += n;
}
uint64_t uc_plat_ram_bytes(void) { return 64 << 20; }
void uc_upcall_console_signal(int sig) {}
void uc_upcall_console_winch(void) {}
void uc_upcall_console_device(void)
{
	probes++;
	uc_console_attach(&device);
}

static void a_little_output_needs_no_device(void **state)
{
	static const uint8_t frames[] = {
		0, UC_MUX_READY, 0, 0, 0, 0, 0, 0, 0,
		0, UC_MUX_DATA, UC_MUX_STDERR, 0, 0, 2, 0, 0, 0, 'h', 'i',
		0, UC_MUX_DATA, UC_MUX_LOG, 0, 0, 4, 0, 0, 0, 'l', 'o', 'g', '\n',
	};
	uc_console_configure(true, 0);
	uc_console_attach_early();
	uc_console_ready();
	assert_int_equal(uc_console_write(UC_MUX_STDERR, "hi", 2), 2);
	uc_console_log("log\n", 4);
	assert_int_equal(port_len, sizeof(frames));
	assert_memory_equal(port, frames, sizeof(frames));
	assert_int_equal(probes, 0);
}

static void much_output_goes_to_the_device(void **state)
{
	static char text[600];
	size_t before = port_len;
	assert_int_equal(uc_console_write(UC_MUX_STDOUT, text, sizeof(text)), sizeof(text));
	assert_int_equal(probes, 1);
	assert_int_equal(port_len, before);
	assert_int_equal(sent_len, 8 + sizeof(text));
}

static void input_is_asked_of_the_device(void **state)
{
	char c;
	assert_int_equal(uc_console_read(&c, 1, true), -EAGAIN);
	assert_int_equal(probes, 1);
	assert_true(expected >= 1);
	uc_console_need_device();
	assert_int_equal(probes, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_little_output_needs_no_device),
		cmocka_unit_test(much_output_goes_to_the_device),
		cmocka_unit_test(input_is_asked_of_the_device),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
