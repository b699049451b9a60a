// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_BOOTHOOKS_H
#define UC_BOOTHOOKS_H
/* What only core/boot asks of a platform, and where the platform enters it. */
#include <uc/types.h>
/* Entered once with the CPU set up, interrupts off, no allocator. Bound by core/boot. */
UC_NORETURN void uc_upcall_boot(void);
/* Calls fn for each range of free RAM. firmware_used: contents may not be zero even on a fresh
 * machine. */
void uc_plat_for_each_ram(void (*fn)(uc_paddr start, uint64_t len, bool firmware_used));
uc_paddr uc_plat_ram_top(void);
/* Memory that is never given back, before uc_plat_for_each_ram. NULL: there is not so much. */
void *uc_plat_early_alloc(uint64_t len);
/* Boot parameters that the platform acts on. */
void uc_plat_set_tsc_hz(uint64_t hz);
void uc_plat_set_debug_exit(uint16_t port);

/*
 * Only of a platform that starts machines from kept memory (uc/abi/prepared.h). The first
 * gives uc_cycles a frequency at which no time passes, before anybody asked for it. The second
 * completes *p, which is at physical address 0, and ends the machine; it returns when one has been
 * entered again and core/boot was told so.
 */
struct uc_prepared;
void uc_plat_stop_clock(void);
void uc_plat_prepare(struct uc_prepared *p);
void uc_upcall_prepared(void);
#endif
