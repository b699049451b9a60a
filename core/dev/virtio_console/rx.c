// SPDX-License-Identifier: BSD-3-Clause
/* Input: one page of buffers at first, more pages once a reader asks for much. */
#include <uc/frame.h>
#include <uc/plat.h>
#include "vcon.h"

#define RX_FIRST     2u         /* buffers that share the first page */
#define RX_MANY      8192u      /* expected bytes that justify more pages */
#define RX_MANY_RAM  (16u << 20)

static void post(struct vcon_rx *rx, struct vcon_rx_buf *b)
{
	struct uc_vq_buf v = { uc_virt_to_phys(b->p), b->cap };
	b->off = b->len = 0;
	uc_virtq_add(rx->q, &v, 0, 1, b);
}

/* One more page, as `parts` buffers. */
static void add_page(struct vcon_rx *rx, unsigned parts)
{
	uc_paddr pa = uc_frame_alloc();
	if (!pa)
		return;
	uint8_t *p = uc_phys_to_virt(pa);
	uint32_t cap = UC_PAGE_SIZE / parts;
	for (unsigned i = 0; i < parts; i++) {
		struct vcon_rx_buf *b = &rx->bufs[rx->nbufs++];
		*b = (struct vcon_rx_buf){ .p = p + i * cap, .cap = cap };
		post(rx, b);
	}
}

void vcon_expect(struct uc_channel *c, size_t n)
{
	struct vcon_rx *rx = &UC_CONTAINER(c, struct vcon, channel)->rx;
	unsigned before = rx->nbufs;
	if (!rx->nbufs)
		add_page(rx, RX_FIRST);
	if (n >= RX_MANY && rx->nbufs == RX_FIRST && uc_plat_ram_bytes() >= RX_MANY_RAM) {
		while (rx->nbufs < VCON_RX_BUFS) {
			unsigned had = rx->nbufs;
			add_page(rx, 1);
			if (rx->nbufs == had)
				break;
		}
	}
	if (rx->nbufs != before)
		uc_virtq_kick(rx->q);
}

/* Whether the buffer is used up. */
static bool hand_over(struct vcon_rx_buf *b, size_t (*take)(const uint8_t *p, size_t n))
{
	if (b->off < b->len)
		b->off += take(b->p + b->off, b->len - b->off);
	return b->off >= b->len;
}

void vcon_recv(struct uc_channel *c, size_t (*take)(const uint8_t *p, size_t n))
{
	struct vcon_rx *rx = &UC_CONTAINER(c, struct vcon, channel)->rx;
	bool posted = false;
	for (;;) {
		if (!rx->held) {
			uint32_t len = 0;
			rx->held = uc_virtq_take(rx->q, &len);
			if (!rx->held)
				break;
			rx->held->len = len;
		}
		if (!hand_over(rx->held, take))
			break;
		post(rx, rx->held);
		rx->held = NULL;
		posted = true;
	}
	if (posted)
		uc_virtq_kick(rx->q);
}

void vcon_rx_done(struct uc_virtq *q, void *arg)
{
	uc_console_input();
}
