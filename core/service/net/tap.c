// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <lwip/pbuf.h>
#include <lwip/prot/ieee.h>
#include <uc/heap.h>
#include <uc/nettap.h>
#include "net_internal.h"

void (*uc_nettap)(struct uc_tapframe *f);
static unsigned promiscuous[UINT8_MAX + 1]; /* by index of the interface */

void uc_tapframe_unref(struct uc_tapframe *f)
{
	if (--f->refs == 0)
		uc_heap_free(f);
}

void uc_nettap_promiscuous(struct netif *n, bool on)
{
	promiscuous[netif_get_index(n)] += on ? 1u : -1u;
}

static struct uc_tapframe *new_frame(struct netif *n, uint32_t len, bool out)
{
	struct uc_tapframe *f = uc_heap_alloc(sizeof(*f) + len);

	if (f)
		*f = (struct uc_tapframe){ .refs = 1, .len = len, .netif = n, .out = out };
	return f;
}

static void show(struct uc_tapframe *f)
{
	uc_nettap(f);
	uc_tapframe_unref(f);
}

/* What a card would not take in. */
static bool for_others(const struct netif *n, const uint8_t *frame)
{
	return !(frame[0] & 1) && memcmp(frame, n->hwaddr, 6) && !promiscuous[netif_get_index(n)];
}

void net_tap_packet(struct netif *n, const struct uc_pktbuf *b, bool out)
{
	struct uc_tapframe *f;
	uint32_t at = 0;

	if (b->len < UC_ETH_HEADER || (!out && for_others(n, b->data)))
		return;
	f = new_frame(n, b->total, out);
	if (!f)
		return;
	f->csum_partial = b->flags & UC_PKT_CSUM_PARTIAL;
	for (; b && at + b->len <= f->len; at += b->len, b = b->next)
		memcpy(f->data + at, b->data, b->len);
	show(f);
}

/* An IP packet to ourselves leaves and comes in. */
void uc_lwip_loop_output(struct netif *n, const struct pbuf *p)
{
	if (!uc_nettap || (p->flags & PBUF_FLAG_MCASTLOOP && !uc_netif_is_loop(n)))
		return;
	for (int out = 1; out >= 0; out--) {
		struct uc_tapframe *f =
			new_frame(uc_netif_by_index(1), UC_ETH_HEADER + p->tot_len, out);
		uint16_t type;

		if (!f)
			return;
		memset(f->data, 0, UC_ETH_HEADER);
		pbuf_copy_partial(p, f->data + UC_ETH_HEADER, p->tot_len, 0);
		type = f->data[UC_ETH_HEADER] >> 4 == 6 ? ETHTYPE_IPV6 : ETHTYPE_IP;
		f->data[12] = (uint8_t)(type >> 8);
		f->data[13] = (uint8_t)type;
		f->csum_partial = true;
		show(f);
	}
}

static bool is_ip(const uint8_t *frame)
{
	uint16_t type = (uint16_t)(frame[12] << 8 | frame[13]);

	return type == ETHTYPE_IP || type == ETHTYPE_IPV6;
}

int uc_nettap_send(struct netif *n, const void *frame, uint32_t len)
{
	bool loop = uc_netif_is_loop(n);
	uint32_t skip = loop ? UC_ETH_HEADER : 0;
	struct pbuf *p = pbuf_alloc(loop ? PBUF_LINK : PBUF_RAW_TX, (u16_t)(len - skip), PBUF_RAM);
	err_t e = ERR_OK;

	if (!p)
		return -ENOBUFS;
	pbuf_take(p, (const uint8_t *)frame + skip, (u16_t)(len - skip));
	if (!loop)
		e = net_eth_send(n, p);
	else if (is_ip(frame)) /* nobody takes anything else */
		e = netif_loop_output(n, p);
	pbuf_free(p);
	return e == ERR_OK ? 0 : -ENOBUFS;
}
