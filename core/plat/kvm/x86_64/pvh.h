// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PLAT_PVH_H
#define UC_PLAT_PVH_H
/* Xen public/arch-x86/hvm/start_info.h, version 1. */
#include <uc/types.h>
#define PVH_MAGIC 0x336ec578u
struct pvh_start_info {
	uint32_t magic, version, flags, nr_modules;
	uint64_t modlist_paddr, cmdline_paddr, rsdp_paddr, memmap_paddr;
	uint32_t memmap_entries, reserved;
};
struct pvh_module { uint64_t paddr, size, cmdline_paddr, reserved; };
struct pvh_memmap { uint64_t addr, size; uint32_t type, reserved; };
#define PVH_MEM_RAM 1u

#define BOOT_MAX_RAM 16
/* What the boot protocol told, copied while it is still reachable. */
struct boot_info {
	uint64_t entry_cycles;
	uint64_t virt_base, image_phys, image_len;
	uint64_t direct_base;              /* virtual address of physical 0 */
	uint64_t next_free_phys;           /* first byte after the image and the early tables */
	uint64_t early_end;                /* early allocations end here */
	uint64_t bundle_phys, bundle_len;
	uint64_t bundle_start, bundle_end; /* whole pages, which hold nothing else */
	uint32_t nram;
	struct { uint64_t addr, len; } ram[BOOT_MAX_RAM]; /* usable RAM */
	uint64_t ram_top, ram_bytes;
	char cmdline[1024];
};
extern struct boot_info uc_boot_info;

/* apic.c: interrupts of devices are routed; the machine was entered again (uc/abi/prepared.h). */
bool apic_attached(void);
void apic_entered(void);
#endif
