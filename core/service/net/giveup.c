// SPDX-License-Identifier: BSD-3-Clause
/* When a connection whose peer is silent is given up: after a time as on Linux, not after a count
 * of attempts, which lwIP makes more often. */
#include <lwip/priv/tcp_priv.h>
#include <uc/net.h>

#define SILENCE_MS 924600u /* net.ipv4.tcp_retries2 = 15: ip-sysctl */

/* What is kept beside lwIP's data of a connection, see lwipopts.h. */
enum { SINCE = 1, PATIENCE = 2 };
#define SET        (1ull << 32) /* beside tcp_ticks */
#define SYN_SHIFT  32           /* retries of SYN, above the time in ms; 0: by default */

void uc_net_set_patience(struct tcp_pcb *pcb, uint32_t ms, uint8_t syn_retries)
{
	tcp_ext_arg_set(pcb, PATIENCE, (void *)(ms | (uintptr_t)syn_retries << SYN_SHIFT));
}

static uintptr_t kept(const struct tcp_pcb *pcb, u8_t what)
{
	return (uintptr_t)tcp_ext_arg_get(pcb, what);
}

static uint32_t ms_since(uint32_t ticks)
{
	return (tcp_ticks - ticks) * TCP_SLOW_INTERVAL;
}

/* Since when the oldest data wait, as time in SINCE. */
static uint32_t waits_ms(struct tcp_pcb *pcb)
{
	if (!kept(pcb, SINCE)) {
		uint32_t first = tcp_ticks - (pcb->nrtx ? (uint32_t)((pcb->sa >> 3) + pcb->sv) : 0);

		tcp_ext_arg_set(pcb, SINCE, (void *)(SET | first));
	}
	return ms_since((uint32_t)kept(pcb, SINCE));
}

int uc_lwip_gives_up(struct tcp_pcb *pcb)
{
	uint32_t patience = (uint32_t)kept(pcb, PATIENCE);
	uint8_t syn = (uint8_t)(kept(pcb, PATIENCE) >> SYN_SHIFT);

	if (pcb->state == SYN_SENT && pcb->nrtx >= (syn ? syn : TCP_SYNMAXRTX))
		return true;
	/* TCP_USER_TIMEOUT ends also a wait for a window, though the peer answers. */
	if (pcb->nrtx || pcb->persist_probe || (patience && pcb->persist_backoff))
		return waits_ms(pcb) >= (patience ? patience : SILENCE_MS);
	tcp_ext_arg_set(pcb, SINCE, NULL);
	return patience && pcb->keep_cnt_sent && ms_since(pcb->tmr) >= patience;
}
