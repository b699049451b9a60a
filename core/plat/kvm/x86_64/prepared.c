// SPDX-License-Identifier: BSD-3-Clause
/* Starts of a machine from memory that the host kept: uc/abi/prepared.h. */
#include <uc/abi/prepared.h>
#include <uc/boothooks.h>
#include <uc/plat.h>
#include <uc/string.h>
#include <uc/x86int.h>
#include "pvh.h"

/* For parts of the program that lie across more tables than here: one each, one for all. */
enum { SPARES = 4 };
#define CYCLES_OF_STILL_CLOCK (1000000000ull << 32) /* a second: a nanosecond takes 2^32 */
extern uint64_t uc_early_pml4[];
extern char uc_early_stack[], uc_early_stack_top[], uc_boot_stack[], uc_boot_stack_top[];
/* False; true when a machine has been started from memory as it is then, on the same stack. */
bool uc_prepared_save(void);
void uc_prepared_entered(uint64_t cycles);

void uc_plat_stop_clock(void)
{
	uc_boot_info.entry_cycles = 0;
	uc_plat_set_tsc_hz(CYCLES_OF_STILL_CLOCK);
}

void uc_prepared_entered(uint64_t cycles)
{
	__asm__ volatile("movq %0,%%cr3" : : "r"(x86_mmu.active_root) : "memory");
	uc_boot_info.entry_cycles = cycles;
	x86_cpu_init();
	apic_entered();
}

static void describe(struct uc_prepared *p)
{
	/* Devices would have to be brought up again: none are there before the program runs. */
	p->magic = apic_attached() ? 0 : UC_PREPARED_MAGIC;
	p->virt_base = x86_mmu.image_base;
	p->virt_end = p->virt_base + uc_boot_info.image_len;
	p->direct_base = x86_mmu.direct_base;
	p->ram_top = uc_boot_info.ram_top;
	p->image_phys = x86_mmu.image_phys;
	p->kernel_root = x86_mmu.kernel_root;
	p->program_root = x86_mmu.active_root;
	p->entry_root = uc_virt_to_phys(uc_early_pml4);
	p->guard = uc_percpu0.stack_guard;
	for (unsigned i = 0; i < SPARES; i++)
		p->spares[i] = uc_upcall_pt_alloc();
}

void uc_plat_prepare(struct uc_prepared *p)
{
	uint64_t irq = uc_irq_save();
	describe(p);
	/* Addresses in parts, which the host does not move: made anew at the entry, or no more
	 * used. */
	x86_cpu_forget();
	memset(uc_early_stack, 0, (size_t)(uc_early_stack_top - uc_early_stack));
	char *stack = uc_boot_stack + UC_PAGE_SIZE; /* behind its guard */
	memset(stack, 0, (size_t)(uc_boot_stack_top - stack));
	if (!uc_prepared_save())
		uc_plat_poweroff(0, 0);
	uc_irq_restore(irq);
	for (unsigned i = 0; i < UC_PREPARED_SPARES && p->spares[i]; i++)
		uc_upcall_pt_free(p->spares[i]);
	uc_upcall_prepared();
}
