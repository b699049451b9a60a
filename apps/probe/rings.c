// SPDX-License-Identifier: BSD-3-Clause
/*
 * What devices may read and write: descriptors of virtio rings (Virtio 1.2, 2.7), against memory
 * and what the driver has noted of each chain. The kernel's description of a ring (uc/vring.h,
 * uc/virtio_tp.h) is found in its memory by what holds for nothing else: where the parts of the
 * ring lie, once as address and once as the device knows it.
 */
#include "probe.h"

enum { NEXT = 1, WRITE = 2, NUM_MAX = 1024 };
#define RAM_MAX (256ull << 20) /* of the guest that looks around */

struct desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, next;
};
struct slot {
	void *cookie;
	uint32_t in_len;
	uint16_t next, count;
};
struct vring {
	struct desc *desc;
	uint16_t *avail, *used;
	struct slot *slots;
	uint16_t num, rest[7];
};
struct virtq {
	struct vring ring;
	uint32_t index;
	uint64_t desc_pa, avail_pa, used_pa;
};

static struct {
	uint64_t rings, chains, descriptors, wrong;
} seen;

static void wrong(const char *what, uint64_t v)
{
	put("dma-wrong ");
	put(what);
	put(" ");
	put_hex(v);
	put("\n");
	seen.wrong++;
}

/* All of it is memory; written by the device only if the kernel may write it, too: neither text
 * nor constants. */
static bool within(const struct desc *d)
{
	uint64_t end = d->addr + d->len;

	for (uint64_t pa = d->addr & -PAGE; pa < end; pa += PAGE) {
		uint64_t e = tables_entry(kernel.direct + pa);

		if (!(e & PTE_P) || e & PTE_PCD || (d->flags & WRITE && !(e & PTE_W)))
			return false;
	}
	return d->len && end > d->addr;
}

static void look_at_chain(const struct vring *r, uint16_t head)
{
	const struct slot *s = &r->slots[head];
	uint64_t in = 0, n = 0;
	uint16_t at = head;

	seen.chains++;
	for (; n < s->count && at < r->num; n++) {
		const struct desc *d = &r->desc[at];

		seen.descriptors++;
		if (!within(d))
			wrong("outside of memory", d->addr);
		if (d->flags & WRITE)
			in += d->len;
		if (!(d->flags & NEXT) != (n + 1 == s->count))
			wrong("chain of another length", n + 1);
		at = d->next;
	}
	if (n != s->count)
		wrong("no descriptor", at);
	if (in != s->in_len)
		wrong("not what the driver noted", in);
}

/* broken: with a descriptor that leads out of memory, for as long as nobody else looks. */
static void look_at_ring(const struct vring *r, bool broken)
{
	seen.rings++;
	for (uint16_t i = 0; i < r->num; i++) {
		uint64_t addr = r->desc[i].addr;

		if (!r->slots[i].cookie)
			continue;
		if (broken)
			r->desc[i].addr = 1ull << 45;
		look_at_chain(r, i);
		r->desc[i].addr = addr;
	}
}

static bool readable(uint64_t va)
{
	uint64_t e = tables_entry(va);

	return e & PTE_P && !(e & (PTE_KEY | PTE_PCD));
}

static bool is_virtq(const struct virtq *q)
{
	const struct vring *r = &q->ring;
	uint64_t desc = (uint64_t)r->desc, num = r->num;

	return num && num <= NUM_MAX && !(num & (num - 1)) &&
	       (uint64_t)r->avail == desc + sizeof(struct desc) * num &&
	       q->desc_pa + kernel.direct == desc &&
	       q->avail_pa + kernel.direct == (uint64_t)r->avail &&
	       q->used_pa + kernel.direct == (uint64_t)r->used && readable(desc) &&
	       readable((uint64_t)r->slots);
}

/* Blocks of the heap do not begin at the start of a page; large ones may go on in the next. */
static void look_at_page(uint64_t va, bool broken)
{
	for (uint64_t at = va; at + sizeof(struct virtq) <= va + PAGE; at += 8)
		if (is_virtq((const struct virtq *)at))
			look_at_ring(&((const struct virtq *)at)->ring, broken);
}

void rings_report(bool broken)
{
	static char none[1];

	/* The console's device comes when it is needed. */
	sys(NR_read, 0, (long)none, sizeof(none), 0, 0, 0);
	for (uint64_t pa = 0, e; pa < RAM_MAX; pa += PAGE) {
		e = tables_entry(kernel.direct + pa);
		if (readable(kernel.direct + pa) && e & PTE_W)
			look_at_page(kernel.direct + pa, broken);
	}
	line("dma-rings", seen.rings);
	line("dma-chains", seen.chains);
	line("dma-descriptors", seen.descriptors);
}
