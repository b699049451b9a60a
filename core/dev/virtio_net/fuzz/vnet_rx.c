// SPDX-License-Identifier: BSD-3-Clause
// sources: ../rx.c ../../netdev/netdev.c ../../netdev/pool.c
/* Input: what a device writes, one chunk after another: length, then header and data. Every buffer
 * comes back exactly once, and what a packet says of itself is true. */
#include <stdlib.h>
#include <string.h>
#include <uc/frame.h>
#include <vnet.h>

#define PAGES 160u /* 256 buffers are on the ring, a packet may hold that many again */

static _Alignas(4096) uint8_t memory[PAGES][UC_PAGE_SIZE];
static uint8_t refs[PAGES];
static void *ring[VNET_QUEUE];
static unsigned in_ring, next_page, given_back;
static const uint8_t *input;
static size_t left;

static void check(bool ok)
{
	if (!ok)
		abort();
}

void *uc_phys_to_virt(uc_paddr pa)
{
	return (void *)pa;
}
uc_paddr uc_virt_to_phys(const void *va)
{
	return (uc_paddr)va;
}
uc_paddr uc_upcall_packet_frame(void)
{
	if (next_page == PAGES)
		return UC_FRAME_NONE;
	refs[next_page] = 1;
	return (uc_paddr)memory[next_page++];
}
static uint8_t *refs_of(uc_paddr pa)
{
	size_t i = (pa - (uc_paddr)memory) / UC_PAGE_SIZE;

	check(i < next_page);
	return &refs[i];
}
void uc_frame_ref(uc_paddr pa)
{
	++*refs_of(pa);
}
void uc_upcall_packet_frame_unref(uc_paddr pa)
{
	check((*refs_of(pa))-- > 0);
	given_back++;
}
unsigned uc_virtq_free(const struct uc_virtq *q)
{
	return VNET_QUEUE - in_ring;
}
void uc_virtq_kick(struct uc_virtq *q)
{
}
int uc_virtq_add(struct uc_virtq *q, const struct uc_vq_buf *b, unsigned nout, unsigned nin,
		 void *cookie)
{
	check(nout == 0 && nin == 1 && b->pa >= (uc_paddr)cookie &&
	      b->pa + b->len <= (uc_paddr)cookie + 2048);
	ring[in_ring++] = cookie;
	return 0;
}

/* The ring has checked that a length fits into its buffer. */
void *uc_virtq_take(struct uc_virtq *q, uint32_t *written)
{
	struct uc_pktbuf *b;
	size_t head = (sizeof(*b) + 63) & ~63ul, n;

	if (!in_ring || left < 2)
		return NULL;
	n = (size_t)(input[0] | input[1] << 8) % (2048 - head + 1);
	input += 2;
	left -= 2;
	b = ring[--in_ring];
	*written = (uint32_t)n;
	n = n < left ? n : left;
	memcpy((uint8_t *)b + head, input, n);
	input += n;
	left -= n;
	return b;
}

static void look_at(struct uc_pktbuf *b)
{
	uint32_t total = b->total, sum = 0;

	for (struct uc_pktbuf *s = b; s; s = s->next) {
		check(s->refs == 1 && s->data >= (uint8_t *)s &&
		      s->data + s->len <= (uint8_t *)s + 2048);
		sum += s->len;
	}
	check(sum == total);
	uc_pkt_unref(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct vnet v = { .mergeable = n & 1, .pool.keep = VNET_QUEUE };
	struct uc_pktbuf *out[8];
	unsigned got;

	in_ring = next_page = given_back = 0;
	input = p;
	left = n;
	vnet_rx_fill(&v);
	do {
		got = vnet_rx_burst(&v.dev, 0, out, 8);
		for (unsigned i = 0; i < got; i++)
			look_at(out[i]);
	} while (got);
	check(v.pool.nfree + in_ring + given_back == 2 * next_page);
	return 0;
}
