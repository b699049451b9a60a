// SPDX-License-Identifier: BSD-3-Clause
/* Enumeration: bus 0 one device at a time on demand, then everything behind its bridges. */
#include <asm/errno.h>
#include <uc/heap.h>
#include <uc/log.h>
#include <uc/pci.h>
#include <uc/plat.h>
#include "pci_priv.h"

#define PCI_DEVS      32u
#define PCI_FNS       8u
#define PCI_MAX_DEPTH 8u

static struct {
	struct uc_pci_dev *first, *last;
	unsigned next_dev;          /* of bus 0 */
	bool bridges_done;
	uint8_t max_bus;
	uint32_t seen_bus[8];       /* bitmap: a bridge loop visits a bus once */
} pci;

uint32_t uc_pci_read(const struct uc_pci_dev *d, unsigned off, unsigned width)
{
	return uc_plat_pci_read(d->bus, d->dev, d->fn, off, width);
}

void uc_pci_write(const struct uc_pci_dev *d, unsigned off, unsigned width, uint32_t v)
{
	uc_plat_pci_write(d->bus, d->dev, d->fn, off, width, v);
}

uint32_t uc_pci_cap_rd(void *dev, unsigned off, unsigned width)
{
	return off + width <= 256 ? uc_pci_read(dev, off, width) : 0;
}

static bool add_function(unsigned bus, unsigned dev, unsigned fn, bool unrouted, bool *multi)
{
	uint32_t id = uc_plat_pci_read(bus, dev, fn, PCI_ID, 4);
	if ((id & 0xffff) == 0xffff || !(id & 0xffff))
		return false;
	uint32_t type = uc_plat_pci_read(bus, dev, fn, PCI_HEADER_TYPE, 1);
	*multi = type & 0x80;
	struct uc_pci_dev *d = uc_heap_zalloc(sizeof(*d));
	if (!d) {
		uc_log(UC_LOG_WARN, "pci: no memory for %u:%u.%u", bus, dev, fn);
		return true;
	}
	d->bus = bus;
	d->dev = dev;
	d->fn = fn;
	d->hdr_type = type & 0x7f;
	d->vendor = id;
	d->device = id >> 16;
	d->unrouted = unrouted;
	if (pci.last)
		pci.last->next = d;
	else
		pci.first = d;
	pci.last = d;
	return true;
}

static void scan_dev(unsigned bus, unsigned dev, bool unrouted)
{
	bool multi = false, ignored;
	if (!add_function(bus, dev, 0, unrouted, &multi) || !multi)
		return;
	for (unsigned fn = 1; fn < PCI_FNS; fn++)
		add_function(bus, dev, fn, unrouted, &ignored);
}

static bool enter_bus(unsigned bus)
{
	if (pci.seen_bus[bus / 32] & 1u << bus % 32)
		return false;
	pci.seen_bus[bus / 32] |= 1u << bus % 32;
	if (bus > pci.max_bus)
		pci.max_bus = bus;
	return true;
}

static void scan_bridges(struct uc_pci_dev *from, unsigned bus, unsigned depth);

/* Every device of a bus other than 0, then what is behind its bridges. */
static void scan_bus(unsigned bus, bool unrouted, unsigned depth)
{
	struct uc_pci_dev *before = pci.last;
	for (unsigned dev = 0; dev < PCI_DEVS; dev++)
		scan_dev(bus, dev, unrouted);
	struct uc_pci_dev *from = before ? before->next : pci.first;
	if (unrouted) {
		for (struct uc_pci_dev *d = from; d && d->bus == bus; d = d->next)
			uc_pci_assign_all(d);
	}
	scan_bridges(from, bus, depth);
}

/* A bridge that no firmware programmed: bus numbers and a memory window around its devices. */
static void route_bridge(struct uc_pci_dev *b, unsigned depth)
{
	if (pci.max_bus == 255)
		return;
	unsigned sec = pci.max_bus + 1u;
	uc_pci_write(b, PCI_PRIMARY_BUS, 1, b->bus);
	uc_pci_write(b, PCI_SECONDARY_BUS, 1, sec);
	uc_pci_write(b, PCI_SUBORDINATE_BUS, 1, 255); /* all, while the depth below is unknown */
	enter_bus(sec);
	uc_paddr start = uc_pci_window_begin();
	scan_bus(sec, true, depth + 1);
	uc_pci_window_end(b, start);
	uc_pci_write(b, PCI_SUBORDINATE_BUS, 1, pci.max_bus);
}

static void scan_bridges(struct uc_pci_dev *from, unsigned bus, unsigned depth)
{
	if (depth >= PCI_MAX_DEPTH)
		return;
	for (struct uc_pci_dev *d = from; d; d = d->next) {
		if (d->bus != bus || d->hdr_type != PCI_HEADER_BRIDGE)
			continue;
		unsigned sec = uc_pci_read(d, PCI_SECONDARY_BUS, 1);
		if (sec == 0)
			route_bridge(d, depth);
		else if (enter_bus(sec))
			scan_bus(sec, false, depth + 1);
	}
}

struct uc_pci_dev *uc_pci_next(struct uc_pci_dev *prev)
{
	if (!uc_plat_pci_present())
		return NULL;
	for (;;) {
		struct uc_pci_dev *d = prev ? prev->next : pci.first;
		if (d)
			return d;
		if (pci.next_dev < PCI_DEVS) {
			if (pci.next_dev == 0)
				enter_bus(0);
			scan_dev(0, pci.next_dev++, false);
		} else if (!pci.bridges_done) {
			pci.bridges_done = true;
			scan_bridges(pci.first, 0, 0);
		} else {
			return NULL;
		}
	}
}
