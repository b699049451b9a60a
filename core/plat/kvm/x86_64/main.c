// SPDX-License-Identifier: BSD-3-Clause
/* First code at the virtual address: brings the CPU up, then enters core/boot. */
#include <uc/boothooks.h>
#include <uc/log.h>
#include <uc/plat.h>
#include <uc/string.h>
#include <uc/x86int.h>
#include "pvh.h"

UC_NORETURN void uc_plat_main(void);

extern char uc_boot_stack[];

const void *uc_plat_bootbundle(uint64_t *len)
{
	*len = uc_boot_info.bundle_len;
	return *len ? uc_phys_to_virt(uc_boot_info.bundle_phys) : NULL;
}

uc_paddr uc_plat_bootbundle_phys(void) { return uc_boot_info.bundle_phys; }
const char *uc_plat_cmdline(void) { return uc_boot_info.cmdline; }
uint64_t uc_plat_ram_bytes(void) { return uc_boot_info.ram_bytes; }
uint64_t uc_plat_entry_cycles(void) { return uc_boot_info.entry_cycles; }

/* Parts of [start, end) that hold neither the image with its tables nor the bundle nor the first
 * page. */
static void free_range(uint64_t start, uint64_t end, void (*fn)(uc_paddr, uint64_t, bool low))
{
	const struct boot_info *b = &uc_boot_info;
	const struct {
		uint64_t s, e;
	} used[] = {
		{ 0, UC_PAGE_SIZE },
		{ b->image_phys, b->next_free_phys },
		{ b->bundle_start, b->bundle_end },
	};
	for (unsigned i = 0; i < UC_ARRAY_SIZE(used); i++) {
		if (used[i].e <= start || used[i].s >= end || used[i].s == used[i].e) continue;
		if (used[i].s > start) free_range(start, used[i].s, fn);
		if (used[i].e < end) free_range(used[i].e, end, fn);
		return;
	}
	fn(start, end - start, start < 0x100000);
}

void uc_plat_for_each_ram(void (*fn)(uc_paddr start, uint64_t len, bool firmware_used))
{
	for (uint32_t i = 0; i < uc_boot_info.nram; i++)
		free_range(uc_boot_info.ram[i].addr,
			   uc_boot_info.ram[i].addr + uc_boot_info.ram[i].len, fn);
}

uc_paddr uc_plat_ram_top(void) { return uc_boot_info.ram_top; }

bool uc_plat_ram_release(uc_paddr pa, uint64_t len) { return false; }

unsigned uc_plat_fault_batch(void)
{
	return 1;
}

void uc_plat_ram_ahead(uc_paddr pa, uint64_t len)
{
}

void *uc_plat_early_alloc(uint64_t len)
{
	struct boot_info *b = &uc_boot_info;
	uint64_t start = b->next_free_phys, end = start + UC_PAGE_UP(len);
	if (end > b->early_end) return NULL;
	b->next_free_phys = end;
	return uc_phys_to_virt(start);
}

void uc_plat_main(void)
{
	uint64_t cr3;
	__asm__("movq %%cr3,%0" : "=r"(cr3));
	x86_mmu_init(uc_boot_info.direct_base, cr3, uc_boot_info.virt_base,
		     uc_boot_info.image_phys);
	uint64_t *root = uc_phys_to_virt(cr3);
	x86_guard_page(uc_boot_stack);
	x86_cpu_init();
	root[0] = 0; /* the identity map of early boot */
	uc_tlb_flush_all();
	uc_upcall_boot();
}
