// SPDX-License-Identifier: BSD-3-Clause
// sources: ../vring.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <asm/errno.h>
#include <uc/vring.h>

#define NUM 8u
#define ALIGN 4u

struct fixture { struct uc_vring r; void *mem; struct uc_vring_slot slots[NUM]; };

static struct fixture *make(bool event_idx)
{
	struct fixture *f = calloc(1, sizeof(*f));
	f->mem = aligned_alloc(16, (uc_vring_bytes(NUM, ALIGN) + 15) & ~15ull);
	memset(f->mem, 0, uc_vring_bytes(NUM, ALIGN));
	uc_vring_init(&f->r, f->mem, f->slots, NUM, ALIGN, event_idx);
	return f;
}

static void drop(struct fixture *f)
{
	free(f->mem);
	free(f);
}

/* The device's side. */
static void device_uses(struct fixture *f, uint32_t id, uint32_t len)
{
	volatile struct uc_vring_used_elem *ring = (volatile void *)(f->r.used + 2);
	uint16_t idx = f->r.used[1];
	ring[idx % NUM].id = id;
	ring[idx % NUM].len = len;
	f->r.used[1] = idx + 1;
}

static const struct uc_vq_buf bufs[3] = { { 0x1000, 100 }, { 0x2000, 200 }, { 0x3000, 300 } };

static void chain_is_laid_out_as_the_specification_says(void **state)
{
	struct fixture *f = make(false);
	int cookie;
	assert_int_equal(uc_vring_add(&f->r, bufs, 1, 2, &cookie), 0);
	assert_true(uc_vring_publish(&f->r));
	assert_int_equal(f->r.avail[1], 1);
	unsigned head = f->r.avail[2];
	volatile struct uc_vring_desc *d = &f->r.desc[head];
	assert_int_equal(d->addr, 0x1000);
	assert_int_equal(d->flags, 1);
	d = &f->r.desc[d->next];
	assert_int_equal(d->len, 200);
	assert_int_equal(d->flags, 3);
	d = &f->r.desc[d->next];
	assert_int_equal(d->flags, 2);
	uint32_t n;
	assert_null(uc_vring_take(&f->r, &n));
	device_uses(f, head, 450);
	assert_ptr_equal(uc_vring_take(&f->r, &n), &cookie);
	assert_int_equal(n, 450);
	assert_int_equal(f->r.nfree, NUM);
	drop(f);
}

static void full_ring_refuses_and_recovers(void **state)
{
	struct fixture *f = make(true);
	int cookies[NUM];
	uint32_t n;
	for (unsigned round = 0; round < 20000; round++) {
		unsigned k = 0;
		while (uc_vring_add(&f->r, bufs, 1, 0, &cookies[k]) == 0)
			k++;
		assert_int_equal(k, NUM);
		uc_vring_publish(&f->r);
		/* out of order, as a device may */
		for (unsigned i = NUM; i-- > 0;)
			device_uses(f, i, 0);
		for (unsigned i = 0; i < NUM; i++)
			assert_non_null(uc_vring_take(&f->r, &n));
		assert_null(uc_vring_take(&f->r, &n));
	}
	assert_false(f->r.broken);
	drop(f);
}

static void lies_of_the_device_break_the_ring(void **state)
{
	static const struct { uint32_t id, len; uint16_t jump;
	} lies[] = {
		{ NUM, 0, 1 }, { UINT32_MAX, 0, 1 }, { 5, 0, 1 },
		{ 0, 201, 1 }, { 0, 10, 2 },         { 0, 10, 1000 },
	};
	for (unsigned i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct fixture *f = make(true);
		int cookie;
		uint32_t n;
		assert_int_equal(uc_vring_add(&f->r, bufs + 1, 0, 1, &cookie), 0);
		uc_vring_publish(&f->r);
		device_uses(f, lies[i].id, lies[i].len);
		f->r.used[1] = lies[i].jump;
		assert_null(uc_vring_take(&f->r, &n));
		assert_true(f->r.broken);
		assert_int_equal(uc_vring_add(&f->r, bufs, 1, 0, &cookie), -ENOSPC);
		drop(f);
	}
}

static void a_chain_is_returned_once(void **state)
{
	struct fixture *f = make(false);
	int a, b;
	uint32_t n;
	uc_vring_add(&f->r, bufs, 0, 1, &a);
	uc_vring_add(&f->r, bufs, 0, 1, &b);
	uc_vring_publish(&f->r);
	device_uses(f, 0, 1);
	device_uses(f, 0, 1);
	assert_ptr_equal(uc_vring_take(&f->r, &n), &a);
	assert_null(uc_vring_take(&f->r, &n));
	assert_true(f->r.broken);
	drop(f);
}

static void notifications_follow_the_event_index(void **state)
{
	struct fixture *f = make(true);
	int c;
	f->r.used[2 + 4 * NUM] = 1; /* avail_event: notify me after the second */
	uc_vring_add(&f->r, bufs, 1, 0, &c);
	assert_false(uc_vring_publish(&f->r));
	uc_vring_add(&f->r, bufs, 1, 0, &c);
	assert_true(uc_vring_publish(&f->r));
	assert_false(uc_vring_publish(&f->r));
	/* interrupts: asked for from now on, and what is already there is told */
	assert_false(uc_vring_irq(&f->r, true));
	assert_int_equal(f->r.avail[2 + NUM], 0);
	device_uses(f, 0, 0);
	assert_true(uc_vring_irq(&f->r, true));
	drop(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chain_is_laid_out_as_the_specification_says),
		cmocka_unit_test(full_ring_refuses_and_recovers),
		cmocka_unit_test(lies_of_the_device_break_the_ring),
		cmocka_unit_test(a_chain_is_returned_once),
		cmocka_unit_test(notifications_follow_the_event_index),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
