// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_HEAP_CASES_H
#define UC_HEAP_CASES_H
/*
 * What every implementation of uc/heap.h must do; each has a test program that includes this. The
 * frames come from a small arena, which ends up empty when the heap returns what it took.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <uc/frame.h>
#include <uc/heap.h>
#include <uc/random.h>

#define ARENA_PAGES 2048u
static uint8_t arena[ARENA_PAGES << UC_PAGE_SHIFT] __attribute__((aligned(1 << 22)));
static bool used[ARENA_PAGES];
static bool pages_keep_contents;
static unsigned pages_used, pages_limit = ARENA_PAGES;

uc_paddr uc_frame_alloc_order(unsigned order)
{
	unsigned n = 1u << order;
	if (order > 10 || pages_used + n > pages_limit)
		return UC_FRAME_NONE;
	for (unsigned first = 0; first + n <= ARENA_PAGES; first += n) {
		if (memchr(used + first, 1, n))
			continue;
		memset(used + first, 1, n);
		pages_used += n;
		return (uc_paddr)(uintptr_t)(arena + ((size_t)first << UC_PAGE_SHIFT));
	}
	return UC_FRAME_NONE;
}

uc_paddr uc_frame_alloc(void)
{
	return uc_frame_alloc_order(0);
}

void uc_frame_unref(uc_paddr pa)
{
	size_t i = (pa - (uintptr_t)arena) >> UC_PAGE_SHIFT;
	assert_true(pa % UC_PAGE_SIZE == 0 && i < ARENA_PAGES && used[i]);
	used[i] = false;
	pages_used--;
	if (!pages_keep_contents)
		memset(arena + (i << UC_PAGE_SHIFT), 0xdb, UC_PAGE_SIZE);
}

/* After everything was freed the heap accounts for nothing and has returned all frames. */
static int nothing_left(void **state)
{
	struct uc_heap_stats s;
	(void)state;
	pages_limit = ARENA_PAGES;
	uc_heap_stats(&s);
	assert_int_equal(s.allocs, 0);
	assert_int_equal(s.in_use_bytes, 0);
	assert_int_equal(s.held_bytes, 0);
	assert_int_equal(pages_used, 0);
	return 0;
}

/* ---- blocks with contents that tell whose they are ---- */

struct held {
	uint8_t *p;
	size_t n;
	uint8_t seed;
};

static void fill(struct held *h)
{
	for (size_t i = 0; i < h->n; i++)
		h->p[i] = (uint8_t)(h->seed + i * 7);
}

static void check(const struct held *h, size_t n)
{
	for (size_t i = 0; i < n; i++)
		assert_int_equal(h->p[i], (uint8_t)(h->seed + i * 7));
}

static size_t random_size(void)
{
	uint64_t kind = uc_random_below(100);
	if (kind < 70)
		return uc_random_below(300);
	return kind < 97 ? uc_random_below(6000) : uc_random_below(100000);
}

static void take(struct held *h)
{
	uint64_t kind = uc_random_below(8);
	size_t align = kind == 0 ? 16u << uc_random_below(8) : 16;
	h->n = random_size();
	h->seed = (uint8_t)uc_random_u64();
	h->p = kind == 0   ? uc_heap_alloc_aligned(h->n, align)
	       : kind == 1 ? uc_heap_zalloc(h->n)
			   : uc_heap_alloc(h->n);
	if (!h->p)
		return;
	assert_int_equal((uintptr_t)h->p % align, 0);
	for (size_t i = 0; kind == 1 && i < h->n; i++)
		assert_int_equal(h->p[i], 0);
	fill(h);
}

static void give_back(struct held *h)
{
	check(h, h->n);
	uc_heap_free(h->p);
	h->p = NULL;
}

static void resize(struct held *h)
{
	size_t n = random_size();
	uint8_t *p = uc_heap_realloc(h->p, n);
	if (!p) {
		check(h, h->n);
		return;
	}
	h->p = p;
	check(h, UC_MIN(n, h->n));
	h->n = n;
	fill(h);
}

static void churn(unsigned steps)
{
	static struct held held[400];
	for (unsigned i = 0; i < steps; i++) {
		struct held *h = &held[uc_random_below(UC_ARRAY_SIZE(held))];
		if (!h->p)
			take(h);
		else if (uc_random_below(3) == 0)
			resize(h);
		else
			give_back(h);
	}
	for (unsigned i = 0; i < UC_ARRAY_SIZE(held); i++)
		if (held[i].p)
			give_back(&held[i]);
}

/* ---- cases ---- */

static void random_use_keeps_contents(void **state)
{
	(void)state;
	churn(60000);
}

static void random_use_short_of_memory_keeps_contents(void **state)
{
	(void)state;
	pages_limit = 60;
	churn(60000);
}

