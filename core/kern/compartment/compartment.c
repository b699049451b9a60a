// SPDX-License-Identifier: BSD-3-Clause
#include <asm/errno.h>
#include <uc/arch.h>
#include <uc/compartment.h>
#include <uc/frame.h>

#define DENY_ALL 0x55555554u

static uc_rights now;

/* An interrupt in between finds what is about to be loaded, and leaves that behind. */
static void load(uc_rights r)
{
	now = r;
	uc_arch_keys_load(r);
}

uc_rights uc_compartment_enter(unsigned c)
{
	uc_rights before = now;
	load(before & ~UC_KEY_DENY(c)); /* even if it is so: it may not be loaded yet */
	return before;
}

void uc_compartment_leave(uc_rights before)
{
	if (now != before)
		load(before);
}

uc_rights uc_compartment_close(void)
{
	uc_rights before = now;
	uc_compartment_leave(DENY_ALL);
	return before;
}

bool uc_compartment_inside(void)
{
	return now != DENY_ALL;
}

int uc_compartment_start(void)
{
	return uc_arch_keys_start();
}

uc_paddr uc_compartment_frames(unsigned c, unsigned order)
{
	uc_paddr pa = uc_frame_alloc_order(order);
	if (pa == UC_FRAME_NONE)
		return pa;
	if (!uc_arch_keys_set(uc_phys_to_virt(pa), UC_PAGE_SIZE << order, c))
		return pa;
	for (uint64_t i = 0; i < 1ull << order; i++)
		uc_compartment_frame_unref(pa + (i << UC_PAGE_SHIFT));
	return UC_FRAME_NONE;
}

void uc_compartment_frame_unref(uc_paddr pa)
{
	if (uc_frame_refs(pa) == 1)
		(void)uc_arch_keys_set(uc_phys_to_virt(pa), UC_PAGE_SIZE, 0);
	uc_frame_unref(pa);
}
