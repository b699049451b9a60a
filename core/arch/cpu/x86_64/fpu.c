// SPDX-License-Identifier: BSD-3-Clause
/* Extended state: XSAVE in the standard format where present, else FXSAVE. */
#include <asm/errno.h>
#include <uc/string.h>
#include "internal.h"

static uint64_t xcr0;
static uint32_t area_size = 512;

static void *align64(const void *p) { return (void *)(((uintptr_t)p + 63) & ~63ull); }

void x86_fpu_configure(uint64_t features, uint32_t bytes)
{
	xcr0 = features;
	area_size = bytes;
}

uint64_t x86_xfeatures(void) { return xcr0; }

size_t uc_arch_fpu_size(void) { return area_size; }

void uc_arch_fpu_init(void *area)
{
	memset(area, 0, area_size);
	*(uint16_t *)area = 0x37f;                 /* FCW */
	*(uint32_t *)((char *)area + 24) = 0x1f80; /* MXCSR */
}

void uc_arch_fpu_save(void *area)
{
	if (xcr0)
		__asm__ volatile("xsave64 (%0)"
				 :
				 : "r"(area), "a"((uint32_t)xcr0), "d"(0)
				 : "memory");
	else __asm__ volatile("fxsave64 (%0)" : : "r"(area) : "memory");
}

static void load(const void *area)
{
	if (xcr0)
		__asm__ volatile("xrstor64 (%0)"
				 :
				 : "r"(area), "a"((uint32_t)xcr0), "d"(0)
				 : "memory");
	else __asm__ volatile("fxrstor64 (%0)" : : "r"(area) : "memory");
}

void x86_fpu_load(const void *area) { load(area); }

/* What XRSTOR would fault on: reserved MXCSR bits, unknown features, non-zero header words. */
int uc_arch_fpu_restore(const void *area)
{
	const uint64_t *hdr = (const uint64_t *)((const char *)area + 512);
	if (*(const uint32_t *)((const char *)area + 24) & ~0xffffu) return -EINVAL;
	if (xcr0 &&
	    (hdr[0] & ~xcr0 || hdr[1] || hdr[2] || hdr[3] || hdr[4] || hdr[5] || hdr[6] || hdr[7]))
		return -EINVAL;
	if (area != align64(area)) return -EINVAL;
	load(area);
	return 0;
}

void *x86_fpu_scratch(void)
{
	static void *area;
	if (!area && area_size <= UC_PAGE_SIZE) {
		uc_paddr pa = uc_upcall_pt_alloc();
		area = pa ? uc_phys_to_virt(pa) : NULL;
	}
	return area;
}
