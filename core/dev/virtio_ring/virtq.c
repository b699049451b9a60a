// SPDX-License-Identifier: BSD-3-Clause
/* Queues of a device: memory, interrupts, notification. */
#include <asm/errno.h>
#include <uc/frame.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/string.h>
#include <uc/virtio_tp.h>

#define MODERN_ALIGN 4u

static void run_done(void *arg)
{
	struct uc_virtq *q = arg;
	q->done(q, q->arg);
}

/* The direct map is linear, so a heap block is contiguous for the device, too. A legacy queue is
 * named by its page number. */
static void *ring_memory(size_t bytes, bool legacy)
{
	if (!legacy && bytes <= 2048)
		return uc_heap_zalloc(bytes);
	unsigned order = 0;
	while ((UC_PAGE_SIZE << order) < bytes)
		order++;
	uc_paddr pa = uc_frame_alloc_order_zero(order);
	return pa ? uc_phys_to_virt(pa) : NULL;
}

static void ring_memory_free(void *mem, size_t bytes, bool legacy)
{
	unsigned order = 0;
	if (!legacy && bytes <= 2048) {
		uc_heap_free(mem);
		return;
	}
	while ((UC_PAGE_SIZE << order) < bytes)
		order++;
	if (mem)
		uc_frame_unref_order(uc_virt_to_phys(mem), order);
}

static unsigned queue_size(unsigned device_max, unsigned driver_max)
{
	unsigned limit = UC_MIN(UC_MIN(device_max, driver_max), UC_VRING_MAX), n = 1;
	while (n * 2 <= limit)
		n *= 2;
	return limit ? n : 0;
}

static int queue_start(struct uc_virtq *q, void *mem, struct uc_vring_slot *slots, unsigned num,
		       unsigned align)
{
	uc_vring_init(&q->ring, mem, slots, num, align, q->dev->features & UC_VIRTIO_F_EVENT_IDX);
	q->desc_pa = uc_virt_to_phys(mem);
	q->avail_pa = q->desc_pa + 16u * num;
	q->used_pa = q->desc_pa + uc_vring_used_offset(num, align);
	if (q->done)
		uc_vring_irq(&q->ring, true);
	return q->dev->tp->queue_enable(q);
}

struct uc_virtq *uc_virtio_queue(struct uc_virtio_dev *d, unsigned index, unsigned max_size,
				 void (*done)(struct uc_virtq *q, void *arg), void *arg)
{
	bool legacy = d->tp->legacy;
	unsigned num = queue_size(d->tp->queue_max(d, index), max_size);
	unsigned align = legacy ? UC_PAGE_SIZE : MODERN_ALIGN;
	if (!num)
		return NULL;
	size_t bytes = uc_vring_bytes(num, align);
	struct uc_virtq *q = uc_heap_zalloc(sizeof(*q) + num * sizeof(struct uc_vring_slot));
	void *mem = ring_memory(bytes, legacy);
	if (q && mem) {
		*q = (struct uc_virtq){ .dev = d, .index = index, .done = done, .arg = arg,
					.defer = { .fn = run_done, .arg = q } };
		if (queue_start(q, mem, (struct uc_vring_slot *)(q + 1), num, align) == 0) {
			q->next = d->queues;
			d->queues = q;
			return q;
		}
	}
	ring_memory_free(mem, bytes, legacy);
	uc_heap_free(q);
	return NULL;
}

void uc_virtio_interrupt(struct uc_virtio_dev *d)
{
	for (struct uc_virtq *q = d->queues; q; q = q->next) {
		if (q->done && uc_vring_pending(&q->ring))
			uc_defer_raise(&q->defer);
	}
}

int uc_virtq_add(struct uc_virtq *q, const struct uc_vq_buf *bufs, unsigned nout, unsigned nin,
		 void *cookie)
{
	return uc_vring_add(&q->ring, bufs, nout, nin, cookie);
}

void uc_virtq_kick(struct uc_virtq *q)
{
	if (uc_vring_publish(&q->ring))
		q->dev->tp->notify(q);
}

void *uc_virtq_take(struct uc_virtq *q, uint32_t *written)
{
	bool was = q->ring.broken;
	void *cookie = uc_vring_take(&q->ring, written);
	if (q->ring.broken && !was)
		uc_log(UC_LOG_ERROR, "virtio: device %u queue %u: the device violated the protocol",
		       q->dev->device_id, q->index);
	return cookie;
}

bool uc_virtq_irq(struct uc_virtq *q, bool on) { return uc_vring_irq(&q->ring, on); }
bool uc_virtq_pending(const struct uc_virtq *q) { return uc_vring_pending(&q->ring); }
bool uc_virtq_broken(const struct uc_virtq *q) { return q->ring.broken; }
unsigned uc_virtq_free(const struct uc_virtq *q) { return q->ring.nfree; }
