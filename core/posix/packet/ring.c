// SPDX-License-Identifier: BSD-3-Clause
/* The receive ring of packet(7), Documentation/networking/packet_mmap of Linux, version 2. The
 * program may write into it at any time: only a frame's status is read back. */
#include <uc/arch.h>
#include <uc/frame.h>
#include <uc/heap.h>
#include <uc/proc.h>
#include <uc/string.h>
#include <uc/vm.h>
#include "packet_private.h"

#define BLOCKS_MAX (64u << 20) /* bytes */
#define LINK_ROOM  16u         /* for a link header, at least */

void packet_ring_free(struct packet_sock *s)
{
	struct packet_ring *r = &s->ring;

	if (!r->obj)
		return;
	for (uint32_t i = 0; i < r->npages && r->page[i]; i++)
		uc_frame_unref(uc_virt_to_phys(r->page[i]));
	uc_heap_free(r->page);
	r->obj->ops->unref(r->obj);
	*r = (struct packet_ring){ 0 };
}

static int check(const struct packet_sock *s, const struct tpacket_req *q)
{
	uint32_t per_block;

	if (s->version != TPACKET_V2)
		return uc_unsupported(-EINVAL, "packet ring of version 1");
	if (!q->tp_block_size || q->tp_block_size % UC_PAGE_SIZE || !q->tp_frame_size ||
	    q->tp_frame_size < TPACKET2_HDRLEN + s->reserve || q->tp_frame_size % TPACKET_ALIGNMENT)
		return -EINVAL;
	per_block = q->tp_block_size / q->tp_frame_size;
	if (!per_block || (uint64_t)per_block * q->tp_block_nr != q->tp_frame_nr)
		return -EINVAL;
	return (uint64_t)q->tp_block_size * q->tp_block_nr > BLOCKS_MAX ? -ENOMEM : 0;
}

static int fill(struct packet_ring *r)
{
	struct uc_vm_page p;

	r->page = uc_heap_zalloc(r->npages * sizeof(r->page[0]));
	if (!r->page)
		return -ENOMEM;
	for (uint32_t i = 0; i < r->npages; i++) {
		int e = r->obj->ops->page(r->obj, i, UC_VM_WRITE, &p);

		if (e < 0)
			return e;
		r->page[i] = uc_phys_to_virt(p.pa);
	}
	return 0;
}

int packet_ring_set(struct packet_sock *s, const struct tpacket_req *q)
{
	struct packet_ring r = { .block_size = q->tp_block_size,
				 .frame_size = q->tp_frame_size,
				 .frames = q->tp_frame_nr };
	int e;

	if (!q->tp_block_nr) {
		packet_ring_free(s);
		return q->tp_frame_nr ? -EINVAL : 0;
	}
	if (s->ring.obj)
		return -EBUSY;
	e = check(s, q);
	if (e < 0)
		return e;
	r.per_block = r.block_size / r.frame_size;
	r.npages = r.block_size / UC_PAGE_SIZE * q->tp_block_nr;
	r.obj = uc_vm_shm_new(r.npages);
	if (!r.obj)
		return -ENOMEM;
	e = fill(&r);
	s->ring = r;
	if (e < 0)
		packet_ring_free(s);
	return e;
}

/* ---- frames ---- */
static uint64_t frame_at(const struct packet_ring *r, uint32_t i)
{
	return (uint64_t)(i / r->per_block) * r->block_size +
	       (uint64_t)(i % r->per_block) * r->frame_size;
}

static void copy(const struct packet_ring *r, uint64_t at, const void *data, size_t n)
{
	const uint8_t *from = data;

	while (n) {
		size_t in_page = at % UC_PAGE_SIZE, now = UC_MIN(n, UC_PAGE_SIZE - in_page);

		memcpy(r->page[at / UC_PAGE_SIZE] + in_page, from, now);
		at += now;
		from += now;
		n -= now;
	}
}

static volatile uint32_t *status(const struct packet_ring *r, uint32_t i)
{
	uint64_t at = frame_at(r, i);

	return (volatile uint32_t *)(r->page[at / UC_PAGE_SIZE] + at % UC_PAGE_SIZE);
}

bool packet_ring_put(struct packet_sock *s, const struct packet_item *it)
{
	struct packet_ring *r = &s->ring;
	volatile uint32_t *st = status(r, r->head);
	uint64_t at = frame_at(r, r->head);
	struct sockaddr_ll ll = packet_address(it->f, it);
	struct tpacket2_hdr h = { .tp_len = it->len,
				  .tp_sec = (uint32_t)(it->when / 1000000000u),
				  .tp_nsec = (uint32_t)(it->when % 1000000000u) };

	if (*st != TP_STATUS_KERNEL)
		return false;
	h.tp_net = (uint16_t)(TPACKET_ALIGN(TPACKET2_HDRLEN) + LINK_ROOM + s->reserve);
	h.tp_mac = (uint16_t)(it->skip ? h.tp_net : h.tp_net - UC_ETH_HEADER);
	h.tp_snaplen = r->frame_size > h.tp_mac ? UC_MIN(it->snap, r->frame_size - h.tp_mac) : 0;
	copy(r, at, &h, sizeof(h));
	copy(r, at + TPACKET_ALIGN(sizeof(h)), &ll, sizeof(ll));
	copy(r, at + h.tp_mac, it->f->data + it->skip, h.tp_snaplen);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	*st = packet_status(it->f) | (s->drops ? TP_STATUS_LOSING : 0);
	r->head = r->head + 1 < r->frames ? r->head + 1 : 0;
	return true;
}

bool packet_ring_readable(const struct packet_sock *s)
{
	const struct packet_ring *r = &s->ring;

	return r->obj && *status(r, (r->head ? r->head : r->frames) - 1) != TP_STATUS_KERNEL;
}

struct uc_vmobj *packet_mmap(struct uc_sock *sock)
{
	struct uc_vmobj *o = packet_of(sock)->ring.obj;

	return o ? o : UC_ERR_PTR(-EINVAL);
}
