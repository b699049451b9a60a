// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_MEM_MAPFILE_H
#define UC_MEM_MAPFILE_H
#include <uc/vm.h>
#include "mapargs.h"

/* Maps obj (NULL: anonymous memory) with checked arguments, within the limits of the process. The
 * address or -errno. */
int64_t uc_mem_map(const struct uc_mapargs *a, struct uc_vmobj *obj, int max_prot);
/* Part mmap_file (uc/part.h): mmap(2) of a file. The address or -errno. */
__attribute__((weak)) int64_t uc_mem_map_file(struct uc_mapargs *a, int fd);
#endif
