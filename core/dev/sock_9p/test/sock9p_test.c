// SPDX-License-Identifier: BSD-3-Clause
// sources: ../sock9p.c
/* Requests and replies in pieces of every size, and hosts that do not keep to the protocol. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <asm/errno.h>
#include <linux/poll.h>
#include <uc/hostfd.h>
#include <uc/virtio_9p.h>

#define CALLS 3

/* The socket: what was written, and what can be read, at most `piece` bytes at a time. */
static struct {
	struct uc_hostfd_watch *w;
	uint8_t out[4096], in[4096];
	size_t out_len, in_len, in_at, piece;
	bool ended, full;
} sock;

void *uc_phys_to_virt(uc_paddr pa)
{
	return (void *)pa;
}

bool uc_hostfd_is_9p(int fd)
{
	return fd >= 7 && fd < 20;
}

void uc_hostfd_watch(struct uc_hostfd_watch *w)
{
	sock.w = w;
}

void uc_hostfd_watch_events(struct uc_hostfd_watch *w, short events)
{
	w->events = events;
}

int64_t uc_hostfd_writev(int fd, const struct uc_hostfd_iov *v, unsigned n)
{
	size_t left = sock.piece, done = 0;
	if (sock.full)
		return -EAGAIN;
	for (unsigned i = 0; i < n && left; i++) {
		size_t part = UC_MIN(v[i].n, left);
		assert_true(sock.out_len + part <= sizeof(sock.out));
		memcpy(sock.out + sock.out_len, v[i].p, part);
		sock.out_len += part;
		done += part;
		left -= part;
	}
	return (int64_t)done;
}

int64_t uc_hostfd_readv(int fd, const struct uc_hostfd_iov *v, unsigned n)
{
	size_t left = UC_MIN(sock.piece, sock.in_len - sock.in_at), done = 0;
	if (!left)
		return sock.ended ? 0 : -EAGAIN;
	for (unsigned i = 0; i < n && left; i++) {
		size_t part = UC_MIN(v[i].n, left);
		memcpy(v[i].p, sock.in + sock.in_at, part);
		sock.in_at += part;
		done += part;
		left -= part;
	}
	return (int64_t)done;
}

/* ---- a call: a header and data out, a header and data in ---- */
struct test_call {
	struct uc_p9_call call;
	uint8_t tx[11], tx_data[5], rx[11], rx_data[20];
	unsigned completed;
};
static struct test_call calls[CALLS];

static void complete(struct uc_p9_call *c)
{
	UC_CONTAINER(c, struct test_call, call)->completed++;
}

static void prepare(struct test_call *t, uint16_t tag)
{
	*t = (struct test_call){ .call = { .nout = 2, .nin = 2, .complete = complete } };
	t->tx[0] = sizeof(t->tx) + sizeof(t->tx_data);
	memcpy(t->tx + 5, &tag, 2);
	memset(t->tx_data, 'd', sizeof(t->tx_data));
	t->call.bufs[0] = (struct uc_vq_buf){ (uc_paddr)t->tx, sizeof(t->tx) };
	t->call.bufs[1] = (struct uc_vq_buf){ (uc_paddr)t->tx_data, sizeof(t->tx_data) };
	t->call.bufs[2] = (struct uc_vq_buf){ (uc_paddr)t->rx, sizeof(t->rx) };
	t->call.bufs[3] = (struct uc_vq_buf){ (uc_paddr)t->rx_data, sizeof(t->rx_data) };
}

static void answer(uint16_t tag, uint32_t size)
{
	uint8_t *p = sock.in + sock.in_len;
	memset(p, 'r', size);
	memcpy(p, &size, 4);
	memcpy(p + 5, &tag, 2);
	sock.in_len += size;
}

static struct uc_p9_chan *fresh(size_t piece)
{
	static int fd = 7;
	char tag[] = { 'f', 'd', 0, 0, 0 };
	memset(&sock, 0, sizeof(sock));
	sock.piece = piece;
	if (fd > 9)
		tag[2] = '0' + fd / 10;
	tag[fd > 9 ? 3 : 2] = '0' + fd % 10;
	fd++;
	struct uc_p9_chan *ch = uc_p9_claim(tag);
	assert_non_null(ch);
	for (unsigned i = 0; i < CALLS; i++)
		prepare(&calls[i], i);
	return ch;
}

