// SPDX-License-Identifier: BSD-3-Clause
#include <uc/arch.h>
#include <asm/errno.h>
#include <uc/vring.h>

enum { DESC_NEXT = 1, DESC_WRITE = 2, AVAIL_NO_INTERRUPT = 1, USED_NO_NOTIFY = 1 };
#define NO_SLOT 0xffffu

static size_t avail_end(unsigned num)
{
	return 16u * num + 2u * (3 + num);
}

size_t uc_vring_used_offset(unsigned num, unsigned align)
{
	return (avail_end(num) + align - 1) & ~((size_t)align - 1);
}

size_t uc_vring_bytes(unsigned num, unsigned align)
{
	return uc_vring_used_offset(num, align) + 2u * 3 + 8u * num;
}

static volatile uint16_t *used_event(struct uc_vring *r)
{
	return &r->avail[2 + r->num];
}

static uint16_t avail_event(const struct uc_vring *r)
{
	return r->used[2 + 4 * r->num];
}

static uint16_t used_idx(const struct uc_vring *r)
{
	uint16_t idx = r->used[1];
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return idx;
}

void uc_vring_init(struct uc_vring *r, void *mem, struct uc_vring_slot *slots, unsigned num,
		   unsigned align, bool event_idx)
{
	*r = (struct uc_vring){ .desc = mem, .slots = slots, .num = num, .nfree = num,
				.event_idx = event_idx };
	r->avail = (volatile uint16_t *)((char *)mem + 16u * num);
	r->used = (volatile uint16_t *)((char *)mem + uc_vring_used_offset(num, align));
	for (unsigned i = 0; i < num; i++)
		slots[i] = (struct uc_vring_slot){ .next = i + 1 < num ? i + 1 : NO_SLOT };
	uc_vring_irq(r, false);
}

static void put_desc(struct uc_vring *r, uint16_t i, const struct uc_vq_buf *b, uint16_t flags,
		     uint16_t next)
{
	volatile struct uc_vring_desc *d = &r->desc[i];
	d->addr = b->pa;
	d->len = b->len;
	d->flags = flags;
	d->next = next;
}

int uc_vring_add(struct uc_vring *r, const struct uc_vq_buf *bufs, unsigned nout, unsigned nin,
		 void *cookie)
{
	unsigned n = nout + nin;
	if (r->broken || !n || n > r->nfree)
		return -ENOSPC;
	uint16_t head = r->free_head, at = head;
	uint64_t in_len = 0;
	for (unsigned i = 0; i < n; i++) {
		uint16_t next = r->slots[at].next;
		uint16_t flags = (i >= nout ? DESC_WRITE : 0) | (i + 1 < n ? DESC_NEXT : 0);
		put_desc(r, at, &bufs[i], flags, i + 1 < n ? next : 0);
		if (i >= nout)
			in_len += bufs[i].len;
		at = next;
	}
	r->free_head = at;
	r->nfree -= n;
	struct uc_vring_slot *s = &r->slots[head];
	s->cookie = cookie;
	s->in_len = in_len > UINT32_MAX ? UINT32_MAX : (uint32_t)in_len;
	s->count = n;
	r->avail[2 + (r->avail_idx++ & (r->num - 1))] = head;
	return 0;
}

bool uc_vring_publish(struct uc_vring *r)
{
	uint16_t old = r->kicked_idx, new = r->avail_idx;
	if (old == new || r->broken)
		return false;
	__atomic_thread_fence(__ATOMIC_RELEASE);
	r->avail[1] = new;
	r->kicked_idx = new;
	/* The store of the index must be seen before the device's wish is read. */
	uc_cpu_device_fence();
	if (r->event_idx)
		return (uint16_t)(new - avail_event(r) - 1) < (uint16_t)(new - old);
	return !(r->used[0] & USED_NO_NOTIFY);
}

/* Returns the chain's descriptors to the free list by the private links. */
static void free_chain(struct uc_vring *r, uint16_t head)
{
	uint16_t last = head;
	for (unsigned i = 1; i < r->slots[head].count; i++)
		last = r->slots[last].next;
	r->slots[last].next = r->free_head;
	r->free_head = head;
	r->nfree += r->slots[head].count;
}

static bool arm(struct uc_vring *r)
{
	if (r->event_idx)
		*used_event(r) = r->last_used;
	else
		r->avail[0] = 0;
	uc_cpu_device_fence();
	return used_idx(r) != r->last_used;
}

bool uc_vring_irq(struct uc_vring *r, bool on)
{
	r->irq_on = on;
	if (on)
		return arm(r);
	if (r->event_idx)
		*used_event(r) = r->last_used - 1; /* reached only after a full turn */
	else
		r->avail[0] = AVAIL_NO_INTERRUPT;
	return false;
}

bool uc_vring_pending(const struct uc_vring *r)
{
	return !r->broken && used_idx(r) != r->last_used;
}

static void *take_elem(struct uc_vring *r, uint32_t *written)
{
	const volatile struct uc_vring_used_elem *ring = (const volatile void *)(r->used + 2);
	unsigned at = r->last_used & (r->num - 1);
	uint32_t id = ring[at].id, len = ring[at].len;
	struct uc_vring_slot *s = id < r->num ? &r->slots[id] : NULL;
	if (!s || !s->cookie || (s->in_len && len > s->in_len)) {
		r->broken = true;
		return NULL;
	}
	/* Some devices report a length for chains that they cannot write to (2.7.8.2). */
	*written = s->in_len ? len : 0;
	void *cookie = s->cookie;
	s->cookie = NULL;
	r->last_used++;
	free_chain(r, id);
	return cookie;
}

void *uc_vring_take(struct uc_vring *r, uint32_t *written)
{
	if (r->broken)
		return NULL;
	uint16_t ready = used_idx(r) - r->last_used;
	if (!ready && (!r->irq_on || !arm(r)))
		return NULL;
	ready = used_idx(r) - r->last_used;
	if (ready > (uint16_t)(r->kicked_idx - r->last_used)) {
		r->broken = true;
		return NULL;
	}
	return ready ? take_elem(r, written) : NULL;
}
