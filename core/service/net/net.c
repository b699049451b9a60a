// SPDX-License-Identifier: BSD-3-Clause
#include <lwip/igmp.h>
#include <lwip/init.h>
#include <lwip/ip.h>
#include <lwip/priv/tcp_priv.h>
#include <uc/init.h>
#include <uc/log.h>
#include <uc/random.h>
#include <uc/sched.h>
#include <uc/time.h>
#include "net_internal.h"

#define LOOP_MTU     65535u
#define ADDRESS_WAIT 5000000000ull
#define DRAIN_WAIT   2000000000ull
#define POLL_STEP    5000000ull

static bool started;

uint32_t uc_lwip_random(void)
{
	return (uint32_t)uc_random_u64();
}

/* Packets to ourselves: one round delivers what is queued, which may queue more. */
static void loop_run(void *arg)
{
	struct netif *n;

	NETIF_FOREACH(n)
	netif_poll(n);
}

static struct uc_defer loop_work = { .fn = loop_run };

int uc_lwip_loop(void)
{
	uc_defer_raise(&loop_work);
	return ERR_OK;
}

static void set_up_loop(void)
{
	struct netif *lo = netif_list;

	lo->chksum_flags = 0;
	lo->mtu = LOOP_MTU;
	lo->mtu6 = LOOP_MTU;
	/* Groups can be joined on it, although it says of itself that it has none. */
	lo->flags |= NETIF_FLAG_IGMP | NETIF_FLAG_MLD6;
	igmp_start(lo);
}

static void sleep_a_little(void)
{
	struct uc_waitq q;

	uc_waitq_init(&q);
	uc_waitq_sleep(&q, uc_time_mono() + POLL_STEP, false);
}

static void wait_for_address(const struct netif *n)
{
	uc_nsec end = uc_time_mono() + ADDRESS_WAIT;

	while (ip4_addr_isany_val(*netif_ip4_addr(n)) && uc_time_mono() < end)
		sleep_a_little();
	if (ip4_addr_isany_val(*netif_ip4_addr(n)))
		uc_log(UC_LOG_WARN, "net: no address by DHCP yet; going on without one");
}

void uc_net_start(void)
{
	struct net_config c;
	struct uc_netdev *d = NULL;
	unsigned i = 0;

	if (started)
		return;
	started = true;
	net_timers_start();
	lwip_init();
	set_up_loop();
	for (; (d = uc_netdev_next(d)); i++) {
		const char *text = uc_upcall_net_config(i);
		struct netif *n;

		if (net_config_parse(&c, text ? text : "dhcp") < 0)
			uc_log(UC_LOG_WARN, "net: boot parameter not understood: %s", text);
		n = net_eth_add(d, &c);
		if (!n)
			continue;
		for (unsigned k = 0; k < c.ndns; k++)
			net_name_server(&c.dns[k]);
		net_timers_start();
		if (c.dhcp)
			wait_for_address(n);
	}
	if (!i && uc_upcall_net_config(0))
		uc_log(UC_LOG_ERROR, "net: this kernel has no driver for the network card");
	net_timers_start();
}

bool (*uc_net_also_unfinished)(void);

static bool unfinished(void)
{
	if (uc_net_also_unfinished && uc_net_also_unfinished())
		return true;
	for (struct tcp_pcb *p = tcp_active_pcbs; p; p = p->next)
		if (p->unsent || p->unacked || p->state == LAST_ACK || p->state == CLOSING)
			return true;
	return false;
}

void uc_net_drain(void)
{
	uc_nsec end = uc_time_mono() + DRAIN_WAIT;

	if (!started)
		return;
	while (unfinished() && uc_time_mono() < end)
		sleep_a_little();
}

/* Without a device the stack starts with the first socket. */
static int net_init(void)
{
	if (uc_netdev_next(NULL))
		uc_net_start();
	net_write_etc();
	return 0;
}
UC_INITCALL(UC_STAGE_LATE, net_init);
