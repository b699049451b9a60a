// SPDX-License-Identifier: BSD-3-Clause
/* Static IPv4 routes. lwIP itself has the networks of its interfaces and a gateway each; it asks
 * here before it takes the default one. */
#include <asm/errno.h>
#include <lwip/netif.h>
#include <uc/heap.h>
#include <uc/list.h>
#include <uc/netconf.h>
#include <uc/netif.h>
#include "net_internal.h"

struct entry {
	struct uc_list link;
	struct uc_net_route r;
	uint32_t mask;
};
static struct uc_list table = UC_LIST_INIT(table); /* longest prefix first */

static const struct entry *route_to(uint32_t dst)
{
	UC_LIST_FOREACH(it, &table) {
		const struct entry *e = UC_LIST_ENTRY(it, struct entry, link);

		if ((dst & e->mask) == e->r.dst && netif_is_up(e->r.netif))
			return e;
	}
	return NULL;
}

struct netif *uc_lwip_route4(const ip4_addr_t *dst)
{
	const struct entry *e = route_to(dst->addr);

	return e ? e->r.netif : NULL;
}

const ip4_addr_t *uc_lwip_gateway4(const struct netif *n, const ip4_addr_t *dst)
{
	static ip4_addr_t gateway;
	const struct entry *e = route_to(dst->addr);

	if (!e || e->r.netif != n)
		return NULL;
	gateway.addr = e->r.gateway;
	return e->r.gateway ? &gateway : dst;
}

static bool on_link(const struct netif *n, uint32_t addr)
{
	const uint32_t mask = netif_ip4_netmask(n)->addr;

	return netif_ip4_addr(n)->addr && ((netif_ip4_addr(n)->addr ^ addr) & mask) == 0;
}

uint32_t uc_net_gateway4(const struct netif *n, uint32_t dst)
{
	const struct entry *e = route_to(dst);

	if (on_link(n, dst) || uc_netif_is_loop(n))
		return 0;
	return e ? e->r.gateway : netif_ip4_gw(n)->addr;
}

/* The interface of a new route. */
static int resolve(struct uc_net_route *r)
{
	struct netif *n;

	if (r->dst & ~net_mask4(r->prefix))
		return -EINVAL;
	for (n = uc_netif_next(NULL); n && !r->netif; n = uc_netif_next(n))
		if (r->gateway && !uc_netif_is_loop(n) && on_link(n, r->gateway))
			r->netif = n;
	if (!r->netif)
		return r->gateway ? -ENETUNREACH : -ENODEV;
	return netif_is_up(r->netif) ? 0 : -ENETDOWN;
}

static int set_default(const struct uc_net_route *r, bool replace)
{
	ip4_addr_t gw = { r->gateway };

	if (netif_ip4_gw(r->netif)->addr && !replace)
		return -EEXIST;
	netif_set_gw(r->netif, &gw);
	netif_set_default(r->netif);
	return 0;
}

static struct entry *same(const struct uc_net_route *r)
{
	UC_LIST_FOREACH(it, &table) {
		struct entry *e = UC_LIST_ENTRY(it, struct entry, link);

		if (e->r.dst == r->dst && e->r.prefix == r->prefix)
			return e;
	}
	return NULL;
}

static void insert(struct entry *e)
{
	struct uc_list *at = table.next;

	while (at != &table && UC_LIST_ENTRY(at, struct entry, link)->r.prefix > e->r.prefix)
		at = at->next;
	uc_list_push_back(at, &e->link);
}

int uc_net_route_add(const struct uc_net_route *wanted, bool replace)
{
	struct uc_net_route r = *wanted;
	int err = resolve(&r);
	struct entry *e;

	if (err < 0)
		return err;
	if (r.prefix == 0 && r.gateway)
		return set_default(&r, replace);
	e = same(&r);
	if (e && !replace)
		return -EEXIST;
	if (e) {
		e->r = r;
		return 0;
	}
	e = uc_heap_zalloc(sizeof(*e));
	if (!e)
		return -ENOMEM;
	e->r = r;
	e->mask = net_mask4(r.prefix);
	insert(e);
	return 0;
}

static int unset_default(const struct uc_net_route *r)
{
	for (struct netif *n = uc_netif_next(NULL); n; n = uc_netif_next(n)) {
		uint32_t gw = netif_ip4_gw(n)->addr;

		if (uc_netif_is_loop(n) || !gw || (r->netif && r->netif != n) ||
		    (r->gateway && r->gateway != gw))
			continue;
		netif_set_gw(n, IP4_ADDR_ANY4);
		return 0;
	}
	return -ESRCH;
}

int uc_net_route_del(const struct uc_net_route *r)
{
	struct entry *e = same(r);

	if (!e)
		return r->prefix ? -ESRCH : unset_default(r);
	if ((r->netif && r->netif != e->r.netif) || (r->gateway && r->gateway != e->r.gateway))
		return -ESRCH;
	uc_list_remove(&e->link);
	uc_heap_free(e);
	return 0;
}

bool uc_net_route_at(unsigned i, struct uc_net_route *out)
{
	UC_LIST_FOREACH(it, &table)
		if (i-- == 0) {
			*out = UC_LIST_ENTRY(it, struct entry, link)->r;
			return true;
		}
	return false;
}
