// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/arch.h>
#include <uc/frame.h>
#include <uc/heap.h>
#include <uc/pipe.h>
#include <uc/string.h>

void uc_ring_init(struct uc_ring *r, uint32_t cap)
{
	*r = (struct uc_ring){ .cap = cap };
}

static void page_free(uint8_t *page)
{
	if (page)
		uc_frame_unref(uc_virt_to_phys(page));
}

void uc_ring_fini(struct uc_ring *r)
{
	for (uint32_t i = 0; r->pages && i < r->cap >> UC_PAGE_SHIFT; i++)
		page_free(r->pages[i]);
	page_free(r->spare);
	uc_heap_free(r->pages);
	r->pages = NULL;
	r->spare = NULL;
	r->used = 0;
}

static uint8_t *slot_page(struct uc_ring *r, uint32_t slot)
{
	uc_paddr pa;

	if (r->pages[slot])
		return r->pages[slot];
	if (r->spare) {
		r->pages[slot] = r->spare;
		r->spare = NULL;
		return r->pages[slot];
	}
	pa = uc_frame_alloc();
	if (pa != UC_FRAME_NONE)
		r->pages[slot] = uc_phys_to_virt(pa);
	return r->pages[slot];
}

static void slot_release(struct uc_ring *r, uint32_t slot)
{
	if (!r->spare)
		r->spare = r->pages[slot];
	else
		page_free(r->pages[slot]);
	r->pages[slot] = NULL;
}

static int ensure_table(struct uc_ring *r)
{
	if (!r->pages)
		r->pages = uc_heap_calloc(r->cap >> UC_PAGE_SHIFT, sizeof(*r->pages));
	return r->pages ? 0 : -ENOMEM;
}

ssize_t uc_ring_put(struct uc_ring *r, struct uc_iter *from, size_t n)
{
	size_t done = 0;
	ssize_t got = 0;

	if (ensure_table(r) < 0)
		return -ENOMEM;
	n = UC_MIN(n, (size_t)uc_ring_room(r));
	while (done < n) {
		uint32_t at = (r->head + r->used) & (r->cap - 1);
		uint32_t in_page = at & (UC_PAGE_SIZE - 1);
		size_t k = UC_MIN(n - done, (size_t)(UC_PAGE_SIZE - in_page));
		uint8_t *page = slot_page(r, at >> UC_PAGE_SHIFT);

		got = page ? uc_iter_get(from, page + in_page, k) : -ENOMEM;
		if (got <= 0)
			break;
		r->used += (uint32_t)got;
		done += (size_t)got;
		if ((size_t)got < k)
			break;
	}
	return done ? (ssize_t)done : got;
}

void uc_ring_drop(struct uc_ring *r, size_t n)
{
	while (n > 0) {
		uint32_t in_page = r->head & (UC_PAGE_SIZE - 1);
		uint32_t k = (uint32_t)UC_MIN(n, (size_t)(UC_PAGE_SIZE - in_page));
		uint32_t slot = r->head >> UC_PAGE_SHIFT;

		r->head = (r->head + k) & (r->cap - 1);
		r->used -= k;
		n -= k;
		if (r->used == 0) {
			slot_release(r, slot);
			r->head = 0;
		} else if (in_page + k == UC_PAGE_SIZE && (r->head >> UC_PAGE_SHIFT) != slot &&
			   r->used <= r->cap - UC_PAGE_SIZE) {
			slot_release(r, slot);
		}
	}
}

ssize_t uc_ring_get(struct uc_ring *r, struct uc_iter *to, size_t n)
{
	size_t done = 0;
	ssize_t put = 0;

	n = UC_MIN(n, (size_t)r->used);
	while (done < n) {
		uint32_t in_page = r->head & (UC_PAGE_SIZE - 1);
		size_t k = UC_MIN(n - done, (size_t)(UC_PAGE_SIZE - in_page));

		put = uc_iter_put(to, r->pages[r->head >> UC_PAGE_SHIFT] + in_page, k);
		if (put <= 0)
			break;
		uc_ring_drop(r, (size_t)put);
		done += (size_t)put;
		if ((size_t)put < k)
			break;
	}
	return done ? (ssize_t)done : put;
}

ssize_t uc_ring_peek(struct uc_ring *r, uint32_t off, void *buf, size_t n)
{
	size_t done = 0;

	if (off >= r->used)
		return 0;
	n = UC_MIN(n, (size_t)(r->used - off));
	while (done < n) {
		uint32_t at = (r->head + off + (uint32_t)done) & (r->cap - 1);
		uint32_t in_page = at & (UC_PAGE_SIZE - 1);
		size_t k = UC_MIN(n - done, (size_t)(UC_PAGE_SIZE - in_page));

		memcpy((uint8_t *)buf + done, r->pages[at >> UC_PAGE_SHIFT] + in_page, k);
		done += k;
	}
	return (ssize_t)done;
}

int uc_ring_resize(struct uc_ring *r, uint32_t cap)
{
	struct uc_iovec one;
	struct uc_ring n;
	struct uc_iter it;

	if (cap < r->used)
		return -EBUSY;
	uc_ring_init(&n, cap);
	while (n.used < r->used) {
		uint32_t at = (r->head + n.used) & (r->cap - 1);
		uint32_t k = UC_MIN(r->used - n.used,
				    (uint32_t)UC_PAGE_SIZE - (at & (uint32_t)(UC_PAGE_SIZE - 1)));

		uc_iter_kernel(&it, &one, r->pages[at >> UC_PAGE_SHIFT] + (at & (UC_PAGE_SIZE - 1)),
			       k);
		if (uc_ring_put(&n, &it, k) != (ssize_t)k) {
			uc_ring_fini(&n);
			return -ENOMEM;
		}
	}
	uc_ring_fini(r);
	*r = n;
	return 0;
}
