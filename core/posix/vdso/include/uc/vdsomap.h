// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_VDSOMAP_H
#define UC_VDSOMAP_H
/* The vDSO in an address space. An optional µlib: NULL in an image linked without it. */
#include <uc/vm.h>
/* Maps it with its data page. *ehdr becomes its address, for AT_SYSINFO_EHDR. -ENOMEM. */
__attribute__((weak)) int uc_vdso_map(struct uc_mm *mm, uint64_t *ehdr);
#endif
