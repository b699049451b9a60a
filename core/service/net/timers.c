// SPDX-License-Identifier: BSD-3-Clause
/* lwIP's periodic work on the Core's timers: TCP's while there are connections, that of the links
 * while there is a link. */
#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/igmp.h>
#include <lwip/ip4_frag.h>
#include <lwip/ip6_frag.h>
#include <lwip/mld6.h>
#include <lwip/nd6.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/sys.h>
#include <lwip/timeouts.h>
#include <uc/time.h>
#include "net_internal.h"

#define MS            1000000u
#define LINK_MS       100u
#define TIME_WAIT_MAX 1024u

static struct uc_timer tcp_timer, link_timer;
static unsigned link_ticks;

u32_t sys_now(void)
{
	return (u32_t)(uc_time_mono() / MS);
}

void sys_timeouts_init(void)
{
}

/* Connections in TIME_WAIT are searched one by one for every new one: the oldest give way. */
static void limit_time_wait(void)
{
	unsigned n = 0;

	for (struct tcp_pcb *p = tcp_tw_pcbs, *next; p; p = next) {
		next = p->next;
		if (++n > TIME_WAIT_MAX)
			tcp_abort(p);
	}
}

static void tcp_tick(struct uc_timer *t)
{
	net_eth_service();
	tcp_tmr();
	limit_time_wait();
	if (tcp_active_pcbs || tcp_tw_pcbs)
		uc_timer_arm(t, uc_time_mono() + TCP_TMR_INTERVAL * MS);
}

void tcp_timer_needed(void)
{
	if (!tcp_timer.armed && (tcp_active_pcbs || tcp_tw_pcbs))
		uc_timer_arm(&tcp_timer, uc_time_mono() + TCP_TMR_INTERVAL * MS);
}

static bool every(unsigned ms)
{
	return link_ticks % (ms / LINK_MS) == 0;
}

static void link_tick(struct uc_timer *t)
{
	link_ticks++;
	net_eth_service();
	igmp_tmr();
	mld6_tmr();
	if (every(DHCP_FINE_TIMER_MSECS))
		dhcp_fine_tmr();
	if (every(1000)) {
		ip_reass_tmr();
		ip6_reass_tmr();
		etharp_tmr();
		nd6_tmr();
	}
	if (every(DHCP_COARSE_TIMER_MSECS))
		dhcp_coarse_tmr();
	uc_timer_arm(t, uc_time_mono() + LINK_MS * MS);
}

void net_timers_start(void)
{
	if (!tcp_timer.fn) {
		uc_timer_init(&tcp_timer, tcp_tick, NULL);
		uc_timer_init(&link_timer, link_tick, NULL);
	}
	if (net_eth_any() && !link_timer.armed)
		uc_timer_arm(&link_timer, uc_time_mono() + LINK_MS * MS);
}
