// SPDX-License-Identifier: BSD-3-Clause
/* The page shared with the vDSO; only images whose loader maps a vDSO ask for it. */
#include <uc/arch.h>
#include <uc/frame.h>
#include <uc/time.h>
#include "time_internal.h"

uc_paddr uc_time_vvar_page(void)
{
	static uc_paddr page;
	if (!page) {
		page = uc_frame_alloc_zero();
		if (page == UC_FRAME_NONE)
			return 0;
		time_vvar = uc_phys_to_virt(page);
		time_publish();
	}
	return page;
}