static void exhaustion_is_null_and_ends_with_free(void **state)
{
	static const size_t sizes[] = { 1, 24, 100, 2016, 4096, 10000, 1 << 20 };
	(void)state;
	for (unsigned s = 0; s < UC_ARRAY_SIZE(sizes); s++) {
		void **list = NULL, **p;
		size_t n = UC_MAX(sizes[s], sizeof(void *)), count[2] = { 0, 0 };
		for (unsigned round = 0; round < 2; round++) {
			while ((p = uc_heap_alloc(n))) {
				*p = list;
				list = p;
				count[round]++;
			}
			while ((p = list)) {
				list = *p;
				uc_heap_free(p);
			}
		}
		assert_int_equal(count[0], count[1]);
		assert_true(count[0] >= sizeof(arena) / (n * 2 + 64) - 1);
		nothing_left(NULL);
	}
}

static void failed_realloc_keeps_the_block(void **state)
{
	struct held h = { .n = 1000, .seed = 5 };
	(void)state;
	h.p = uc_heap_alloc(h.n);
	assert_non_null(h.p);
	fill(&h);
	assert_null(uc_heap_realloc(h.p, (size_t)1 << 40));
	assert_null(uc_heap_realloc(h.p, SIZE_MAX));
	give_back(&h);
}

static void impossible_sizes_are_null(void **state)
{
	(void)state;
	assert_null(uc_heap_alloc(SIZE_MAX));
	assert_null(uc_heap_alloc(SIZE_MAX - 40));
	assert_null(uc_heap_zalloc((size_t)1 << 40));
	assert_null(uc_heap_alloc_aligned(SIZE_MAX - 40, 256));
	assert_null(uc_heap_alloc_aligned(16, UC_PAGE_SIZE));
	assert_null(uc_heap_calloc(SIZE_MAX / 2, 3));
}

static void empty_blocks_are_distinct(void **state)
{
	(void)state;
	void *a = uc_heap_alloc(0), *b = uc_heap_alloc(0);
	assert_non_null(a);
	assert_non_null(b);
	assert_ptr_not_equal(a, b);
	uc_heap_free(a);
	uc_heap_free(b);
	uc_heap_free(NULL);
}

static void every_alignment_below_a_page(void **state)
{
	(void)state;
	for (size_t align = 1; align < UC_PAGE_SIZE; align *= 2) {
		struct held h[40];
		for (unsigned i = 0; i < 40; i++) {
			h[i] = (struct held){ .n = i * 37, .seed = (uint8_t)i };
			h[i].p = uc_heap_alloc_aligned(h[i].n, align);
			assert_non_null(h[i].p);
			assert_int_equal((uintptr_t)h[i].p % align, 0);
			fill(&h[i]);
		}
		for (unsigned i = 0; i < 40; i++)
			give_back(&h[i * 7 % 40]);
	}
}

static void every_size_around_the_classes(void **state)
{
	(void)state;
	for (size_t n = 0; n < 9000; n++) {
		struct held a = { uc_heap_alloc(n), n, 1 }, b = { uc_heap_alloc(n), n, 2 };
		assert_true(a.p && b.p);
		fill(&a);
		fill(&b);
		give_back(&a);
		give_back(&b);
	}
}

/* Pages come back with what the heap left in them, and nobody writes into the new blocks. */
static void pages_that_were_used_before(void **state)
{
	enum { BLOCKS = 200 };
	static void *p[BLOCKS];
	(void)state;
	pages_keep_contents = true;
	for (size_t n = 16; n <= 512; n *= 2)
		for (unsigned round = 0; round < 3; round++) {
			for (unsigned i = 0; i < BLOCKS; i++) {
				p[i] = uc_heap_alloc(n);
				assert_non_null(p[i]);
			}
			for (unsigned i = 0; i < BLOCKS; i++)
				uc_heap_free(p[i * 7 % BLOCKS]);
		}
	pages_keep_contents = false;
}

static void statistics_follow(void **state)
{
	struct uc_heap_stats s;
	(void)state;
	void *a = uc_heap_alloc(100), *b = uc_heap_alloc(50000);
	assert_true(a && b);
	uc_heap_stats(&s);
	assert_int_equal(s.allocs, 2);
	assert_in_range(s.in_use_bytes, 50100, 50100 + 200);
	assert_int_equal(s.held_bytes, (uint64_t)pages_used << UC_PAGE_SHIFT);
	uc_heap_free(a);
	uc_heap_free(b);
}

#define CASE(f) cmocka_unit_test_setup_teardown(f, nothing_left, nothing_left)
static int heap_cases_run(void)
{
	const struct CMUnitTest tests[] = {
		CASE(random_use_keeps_contents),
		CASE(random_use_short_of_memory_keeps_contents),
		CASE(exhaustion_is_null_and_ends_with_free),
		CASE(failed_realloc_keeps_the_block),
		CASE(impossible_sizes_are_null),
		CASE(empty_blocks_are_distinct),
		CASE(every_alignment_below_a_page),
		CASE(every_size_around_the_classes),
		CASE(pages_that_were_used_before),
		CASE(statistics_follow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
#endif
