// SPDX-License-Identifier: BSD-3-Clause
/* PCI configuration: mechanism #1 (pc, q35), or the memory-mapped window of microvm's generic host
 * bridge. */
#include <asm/errno.h>
#include <uc/fmt.h>
#include <uc/plat.h>
#include <uc/string.h>
#include <uc/x86.h>
#include "pvh.h"

#define MICROVM_ECAM   0xe0000000ull
#define MICROVM_WINDOW 0xc0000000ull
#define MICROVM_WINLEN 0x20000000ull
#define MICROVM_IRQ    12u
#define ECAM_BUSES     2u /* one large page */

static enum { PCI_UNKNOWN, PCI_NONE, PCI_PORTS, PCI_ECAM } kind;
static volatile char *ecam;

static bool in_ram(uint64_t pa)
{
	for (uint32_t i = 0; i < uc_boot_info.nram; i++)
		if (pa >= uc_boot_info.ram[i].addr &&
		    pa - uc_boot_info.ram[i].addr < uc_boot_info.ram[i].len)
			return true;
	return false;
}

bool uc_plat_pci_present(void)
{
	if (kind != PCI_UNKNOWN) return kind != PCI_NONE;
	kind = PCI_NONE;
	x86_outl(0xcf8, 0x80000000u);
	if (x86_inl(0xcf8) == 0x80000000u) {
		kind = PCI_PORTS;
	} else if (!in_ram(MICROVM_ECAM)) {
		ecam = uc_arch_map_phys(MICROVM_ECAM, ECAM_BUSES << 20,
					UC_PT_R | UC_PT_W | UC_PT_NOCACHE);
		uint32_t id = ecam ? *(volatile uint32_t *)ecam : 0xffffffff;
		if (id != 0xffffffff && id != 0) kind = PCI_ECAM;
	}
	return kind != PCI_NONE;
}

static uint32_t port_address(unsigned bus, unsigned dev, unsigned fn, unsigned off)
{
	return 0x80000000u | bus << 16 | dev << 11 | fn << 8 | (off & 0xfc);
}

uint32_t uc_plat_pci_read(unsigned bus, unsigned dev, unsigned fn, unsigned off, unsigned width)
{
	if (!uc_plat_pci_present() || (kind == PCI_ECAM && bus >= ECAM_BUSES)) return 0xffffffff;
	if (kind == PCI_ECAM) {
		volatile char *p = ecam + (bus << 20 | dev << 15 | fn << 12 | off);
		return width == 1   ? *(volatile uint8_t *)p
		       : width == 2 ? *(volatile uint16_t *)p
				    : *(volatile uint32_t *)p;
	}
	x86_outl(0xcf8, port_address(bus, dev, fn, off));
	uint16_t port = (uint16_t)(0xcfc + (off & 3));
	return width == 1 ? x86_inb(port) : width == 2 ? x86_inw(port) : x86_inl(port);
}

void uc_plat_pci_write(unsigned bus, unsigned dev, unsigned fn, unsigned off, unsigned width,
		       uint32_t v)
{
	if (!uc_plat_pci_present() || (kind == PCI_ECAM && bus >= ECAM_BUSES)) return;
	if (kind == PCI_ECAM) {
		volatile char *p = ecam + (bus << 20 | dev << 15 | fn << 12 | off);
		if (width == 1) *(volatile uint8_t *)p = (uint8_t)v;
		else if (width == 2) *(volatile uint16_t *)p = (uint16_t)v;
		else *(volatile uint32_t *)p = v;
		return;
	}
	x86_outl(0xcf8, port_address(bus, dev, fn, off));
	uint16_t port = (uint16_t)(0xcfc + (off & 3));
	if (width == 1) x86_outb(port, (uint8_t)v);
	else if (width == 2) x86_outw(port, (uint16_t)v);
	else x86_outl(port, v);
}

void uc_plat_pci_window(uc_paddr *base, uint64_t *len)
{
	*base = kind == PCI_ECAM ? MICROVM_WINDOW : 0;
	*len = kind == PCI_ECAM ? MICROVM_WINLEN : 0;
}

int uc_plat_pci_gsi(unsigned dev, unsigned pin)
{
	if (kind == PCI_ECAM) return (int)(MICROVM_IRQ + (dev + pin) % 4);
	return -ENOENT;
}

/* QEMU's microvm appends `virtio_mmio.device=<size>@<base>:<irq>` for each transport in use. */
int uc_plat_virtio_mmio(unsigned i, uc_paddr *base, uint64_t *len, unsigned *gsi)
{
	static const char key[] = "virtio_mmio.device=";
	const char *p = uc_boot_info.cmdline;
	for (;; p++) {
		while (*p && (*p != key[0] || strncmp(p, key, sizeof(key) - 1))) p++;
		if (!*p) return -ENOENT;
		if (i-- == 0) break;
	}
	uint64_t v[3];
	p += sizeof(key) - 1;
	for (unsigned k = 0; k < 3; k++) {
		char num[20];
		size_t n = 0;
		while (*p && *p != '@' && *p != ':' && *p != ' ' && n < sizeof(num) - 1)
			num[n++] = *p++;
		num[n] = 0;
		if (*p) p++;
		bool hex = n > 2 && num[1] == 'x';
		if (uc_parse_u64(hex ? num + 2 : num, hex ? 16 : 10, &v[k])) return -ENOENT;
	}
	*base = v[1];
	*len = v[0];
	*gsi = (unsigned)v[2];
	return 0;
}
