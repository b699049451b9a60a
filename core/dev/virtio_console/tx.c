// SPDX-License-Identifier: BSD-3-Clause
/* Output: units are copied into a byte ring, one descriptor and at most one notification each.
 * Completions are noticed when room is needed; interrupts are on only while someone waits. */
#include <asm/errno.h>
#include <uc/frame.h>
#include <uc/log.h>
#include <uc/plat.h>
#include <uc/string.h>
#include "vcon.h"

#define TX_MIN UC_PAGE_SIZE
#define TX_MAX 131072u
#define TX_RAM_SHARE 256u

static unsigned order_of(uint32_t bytes)
{
	unsigned order = 0;
	while ((UC_PAGE_SIZE << order) < bytes)
		order++;
	return order;
}

static void reap(struct vcon_tx *t)
{
	uint32_t written;
	struct vcon_unit *u;
	while ((u = uc_virtq_take(t->q, &written)))
		u->done = true;
	while (t->count && t->units[t->first].done) {
		t->used -= t->units[t->first].len;
		t->first = (t->first + 1) % VCON_QUEUE;
		t->count--;
	}
	if (!t->count)
		t->head = t->used = 0;
}

static bool resize(struct vcon_tx *t, uint32_t cap)
{
	uc_paddr pa = uc_frame_alloc_order(order_of(cap));
	if (!pa)
		return false;
	if (t->buf)
		uc_frame_unref_order(uc_virt_to_phys(t->buf), order_of(t->cap));
	t->buf = uc_phys_to_virt(pa);
	t->cap = cap;
	return true;
}

/* Ring size for units of `want` bytes, within this machine's means. */
static uint32_t ring_size(size_t want)
{
	uint64_t share = uc_plat_ram_bytes() / TX_RAM_SHARE;
	uint32_t cap = TX_MIN;
	while (cap < want && cap < TX_MAX && cap * 2 <= share)
		cap *= 2;
	return cap;
}

size_t vcon_unit(struct uc_channel *c, size_t want)
{
	struct vcon_tx *t = &UC_CONTAINER(c, struct vcon, channel)->tx;
	uint32_t cap = ring_size(want);
	if (cap > t->cap) {
		reap(t);
		/* What the device still reads must stay: grow when all is gone. */
		if (!t->count)
			resize(t, cap);
	}
	return UC_MAX(t->cap, (uint32_t)TX_MIN);
}

/* Finds n contiguous free bytes at the head, or at the start with the rest as padding. */
static bool place(const struct vcon_tx *t, uint32_t n, uint32_t *at, uint32_t *pad)
{
	bool fits = t->head + n <= t->cap;
	*at = fits ? t->head : 0;
	*pad = fits ? 0 : t->cap - t->head;
	return t->used + *pad + n <= t->cap;
}

static void queue_unit(struct vcon_tx *t, uint32_t at, uint32_t n, uint32_t pad)
{
	struct vcon_unit *u = &t->units[(t->first + t->count++) % VCON_QUEUE];
	struct uc_vq_buf b = { uc_virt_to_phys(t->buf + at), n };
	*u = (struct vcon_unit){ .len = n + pad };
	t->used += n + pad;
	t->head = at + n;
	int r = uc_virtq_add(t->q, &b, 1, 0, u);
	UC_ASSERT(r == 0, "a descriptor is free when room was found");
	uc_virtq_kick(t->q);
}

int vcon_send(struct uc_channel *c, const void *head, size_t nhead, const void *body, size_t n)
{
	struct vcon_tx *t = &UC_CONTAINER(c, struct vcon, channel)->tx;
	uint32_t total = nhead + n;
	reap(t);
	if (uc_virtq_broken(t->q))
		return -EIO;
	if (!t->buf && !resize(t, TX_MIN))
		return -EAGAIN;
	UC_ASSERT(total <= t->cap, "a unit fits into the ring");
	uint32_t at, pad;
	if (!place(t, total, &at, &pad) || t->count == VCON_QUEUE || !uc_virtq_free(t->q))
		return -EAGAIN;
	memcpy(t->buf + at, head, nhead);
	memcpy(t->buf + at + nhead, body, n);
	queue_unit(t, at, total, pad);
	return 0;
}

void vcon_tx_room(void *vcon)
{
	struct vcon_tx *t = &((struct vcon *)vcon)->tx;
	reap(t);
	if (!t->room_wanted)
		return;
	t->room_wanted = false;
	uc_virtq_irq(t->q, false);
	uc_console_room();
}

void vcon_tx_done(struct uc_virtq *q, void *arg)
{
	vcon_tx_room(arg);
}

void vcon_notify_room(struct uc_channel *c)
{
	struct vcon_tx *t = &UC_CONTAINER(c, struct vcon, channel)->tx;
	t->room_wanted = true;
	/* Nothing in flight: what is missing is memory, and asking again is all that can be done.
	 * */
	if (uc_virtq_irq(t->q, true) || !t->count)
		uc_defer_raise(&t->room);
}

void vcon_drain(struct uc_channel *c)
{
	struct vcon_tx *t = &UC_CONTAINER(c, struct vcon, channel)->tx;
	for (reap(t); t->count && !uc_virtq_broken(t->q); reap(t))
		uc_cpu_relax();
}
