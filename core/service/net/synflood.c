// SPDX-License-Identifier: BSD-3-Clause
/* A queue full of connections that nobody completes must not keep others out: the oldest of them
 * gives way. Who answers within the time that a queue of new ones takes to arrive gets in. */
#include <lwip/priv/tcp_priv.h>
#include <lwip/prot/tcp.h>

err_t uc_lwip_listen_in(struct tcp_pcb *pcb, const struct tcp_hdr *h)
{
	struct tcp_pcb_listen *l = (struct tcp_pcb_listen *)pcb;
	struct tcp_pcb *oldest = NULL;

	if (!(TCPH_FLAGS(h) & TCP_SYN) || l->accepts_pending < l->backlog)
		return ERR_OK;
	for (struct tcp_pcb *p = tcp_active_pcbs; p; p = p->next) /* new ones come to the front */
		if (p->state == SYN_RCVD && p->listener == l)
			oldest = p;
	if (oldest)
		tcp_abandon(oldest, 0);
	return ERR_OK;
}
