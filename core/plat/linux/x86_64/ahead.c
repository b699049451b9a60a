// SPDX-License-Identifier: BSD-3-Clause
/*
 * Memory of the host brought in before it is used. 2 MiB at once are cheapest as one page of the
 * host, unless its memory is behind that of another host that has taken free large blocks back:
 * then small pages come from what is still at hand. The time that the last large page took tells.
 */
#include <asm/mman.h>
#include <asm/unistd.h>
#include <linux/mman.h>
#include <uc/plat.h>
#include "info.h"

#define BIG_PAGE  0x200000ull
#define SLOW_HZ   2000 /* a large page that takes 1/2000 s is worth no trial for a while */
#define PAUSE_MAX 128u
#define AT_ONCE   32u

/* Costs the host half of what faults do. The page at physical address 0 is nobody's and zeros. */
static void write_zeros(uc_paddr pa, uint64_t len)
{
	struct uc_host_iov v[AT_ONCE];
	for (unsigned i = 0; i < AT_ONCE; i++)
		v[i] = (struct uc_host_iov){ uc_phys_to_virt(0), UC_PAGE_SIZE };
	for (uc_paddr at = pa; at < pa + len; at += AT_ONCE * UC_PAGE_SIZE)
		UC_HOST4(__NR_pwritev, UC_PROCFD_RAM, v, AT_ONCE, at);
}

static void bring_in(uc_paddr pa, uint64_t len)
{
	UC_HOST3(__NR_madvise, uc_phys_to_virt(pa), len, MADV_POPULATE_WRITE);
}

void uc_plat_ram_ahead(uc_paddr pa, uint64_t len)
{
	static unsigned left, pause;
	if (len < BIG_PAGE) {
		bring_in(pa, len);
	} else if (left) {
		left--;
		write_zeros(pa, len);
	} else {
		uint64_t start = uc_cycles();
		bring_in(pa, len);
		bool slow = uc_cycles() - start > uc_plat_tsc_hz() / SLOW_HZ;
		left = pause = slow ? UC_MIN(PAUSE_MAX, pause ? 2 * pause : 8) : 0;
	}
}
