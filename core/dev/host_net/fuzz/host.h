// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_HOST_NET_FUZZ_HOST_H
#define UC_HOST_NET_FUZZ_HOST_H
/* Pages for packets, and what is true of every packet that was received. */
#include <stdlib.h>
#include <string.h>
#include <uc/frame.h>
#include <hnet.h>

#define PAGES 512u

static _Alignas(4096) uint8_t memory[PAGES][UC_PAGE_SIZE];
static uint8_t refs[PAGES];
static unsigned next_page, given_back;

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
void uc_frame_ref(uc_paddr pa)
{
	refs[(pa - (uc_paddr)memory) / UC_PAGE_SIZE]++;
}
void uc_upcall_packet_frame_unref(uc_paddr pa)
{
	check(refs[(pa - (uc_paddr)memory) / UC_PAGE_SIZE]-- > 0);
	given_back++;
}
void hnet_down(struct hnet *h)
{
	h->dev.up = false;
}

static void look_at(struct uc_pktbuf *b)
{
	uint32_t total = b->total, sum = 0;

	check(total >= HNET_FRAME_MIN && total <= HNET_SEGS * UC_PKTPOOL_ROOM);
	for (struct uc_pktbuf *s = b; s; s = s->next) {
		check(s->refs == 1 && s->data >= (uint8_t *)s &&
		      s->data + s->len <= (uint8_t *)s + UC_PKTPOOL_BYTES);
		sum += s->len;
	}
	check(sum == total);
	uc_pkt_unref(b);
}

/* Every buffer came back exactly once, but `held`. */
static void check_pool(const struct hnet *h, unsigned held)
{
	check(h->pool.nfree + given_back + held == 2 * next_page);
}
#endif
