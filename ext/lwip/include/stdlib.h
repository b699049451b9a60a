// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_LWIP_STDLIB_H
#define UC_LWIP_STDLIB_H
/* lwIP's memory (lwipopts.h) is the kernel's heap, or one like it in a compartment (kernel.ld). */
#include <uc/heap.h>
void *uc_lwip_alloc(size_t n);
void uc_lwip_free(void *p);
#endif
