// SPDX-License-Identifier: BSD-3-Clause
/* First code at the final address: takes over the address space, then enters core/boot. */
#include <asm/mman.h>
#include <asm/unistd.h>
#include <linux/falloc.h>
#include <uc/boothooks.h>
#include <uc/plat.h>
#include <uc/user.h>
#include <uc/x86int.h>
#include "info.h"

#define LOWER_HALF_END  0x7ffffffff000ull
#define HWCAP2_FSGSBASE 2u

UC_NORETURN void uc_plat_main(void);
extern char uc_boot_stack[];
/* The weak reference of core/boot. */
int uc_device_root(uc_paddr *pa, uint64_t *len);

const void *uc_plat_bootbundle(uint64_t *len)
{
	*len = linux_info.bundle_len;
	return *len ? uc_phys_to_virt(linux_info.bundle_phys) : NULL;
}

uc_paddr uc_plat_bootbundle_phys(void)
{
	return linux_info.bundle_phys;
}
const char *uc_plat_cmdline(void)
{
	return "";
}
uint64_t uc_plat_ram_bytes(void)
{
	return linux_info.ram_len;
}
uint64_t uc_plat_entry_cycles(void)
{
	return linux_info.entry_cycles;
}
uc_paddr uc_plat_ram_top(void)
{
	return linux_info.ram_len;
}

void uc_plat_for_each_ram(void (*fn)(uc_paddr start, uint64_t len, bool firmware_used))
{
	fn(linux_info.next_free_phys, linux_info.ram_len - linux_info.next_free_phys, false);
	fn(LINUX_IMAGE_PHYS, linux_info.text_len, false); /* the text is not there */
}

bool uc_plat_ram_release(uc_paddr pa, uint64_t len)
{
	return !UC_HOST4(__NR_fallocate, UC_PROCFD_RAM,
			 FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, pa, len);
}

unsigned uc_plat_fault_batch(void)
{
	return 32;
}

void *uc_plat_early_alloc(uint64_t len)
{
	void *p = uc_phys_to_virt(linux_info.next_free_phys);
	linux_info.next_free_phys += UC_PAGE_UP(len);
	return p;
}

int uc_device_root(uc_paddr *pa, uint64_t *len)
{
	*pa = linux_info.root_phys;
	*len = linux_info.root_len;
	return 0;
}

/* The files that stand for physical memory, in the order of their addresses. */
static void set_windows(void)
{
	const struct linux_info *b = &linux_info;
	ring3_window(0, b->ram_len, UC_PROCFD_RAM);
	if (b->bundle_len)
		ring3_window(b->bundle_phys, UC_PAGE_UP(b->bundle_len), UC_PROCFD_BUNDLE);
	if (b->root_len)
		ring3_window(b->root_phys, UC_PAGE_UP(b->root_len), UC_PROCFD_ROOT);
}

/* Drops what the host mapped: the first copy of the image, its stack, the vDSO. Above the
 * applications' addresses a host may insist on keeping some. */
static void clear_address_space(void)
{
	const struct linux_info *b = &linux_info;
	uint64_t direct_end = b->direct_base + UC_PAGE_UP(b->root_phys + b->root_len);
	uint64_t image_end = b->virt_base + b->image_len;
	if (UC_HOST2(__NR_munmap, 0, UC_USER_TOP_PROCESS))
		linux_die("cannot clear its address space");
	UC_HOST2(__NR_munmap, UC_USER_TOP_PROCESS, b->virt_base - UC_USER_TOP_PROCESS);
	UC_HOST2(__NR_munmap, image_end, b->direct_base - image_end);
	UC_HOST2(__NR_munmap, direct_end, LOWER_HALF_END - direct_end);
}

static void on_irq(unsigned vector)
{
	unsigned due = ring3_irq_take();
	if (due & RING3_IRQ_TIMER)
		linux_timer_run();
	if (due & RING3_IRQ_IO)
		linux_io_run();
}

void uc_plat_main(void)
{
	const struct linux_info *b = &linux_info;
	uc_paddr root = LINUX_IMAGE_PHYS + b->image_len;
	linux_info.next_free_phys = root + UC_PAGE_SIZE;
	x86_mmu_init(b->direct_base, root, b->virt_base, LINUX_IMAGE_PHYS);
	uc_percpu0.self = &uc_percpu0;
	uc_percpu0.direct_entry = (uint64_t)uc_syscall_entry;
	set_windows();
	clear_address_space();
	x86_guard_page(uc_boot_stack);
	x86_irq_handler = on_irq;
	ring3_init(b->hwcap2 & HWCAP2_FSGSBASE);
	linux_timer_init();
	linux_io_init();
	if (linux_shared_init)
		linux_shared_init();
	linux_lock_down();
	uc_upcall_boot();
}
