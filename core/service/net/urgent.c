// SPDX-License-Identifier: BSD-3-Clause
#include <lwip/priv/tcp_priv.h>
#include <lwip/prot/tcp.h>
#include <uc/neturgent.h>
#include "net_internal.h"

#define SET (1ull << 32) /* beside the sequence number: there is one */

void (*uc_net_urgent_seen)(struct tcp_pcb *pcb, uint32_t seq);

void uc_net_urgent_send(struct tcp_pcb *pcb)
{
	tcp_ext_arg_set(pcb, 0, (void *)(uintptr_t)(SET | pcb->snd_lbb));
}

bool uc_net_urgent_pending(const struct tcp_pcb *pcb)
{
	uintptr_t end = (uintptr_t)tcp_ext_arg_get(pcb, 0);

	return end && TCP_SEQ_GT((uint32_t)end, pcb->lastack);
}

u32_t *uc_lwip_urgent_out(const struct tcp_pcb *pcb, struct tcp_hdr *h, u32_t *opts)
{
	uint32_t end, seq = lwip_ntohl(h->seqno);

	if (!pcb || !tcp_ext_arg_get(pcb, 0))
		return opts;
	if (!uc_net_urgent_pending(pcb)) {
		tcp_ext_arg_set((struct tcp_pcb *)pcb, 0, NULL);
		return opts;
	}
	end = (uint32_t)(uintptr_t)tcp_ext_arg_get(pcb, 0);
	if (TCP_SEQ_GEQ(seq, end))
		return opts;
	/* Further away than the field can say: as far as it can, if nothing in between is yet to
	 * be sent. */
	if (end - seq > UINT16_MAX && !TCP_SEQ_GT(seq + UINT16_MAX, pcb->snd_nxt))
		return opts;
	h->urgp = lwip_htons((u16_t)LWIP_MIN(end - seq, UINT16_MAX));
	TCPH_SET_FLAG(h, TCP_URG);
	return opts;
}

/* Whether a segment can be one of this connection: it has something of the window. */
static bool acceptable(const struct tcp_pcb *pcb, const struct tcp_hdr *h, uint16_t len)
{
	bool open = pcb->state >= SYN_RCVD && pcb->state <= FIN_WAIT_2;

	return open && (TCPH_FLAGS(h) & (TCP_ACK | TCP_RST | TCP_SYN)) == TCP_ACK &&
	       !TCP_SEQ_LT(h->seqno + len, pcb->rcv_nxt) &&
	       !TCP_SEQ_GT(h->seqno, pcb->rcv_nxt + pcb->rcv_wnd);
}

err_t uc_lwip_urgent_in(struct tcp_pcb *pcb, const struct tcp_hdr *h, uint16_t len)
{
	uint32_t behind = lwip_ntohs(h->urgp), seq = h->seqno + (behind ? behind - 1 : 0);

	if (uc_net_urgent_seen && acceptable(pcb, h, len) && !TCP_SEQ_LT(seq, pcb->rcv_nxt))
		uc_net_urgent_seen(pcb, seq);
	return ERR_OK;
}
