// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PLAT_H
#define UC_PLAT_H
/*
 * What a platform provides: boot, memory map, time source, interrupts, device windows, power-off.
 * plat/kvm implements it for PVH-booted virtual machines, plat/linux for a process of Linux.
 */
#include <uc/types.h>

/* ---- power ---- */
/* Ends the machine. kind/value as in uc/abi/mux.h; the status also goes to the debug-exit port if
 * bootparam exit= named one. Does not return. */
UC_NORETURN void uc_plat_poweroff(unsigned kind, unsigned value);
/* Early text output (debug port); any context. */
void uc_plat_early_write(const char *s, size_t n);

/* ---- memory ---- */
/* [pa, pa + len) is not used: its memory may go back to the host. True: it reads as zeros from now
 * on. */
bool uc_plat_ram_release(uc_paddr pa, uint64_t len);
/* Pages worth dealing with at one page fault although only one is asked for: a power of two, 1
 * where a fault costs no more than copying a page. */
unsigned uc_plat_fault_batch(void);
/* [pa, pa + len), which nobody has touched, will be used soon: a hint. It goes on reading as zeros.
 */
void uc_plat_ram_ahead(uc_paddr pa, uint64_t len);

/* ---- time source ---- */
/* Frequency of uc_cycles() in Hz, calibrated on first call unless the host gave it. */
uint64_t uc_plat_tsc_hz(void);
/* Programs the one-shot timer interrupt to fire `delta` ns from now (0: at once; UC_FOREVER: off).
 * It may come early when delta is beyond the hardware's range. */
void uc_plat_timer_set(uc_nsec delta);

/* ---- interrupts ---- */
/* Routes line `gsi` (I/O APIC input) or an MSI to handler(arg), called in interrupt context. */
int uc_plat_irq_attach(unsigned gsi, void (*handler)(void *), void *arg);
/* Allocates an MSI vector: address and data to program. 0 or -ENOSPC. */
int uc_plat_msi_alloc(void (*handler)(void *), void *arg, uint64_t *addr, uint32_t *data);
/* Binds timer interrupts to fn (interrupt context). */
void uc_plat_timer_bind(void (*fn)(void));

/* ---- boot information ---- */
/* The boot bundle, mapped read-only, or NULL. */
const void *uc_plat_bootbundle(uint64_t *len);
uc_paddr uc_plat_bootbundle_phys(void);
/* Kernel command line (NUL-terminated, possibly empty). */
const char *uc_plat_cmdline(void);
uint64_t uc_plat_ram_bytes(void);
/* Cycle counter at entry, for the boot time report. */
uint64_t uc_plat_entry_cycles(void);

/* ---- PCI configuration and device windows ---- */
bool uc_plat_pci_present(void);
uint32_t uc_plat_pci_read(unsigned bus, unsigned dev, unsigned fn, unsigned off,
			  unsigned width); /* width 1,2,4 */
void uc_plat_pci_write(unsigned bus, unsigned dev, unsigned fn, unsigned off, unsigned width,
		       uint32_t v);
/* Window for assigning memory BARs that the firmware left unassigned. */
void uc_plat_pci_window(uc_paddr *base, uint64_t *len);
/* GSI of a legacy PCI interrupt pin, or -ENOENT. */
int uc_plat_pci_gsi(unsigned dev, unsigned pin);
/* virtio-mmio transports: i-th register window and its interrupt. 0, or -ENOENT past the last. */
int uc_plat_virtio_mmio(unsigned i, uc_paddr *base, uint64_t *len, unsigned *gsi);
#endif
