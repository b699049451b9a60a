// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_PLAT_LINUX_H
#define UC_PLAT_LINUX_H
#include <uc/hostio.h>
#include <uc/ring3.h>
/* What the start of the process found, filled before the image is moved: not in .bss. */
struct linux_info {
	uint64_t entry_cycles;
	uint64_t virt_base, direct_base;
	uint64_t image_len, text_len;
	uint64_t ram_len, next_free_phys;
	uint64_t random[2], hwcap2;
	uint64_t bundle_phys, bundle_len;
	uint64_t root_phys, root_len;
};
extern struct linux_info linux_info;
#define LINUX_IMAGE_PHYS UC_PAGE_SIZE /* the first page stays unused: 0 means none */

/* Addresses for memory, at a random multiple of 2 MiB. Before the lock-down. */
uint64_t linux_reserve(struct linux_info *b, uint64_t len);
/* Linked where a driver wants uc_host_shared. After linux_io_init. */
__attribute__((weak)) void linux_shared_init(void);
void linux_timer_init(void);
void linux_io_init(void);
void linux_io_run(void);
void linux_timer_run(void);
uc_nsec linux_timer_left(void); /* UC_FOREVER: none is set */
/* Admits from now on only the few system calls that the kernel makes. */
void linux_lock_down(void);
UC_NORETURN void linux_die(const char *why);
#endif
