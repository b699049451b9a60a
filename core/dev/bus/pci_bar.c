// SPDX-License-Identifier: BSD-3-Clause
/* Memory BARs: decoding, sizing, and placing those that the firmware left unassigned. */
#include <asm/errno.h>
#include <uc/log.h>
#include <uc/pci.h>
#include <uc/plat.h>
#include "pci_priv.h"

#define BRIDGE_ALIGN 0x100000ull
#define FOUR_GIB     (1ull << 32)

static struct {
	bool known;
	uc_paddr next, end;
} window;

static void window_get(void)
{
	uint64_t len;
	if (window.known)
		return;
	window.known = true;
	uc_plat_pci_window(&window.next, &len);
	window.end = window.next + len;
}

static int window_take(uint64_t len, bool wide, uc_paddr *pa)
{
	window_get();
	uc_paddr at = (window.next + len - 1) & ~(len - 1);
	uint64_t limit = wide ? window.end : UC_MIN((uint64_t)window.end, FOUR_GIB);
	if (at < window.next || at > limit || len > limit - at)
		return -ENOSPC;
	window.next = at + len;
	*pa = at;
	return 0;
}

static void window_align(void)
{
	window.next = (window.next + BRIDGE_ALIGN - 1) & ~(BRIDGE_ALIGN - 1);
}

uc_paddr uc_pci_window_begin(void)
{
	window_get();
	window_align();
	return window.next;
}

void uc_pci_window_end(struct uc_pci_dev *bridge, uc_paddr start)
{
	window_align();
	uc_paddr last = window.next - 1;
	bool used = window.next > start, low = used && last < FOUR_GIB;
	/* A base above the limit closes a window. */
	uint32_t closed = 0x0000fff0u;
	uint32_t span = (uint32_t)(last >> 16 & 0xfff0) << 16 | (start >> 16 & 0xfff0);
	uc_pci_write(bridge, PCI_MEM_BASE, 4, low ? span : closed);
	uc_pci_write(bridge, PCI_PREF_BASE, 4, used && !low ? span : closed);
	uc_pci_write(bridge, PCI_PREF_BASE_HI, 4, used && !low ? start >> 32 : 0);
	uc_pci_write(bridge, PCI_PREF_LIMIT_HI, 4, used && !low ? last >> 32 : 0);
	uc_pci_enable(bridge, UC_PCI_CMD_MEM | UC_PCI_CMD_MASTER);
}

void uc_pci_enable(struct uc_pci_dev *d, unsigned bits)
{
	uint32_t cmd = uc_pci_read(d, PCI_COMMAND, 2);
	if ((cmd & bits) != bits)
		uc_pci_write(d, PCI_COMMAND, 2, cmd | bits);
}

/* Size of a BAR by writing ones; decoding is off meanwhile so that nothing answers elsewhere. */
static uint64_t bar_size(struct uc_pci_dev *d, unsigned off, uint32_t lo, uint32_t hi, bool wide)
{
	uint32_t cmd = uc_pci_read(d, PCI_COMMAND, 2);
	uc_pci_write(d, PCI_COMMAND, 2, cmd & ~(UC_PCI_CMD_MEM | 1u));
	uc_pci_write(d, off, 4, UINT32_MAX);
	uint64_t mask = uc_pci_read(d, off, 4) & ~0xfull;
	uc_pci_write(d, off, 4, lo);
	if (wide) {
		uc_pci_write(d, off + 4, 4, UINT32_MAX);
		mask |= (uint64_t)uc_pci_read(d, off + 4, 4) << 32;
		uc_pci_write(d, off + 4, 4, hi);
	} else if (mask) {
		mask |= 0xffffffffull << 32;
	}
	uc_pci_write(d, PCI_COMMAND, 2, cmd);
	return mask ? ~mask + 1 : 0;
}

int uc_pci_bar(struct uc_pci_dev *d, unsigned i, uc_paddr *pa, uint64_t *len)
{
	unsigned count = d->hdr_type == 0 ? 6 : d->hdr_type == PCI_HEADER_BRIDGE ? 2 : 0;
	if (i >= count)
		return -ENOENT;
	unsigned off = PCI_BAR0 + 4 * i;
	uint32_t lo = uc_pci_read(d, off, 4), hi = 0;
	unsigned type = lo >> 1 & 3;
	bool wide = type == 2;
	if ((lo & 1) || (wide && i + 1 >= count))
		return -ENOENT;
	if (wide)
		hi = uc_pci_read(d, off + 4, 4);
	uint64_t size = bar_size(d, off, lo, hi, wide);
	if (!size)
		return -ENOENT;
	if (size & (size - 1) || size < 16)
		return -EIO;
	*len = size;
	*pa = (uint64_t)hi << 32 | (lo & ~0xfu);
	if (*pa)
		return *pa + size < *pa ? -EIO : 0;
	int r = window_take(UC_MAX(size, (uint64_t)UC_PAGE_SIZE), wide, pa);
	if (r)
		return r;
	uc_pci_write(d, off, 4, (uint32_t)*pa);
	if (wide)
		uc_pci_write(d, off + 4, 4, *pa >> 32);
	return 0;
}

void uc_pci_assign_all(struct uc_pci_dev *d)
{
	uc_paddr pa;
	uint64_t len;
	for (unsigned i = 0; i < 6; i++) {
		uint32_t lo = uc_pci_read(d, PCI_BAR0 + 4 * i, 4);
		int r = uc_pci_bar(d, i, &pa, &len);
		if (r && r != -ENOENT)
			uc_log(UC_LOG_WARN, "pci: %u:%u.%u: BAR %u cannot be placed", d->bus,
			       d->dev, d->fn, i);
		if (!(lo & 1) && (lo >> 1 & 3) == 2)
			i++;
	}
}
