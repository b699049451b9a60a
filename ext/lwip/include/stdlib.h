// SPDX-License-Identifier: BSD-3-Clause
#ifndef UC_LWIP_STDLIB_H
#define UC_LWIP_STDLIB_H
/* lwIP's memory is the kernel's heap (lwipopts.h); this header is only asked for by name. */
#include <uc/heap.h>
#endif
