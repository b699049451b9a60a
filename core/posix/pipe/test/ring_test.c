// SPDX-License-Identifier: BSD-3-Clause
// sources: ../ring.c ../../../service/vfs/iter.c
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <asm/errno.h>
#include <stdlib.h>
#include <string.h>
#include <uc/pipe.h>
#include <uc/user.h>

size_t uc_user_write_some(uc_uptr dst, const void *src, size_t n) { return 0; }
size_t uc_user_read_some(void *dst, uc_uptr src, size_t n) { return 0; }
int uc_user_zero(uc_uptr dst, size_t n) { return -EFAULT; }

static ssize_t put(struct uc_ring *r, const void *p, size_t n)
{
	struct uc_iovec one;
	struct uc_iter it;

	uc_iter_kernel(&it, &one, (void *)(uintptr_t)p, n);
	return uc_ring_put(r, &it, n);
}

static ssize_t get(struct uc_ring *r, void *p, size_t n)
{
	struct uc_iovec one;
	struct uc_iter it;

	uc_iter_kernel(&it, &one, p, n);
	return uc_ring_get(r, &it, n);
}

static void fills_to_capacity_and_no_further(void **state)
{
	static char data[9000];
	struct uc_ring r;

	uc_ring_init(&r, 8192);
	assert_int_equal(put(&r, data, sizeof(data)), 8192);
	assert_int_equal(uc_ring_room(&r), 0);
	assert_int_equal(put(&r, data, 1), 0);
	assert_int_equal(get(&r, data, 100), 100);
	assert_int_equal(put(&r, data, 200), 100);
	uc_ring_fini(&r);
}

/* Random moves against a plain array that does the same. */
static void keeps_bytes_in_order(void **state)
{
	static uint8_t in[1 << 20], out[1 << 20];
	size_t wrote = 0, read = 0;
	struct uc_ring r;

	srand(1);
	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)rand();
	uc_ring_init(&r, 16384);
	while (read < sizeof(in)) {
		size_t n = (size_t)(rand() % 7000);

		if (rand() & 1)
			wrote += (size_t)put(&r, in + wrote,
					     n < sizeof(in) - wrote ? n : sizeof(in) - wrote);
		else
			read += (size_t)get(&r, out + read, n);
		assert_int_equal(r.used, wrote - read);
		if (rand() % 50 == 0) {
			uint32_t cap = rand() & 1 ? 16384 : 32768;

			assert_int_equal(uc_ring_resize(&r, cap), r.used > cap ? -EBUSY : 0);
		}
	}
	assert_memory_equal(in, out, sizeof(in));
	uc_ring_fini(&r);
}

static void peek_does_not_consume(void **state)
{
	struct uc_ring r;
	char b[8] = { 0 };

	uc_ring_init(&r, 4096);
	put(&r, "abcdef", 6);
	assert_int_equal(uc_ring_peek(&r, 2, b, 3), 3);
	assert_string_equal(b, "cde");
	assert_int_equal(uc_ring_peek(&r, 6, b, 3), 0);
	uc_ring_drop(&r, 4);
	assert_int_equal(get(&r, b, 8), 2);
	assert_memory_equal(b, "ef", 2);
	uc_ring_fini(&r);
}

static void an_empty_ring_keeps_one_page_at_most(void **state)
{
	static char data[65536];
	struct uc_ring r;
	unsigned held = 0;

	uc_ring_init(&r, 65536);
	for (int round = 0; round < 5; round++) {
		put(&r, data, sizeof(data) - 1000);
		get(&r, data, sizeof(data));
	}
	for (unsigned i = 0; i < 16; i++)
		held += r.pages[i] != NULL;
	assert_int_equal(held, 0);
	uc_ring_fini(&r);
}

static void an_unreadable_source_is_an_error(void **state)
{
	struct uc_iovec one = { 0x1000, 10 };
	struct uc_iter it = { .iov = &one, .niov = 1, .left = 10 };
	struct uc_ring r;

	uc_ring_init(&r, 4096);
	assert_int_equal(uc_ring_put(&r, &it, 10), -EFAULT);
	assert_int_equal(r.used, 0);
	uc_ring_fini(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fills_to_capacity_and_no_further),
		cmocka_unit_test(keeps_bytes_in_order),
		cmocka_unit_test(peek_does_not_consume),
		cmocka_unit_test(an_empty_ring_keeps_one_page_at_most),
		cmocka_unit_test(an_unreadable_source_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
