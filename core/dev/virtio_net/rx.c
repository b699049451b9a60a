// SPDX-License-Identifier: BSD-3-Clause
/* Receiving. A buffer is half a page: its description, the device's header, data. */
#include <asm/errno.h>
#include <uc/arch.h>
#include <uc/frame.h>
#include <uc/heap.h>
#include "vnet.h"

#define BUF_BYTES 2048u
#define BUF_ALIGN 64u
#define BUF_HEAD  ((sizeof(struct uc_pktbuf) + BUF_ALIGN - 1) & ~(size_t)(BUF_ALIGN - 1))
#define BUF_ROOM  (BUF_BYTES - BUF_HEAD)
#define KEEP_FREE VNET_QUEUE

static uint8_t *room_of(struct uc_pktbuf *b)
{
	return (uint8_t *)b + BUF_HEAD;
}

static void put_free(struct uc_pktbuf *b)
{
	struct vnet *v = b->owner;

	b->next = v->free_bufs;
	v->free_bufs = b;
	v->nfree++;
}

/* Frames are shared by two buffers: those beyond what the queue needs stay with the device until
 * both halves are free, which the reference count of the frame says. */
static void release(struct uc_pktbuf *b)
{
	struct vnet *v = b->owner;

	if (v->nfree < KEEP_FREE)
		put_free(b);
	else
		uc_frame_unref(uc_virt_to_phys(b) & UC_PAGE_MASK);
}

static bool more_bufs(struct vnet *v)
{
	uc_paddr pa = uc_frame_alloc();

	if (pa == UC_FRAME_NONE)
		return false;
	uc_frame_ref(pa); /* one for each half */
	for (unsigned i = 0; i < UC_PAGE_SIZE / BUF_BYTES; i++) {
		struct uc_pktbuf *b = uc_phys_to_virt(pa + i * BUF_BYTES);

		b->owner = v;
		b->release = release;
		put_free(b);
	}
	return true;
}

static struct uc_pktbuf *take_free(struct vnet *v)
{
	struct uc_pktbuf *b;

	if (!v->free_bufs && !more_bufs(v))
		return NULL;
	b = v->free_bufs;
	v->free_bufs = b->next;
	v->nfree--;
	return b;
}

void vnet_rx_fill(struct vnet *v)
{
	bool any = false;

	while (uc_virtq_free(v->rxq)) {
		struct uc_pktbuf *b = take_free(v);
		struct uc_vq_buf q;

		if (!b)
			break;
		q = (struct uc_vq_buf){ uc_virt_to_phys(room_of(b)), BUF_ROOM };
		if (uc_virtq_add(v->rxq, &q, 0, 1, b)) {
			put_free(b);
			break;
		}
		any = true;
	}
	if (any)
		uc_virtq_kick(v->rxq);
}

int vnet_hdr_decode(const struct vnet_hdr *h, bool mergeable, struct uc_pktbuf *b,
		    unsigned *buffers)
{
	*buffers = mergeable ? h->num_buffers : 1;
	if (!*buffers || *buffers > VNET_QUEUE)
		return -EIO;
	b->flags = h->flags & (VNET_HDR_NEEDS_CSUM | VNET_HDR_DATA_VALID) ? UC_PKT_CSUM_GOOD : 0;
	if (h->gso_type == VNET_GSO_NONE)
		return 0;
	if (!mergeable || (h->gso_type != VNET_GSO_TCPV4 && h->gso_type != VNET_GSO_TCPV6))
		return -EIO;
	b->flags |= h->gso_type == VNET_GSO_TCPV4 ? UC_PKT_TSO4 : UC_PKT_TSO6;
	b->gso_size = h->gso_size;
	return 0;
}

static struct uc_pktbuf *next_buf(struct vnet *v, uint32_t skip)
{
	uint32_t n;
	struct uc_pktbuf *b = uc_virtq_take(v->rxq, &n);

	if (!b)
		return NULL;
	b->next = NULL;
	b->refs = 1;
	b->flags = 0;
	b->data = room_of(b) + skip;
	b->headroom = skip;
	b->len = n > skip ? n - skip : 0;
	b->total = b->len;
	return b;
}

/* The rest of a packet that the device spread over several buffers. */
static bool join(struct vnet *v, struct uc_pktbuf *first, unsigned buffers)
{
	struct uc_pktbuf *last = first;

	while (--buffers) {
		struct uc_pktbuf *b = next_buf(v, 0);

		if (!b)
			return false;
		last->next = b;
		last = b;
		first->total += b->len;
	}
	return true;
}

static struct uc_pktbuf *packet(struct vnet *v, bool *end)
{
	struct uc_pktbuf *b = next_buf(v, sizeof(struct vnet_hdr));
	unsigned buffers;

	*end = !b;
	if (!b)
		return NULL;
	if (b->len &&
	    vnet_hdr_decode((struct vnet_hdr *)room_of(b), v->mergeable, b, &buffers) == 0 &&
	    join(v, b, buffers))
		return b;
	v->dev.st.rx_dropped++;
	uc_pkt_unref(b);
	return NULL;
}

unsigned vnet_rx_burst(struct uc_netdev *d, unsigned queue, struct uc_pktbuf **out, unsigned n)
{
	struct vnet *v = UC_CONTAINER(d, struct vnet, dev);
	unsigned got = 0;
	bool end = false;

	while (got < n && !end) {
		struct uc_pktbuf *b = packet(v, &end);

		if (!b)
			continue;
		d->st.rx_packets++;
		d->st.rx_bytes += b->total;
		out[got++] = b;
	}
	vnet_rx_fill(v);
	return got;
}
