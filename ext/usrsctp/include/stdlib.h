// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_USRSCTP_STDLIB_H
#define UC_USRSCTP_STDLIB_H
/* Memory is the kernel's heap. */
#include <uc/heap.h>
#define malloc(n)       uc_heap_alloc(n)
#define calloc(n, size) uc_heap_calloc(n, size)
#define free(p)         uc_heap_free(p)
#endif
