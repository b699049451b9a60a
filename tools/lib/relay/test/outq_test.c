// SPDX-License-Identifier: BSD-3-Clause
// sources: ../outq.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <unicore/outq.h>

#define MUCH (1u << 20)

static uint8_t pattern(size_t i)
{
	return (uint8_t)(i * 31 + (i >> 8));
}

static void put_much(struct uc_outq *q)
{
	static uint8_t b[5000];

	for (size_t at = 0; at < MUCH;) {
		size_t n = MUCH - at < sizeof(b) ? MUCH - at : sizeof(b);

		for (size_t i = 0; i < n; i++)
			b[i] = pattern(at + i);
		assert_int_equal(uc_outq_put(q, b, n), 0);
		at += n;
	}
}

/* Nothing is lost or reordered when the reader comes late. */
static void drains_in_order(int reader, struct uc_outq *q)
{
	static uint8_t b[70000];
	size_t at = 0;

	put_much(q);
	assert_true(uc_outq_pending(q));
	while (at < MUCH) {
		ssize_t n = read(reader, b, sizeof(b));

		assert_true(n > 0);
		for (ssize_t i = 0; i < n; i++)
			assert_int_equal(b[i], pattern(at + (size_t)i));
		at += (size_t)n;
		assert_int_equal(uc_outq_flush(q), 0);
	}
	assert_false(uc_outq_pending(q));
}

static void a_full_pipe_does_not_block(void **state)
{
	struct uc_outq q;
	int p[2];

	(void)state;
	assert_int_equal(pipe(p), 0);
	uc_outq_open(&q, p[1]);
	assert_int_equal(q.how, UC_OUT_NONBLOCK);
	drains_in_order(p[0], &q);
	/* the flags of the shared open file are as they were */
	assert_int_equal(fcntl(p[1], F_GETFL) & O_NONBLOCK, 0);
	uc_outq_close(&q);
	close(p[0]);
	close(p[1]);
}

static void a_pipe_that_cannot_be_opened_again_is_fed_in_pieces(void **state)
{
	struct uc_outq q;
	int p[2];

	(void)state;
	assert_int_equal(pipe(p), 0);
	uc_outq_open(&q, p[1]);
	uc_outq_close(&q);
	q = (struct uc_outq){ .fd = p[1], .how = UC_OUT_PIECES };
	drains_in_order(p[0], &q);
	uc_outq_close(&q);
	close(p[0]);
	close(p[1]);
}

static void a_full_socket_does_not_block(void **state)
{
	struct uc_outq q;
	int p[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, p), 0);
	uc_outq_open(&q, p[1]);
	assert_int_equal(q.how, UC_OUT_SOCKET);
	drains_in_order(p[0], &q);
	uc_outq_close(&q);
	close(p[0]);
	close(p[1]);
}

static void a_gone_reader_is_told_once_and_the_rest_dropped(void **state)
{
	struct uc_outq q;
	int p[2];

	(void)state;
	assert_int_equal(pipe(p), 0);
	uc_outq_open(&q, p[1]);
	close(p[0]);
	assert_int_equal(uc_outq_put(&q, "x", 1), -EPIPE);
	assert_int_equal(uc_outq_put(&q, "x", 1), 0);
	assert_false(uc_outq_pending(&q));
	assert_int_equal(q.error, EPIPE);
	uc_outq_close(&q);
	close(p[1]);
}

static void a_full_device_is_an_error(void **state)
{
	struct uc_outq q;
	int fd = open("/dev/full", O_WRONLY);

	(void)state;
	uc_outq_open(&q, fd);
	assert_int_equal(uc_outq_put(&q, "x", 1), -ENOSPC);
	uc_outq_close(&q);
	close(fd);
}

int main(void)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_pipe_does_not_block),
		cmocka_unit_test(a_pipe_that_cannot_be_opened_again_is_fed_in_pieces),
		cmocka_unit_test(a_full_socket_does_not_block),
		cmocka_unit_test(a_gone_reader_is_told_once_and_the_rest_dropped),
		cmocka_unit_test(a_full_device_is_an_error),
	};

	sigaction(SIGPIPE, &ignore, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