static void several_calls_in_pieces_of_any_size(void **state)
{
	static const size_t pieces[] = { 1, 3, 7, 13, 4096 };
	for (unsigned k = 0; k < UC_ARRAY_SIZE(pieces); k++) {
		struct uc_p9_chan *ch = fresh(pieces[k]);
		for (unsigned i = 0; i < CALLS; i++)
			assert_int_equal(uc_p9_start(ch, &calls[i].call), 0);
		assert_int_equal(sock.out_len, CALLS * 16);
		assert_int_equal(sock.out[11], 'd');
		answer(0, 31);
		answer(1, 11);
		answer(2, 12);
		sock.w->ready(sock.w);
		static const uint32_t want[] = { 31, 11, 12 };
		for (unsigned i = 0; i < CALLS; i++) {
			assert_int_equal(calls[i].completed, 1);
			assert_int_equal(calls[i].call.error, 0);
			assert_int_equal(calls[i].call.written, want[i]);
		}
		assert_int_equal(calls[0].rx_data[19], 'r');
		assert_int_equal(calls[2].rx_data[0], 'r');
		assert_int_equal(calls[2].rx_data[1], 0);
	}
}

static void a_full_socket_is_waited_for(void **state)
{
	struct uc_p9_chan *ch = fresh(4096);
	sock.full = true;
	assert_int_equal(uc_p9_start(ch, &calls[0].call), 0);
	assert_true(sock.w->events & POLLOUT);
	sock.full = false;
	sock.w->ready(sock.w);
	assert_int_equal(sock.out_len, 16);
	assert_int_equal(sock.w->events, POLLIN);
	answer(0, 11);
	sock.w->ready(sock.w);
	assert_int_equal(calls[0].completed, 1);
}

/* All calls fail, once, and so do later ones. */
static void broken_by(void (*what)(void))
{
	struct uc_p9_chan *ch = fresh(4096);
	for (unsigned i = 0; i < 2; i++)
		assert_int_equal(uc_p9_start(ch, &calls[i].call), 0);
	what();
	sock.w->ready(sock.w);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(calls[i].completed, 1);
		assert_int_equal(calls[i].call.error, -EIO);
	}
	sock.w->ready(sock.w);
	assert_int_equal(uc_p9_start(ch, &calls[2].call), -EIO);
	assert_int_equal(calls[2].completed, 0);
}

static void too_long(void)
{
	answer(0, 32);
}

static void too_short(void)
{
	answer(0, 11);
	sock.in[0] = 6;
}

static void another_tag(void)
{
	answer(1, 11);
}

static void the_end(void)
{
	sock.ended = true;
}

static void a_host_that_breaks_the_protocol_is_given_up(void **state)
{
	broken_by(too_long);
	broken_by(too_short);
	broken_by(another_tag);
	broken_by(the_end);
}

static void an_answer_to_nothing_is_the_end(void **state)
{
	struct uc_p9_chan *ch = fresh(4096);
	sock.w->ready(sock.w); /* without a reason: nothing */
	answer(0, 11);
	sock.w->ready(sock.w);
	assert_int_equal(uc_p9_start(ch, &calls[0].call), -EIO);
}

static void tags_are_descriptors_and_claimed_once(void **state)
{
	static const char *const bad[] = { "", "fd", "fd6", "fd99", "v0", "fd7x", "fd99999999999" };
	for (unsigned i = 0; i < UC_ARRAY_SIZE(bad); i++)
		assert_null(uc_p9_claim(bad[i]));
	struct uc_p9_chan *ch = uc_p9_claim("fd19");
	assert_non_null(ch);
	assert_null(uc_p9_claim("fd19"));
	uc_p9_release(ch);
	assert_ptr_equal(uc_p9_claim("fd19"), ch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(several_calls_in_pieces_of_any_size),
		cmocka_unit_test(a_full_socket_is_waited_for),
		cmocka_unit_test(a_host_that_breaks_the_protocol_is_given_up),
		cmocka_unit_test(an_answer_to_nothing_is_the_end),
		cmocka_unit_test(tags_are_descriptors_and_claimed_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
